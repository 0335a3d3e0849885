package manyjvm.parallel.worker;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import manyjvm.parallel.code.CodeStore;
import org.jspecify.annotations.Nullable;

/**
 * Which task a thread works for: the task thread itself, and the threads that its tasks start, which inherit what the task
 * was when they were started. Others, and those of the common pool, count as working for the running task.
 */
final class TaskContext {
    static final TaskContext NONE = new TaskContext(0, -1, null);

    private static final InheritableThreadLocal<@Nullable TaskContext> OWN =
            new InheritableThreadLocal<@Nullable TaskContext>() {
                @Override
                protected @Nullable TaskContext childValue(@Nullable TaskContext parent) {
                    return parent == null ? null : new TaskContext(parent.job, parent.task, parent.code);
                }
            };

    /** The task thread's. */
    private static volatile TaskContext running = NONE;

    private final long job;
    private final CodeStore.@Nullable LoadedCode code;
    private volatile long task; // by the task thread, which reuses its context for the items of a chunk

    TaskContext(long job, long task, CodeStore.@Nullable LoadedCode code) {
        this.job = job;
        this.task = task;
        this.code = code;
    }

    static TaskContext current() {
        TaskContext own = OWN.get();
        return own == null || isLent(Thread.currentThread()) ? running : own;
    }

    /** The threads of the JDK's common pool are made once, by whichever task comes first, and lent to all later ones. */
    private static boolean isLent(Thread thread) {
        return thread instanceof ForkJoinWorkerThread worker && worker.getPool() == ForkJoinPool.commonPool();
    }

    /** The calling thread, and those that it starts, do work that this task has submitted. */
    void adopt() {
        OWN.set(this);
    }

    /** On the task thread, at the start of a chunk. */
    void enter() {
        OWN.set(this);
        running = this;
    }

    /** On the task thread, at the start of an item. */
    void task(long task) {
        this.task = task;
    }

    /** On the task thread, at the end of a chunk: its code stays known to threads that belong to no task. */
    static void leave(TaskContext last) {
        OWN.remove();
        running = new TaskContext(0, -1, last.code);
    }

    long job() {
        return job;
    }

    long task() {
        return task;
    }

    /** The code of the submission; null before the first. */
    CodeStore.@Nullable LoadedCode code() {
        return code;
    }
}
