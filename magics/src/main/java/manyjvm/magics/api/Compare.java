package manyjvm.magics.api;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntConsumer;
import manyjvm.magics.lesson.Comparison;
import manyjvm.magics.lesson.Run;
import manyjvm.parallel.Fn;
import manyjvm.parallel.ItemAction;
import manyjvm.parallel.Parallel;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.Process;
import manyjvm.parallel.Queue;
import manyjvm.parallel.Value;
import org.jspecify.annotations.Nullable;

/** {@code %%compare}: its options, collected until {@link #run}. {@link Comparison} says why another JVM does the work. */
public final class Compare {
    /** All that there are, in the order in which they are shown. */
    public static final List<String> WAYS = List.of(Comparison.SEQUENTIAL, "threads", "virtual", "processes");

    private static final int FIRST_WITH_VIRTUAL = 21;

    /** More lanes than this nobody can read; {@code --cpus} asks for more. */
    private static final int USUALLY_MOST = 8;

    private static final long RESULT_SECONDS = 10;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String ALLOWED = "Cpus_allowed_list:";

    private List<String> ways = WAYS;
    private List<Integer> processors = List.of();
    private int repeat = 3;
    private @Nullable Function<Object, Consumer<Object>> page; // null for no progress to be shown

    private Compare() {}

    /** With what is usual: all ways, on one processor and on all, 3 times each. */
    public static Compare usual() {
        return new Compare();
    }

    /** {@code %%compare WAYS}: some of {@link #WAYS}. */
    public Compare ways(String... some) {
        ways = List.copyOf(Arrays.asList(some));
        return this;
    }

    /** {@code --cpus}: on how many processors, one number after the other. */
    public Compare cpus(int... numbers) {
        processors =
                new ArrayList<>(new TreeSet<>(Arrays.stream(numbers).boxed().toList()));
        return this;
    }

    /** {@code --repeat}: how often each is measured. */
    public Compare repeat(int times) {
        if (times < 1) {
            throw new ParallelException("--repeat must be at least 1, not " + times);
        }
        repeat = times;
        return this;
    }

    /**
     * How far it is will be shown while it runs.
     *
     * @param place shows a value, and gives what draws another one in its place
     */
    public Compare progress(Function<Object, Consumer<Object>> place) {
        page = place;
        return this;
    }

    /** {@code %%compare x : ITEMS}, for a cell that only returns early. */
    public <A> CompareResult run(Iterable<? extends A> items, ItemAction<A> body) {
        return run(
                (Fn<A, Object>) item -> {
                    body.go(item);
                    return Boolean.TRUE;
                },
                items);
    }

    /** {@code %%compare x : ITEMS}, for a cell that returns something. */
    public <A, R> CompareResult run(Iterable<? extends A> items, Fn<A, R> body) {
        return run(body, items);
    }

    /**
     * Measures all ways on so many processors as were asked for. What the function gives is dropped.
     *
     * @throws ParallelException when a call fails: its exception has been shown then
     */
    public <A, R> CompareResult run(Fn<A, R> function, Iterable<? extends A> items) {
        List<A> all = new ArrayList<>();
        items.forEach(all::add);
        if (all.isEmpty()) {
            throw new ParallelException("there is nothing to compare: ITEMS is empty");
        }
        List<String> notes = new ArrayList<>();
        List<String> possible = possible(notes);
        List<Integer> allowed = allowed();
        int processorsHere = allowed.isEmpty() ? Parallel.cpuCount() : Math.min(Parallel.cpuCount(), allowed.size());
        List<Integer> wanted = wanted(processorsHere, allowed.isEmpty(), notes);
        int workers = Math.max(2, wanted.get(wanted.size() - 1));
        List<CompareResult.Row> rows = new ArrayList<>();
        CompareProgress progress = new CompareProgress(page, possible, repeat, wanted.size());
        for (int i = 0; i < wanted.size(); i++) {
            int count = wanted.get(i);
            int before = i;
            List<Integer> pinned = count < processorsHere ? allowed.subList(0, count) : List.of();
            List<Run> runs =
                    measure(function, all, possible, workers, pinned, begun -> progress.update(before, count, begun));
            for (String way : possible) {
                rows.add(new CompareResult.Row(
                        way,
                        count,
                        runs.stream().filter(run -> run.way().equals(way)).toList()));
            }
        }
        progress.end();
        return new CompareResult(rows, all.size(), workers, notes);
    }

