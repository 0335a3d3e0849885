package manyjvm.kernel.session.execution;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.MutableCallSite;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;

/**
 * What the woven code of cells calls; the only class of this package that the session's loader shows, and only woven code
 * knows its name.
 *
 * <p><b>Stopping loops.</b> {@code Thread.stop} is gone since JDK 20, so each backward branch and each method entry of a
 * session class calls {@link #check}. A check that read a volatile flag would cost a hot loop up to ten times its run time,
 * because the compiler can no longer vectorise it. The check is therefore a {@link MutableCallSite}: while nobody stops
 * anything its target is empty and the compiler leaves nothing of it in the loop; setting the target makes the JVM discard
 * that code at its next safepoint, and the loop goes on, interpreted, into the real check.
 *
 * <p>Threads belong to the cell whose context class loader they inherited, so that an interrupt ends the cell's own thread and
 * the threads it started, and no others. Workers of the common pool inherit nothing: until the next cell starts
 * they count as the stopped one's. State is a copy-on-write list; changed by the control thread (stop) and by the cell thread (next cell).
 */
public final class CellGuard {
    private static final MethodType CHECK_TYPE = MethodType.methodType(void.class);
    private static final MethodHandle NOTHING = MethodHandles.empty(CHECK_TYPE);
    private static final MethodHandle STOP_IF_ASKED;
    private static final MutableCallSite SITE = new MutableCallSite(CHECK_TYPE);
    private static final MethodHandle CHECK = SITE.dynamicInvoker();
    private static final CopyOnWriteArrayList<CellRun> STOPPED = new CopyOnWriteArrayList<>();
    private static final StackWalker CALLER = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);
    private static volatile boolean commonPoolStops;

    static {
        try {
            STOP_IF_ASKED = MethodHandles.lookup().findStatic(CellGuard.class, "stopIfAsked", CHECK_TYPE);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
        SITE.setTarget(NOTHING);
    }

    private CellGuard() {}

    /** Ends the calling thread by a {@link CellStopped} when its cell was interrupted. Costs nothing otherwise. */
    public static void check() {
        try {
            CHECK.invokeExact();
        } catch (RuntimeException | Error thrown) {
            throw thrown;
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Notes that the calling class's static initializer has begun. */
    public static void initializing() {
        Class<?> type = CALLER.getCallerClass();
        if (type.getClassLoader() instanceof SessionLoader loader) {
            loader.beginsToInitialize(type.getName());
        }
    }

    /** Stands for {@link System#exit}. */
    public static void exit(int status) {
        throw new KernelExitRefused("System.exit(" + status + ")");
    }

    /** Stands for {@link Runtime#exit}. */
    public static void exit(Runtime runtime, int status) {
        throw new KernelExitRefused("Runtime.exit(" + status + ")");
    }

    /** Stands for {@link Runtime#halt}. */
    public static void halt(Runtime runtime, int status) {
        throw new KernelExitRefused("Runtime.halt(" + status + ")");
    }

    /**
     * From now on all threads of this run end at their next check.
     *
     * @param alone whether no cell of another shell goes on, for which the threads of the common pool may work
     */
    public static synchronized void stop(CellRun run, boolean alone) {
        STOPPED.add(run);
        commonPoolStops |= alone;
        target(STOP_IF_ASKED);
    }

    /** Called before a cell runs: forgets the stopped runs of which no thread is left, so that checks are free again. */
    public static synchronized void forgetEndedRuns() {
        commonPoolStops = false;
        if (STOPPED.isEmpty()) {
            return;
        }
        List<Thread> living = CellRun.livingThreads();
        STOPPED.removeIf(run -> living.stream().noneMatch(run::owns));
        if (STOPPED.isEmpty()) {
            target(NOTHING);
        }
    }

    private static void target(MethodHandle target) {
        SITE.setTarget(target);
        MutableCallSite.syncAll(new MutableCallSite[] {SITE});
    }

    @SuppressWarnings("unused") // STOP_IF_ASKED calls it
    private static void stopIfAsked() {
        Thread thread = Thread.currentThread();
        for (CellRun run : STOPPED) {
            if (run.owns(thread) || commonPoolStops && isCommonPoolWorker(thread)) {
                if (thread != run.thread()) {
                    dieQuietly(thread);
                }
                throw new CellStopped();
            }
        }
    }

    private static boolean isCommonPoolWorker(Thread thread) {
        return thread instanceof ForkJoinWorkerThread worker && worker.getPool() == ForkJoinPool.commonPool();
    }

    /** The user asked for it: no trace of it on stderr. Other exceptions are reported as before. */
    private static void dieQuietly(Thread thread) {
        Thread.UncaughtExceptionHandler handler = thread.getUncaughtExceptionHandler();
        thread.setUncaughtExceptionHandler((dying, thrown) -> {
            if (!(thrown instanceof CellStopped)) {
                handler.uncaughtException(dying, thrown);
            }
        });
    }
}
