package manyjvm.parallel;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.WeakHashMap;
import manyjvm.parallel.spi.CallKind;
import manyjvm.parallel.spi.Job;
import manyjvm.parallel.spi.JobListener;
import manyjvm.parallel.spi.JobSettings;
import manyjvm.parallel.spi.ParallelRuntime;
import manyjvm.parallel.spi.PoolSettings;
import manyjvm.parallel.spi.WorkerPool;

/** What a pool and its views share: the workers, and the count of callbacks that are still to run. */
final class PoolState {
    private final ParallelRuntime runtime;
    private final WorkerPool workerPool;
    private long callbacks; // guarded by this
    private final Set<Thread> callingBack = new HashSet<>(); // guarded by this
    private final Set<Results<?>> streams = Collections.newSetFromMap(new WeakHashMap<>()); // guarded by this
    private boolean sealed; // guarded by this

    PoolState(ParallelRuntime runtime, PoolSettings settings) {
        this.runtime = runtime;
        this.workerPool = runtime.open(settings);
    }

    ParallelRuntime runtime() {
        return runtime;
    }

    WorkerPool workerPool() {
        return workerPool;
    }

    String name() {
        return workerPool.settings().name();
    }

    int workers() {
        return workerPool.settings().workers();
    }

    Job open(Object function, CallKind kind, JobSettings settings, JobListener listener) {
        return workerPool.open(notNull(function), kind, settings, listener);
    }

    /** As {@link #open}, and adds what is worth one command of these chunks, which are all that it will have. */
    Job submit(
            Object function,
            CallKind kind,
            JobSettings settings,
            Iterator<? extends List<?>> chunks,
            JobListener listener) {
        return workerPool.submit(notNull(function), kind, settings, chunks, listener);
    }

    private static Object notNull(Object function) {
        return Objects.requireNonNull(function, "the function is null");
    }

    synchronized <R> Results<R> opened(Results<R> stream) {
        if (sealed) {
            stream.seal(); // opened while the pool was closed
        }
        streams.add(stream);
        return stream;
    }

    /** No stream takes more of its input. */
    synchronized void sealStreams() {
        sealed = true;
        streams.forEach(Results::seal);
    }

    synchronized void callbackExpected() {
        callbacks++;
    }

    synchronized void callbackDone() {
        callbacks--;
        notifyAll();
    }

    /** Runs what tells of a result, the callbacks among it. */
    void callBack(Runnable telling) {
        Thread self = Thread.currentThread();
        boolean first; // a callback that waits may be lent its thread for another one
        synchronized (this) {
            first = callingBack.add(self);
        }
        try {
            telling.run();
        } finally {
            synchronized (this) {
                if (first) {
                    callingBack.remove(self);
                }
            }
        }
    }

    /** Waits until no callback is outstanding. In a callback it does not: that one, or another that waits too, never ends then. */
    synchronized boolean awaitCallbacks(Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (callbacks > 0 && !callingBack.contains(Thread.currentThread())) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            wait(left / 1_000_000 + 1);
        }
        return true;
    }

    void complain(Object place, String what, Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text, true));
        runtime.complain(place, what + text);
    }
}
