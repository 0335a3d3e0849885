package manyjvm.parallel.shared.host;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.shared.Departure;
import manyjvm.parallel.shared.Elements;
import manyjvm.parallel.shared.Hold;
import manyjvm.parallel.shared.SharedAnswer;
import manyjvm.parallel.shared.SharedClient;
import manyjvm.parallel.shared.SharedOperation;
import manyjvm.parallel.shared.SharedRequest;
import org.jspecify.annotations.Nullable;

/**
 * Where a shared object lives: one in the driver's JVM for all JVMs. State is guarded by the host's own monitor, in which
 * nothing blocks and no foreign code runs: answers are collected in {@link #answers} and given after it is left. This class
 * itself hosts what can only be held.
 */
class SharedObjectHost {
    /** Who asked, and how to answer; {@code ticket} is 0 for what does not wait. */
    record Caller(int jvmId, long ticket, Consumer<SharedAnswer> answer) {}

    /** A caller that waits in a queue, with what it brings. */
    record Waiter(Caller caller, Content content) {
        boolean is(int jvmId, long ticket) {
            return caller.jvmId() == jvmId && caller.ticket() == ticket;
        }
    }

    /** The order of waiting is the order of being served. */
    static final class WaitQueue {
        private final ArrayDeque<Waiter> waiters = new ArrayDeque<>();

        void add(Caller caller) {
            add(caller, Content.NOTHING);
        }

        void add(Caller caller, Content content) {
            waiters.add(new Waiter(caller, content));
        }

        /** The first, who waits no more; null when nobody waits. */
        @Nullable
        Waiter poll() {
            return waiters.poll();
        }

        /** {@link #poll}, where somebody waits. */
        Waiter take() {
            return waiters.remove();
        }

        boolean isEmpty() {
            return waiters.isEmpty();
        }

        int size() {
            return waiters.size();
        }

        boolean has(int jvmId) {
            return waiters.stream().anyMatch(waiter -> waiter.caller().jvmId() == jvmId);
        }

        /** Removes and returns those that match, in order. */
        List<Waiter> remove(Predicate<Waiter> matching) {
            List<Waiter> removed = new ArrayList<>(0);
            for (Iterator<Waiter> each = waiters.iterator(); each.hasNext(); ) {
                Waiter waiter = each.next();
                if (matching.test(waiter)) {
                    removed.add(waiter);
                    each.remove();
                }
            }
            return removed;
        }
    }

    /** Who holds the object, see {@link LocalHosts}; a pipe and its ends have several handles. */
    private record Holder(int jvmId, long number, Shared.Handle handle) {}

    private record Answer(Consumer<SharedAnswer> to, SharedAnswer answer) {}

    /** The first handle that was heard of; a pipe and its ends have several. */
    private final Shared.Handle handle;

    private List<Answer> answers = new ArrayList<>();
    private final Set<Holder> holders = new HashSet<>();
    private LocalHosts.@Nullable Grants grants; // set once, before anybody else knows this host
    private boolean closed;
    private boolean forgotten;

    SharedObjectHost(Shared.Handle handle) {
        this.handle = handle;
    }

    final void grants(LocalHosts.Grants ofAllHosts) {
        grants = ofAllHosts;
    }

    /** Takes a request in. Never blocks. */
    final void handle(int jvmId, SharedRequest request, List<Content> contents, Consumer<SharedAnswer> answer) {
        List<Answer> due;
        synchronized (this) {
            Caller caller = new Caller(jvmId, request.number(), answer);
            if (closed) {
                answer(caller, refusal());
            } else {
                dispatch(caller, SharedOperation.of(request), request, contents);
            }
            due = takeAnswers();
        }
        give(due);
    }

    /** Ends if nobody holds the object, in one step: whoever is still to come is refused, and nothing is lost silently. */
    final boolean closeIfUnused() {
        List<Answer> due;
        synchronized (this) {
            if (closed || !isUnused()) {
                return false;
            }
            forgotten = true;
            closeNow();
            due = takeAnswers();
        }
        give(due);
        return true;
    }

