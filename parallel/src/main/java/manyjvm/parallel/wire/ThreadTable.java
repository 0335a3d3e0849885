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
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import manyjvm.parallel.ThreadDump;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.bytes.ByteOutput;
import manyjvm.parallel.bytes.HandleForm;
import manyjvm.parallel.shared.SharedClient;
import manyjvm.parallel.shared.Waits;

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

    /**
     * What was read of another JVM's threads.
     *
     * @param jvmId its number among those that use shared objects
     * @param task the number of the thread that runs its tasks; 0 when there is none
     * @param rows the threads that concern the user
     * @param names of all its threads, by their numbers
     */
    public record Read(int jvmId, long task, List<Row> rows, Map<Long, String> names, int leftOut) {}

    /**
     * One thread.
     *
     * @param owner the number of the thread of the same JVM that has the lock which it waits for; 0 for none
     * @param waiting what it waits for in this library
     */
    public record Row(long thread, ThreadDump.Entry entry, long owner, Optional<Wait> waiting) {}

    /** A {@link Waits.Wait} that has travelled. */
    public record Wait(
            long number, String words, Optional<Shared.Handle> object, boolean bounded, List<Waits.Holder> holders) {
        static Wait of(Waits.Wait wait) {
            return new Wait(
                    wait.number(),
                    wait.words().get(),
                    wait.object(),
                    wait.bounded(),
                    wait.holders().get());
        }
    }

    /**
     * All threads of this JVM but the calling one.
     *
     * @param task the name of the one that runs tasks, which is listed even when it has nothing to do
     */
    public static byte[] ofThisJvm(String task, SharedClient client) {
        Map<Thread, Waits.Wait> waits = client.linker().waits().now(); // before their states: these are older
        Map<Long, Thread> threads = new HashMap<>();
        Thread.getAllStackTraces().keySet().forEach(thread -> threads.put(thread.getId(), thread));
        Map<Long, String> names = new HashMap<>();
        threads.forEach((number, thread) -> names.put(number, thread.getName()));
        threads.remove(Thread.currentThread().getId());
        return new Taking(task, client.jvmId(), names, waits).take(threads);
    }

    /** A single thread of this JVM, which runs tasks. */
    public static byte[] of(Thread thread, SharedClient client) {
        Optional<Wait> wait =
                Optional.ofNullable(client.linker().waits().now().get(thread)).map(Wait::of);
        Map<Long, String> names = Map.of(thread.getId(), thread.getName());
        return write(new Read(client.jvmId(), thread.getId(), List.of(row(thread, wait)), names, 0));
    }

    /** Of virtual threads too. */
    private static Row row(Thread thread, Optional<Wait> wait) {
        List<StackTraceElement> frames = cut(List.of(thread.getStackTrace()));
        ThreadDump.Entry entry = new ThreadDump.Entry(thread.getName(), thread.getState(), false, "", "", "", frames);
        return new Row(thread.getId(), entry, 0, wait);
    }

    private record Taking(String task, int jvmId, Map<Long, String> names, Map<Thread, Waits.Wait> waits) {
        byte[] take(Map<Long, Thread> threads) {
            ThreadMXBean bean = ManagementFactory.getThreadMXBean();
            long[] found = bean.findDeadlockedThreads();
            Set<Long> deadlocked = new HashSet<>();
            for (int i = 0; found != null && i < found.length; i++) {
                deadlocked.add(found[i]);
            }
            long[] ids = threads.keySet().stream().mapToLong(Long::longValue).toArray();
            List<Row> rows = new ArrayList<>();
            for (ThreadInfo info : bean.getThreadInfo(ids, Integer.MAX_VALUE)) {
                Thread thread = info == null ? null : threads.get(info.getThreadId());
                if (thread != null) { // else it has ended meanwhile
                    boolean inDeadlock = deadlocked.contains(info.getThreadId());
                    Optional<Wait> wait = Optional.ofNullable(waits.get(thread)).map(Wait::of);
                    if (inDeadlock || wait.isPresent() || concernsTheUser(thread, info)) {
                        rows.add(row(info, inDeadlock, wait));
                    }
                }
            }
            int listed = rows.size();
            waits.forEach((thread, wait) -> {
                if (!threads.containsKey(thread.getId()) && thread.isAlive() && thread != Thread.currentThread()) {
                    names.put(thread.getId(), thread.getName());
                    rows.add(ThreadTable.row(thread, Optional.of(Wait.of(wait)))); // a virtual one
                }
            });
            rows.sort(Comparator.comparing((Row row) -> !row.entry().name().equals(task))
                    .thenComparing(row -> !row.entry().deadlocked())
                    .thenComparing(row -> row.waiting().isEmpty())
                    .thenComparing(row -> row.entry().name()));
            List<Row> most = rows.subList(0, Math.min(rows.size(), MOST_THREADS));
            long runner = most.stream()
                    .filter(row -> row.entry().name().equals(task))
                    .mapToLong(Row::thread)
                    .findFirst()
                    .orElse(0);
            return write(new Read(jvmId, runner, most, names, threads.size() - Math.min(listed, most.size())));
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

    private static Row row(ThreadInfo info, boolean deadlocked, Optional<Wait> wait) {
        LockInfo lock = info.getLockInfo();
        String holder = info.getLockOwnerName();
        List<StackTraceElement> frames = cut(List.of(info.getStackTrace()));
        boolean told = lock != null
                && wait.isEmpty()
                && !frames.isEmpty()
                && (holder != null || !isInTheLibrary(info.getStackTrace()));
        ThreadDump.Entry entry = new ThreadDump.Entry(
                info.getThreadName(),
                info.getThreadState(),
                deadlocked,
                told ? lock.toString() : "",
                told && holder != null ? holder : "",
                "",
                frames);
        boolean endless = info.getThreadState() != Thread.State.TIMED_WAITING;
        return new Row(info.getThreadId(), entry, endless && holder != null ? info.getLockOwnerId() : 0, wait);
    }

    /** Whether it waits in the library's own work, by means that are nobody's business. */
    private static boolean isInTheLibrary(StackTraceElement[] frames) {
        for (StackTraceElement frame : frames) {
            if (isInternal(frame)) {
                return true;
            }
            if (!isJdk(frame)) {
                return false;
            }
        }
        return false;
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

    private static byte[] write(Read table) {
        ByteOutput out = new ByteOutput(1024);
        out.writeInt(table.jvmId());
        out.writeLong(table.task());
        out.writeInt(table.leftOut());
        out.writeUnsigned(table.names().size());
        table.names().forEach((number, name) -> {
            out.writeLong(number);
            out.writeString(name);
        });
        out.writeUnsigned(table.rows().size());
        for (Row row : table.rows()) {
            write(out, row);
        }
        return out.toByteArray();
    }

    private static void write(ByteOutput out, Row row) {
        ThreadDump.Entry entry = row.entry();
        out.writeLong(row.thread());
        out.writeString(entry.name());
        out.writeString(entry.state().name());
        out.writeBoolean(entry.deadlocked());
        out.writeString(entry.waitsFor());
        out.writeString(entry.heldBy());
        out.writeLong(row.owner());
        out.writeBoolean(row.waiting().isPresent());
        row.waiting().ifPresent(wait -> write(out, wait));
        out.writeUnsigned(entry.frames().size());
        entry.frames().forEach(frame -> StackFrames.write(out, frame));
    }

    private static void write(ByteOutput out, Wait wait) {
        out.writeLong(wait.number());
        out.writeString(wait.words());
        out.writeBoolean(wait.object().isPresent());
        wait.object().ifPresent(object -> HandleForm.write(out, object));
        out.writeBoolean(wait.bounded());
        out.writeUnsigned(wait.holders().size());
        for (Waits.Holder holder : wait.holders()) {
            out.writeInt(holder.jvmId());
            out.writeLong(holder.thread());
        }
    }

    /** @param locate the place of a frame in the user's words */
    public static Read read(byte[] bytes, UnaryOperator<StackTraceElement> locate) {
        Decoder in = new Decoder(bytes);
        int jvmId = in.readInt();
        long task = in.readLong();
        int leftOut = in.readInt();
        Map<Long, String> names = new HashMap<>();
        for (int left = in.readCount(2); left > 0; left--) {
            names.put(in.readLong(), in.readString());
        }
        List<Row> rows = new ArrayList<>();
        for (int left = in.readCount(9); left > 0; left--) {
            rows.add(readRow(in, locate));
        }
        return new Read(jvmId, task, rows, names, leftOut);
    }

    private static Row readRow(Decoder in, UnaryOperator<StackTraceElement> locate) {
        long thread = in.readLong();
        String name = in.readString();
        Thread.State state = state(in.readString());
        boolean deadlocked = in.readBoolean();
        String waitsFor = inWords(in.readString(), locate);
        String heldBy = in.readString();
        long owner = in.readLong();
        Optional<Wait> wait = in.readBoolean() ? Optional.of(readWait(in)) : Optional.empty();
        List<StackTraceElement> frames = new ArrayList<>();
        for (int more = in.readCount(StackFrames.LEAST_BYTES); more > 0; more--) {
            frames.add(locate.apply(StackFrames.read(in)));
        }
        ThreadDump.Entry entry = new ThreadDump.Entry(name, state, deadlocked, waitsFor, heldBy, "", frames);
        return new Row(thread, entry, owner, wait);
    }

    private static Wait readWait(Decoder in) {
        long number = in.readLong();
        String words = in.readString();
        Optional<Shared.Handle> object = in.readBoolean() ? Optional.of(HandleForm.read(in)) : Optional.empty();
        boolean bounded = in.readBoolean();
        List<Waits.Holder> holders = new ArrayList<>();
        for (int left = in.readCount(2); left > 0; left--) {
            holders.add(new Waits.Holder(in.readInt(), in.readLong()));
        }
        return new Wait(number, words, object, bounded, holders);
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
