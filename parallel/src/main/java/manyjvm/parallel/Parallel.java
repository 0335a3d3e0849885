package manyjvm.parallel;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import manyjvm.parallel.spi.ParallelRuntime;
import org.jspecify.annotations.Nullable;

/**
 * The small functions of the library, to be imported statically. All work in workers too.
 *
 * <pre>{@code
 * System.out.println(range(2, 10, 3) + " " + rangeClosed(1, 3));    // [2, 5, 8] [1, 2, 3]
 * for (var pair : zip(List.of("a", "b"), repeat(1))) {
 *     System.out.println(pair.first() + pair.second());
 * }
 * System.out.println(currentProcess().name() + " " + parentProcess().isPresent());    // MainProcess false
 * System.out.println(startMethods());                // [spawn]
 * try {
 *     setStartMethod("fork");
 * } catch (IllegalArgumentException why) {
 *     System.out.println(why.getMessage());
 * }
 * }</pre>
 */
public final class Parallel {
    private static final String SPAWN = "spawn";

    private Parallel() {}

    /** {@code 0 .. end - 1}; empty when {@code end} is not above 0. Python's {@code range(end)}. */
    public static Range range(int end) {
        return Range.of(0, end, 1);
    }

    /** {@code start .. end - 1}. */
    public static Range range(int start, int end) {
        return Range.of(start, end, 1);
    }

    /** {@code start, start + step ...} before {@code end}; downwards for a negative step. */
    public static Range range(int start, int end, int step) {
        return Range.of(start, end, step);
    }

    /** {@code first .. last}, {@code last} included. */
    public static Range rangeClosed(int first, int last) {
        return Range.counted(first, 1, Math.max(0, (long) last - first + 1));
    }

    /** The same value without end, for {@link #zip}. Python's {@code itertools.repeat}. */
    public static <T extends @Nullable Object> Iterable<T> repeat(T value) {
        return new Endless<>(value);
    }

    /** The same value {@code times} times. @throws IllegalArgumentException when negative */
    public static <T extends @Nullable Object> List<T> repeat(T value, int times) {
        if (times < 0) {
            throw new IllegalArgumentException("cannot repeat a value " + times + " times");
        }
        return Collections.nCopies(times, value);
    }

    /** Two arguments for {@code starmap}: Python's tuple {@code (first, second)}. */
    public static <A, B> Args2<A, B> args(A first, B second) {
        return new Args2<>(first, second);
    }

    /** Three arguments for {@code starmap}. */
    public static <A, B, C> Args3<A, B, C> args(A first, B second, C third) {
        return new Args3<>(first, second, third);
    }

    /** Four arguments for {@code starmap}. */
    public static <A, B, C, D> Args4<A, B, C, D> args(A first, B second, C third, D fourth) {
        return new Args4<>(first, second, third, fourth);
    }

    /** Pairs, as long as both have elements; lazy, may be endless. */
    public static <A, B> Iterable<Args2<A, B>> zip(Iterable<? extends A> first, Iterable<? extends B> second) {
        return new Zipped<>(
                List.of(first, second), elements -> new Args2<>(cast(elements.get(0)), cast(elements.get(1))));
    }

    /** Triples, as long as all have elements; lazy, may be endless. */
    public static <A, B, C> Iterable<Args3<A, B, C>> zip(
            Iterable<? extends A> first, Iterable<? extends B> second, Iterable<? extends C> third) {
        return new Zipped<>(
                List.of(first, second, third),
                elements -> new Args3<>(cast(elements.get(0)), cast(elements.get(1)), cast(elements.get(2))));
    }

    /** Quadruples, as long as all have elements; lazy, may be endless. */
    public static <A, B, C, D> Iterable<Args4<A, B, C, D>> zip(
            Iterable<? extends A> first,
            Iterable<? extends B> second,
            Iterable<? extends C> third,
            Iterable<? extends D> fourth) {
        return new Zipped<>(
                List.of(first, second, third, fourth),
                elements -> new Args4<>(
                        cast(elements.get(0)), cast(elements.get(1)), cast(elements.get(2)), cast(elements.get(3))));
    }

    /** The processors that this program may use, limits of containers included. Python's {@code cpu_count()}. */
    public static int cpuCount() {
        return Runtime.getRuntime().availableProcessors();
    }