    final void handleJvmGone(int jvmId, Departure departure) {
        List<Answer> due;
        synchronized (this) {
            if (!closed) {
                // Nobody is left to hear the answers of the dead.
                int waited = 0;
                for (WaitQueue queue : waitQueues()) {
                    waited += queue.remove(waiter -> waiter.caller().jvmId() == jvmId)
                            .size();
                }
                jvmGone(jvmId, departure, waited > 0);
            }
            due = takeAnswers();
        }
        give(due);
    }

    /** Refuses whoever waits, now and later. May be called twice. */
    final void close() {
        List<Answer> due;
        synchronized (this) {
            if (!closed) {
                closeNow();
            }
            due = takeAnswers();
        }
        give(due);
    }

    private void closeNow() {
        closed = true;
        for (WaitQueue queue : waitQueues()) {
            answerAll(queue, refusal());
        }
        closing();
    }

    private void dispatch(Caller caller, SharedOperation operation, SharedRequest request, List<Content> contents) {
        switch (operation) {
            case WITHDRAW -> withdraw(caller);
            case CREATED, LINKED, HELD -> {
                holders.add(new Holder(caller.jvmId(), request.number(), request.target()));
                held(operation, caller.jvmId(), request.number(), request.target());
            }
            case RELEASED -> {
                if (holders.remove(new Holder(caller.jvmId(), request.number(), request.target()))) {
                    released(caller.jvmId(), request.number(), request.target());
                }
            }
            default -> receive(caller, operation, request, contents);
        }
    }

    /**
     * Carries a request out, or puts its caller in a queue; refuses it where the object can only be held.
     *
     * @param contents what the request brings, see {@link Content#of(SharedRequest, java.util.function.Function)}
     */
    void receive(Caller caller, SharedOperation operation, SharedRequest request, List<Content> contents) {
        refuse(caller, operation);
    }

    /** All queues of this host, for what concerns every waiter: withdrawal, death, close. */
    List<WaitQueue> waitQueues() {
        return List.of();
    }

    // ---- who can reach the object, for those who must know more of it

    /** Somebody holds it: {@code how} is CREATED, LINKED or HELD. */
    void held(SharedOperation how, int jvmId, long number, Shared.Handle handle) {}

    /** A holder has let go. */
    void released(int jvmId, long number, Shared.Handle handle) {}

    /**
     * A JVM is gone.
     *
     * @param waited whether it waited here; its waiters have been removed
     */
    void jvmGone(int jvmId, Departure departure, boolean waited) {
        holders.removeIf(holder -> holder.jvmId() == jvmId);
    }

    /** Whether nobody can reach the object any more, so that its host can be forgotten. */
    boolean isUnused() {
        return holders.isEmpty() && waitQueues().stream().allMatch(WaitQueue::isEmpty);
    }

    /** Releases what the host holds outside this JVM's memory. */
    void closing() {}

    final void answer(Caller caller, SharedAnswer answer) {
        answers.add(new Answer(caller.answer(), answer));
    }

    final void answer(Caller caller, int status) {
        answer(caller, SharedAnswer.of(status));
    }

    final void answer(Caller caller, int status, long number) {
        answer(caller, SharedAnswer.of(status, number));
    }

    /** Answers all who wait in a queue, which is empty then. */
    final void answerAll(WaitQueue queue, SharedAnswer answer) {
        queue.remove(waiter -> true).forEach(waiter -> answer(waiter.caller(), answer));
    }

    final void answerAll(WaitQueue queue, int status) {
        answerAll(queue, SharedAnswer.of(status));
    }

