package manyjvm.parallel.driver;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a worker is in its life, and what it has to do, without any of its input and output ({@link Worker}) and of what is
 * decided about it ({@link Scheduler}). Time is an argument, by {@link System#nanoTime}.
 *
 * <pre>{@code
 *   STARTING --cameIn--> READY --given---> BUSY
 *      |                  | ^               |
 *      |                  | '---answered----'    the last chunk
 *      |                leaves              |
 *      |                  v                 |
 *      |               LEAVING              |
 *      '-----gone---------+-------gone------'--> GONE   gives back what was in flight
 * }</pre>
 *
 * <p>From any state but the last it may be <em>doomed</em>: it is being killed, or a part of its death has been seen, so that
 * whatever it is given only comes back. A step that the picture does not have is a fault of the driver's.
 */
final class WorkerLife {
    enum State {
        STARTING,
        READY,
        BUSY,
        LEAVING,
        GONE
    }

    private final int number;
    private final Map<Long, Chunk> inFlight = new LinkedHashMap<>(); // the head is what it runs
    private State state = State.STARTING;
    private boolean hasComeIn;
    private boolean doomed;
    private boolean dismissed;
    private boolean replaced;
    private long idleSince;

    /** What its pool's {@link Recorder} notes of it while it is there. */
    Recorder.@Nullable Notes noted;

    /** @param number of the worker in its pool */
    WorkerLife(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    State state() {
        return state;
    }

    // ------------------------------------------------------------ steps

    /** It has said hello. */
    void cameIn(long now) {
        require(state == State.STARTING, "come in");
        state = State.READY;
        hasComeIn = true;
        idleSince = now;
    }

    /** It gets one more chunk. */
    void given(Chunk chunk, long now) {
        require(state == State.READY || state == State.BUSY, "be given", chunk);
        require(inFlight.putIfAbsent(chunk.id, chunk) == null, "be given twice", chunk);
        state = State.BUSY;
        chunk.since = now;
        chunk.reclaiming = false;
    }

    /** Everything that it had to say of this chunk has been said. */
    void answered(Chunk chunk, long now) {
        require(inFlight.remove(chunk.id, chunk), "answer for", chunk);
        idleSince = now;
        if (inFlight.isEmpty()) {
            state = State.READY;
        }
    }

    /** It is told to end in good order. */
    void leaves() {
        require(state == State.READY, "leave");
        state = State.LEAVING;
        dismiss();
    }

    /** Its end is wanted, in whatever order it comes; not so that of one whose death has begun already. */
    void dismiss() {
        dismissed |= !doomed;
    }

    void doom() {
        doomed = true;
    }

    /** Another worker is to take its place, whatever it does. */
    void replace() {
        replaced = true;
    }

    /** It has ended, in whatever order; what it had in flight, in the order in which it was given. */
    List<Chunk> gone() {
        require(state != State.GONE, "end again");
        state = State.GONE;
        List<Chunk> left = new ArrayList<>(inFlight.values());
        inFlight.clear();
        return left;
    }

    private void require(boolean possible, String step) {
        if (!possible) {
            throw impossible(step);
        }
    }

    private void require(boolean possible, String step, Chunk chunk) {
        if (!possible) {
            throw impossible(step + " " + chunk);
        }
    }

    private IllegalStateException impossible(String step) {
        return new IllegalStateException("worker " + number + " cannot " + step + ", it is " + state
                + "; this is a fault of manyjvm, please report it");
    }

    // ------------------------------------------------------------ questions

    /** Whether it has ever been ready. */
    boolean hasComeIn() {
        return hasComeIn;
    }

    boolean isDoomed() {
        return doomed;
    }

    /** Whether it ends because somebody wanted it to, and does not die. */
    boolean isDismissed() {
        return dismissed;
    }

    boolean isReplaced() {
        return replaced;
    }

    boolean isGone() {
        return state == State.GONE;
    }

    boolean isIdle() {
        return state == State.READY;
    }

    /** Whether it takes chunks. */
    boolean takesChunks() {
        return (state == State.READY || state == State.BUSY) && !doomed;
    }

    /** When it came in, or last answered for a chunk. */
    long idleSince() {
        return idleSince;
    }

    int load() {
        return inFlight.size();
    }

    /** What it is doing, and not what it will do after that. */
    Optional<Chunk> head() {
        return inFlight.isEmpty()
                ? Optional.empty()
                : Optional.of(inFlight.values().iterator().next());
    }

    Optional<Chunk> chunk(long id) {
        return Optional.ofNullable(inFlight.get(id));
    }

    boolean holds(Chunk chunk) {
        return inFlight.get(chunk.id) == chunk;
    }

    boolean holdsSome(Submission submission) {
        for (Chunk chunk : inFlight.values()) {
            if (chunk.isOf(submission)) {
                return true;
            }
        }
        return false;
    }

    /** What is in flight, the head first. */
    Iterable<Chunk> chunks() {
        return inFlight.values();
    }

    /** Whether all that it does, if anything, is its initializer or exit hook. */
    boolean holdsNoTask() {
        return inFlight.values().stream().allMatch(Chunk::isHook);
    }
}
