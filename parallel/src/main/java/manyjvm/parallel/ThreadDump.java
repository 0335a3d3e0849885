package manyjvm.parallel;

import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What the threads of a process or of a pool's worker were doing at one moment, and which of them wait for each other in a
 * circle. {@link #toString} is made for people; {@code faulthandler.dump_traceback} is Python's nearest relative.
 *
 * <p>Shown are threads that are in the user's code. The JVM's own, the library's and those of idle executors are left out and
 * counted; virtual threads are unknown to the JVM's thread table. The library's internal frames are cut out; frames of
 * notebook code carry the cell, {@code In[3]:2}.
 *
 * @param process {@code Process-1}, {@code Pool-1 worker 2}
 * @param pid the operating system's number of its process
 * @param threads the task's thread first, then those in a deadlock, then the others by name
 * @param leftOut how many threads are not in the list
 */
public record ThreadDump(String process, long pid, List<Entry> threads, int leftOut) {
    /**
     * One thread.
     *
     * @param deadlocked whether it waits, in a circle, for a thread that waits for it: it never goes on by itself
     * @param waitsFor the lock or condition that it waits for, as {@code type@identity}; empty when for none
     * @param heldBy the name of the thread that holds that lock; empty when none does
     * @param frames the innermost call first; empty for a worker that has nothing to do
     */
    public record Entry(
            String name,
            Thread.State state,
            boolean deadlocked,
            String waitsFor,
            String heldBy,
            List<StackTraceElement> frames) {
        public Entry {
            frames = List.copyOf(frames);
        }
    }

    public ThreadDump {
        threads = List.copyOf(threads);
    }

    /** The threads that wait for each other in circles, which no time will end. Empty when there are none. */
    public List<Entry> deadlock() {
        return threads.stream().filter(Entry::deadlocked).toList();
    }

    @Override
    public String toString() {
        StringJoiner text = new StringJoiner("\n");
        text.add(process + " (pid " + pid + ")");
        List<Entry> deadlock = deadlock();
        if (!deadlock.isEmpty()) {
            Map<String, Entry> byName =
                    deadlock.stream().collect(Collectors.toMap(Entry::name, Function.identity(), (a, b) -> a));
            text.add("");
            text.add("Deadlock: these threads wait for each other and never go on.");
            for (Entry entry : byName.values()) {
                text.add("    \"" + entry.name() + "\" waits for " + entry.waitsFor() + ", which \"" + entry.heldBy()
                        + "\" holds");
            }
        }
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

    private static String head(Entry entry) {
        String name = "\"" + entry.name() + "\"";
        if (entry.frames().isEmpty()) {
            return name + " has nothing to do";
        }
        String waits = entry.waitsFor().isEmpty() ? "" : ", waits for " + entry.waitsFor();
        String held = entry.heldBy().isEmpty() ? "" : ", which \"" + entry.heldBy() + "\" holds";
        return name + " " + entry.state() + waits + held;
    }

    /** Without the names of modules and loaders, which tell users nothing. */
    private static String words(StackTraceElement frame) {
        return new StackTraceElement(
                        frame.getClassName(), frame.getMethodName(), frame.getFileName(), frame.getLineNumber())
                .toString();
    }
}
