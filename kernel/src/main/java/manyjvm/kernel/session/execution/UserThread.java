package manyjvm.kernel.session.execution;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The thread {@code cell}, and one more for each subshell: users' code runs on it, and nothing else does. The compiler works on another thread, whose name no
 * cell ever sees: interrupted, it would close the jars that it reads for good (an interrupted {@code FileChannel} closes
 * itself), and no later cell would find a class in them. So an interrupt can come at any moment, from a Stop or from a timer of
 * the user's that is a cell too late: it meets users' code or a thread that waits for some. The thread has a group of its own,
 * which the threads that cells start inherit; who interrupts that whole group meets no thread of the kernel's either.
 *
 * <p>Serves one caller at a time.
 */
public final class UserThread implements AutoCloseable {
    private static final FutureTask<Void> END = new FutureTask<>(() -> null);

    private final Thread thread;
    private final BlockingQueue<FutureTask<?>> tasks = new LinkedBlockingQueue<>();

    public UserThread(String name) {
        thread = new Thread(new ThreadGroup("cells"), this::serve, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Code that may throw whatever users' code throws. */
    public interface UserCode<T> {
        T run() throws Throwable;
    }

    Thread thread() {
        return thread;
    }

    /** Runs the code there and waits for its end, however long that takes and whoever interrupts the calling thread. */
    <T> T call(UserCode<T> code) throws Throwable {
        FutureTask<T> task = new FutureTask<>(() -> {
            try {
                return code.run();
            } catch (Exception | Error thrown) {
                throw thrown;
            } catch (Throwable other) {
                throw new OtherThrowable(other);
            }
        });
        tasks.add(task);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof OtherThrowable other ? other.getCause() : failure.getCause();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A {@code Throwable} that is neither exception nor error, for its way through a {@code Callable}. */
    private static final class OtherThrowable extends Exception {
        private static final long serialVersionUID = 1L;

        OtherThrowable(Throwable thrown) {
            super(thrown);
        }
    }

    /** An interrupt that comes between two tasks belongs to the next, as it would if users' code ran on without us. */
    private void serve() {
        boolean interrupted = false;
        while (true) {
            try {
                FutureTask<?> task = tasks.take();
                if (task == END) {
                    return;
                }
                if (interrupted) {
                    thread.interrupt();
                    interrupted = false;
                }
                task.run();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
    }

    /** The thread ends when the code that runs on it does. */
    @Override
    public void close() {
        tasks.add(END);
    }
}
