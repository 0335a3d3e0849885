package manyjvm.parallel.driver;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * How workers are let go in good order, after their exit hook: when they have done their tasks, have grown too large, have been
 * idle for long, or the pool ends. A part of a {@link Scheduler}.
 */
final class Retirement {
    private static final long MEASURE_EVERY = 100_000_000; // nanoseconds

    private final PoolRules rules;
    private final Board board;
    private final OpenSubmissions submissions;
    private final Consumer<WorkerLife> exitHook;
    private int exitHooks; // that run, or whose failure has not been told yet
    private boolean idleWatched;

    /** @param exitHook has it run in a worker */
    Retirement(PoolRules rules, Board board, OpenSubmissions submissions, Consumer<WorkerLife> exitHook) {
        this.rules = rules;
        this.board = board;
        this.submissions = submissions;
        this.exitHook = exitHook;
    }

    /** Those that are to leave and have nothing to do. */
    void leaving() {
        for (Slot slot : board.slots) {
            if (slot.leaving && slot.isIdle()) {
                retire(slot);
            }
        }
    }

    /** All of them; whether they are gone. */
    boolean all() {
        boolean gone = exitHooks == 0;
        for (Slot slot : board.slots) {
            if (!slot.isEmpty()) {
                gone = false;
                retire(slot);
            }
        }
        return gone;
    }

    private void retire(Slot slot) {
        WorkerLife life = slot.life();
        slot.leaving = true;
        if (life.state() == WorkerLife.State.STARTING) {
            if (!life.isDoomed()) {
                board.dismiss(life, Optional.of("not needed any more"));
            }
        } else if (life.isIdle() && slot.stage == Slot.Stage.AT_WORK) {
            slot.stage = Slot.Stage.AFTER;
            if (rules.hooks().contains(Hook.EXIT_HOOK)) {
                exitHooks++;
                exitHook.accept(life);
            } else {
                leave(life);
            }
        }
    }

    private void leave(WorkerLife life) {
        if (life.isIdle()) {
            life.leaves();
            board.order(life, to -> to.leave(life));
        }
    }

    /** The exit hook has ended, in whatever order, and nothing more is told of it. */
    void exitHookEnded(WorkerLife life) {
        exitHooks--;
        leave(life);
    }

    /** Whether the slot's worker takes up more than it may; measured now and then. */
    boolean isTooLarge(Slot slot) {
        if (rules.maxMemory() == 0 || slot.measured != 0 && board.now - slot.measured < MEASURE_EVERY) {
            return false;
        }
        slot.measured = board.now;
        return rules.memory().applyAsLong(slot.life()) > rules.maxMemory();
    }

    /** A worker has fallen idle: when it is so for long, it may go. */
    void watchIdle() {
        rules.idleTimeout().filter(any -> !idleWatched).ifPresent(limit -> {
            idleWatched = true;
            board.after(limit, () -> {
                idleWatched = false;
                stopIdle(limit.toNanos());
            });
        });
    }

    private void stopIdle(long limit) {
        boolean watch = false;
        for (Slot slot : board.slots) {
            if (slot.isFree() && submissions.isEmpty()) {
                if (board.now - slot.life().idleSince() >= limit) {
                    retire(slot);
                } else {
                    watch = true;
                }
            }
        }
        if (watch) {
            watchIdle();
        }
    }
}