    private List<String> possible(List<String> notes) {
        int version = Runtime.version().feature();
        if (version >= FIRST_WITH_VIRTUAL || !ways.contains("virtual")) {
            return ways;
        }
        notes.add("virtual is left out: virtual threads need JDK " + FIRST_WITH_VIRTUAL + " or newer, and this is "
                + version + ".");
        List<String> others =
                ways.stream().filter(way -> !way.equals("virtual")).toList();
        if (others.isEmpty()) {
            throw new ParallelException(notes.get(0));
        }
        return others;
    }

    private List<Integer> wanted(int here, boolean unpinned, List<String> notes) {
        if (unpinned) {
            notes.add(
                    "Nothing here can keep a process to some of the processors (the program taskset of Linux can), so all"
                            + " was measured on " + CompareResult.processors(here) + " only.");
            return List.of(here);
        }
        if (processors.isEmpty()) {
            int most = Math.min(here, USUALLY_MOST);
            if (here == 1) {
                notes.add("This machine has one processor: tasks can take turns here, and never run at once.");
            } else if (most < here) {
                notes.add("This machine has " + here + " processors; --cpus 1," + here + " uses them all.");
            }
            return most == 1 ? List.of(1) : List.of(1, most);
        }
        int most = processors.get(processors.size() - 1);
        if (processors.get(0) < 1 || most > here) {
            throw new ParallelException("--cpus says on how many processors, each from 1 to the " + here
                    + " that there are, not " + (most > here ? most : processors.get(0)));
        }
        return processors;
    }

    private static boolean hasTaskset() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin:/bin");
        return Arrays.stream(path.split(File.pathSeparator))
                .anyMatch(folder -> !folder.isEmpty() && Files.isExecutable(Path.of(folder, "taskset")));
    }

    /** The numbers of the processors that this JVM may use; empty where the system does not tell, or cannot pin. */
    private static List<Integer> allowed() {
        try {
            Optional<String> list = Files.isReadable(STATUS) && hasTaskset()
                    ? Files.readAllLines(STATUS).stream()
                            .filter(line -> line.startsWith(ALLOWED))
                            .findFirst()
                    : Optional.empty();
            return list.map(line -> numbers(line.substring(ALLOWED.length()).strip()))
                    .orElse(List.of());
        } catch (IOException unreadable) {
            return List.of();
        }
    }

    /** {@code 0-2,7}. */
    static List<Integer> numbers(String list) {
        List<Integer> numbers = new ArrayList<>();
        for (String range : list.split(",")) {
            String[] ends = range.split("-");
            int last = Integer.parseInt(ends[ends.length - 1].strip());
            for (int number = Integer.parseInt(ends[0].strip()); number <= last; number++) {
                numbers.add(number);
            }
        }
        return numbers;
    }

    private <A> List<Run> measure(
            Fn<A, ?> function,
            List<A> items,
            List<String> possible,
            int workers,
            List<Integer> pinned,
            IntConsumer progress) {
        Queue<List<Run>> results = new Queue<>();
        Value.OfInt step = Value.of(0);
        try {
            finish(
                    Process.builder()
                            .target(new Comparison<>(function, items, possible, workers, repeat, results, step)),
                    pinned,
                    () -> progress.accept(step.get()));
            List<Run> runs = results.poll(RESULT_SECONDS, TimeUnit.SECONDS);
            if (runs == null) {
                throw new ParallelException("the comparison ended without a result within "
                        + Processes.words(Duration.ofSeconds(RESULT_SECONDS)));
            }
            return runs;
        } catch (InterruptedException interrupt) {
            throw ProcessSetUp.interrupted("the comparison");
        } finally {
            results.close();
        }
    }

    /** @param look is run again and again until then */
    private static void finish(Process.Builder builder, List<Integer> pinned, Runnable look) {
        if (!pinned.isEmpty()) {
            builder.cpus(pinned.stream().mapToInt(Integer::intValue).toArray());
        }
        Process process = builder.start();
        boolean ended = false;
        try {
            do {
                look.run();
            } while (!Processes.await(process, BETWEEN_LOOKS));
            ended = true;
        } finally {
            if (!ended) {
                process.kill();
            }
        }
        Optional<String> failure = new Processes().failure(process);
        if (failure.isPresent()) {
            throw new ParallelException("the comparison was not finished: " + failure.get());
        }
    }
}