    /**
     * Answers with stored bytes, which the asker may decode: until it has, they hold what they refer to.
     *
     * @param moved whether this host keeps none of the contents
     */
    final void answer(Caller caller, SharedAnswer answer, List<Content> contents, boolean moved) {
        List<Hold> holds = List.of();
        for (Content content : contents) {
            if (content.hold() != Hold.NONE) {
                if (holds.isEmpty()) {
                    holds = new ArrayList<>();
                }
                holds.add(moved ? content.hold() : content.hold().lend());
            }
        }
        answerHeld(caller, answer, holds.size() == 1 ? holds.get(0) : Hold.of(holds));
    }

    /** As above, for one content; the way of every element of a queue: without handles it costs one look. */
    final void answer(Caller caller, SharedAnswer answer, Content content, boolean moved) {
        answerHeld(caller, answer, moved ? content.hold() : content.hold().lend());
    }

    /** As above, where the content is all of the answer. */
    final void give(Caller caller, Content content, boolean moved) {
        answer(caller, new SharedAnswer(SharedAnswer.DONE, 0, content.bytes()), content, moved);
    }

    /**
     * Answers with copies of all elements.
     *
     * @param tooBig refuses it when they are more than 2 GiB
     */
    final void giveAll(Caller caller, long number, Collection<Element> elements, String tooBig) {
        byte[] copies;
        try {
            copies = Elements.toBytes(elements.stream().map(Element::copy).toList());
        } catch (ArithmeticException beyond) {
            answer(caller, SharedAnswer.refused(tooBig));
            return;
        }
        List<Content> contents = elements.stream().map(Element::content).toList();
        answer(caller, new SharedAnswer(SharedAnswer.DONE, number, copies), contents, false);
    }

    /** @param hold ended by who has read the answer */
    private void answerHeld(Caller caller, SharedAnswer answer, Hold hold) {
        if (hold == Hold.NONE) {
            answer(caller, answer);
        } else if (caller.jvmId() == SharedClient.DRIVER) {
            answer(caller, answer.heldBy(hold));
        } else {
            LocalHosts.Grants ofAllHosts = Objects.requireNonNull(grants, "this host is not among others");
            answer(caller, answer.granted(ofAllHosts.grant(caller.jvmId(), hold)));
        }
    }

    /** Takes back the waiting request of a ticket; one that was answered already is left alone. */
    void withdraw(Caller caller) {
        for (WaitQueue queue : waitQueues()) {
            for (Waiter waiter : queue.remove(each -> each.is(caller.jvmId(), caller.ticket()))) {
                withdrawn(queue, waiter);
            }
        }
    }

    /** Answers a waiter that was taken out of its queue. */
    void withdrawn(WaitQueue queue, Waiter waiter) {
        answer(waiter.caller(), SharedAnswer.WITHDRAWN);
    }

    /** Answers what this kind of object does not know. */
    final void refuse(Caller caller, SharedOperation operation) {
        answer(
                caller,
                SharedAnswer.refused(getClass().getSimpleName() + " does not know " + operation
                        + "; this is a fault of manyjvm, please report it."));
    }

    private List<Answer> takeAnswers() {
        if (answers.isEmpty()) {
            return List.of();
        }
        List<Answer> due = answers;
        answers = new ArrayList<>();
        return due;
    }

    private static void give(List<Answer> due) {
        for (Answer answer : due) {
            answer.to().accept(answer.answer());
        }
    }

    private SharedAnswer refusal() {
        return SharedAnswer.refused(forgotten ? gone(handle) : ended(handle));
    }

    /** Why nothing can be done with an object that was let go of everywhere. */
    static String gone(Shared.Handle handle) {
        return handle.name() + " is gone: no JVM had it any more, and nothing that was under way referred to it.";
    }

    /** Why nothing can be done any more with an object whose driver was closed. */
    static String ended(Shared.Handle handle) {
        return handle.name() + " has ended: the driver that hosts it was closed. Make a new one.";
    }

    final String name() {
        return handle.name();
    }
}
