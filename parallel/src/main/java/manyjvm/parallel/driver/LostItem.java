package manyjvm.parallel.driver;

import java.util.Optional;
import java.util.function.Supplier;
import manyjvm.parallel.WorkerDiedException;
import manyjvm.parallel.wire.Payload;
import manyjvm.parallel.wire.connect.WorkerJournal;

/**
 * An item that was lost with its worker.
 *
 * @param item its index in the chunk
 * @param phase what was done for it; empty when its worker died before
 */
record LostItem(Chunk chunk, int item, Optional<WorkerJournal.Phase> phase, DeadWorker worker) {
    /** A worker that has ended, and of what. */
    record DeadWorker(String name, long pid, Death death) {
        String called() {
            return called(name, pid);
        }

        static String called(String name, long pid) {
            return name + (pid == 0 ? "" : " (pid " + pid + ")");
        }
    }

    /**
     * What a dead worker had begun.
     *
     * @param chunk the one it was at, of which items below {@code started} had been started
     * @param phase what it did for the last of them
     */
    record Begun(long chunk, int started, WorkerJournal.Phase phase) {
        /** It had not begun anything. */
        static final Begun NOTHING = new Begun(0, 0, WorkerJournal.Phase.RUNNING);

        /** Nobody knows: all that it had may have run. */
        static final Begun UNKNOWN = new Begun(-1, Integer.MAX_VALUE, WorkerJournal.Phase.RUNNING);

        /** Items of the chunk below this were started. */
        int startedOf(Chunk other) {
            return this == UNKNOWN || other.id == chunk ? Math.min(started, other.size) : 0;
        }

        WorkerJournal.Phase phaseOf(Chunk other) {
            return other.id == chunk ? phase : WorkerJournal.Phase.RUNNING;
        }
    }

    long index() {
        return chunk.first + item;
    }

    /**
     * The failure of the item, made by whoever asks for it: that decodes the argument and runs its {@code toString}.
     * Keeps no more of the chunk than that takes.
     */
    Supplier<WorkerDiedException> failure(Batches.Reading reading) {
        // An argument that its worker could not read might do the same to this JVM.
        boolean readable = phase.filter(
                        known -> known == WorkerJournal.Phase.RUNNING || known == WorkerJournal.Phase.WRITING)
                .isPresent();
        Payload items = chunk.items;
        int at = item;
        String when = phase.map(known -> "while it " + doing(known)).orElse("before it began " + what());
        int index = (int) index();
        DeadWorker dead = worker;
        return () -> {
            Death death = dead.death();
            String argument = readable ? ItemText.now(items, at, reading) : "";
            StringBuilder message = new StringBuilder(dead.called())
                    .append(death.byDriver() ? " was killed (" : " died (")
                    .append(death.reason())
                    .append(") ")
                    .append(when)
                    .append(argument.isEmpty() ? "." : ", argument " + argument + ".");
            if (!death.hint().isEmpty()) {
                message.append(' ').append(death.hint());
            }
            if (!death.lastLines().isEmpty()) {
                message.append(" Its last output: ").append(String.join(" | ", death.lastLines()));
            }
            return new WorkerDiedException(
                    message.toString(),
                    dead.name(),
                    dead.pid(),
                    death.reason(),
                    death.exitCode(),
                    index,
                    death.lastLines());
        };
    }

    private String doing(WorkerJournal.Phase known) {
        String description = chunk.submission.description();
        return switch (known) {
            case RUNNING -> "ran " + what();
            case LOADING ->
                "loaded " + (chunk.isHook() ? what() : "the function of " + description + " for item " + index());
            case READING -> "read " + what();
            case WRITING -> "wrote the result of " + what();
        };
    }

    private String what() {
        String description = chunk.submission.description();
        return chunk.isHook() ? description : "item " + index() + " of " + description;
    }
}
