package manyjvm.parallel.insight;

/**
 * A task (a chunk of a map) at a worker, or several, one after the other, of which no more than this is remembered.
 *
 * @param work the number of the {@link Work} that it belongs to
 * @param worker its number in the pool
 * @param description {@code map}, {@code apply}, {@code the initializer} ...; of several the first one's
 * @param hook whether it is an initializer or exit hook, which is nobody's task
 * @param tasks how many; 1 for one that is known by itself
 * @param first the index of its first item in the submission
 * @param items how many it had
 * @param failed of them
 * @param bytesThere of its items
 * @param bytesBack of its results
 * @param sent when it was given to the worker, which may have had another one to do first
 * @param begun when the worker began with it; an estimate, since workers have clocks of their own
 * @param ended when it ended; for one that runs the moment of the recording
 * @param spent in it; what is known when it ends
 * @param end what became of it
 */
public record Run(
        int work,
        int worker,
        String description,
        boolean hook,
        long tasks,
        long first,
        long items,
        long failed,
        long bytesThere,
        long bytesBack,
        long sent,
        long begun,
        long ended,
        Spent spent,
        End end) {
    /** What became of it. */
    public enum End {
        /** It is with its worker. */
        RUNNING,
        /** All its items have their outcome. */
        DONE,
        /** Its worker ended while it had it. */
        DIED,
        /** It was taken back, or stopped. */
        STOPPED,
        /** Its function could not be loaded. */
        REFUSED
    }

    /** How much of its time the worker was busy, from 0 to 1. */
    public double share() {
        return tasks == 1 || ended <= begun ? 1 : Math.min(1, (double) spent.busy() / (ended - begun));
    }

    /** This and a later one of the same worker, as one. */
    public Run and(Run later) {
        return new Run(
                work,
                worker,
                description,
                hook,
                tasks + later.tasks,
                first,
                items + later.items,
                failed + later.failed,
                bytesThere + later.bytesThere,
                bytesBack + later.bytesBack,
                sent,
                begun,
                Math.max(ended, later.ended),
                spent.plus(later.spent),
                end);
    }

    /** Whether both may be drawn as one: they belong together, and nothing about either is worth a mark of its own. */
    public boolean isLike(Run later) {
        return work == later.work
                && worker == later.worker
                && !hook
                && !later.hook
                && end == End.DONE
                && later.end == End.DONE;
    }
}
