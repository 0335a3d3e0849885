package manyjvm.parallel;

import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What the threads of a process or of a pool's worker were doing at one moment, what they wait for and who has that, and
 * which of them wait for each other in a circle, also by way of other processes. {@link #toString} is made for people; {@code
 * faulthandler.dump_traceback} is Python's nearest relative.
 *
 * <p>Shown are threads that are in the user's code. The JVM's own, the library's and those of idle executors are left out and
 * counted; virtual threads are unknown to the JVM's thread table, but for those that wait in this library. The library's
 * internal frames are cut out; frames of notebook code carry the cell, {@code In[3]:2}.
 *
 * @param process {@code Process-1}, {@code Pool-1 worker 2}
 * @param pid the operating system's number of its process
 * @param threads the task's thread first, then those in a deadlock, then the others by name
 * @param circle the deadlocks in which a wait of this library takes part, that threads of this process are in or wait for:
 *     each step waits for the next, across processes; empty when there are none
 * @param leftOut how many threads are not in the list
 */
public record ThreadDump(String process, long pid, List<Entry> threads, List<Step> circle, int leftOut) {
    /**
     * One thread.
     *
     * @param name its own: {@code main}, {@code pool-1-thread-2}
     * @param state the JVM's word for what it does: {@code RUNNABLE}, {@code WAITING}
     * @param deadlocked whether it waits, in a circle, for a thread that waits for it: it never goes on by itself
     * @param waitsFor what it waits for: a lock or condition of the JDK as {@code type@identity}, what belongs to this library
     *     in its own words, with the notebook's variable where one holds it ({@code Lock 3 (left)}, {@code an element of Queue
     *     4}, {@code the end of Process-2}); empty when for nothing
     * @param heldBy the name of the thread that holds that lock; empty when none does, or what it waits for is no lock
     * @param holderProcess the process that the holding thread is in, when that is another one than its own; else empty
     * @param frames the innermost call first; empty for a worker that has nothing to do
     */
    public record Entry(
            String name,
            Thread.State state,
            boolean deadlocked,
            String waitsFor,
            String heldBy,
            String holderProcess,
            List<StackTraceElement> frames) {
        public Entry {
            frames = List.copyOf(frames);
        }
    }

    /**
     * One thread of a deadlock.
     *
     * @param process the process that it is in
     * @param thread its name
     * @param waitsFor as in {@link Entry}
     * @param heldBy as in {@link Entry}
     * @param holderProcess the process of the thread that holds what it waits for; empty when {@code heldBy} is
     * @param mayBeFreed whether it waits for a {@link Lock}, which any thread may unlock, so that somebody else could end it
     */
    public record Step(
            String process, String thread, String waitsFor, String heldBy, String holderProcess, boolean mayBeFreed) {}

    public ThreadDump {
        threads = List.copyOf(threads);
        circle = List.copyOf(circle);
    }

    /** The threads of this process that wait in circles, which no time will end. Empty when there are none. */
    public List<Entry> deadlock() {
        return threads.stream().filter(Entry::deadlocked).toList();
    }

    @Override
    public String toString() {
        StringJoiner text = new StringJoiner("\n");
        text.add(process + " (pid " + pid + ")");
        addCircle(text);
        addDeadlock(text);
        for (Entry entry : threads) {
            text.add("");
            text.add(head(entry));
            entry.frames().forEach(frame -> text.add("    at " + words(frame)));
        }
        if (leftOut > 0) {
            text.add("");
            text.add("(and " + leftOut + (leftOut == 1 ? " thread" : " threads")
                    + " of the JVM and of the library, or idle)");
        }
        return text.toString();
    }

    private void addCircle(StringJoiner text) {
        if (circle.isEmpty()) {
            return;
        }
        text.add("");
        text.add(
                circle.size() == 1
                        ? "Deadlock: this thread waits for itself and never goes on" + unlessFreed()
                        : "Deadlock: these threads wait for each other and never go on" + unlessFreed());
        for (Step step : circle) {
            text.add("    \"" + step.thread() + "\" of " + step.process() + " waits for " + step.waitsFor()
                    + holder(step.heldBy(), step.holderProcess()));
        }
    }

    private String unlessFreed() {
        return circle.stream().anyMatch(Step::mayBeFreed) ? ", unless somebody else unlocks the Lock." : ".";
    }

    /** Of the JDK's locks alone. */
    private void addDeadlock(StringJoiner text) {
        List<Entry> deadlock = deadlock().stream()
                .filter(entry -> circle.stream()
                        .noneMatch(step ->
                                step.process().equals(process) && step.thread().equals(entry.name())))
                .toList();
        if (deadlock.isEmpty()) {
            return;
        }
        Map<String, Entry> byName =
                deadlock.stream().collect(Collectors.toMap(Entry::name, Function.identity(), (a, b) -> a));
        text.add("");
        text.add("Deadlock: these threads wait for each other and never go on.");
        for (Entry entry : byName.values()) {
            text.add("    \"" + entry.name() + "\" waits for " + entry.waitsFor()
                    + holder(entry.heldBy(), entry.holderProcess()));
        }
    }

    private static String head(Entry entry) {
        String name = "\"" + entry.name() + "\"";
        if (entry.frames().isEmpty()) {
            return name + " has nothing to do";
        }
        String waits = entry.waitsFor().isEmpty() ? "" : ", waits for " + entry.waitsFor();
        return name + " " + entry.state() + waits + holder(entry.heldBy(), entry.holderProcess());
    }

    private static String holder(String thread, String inProcess) {
        if (thread.isEmpty()) {
            return "";
        }
        return ", which \"" + thread + "\"" + (inProcess.isEmpty() ? "" : " of " + inProcess) + " holds";
    }

    /** Without the names of modules and loaders, which tell users nothing. */
    private static String words(StackTraceElement frame) {
        return new StackTraceElement(
                        frame.getClassName(), frame.getMethodName(), frame.getFileName(), frame.getLineNumber())
                .toString();
    }
}