    /**
     * Random numbers for one item of a computation: the same for the same seed and item, whichever worker takes the item and in
     * which order, and others for any other. A generator that a notebook's variable holds is copied to each worker instead,
     * and all copies give the same numbers.
     *
     * <pre>{@code
     * double first = random(42, 0).nextDouble();
     * System.out.println(first == random(42, 0).nextDouble());    // true
     * System.out.println(first == random(42, 1).nextDouble());    // false
     * try (var pool = new Pool(2)) {
     *     var rolls = pool.map(item -> random(42, item).nextInt(1, 7), range(100));
     *     System.out.println(rolls.equals(pool.map(item -> random(42, item).nextInt(1, 7), range(100))));    // true
     * }
     * }</pre>
     *
     * @param seed of the whole computation
     * @param item which one of it, such as its number
     */
    public static SplittableRandom random(long seed, long item) {
        return new SplittableRandom(mixed(mixed(seed) + item));
    }

    /** David Stafford's variant 13 of MurmurHash3's last step: each bit depends on all, and no two numbers become one. */
    private static long mixed(long bits) {
        long mixed = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }

    /** The JVM that runs this code. */
    public static ProcessInfo currentProcess() {
        return ParallelRuntime.current().currentProcess();
    }

    /** The JVM that started this one; empty in the program that the user runs. */
    public static Optional<ProcessInfo> parentProcess() {
        return ParallelRuntime.current().parentProcess();
    }

    /** The worker JVMs that this JVM has started and that live. Threads of {@link Pool#threads} are not listed. */
    public static List<ProcessInfo> activeChildren() {
        return ParallelRuntime.current().activeChildren();
    }

    /**
     * The ways to start a worker process: only {@code spawn}, a fresh JVM. Python's {@code get_all_start_methods()}. See {@link
     * #setStartMethod} for why.
     */
    public static List<String> startMethods() {
        return List.of(SPAWN);
    }

    /** The way in which workers are started: {@code spawn}. Python's {@code get_start_method()}. */
    public static String getStartMethod() {
        return SPAWN;
    }

    /**
     * Python's {@code set_start_method}. Only {@code spawn} exists here: {@code fork} copies the one thread that calls it, and a
     * JVM whose compiler and garbage collector threads are gone cannot go on.
     *
     * @throws IllegalArgumentException for any other, with the reason and what to use
     */
    public static void setStartMethod(String method) {
        if (method.equals("fork") || method.equals("forkserver")) {
            throw new IllegalArgumentException("a JVM cannot start workers by \"" + method
                    + "\": fork copies only the calling thread, and a JVM without its garbage collector and compiler"
                    + " threads cannot go on. Use \"spawn\" (a fresh JVM; your functions and variables travel to it), or"
                    + " Pool.threads(n) when workers should share memory.");
        }
        if (!method.equals(SPAWN)) {
            throw new IllegalArgumentException(
                    "unknown start method \"" + method + "\": there is only \"" + SPAWN + "\"");
        }
    }

    @SuppressWarnings("unchecked") // zip keeps each element's own type by its position
    private static <T extends @Nullable Object> T cast(Object element) {
        return (T) element;
    }

    private record Endless<T>(T value) implements Iterable<T> {
        @Override
        public String toString() {
            return "repeat(" + value + ")";
        }

        @Override
        public Iterator<T> iterator() {
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return true;
                }

                @Override
                public T next() {
                    return value;
                }
            };
        }
    }

    private record Zipped<T>(List<Iterable<?>> sources, Function<List<?>, T> join) implements Iterable<T> {
        @Override
        public String toString() {
            return sources.stream().map(String::valueOf).collect(Collectors.joining(", ", "zip(", ")"));
        }

        @Override
        public Iterator<T> iterator() {
            List<Iterator<?>> iterators = new ArrayList<>();
            sources.forEach(source -> iterators.add(source.iterator()));
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return iterators.stream().allMatch(Iterator::hasNext);
                }

                @Override
                public T next() {
                    if (!hasNext()) {
                        throw new NoSuchElementException();
                    }
                    List<Object> elements = new ArrayList<>(iterators.size());
                    iterators.forEach(iterator -> elements.add(iterator.next()));
                    return join.apply(elements);
                }
            };
        }
    }
}
