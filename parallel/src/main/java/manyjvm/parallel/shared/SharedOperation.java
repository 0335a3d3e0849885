package manyjvm.parallel.shared;

/**
 * What can be asked of the host of a shared object: reading this file is reading the protocol of shared objects. A request
 * carries the {@linkplain #ordinal() position} of its operation here; driver and workers run the same jar, so these agree.
 *
 * <p>An operation marked <i>waits</i> carries in {@link SharedRequest#number} a ticket, unique in the asking JVM, by which
 * {@link #WITHDRAW} finds it. Who gives up a wait sends WITHDRAW and still takes the one answer that comes: either
 * {@link SharedAnswer#WITHDRAWN}, or what the host had given before the two messages crossed. So nothing is lost in between.
 */
public enum SharedOperation {
    // ---- every kind
    /** Gives up the waiting request with the ticket in {@code number}. No answer of its own. */
    WITHDRAW,
    /** The object was made in the asking JVM, where it has the number {@code number}. No answer. */
    CREATED,
    /** A handle was turned into an object in the asking JVM, where it has the number {@code number}. No answer. */
    LINKED,
    /** Something encoded in the asking JVM refers to the object, under the number {@code number}. No answer. */
    HELD,
    /** What has the number {@code number} in the asking JVM is no longer used. No answer. */
    RELEASED,
    /** The asking JVM has decoded, or dropped, the answer with the grant {@code number}. No answer. */
    LET_GO,

    // ---- of a pipe or its ends, whose end depends on who has them; see PipeHost
    /** The asking JVM gives the object away with its submission {@code number}. No answer. */
    SUBMITTED,
    /** A part of that submission waits for a worker again: one gave it back, or its death is about to be told. No answer. */
    GIVEN_BACK,
    /** All of that submission that has the object has been sent to workers, or it is over. No answer. */
    DELIVERED,
    /** A handle is on its way to the asking JVM with a submission, told by who sends it. No answer. */
    SENT,

    // ---- Queue; elements are in the body
    /** Adds the body to a queue without limit, or leaves the answer NOT_NOW when the queue is full. */
    PUT,
    /** Waits for room, then adds the body. */
    PUT_WAITING,
    /** Takes the head: DONE with the element, NOT_NOW when there is none. {@code number} is a ticket for {@link #TAKEN}. */
    GET,
    /** Waits for an element and takes it. */
    GET_WAITING,
    /** The element given to this ticket has arrived; until then it goes back to the head when its taker dies. No answer. */
    TAKEN,
    /** The head without taking it. */
    PEEK,
    /** The number of elements. */
    SIZE,
    /** Takes at most {@code number} elements: DONE with {@link Elements}. */
    DRAIN,
    /** All elements with their sequence numbers. */
    SNAPSHOT,
    /** Removes the element with the sequence number {@code number}: DONE or NOT_NOW. */
    REMOVE,
    /** One element has been dealt with. NOT_NOW when there were more calls than elements. */
    TASK_DONE,
    /** Waits until every element put has been dealt with. */
    JOIN,

    // ---- Connection
    /** Adds the body to the other side's messages; answered when there is room for more. ENDED when nobody is there. */
    SEND,
    /** Waits for a message: DONE with it, ENDED when nobody is left who could send one. */
    RECEIVE,
    /** Waits until {@link #RECEIVE} would not wait. */
    POLL,
    /** The asking JVM has closed this end. No answer. */
    CLOSE,

    // ---- lock words in shared memory
    /** Waits until the lock may have become free. DONE asks to try again. */
    PARK,
    /** The lock was left while others waited: the first of them is to try again. No answer. */
    UNPARK,
    /** Who held the lock when its JVM went: DONE with the words in UTF-8. Asked by who finds a note of it in the memory. */
    LAST_HOLDER,

    // ---- Semaphore
    /** Waits for a permit and takes it. */
    ACQUIRE,
    /** Takes a permit or answers NOT_NOW. */
    TRY_ACQUIRE,
    /** Gives {@code number} permits back; NOT_NOW when a bounded semaphore would have more than at the start. */
    RELEASE,
    /** The number of free permits. */
    PERMITS,

    // ---- Event
    SET,
    CLEAR,
    /** DONE with 1 when set, else 0. */
    IS_SET,
    /** Waits until set. */
    AWAIT_SET,

    // ---- Condition
    /** Enrols the ticket among those to be signalled; done before the lock is left, so that no signal is missed. */
    ENROL,
    /** Waits for a signal to this enrolled ticket; withdrawn, it is not enrolled any more. */
    AWAIT_SIGNAL,
    /** Signals at most {@code number} of the enrolled. */
    SIGNAL,

    // ---- Barrier
    /** Waits for the other parties: DONE with the order of arrival. Withdrawn, it breaks the barrier. */
    ARRIVE,
    /** Breaks the barrier: all who wait get ENDED. */
    BREAK,
    /** Makes it as new; who waits gets ENDED. */
    RESET,
    /** DONE with the number of parties waiting, ENDED with it when broken. */
    WAITING,

    // ---- what a Manager makes; also SIZE
    /** The Manager was closed: drops the content and refuses all that comes later. No answer. */
    END,
    /** Drops the content. */
    EMPTY,

    // ---- a Manager's map, set or namespace. Each write of an entry gives it a new version, counted from 1
    /** The body is a key's form: DONE with the entry's version and value, NOT_NOW when there is none. */
    ENTRY,
    /** The body is {@link Parts}, key form, key and value: DONE with the old version and value, 0 for none. */
    PUT_ENTRY,
    /** As many entries as the body has, all in one step: DONE with the number of those whose key is new. */
    PUT_ENTRIES,
    /**
     * Puts one entry if the present one has the version {@code number}, 0 for none: DONE, or NOT_NOW with the version and value
     * that it has.
     */
    PUT_ENTRY_IF,
    /** The body is a key's form: DONE with the old version and value, NOT_NOW when there is none. */
    REMOVE_ENTRY,
    /** Removes the entry if it has the version {@code number}: DONE, or NOT_NOW with the version and value that it has. */
    REMOVE_ENTRY_IF,
    /** All entries of this moment: DONE with {@link Parts}, key and value for each. */
    ENTRIES,

    // ---- a Manager's list; also REMOVE, and SNAPSHOT with its version. A wrong index: NOT_NOW with the size
    /** The element at the index {@code number}. */
    AT,
    /** Replaces the element at the index {@code number} by the body: DONE with the old one. */
    SET_AT,
    /** Inserts the body's {@link Parts} at the index {@code number}, -1 for the end. */
    INSERT_AT,
    /** Removes the element at the index {@code number}: DONE with it. */
    REMOVE_AT,
    /** Makes the body's {@link Parts} the content if the list still has the version {@code number}: DONE or NOT_NOW. */
    REPLACE_IF;

    private static final SharedOperation[] ALL = values();

    /** What a thread whose request of this kind has no answer yet waits for: these words, and then the object. */
    String waitsFor() {
        return switch (this) {
            case PARK -> "";
            case GET_WAITING -> "an element of ";
            case PUT_WAITING, SEND -> "room in ";
            case JOIN -> "the end of the work of ";
            case RECEIVE, POLL -> "a message on ";
            case ACQUIRE -> "a permit of ";
            case AWAIT_SET -> "the setting of ";
            case AWAIT_SIGNAL -> "a signal of ";
            case ARRIVE -> "the other parties of ";
            default -> "an answer of ";
        };
    }

    public static SharedOperation of(SharedRequest request) {
        return ALL[request.operation()];
    }
}
