package manyjvm.parallel.wire;

import java.lang.management.LockInfo;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import manyjvm.parallel.ThreadDump;

/**
 * The threads of this JVM as a {@link ThreadDump} has them, on their way to another. Loads {@code java.lang.management} when
 * first asked, which takes a tenth of a second and no task before that pays for.
 */
public final class ThreadTable {
    private static final String PUBLIC = "manyjvm.parallel";
    private static final String INTERNAL = "manyjvm\\.parallel\\.[a-z]+\\..*";

    /** Frames from here on down are how a worker calls the user's code. */
    private static final String CALLER = "manyjvm.parallel.spi.CallKind";

    private static final Set<String> GROUPS_OF_THE_JVM = Set.of("system", "InnocuousThreadGroup");
    private static final int MOST_THREADS = 1000;
    private static final int MOST_FRAMES = 200;

    private ThreadTable() {}

    /** What was read of another JVM's threads. */
    public record Read(List<ThreadDump.Entry> threads, int leftOut) {}

    /** All threads of this JVM. @param task the one that runs tasks, which is listed even when it has nothing to do */
    public static byte[] ofThisJvm(String task) {
        Map<Long, Thread> threads = new HashMap<>();
        Thread.getAllStackTraces().keySet().forEach(thread -> threads.put(thread.getId(), thread));
        threads.remove(Thread.currentThread().getId());
        return new Taking(task).take(threads);
    }

    /** A single thread of this JVM, which runs tasks. */
    public static byte[] of(Thread thread) {
        List<StackTraceElement> frames = List.of(thread.getStackTrace()); // of virtual threads too
        ThreadDump.Entry entry = new ThreadDump.Entry(thread.getName(), thread.getState(), false, "", "", cut(frames));
        return write(List.of(entry), 0);
    }

    private record Taking(String task) {
        byte[] take(Map<Long, Thread> threads) {
            ThreadMXBean bean = ManagementFactory.getThreadMXBean();
            long[] found = bean.findDeadlockedThreads();
            Set<Long> deadlocked = new HashSet<>();
            for (int i = 0; found != null && i < found.length; i++) {
                deadlocked.add(found[i]);
            }
            long[] ids = threads.keySet().stream().mapToLong(Long::longValue).toArray();
            List<ThreadDump.Entry> entries = new ArrayList<>();
            for (ThreadInfo info : bean.getThreadInfo(ids, Integer.MAX_VALUE)) {
                if (info != null) { // else it has ended meanwhile
                    Thread thread = threads.get(info.getThreadId());
                    boolean inDeadlock = deadlocked.contains(info.getThreadId());
                    if (inDeadlock || concernsTheUser(thread, info)) {
                        entries.add(entry(info, inDeadlock));
                    }
                }
            }
            entries.sort(Comparator.comparing(
                            (ThreadDump.Entry entry) -> !entry.name().equals(task))
                    .thenComparing(entry -> !entry.deadlocked())
                    .thenComparing(ThreadDump.Entry::name));
            List<ThreadDump.Entry> most = entries.subList(0, Math.min(entries.size(), MOST_THREADS));
            return write(most, threads.size() - most.size());
        }

        private boolean concernsTheUser(Thread thread, ThreadInfo info) {
            if (thread.getName().equals(task)) {
                return true;
            }
            ThreadGroup group = thread.getThreadGroup(); // null when it has ended
            if (group == null || GROUPS_OF_THE_JVM.contains(group.getName())) {
                return false;
            }
            boolean internal = false;
            boolean jdkOnly = true;
            for (StackTraceElement frame : info.getStackTrace()) {
                boolean jdk = isJdk(frame);
                internal |= isInternal(frame);
                jdkOnly &= jdk;
                if (!jdk && !isInternal(frame)) {
                    return true;
                }
            }
            boolean waits = info.getThreadState() == Thread.State.WAITING
                    || info.getThreadState() == Thread.State.TIMED_WAITING;
            return !internal && jdkOnly && !waits;
        }
    }

    private static ThreadDump.Entry entry(ThreadInfo info, boolean deadlocked) {
        LockInfo lock = info.getLockInfo();
        String holder = info.getLockOwnerName();
        List<StackTraceElement> frames = cut(List.of(info.getStackTrace()));
        return new ThreadDump.Entry(
                info.getThreadName(),
                info.getThreadState(),
                deadlocked,
                lock == null || frames.isEmpty() ? "" : lock.toString(),
                holder == null ? "" : holder,
                frames);
    }

    /** The user's frames, with what of the JDK and of the library's face they are in. */
    private static List<StackTraceElement> cut(List<StackTraceElement> frames) {
        List<StackTraceElement> kept = new ArrayList<>();
        for (StackTraceElement frame : frames) {
            if (frame.getClassName().startsWith(CALLER) || kept.size() == MOST_FRAMES) {
                return kept;
            }
            if (!isInternal(frame)) {
                kept.add(frame);
            }
        }
        boolean users = kept.stream().anyMatch(frame -> !isJdk(frame));
        boolean own = frames.stream().anyMatch(ThreadTable::isInternal);
        return users || !own ? kept : List.of(); // the library's thread between two tasks
    }

    private static boolean isInternal(StackTraceElement frame) {
        return frame.getClassName().startsWith(PUBLIC) && frame.getClassName().matches(INTERNAL);
    }

    private static boolean isJdk(StackTraceElement frame) {
        String module = frame.getModuleName();
        return module != null && (module.startsWith("java.") || module.startsWith("jdk."));
    }

    private static byte[] write(List<ThreadDump.Entry> entries, int leftOut) {
        Encoder out = new Encoder(1024);
        out.writeInt(leftOut);
        out.writeInt(entries.size());
        for (ThreadDump.Entry entry : entries) {
            out.writeString(entry.name());
            out.writeString(entry.state().name());
            out.writeBoolean(entry.deadlocked());
            out.writeString(entry.waitsFor());
            out.writeString(entry.heldBy());
            out.writeInt(entry.frames().size());
            entry.frames().forEach(frame -> StackFrames.write(out, frame));
        }
        return out.toByteArray();
    }

    /** @param locate the place of a frame in the user's words */
    public static Read read(byte[] bytes, UnaryOperator<StackTraceElement> locate) {
        Decoder in = new Decoder(bytes);
        int leftOut = in.readInt();
        List<ThreadDump.Entry> entries = new ArrayList<>();
        for (int left = in.readCount(17); left > 0; left--) {
            String name = in.readString();
            Thread.State state = state(in.readString());
            boolean deadlocked = in.readBoolean();
            String waitsFor = inWords(in.readString(), locate);
            String heldBy = in.readString();
            List<StackTraceElement> frames = new ArrayList<>();
            for (int more = in.readCount(StackFrames.LEAST_BYTES); more > 0; more--) {
                frames.add(locate.apply(StackFrames.read(in)));
            }
            entries.add(new ThreadDump.Entry(name, state, deadlocked, waitsFor, heldBy, frames));
        }
        return new Read(entries, leftOut);
    }

    /** A lock is {@code type@identity}: the type, too, is told in the user's words. */
    private static String inWords(String lock, UnaryOperator<StackTraceElement> locate) {
        int at = lock.lastIndexOf('@');
        if (at <= 0) {
            return lock;
        }
        StackTraceElement place = new StackTraceElement(lock.substring(0, at), "", null, -1);
        return locate.apply(place).getClassName() + lock.substring(at);
    }

    private static Thread.State state(String name) {
        try {
            return Thread.State.valueOf(name);
        } catch (IllegalArgumentException unknown) {
            throw new WireException("a thread cannot be " + name);
        }
    }
}
