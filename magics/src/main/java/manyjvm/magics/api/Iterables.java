package manyjvm.magics.api;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.BaseStream;
import java.util.stream.IntStream;
import manyjvm.parallel.Parallel;
import manyjvm.parallel.Range;

/**
 * What rewritten magics give as items: ranges, and anything with elements as an {@code Iterable}. Each kind of items has an
 * overload, from which Java infers what the function takes. Exists in the kernel's JVM only, as {@link Magics}.
 */
public final class Iterables {
    private Iterables() {}

    /** {@code 0..10 by 2}: {@code last} is included when a step leads to it. */
    public static Range range(int first, int last, int step) {
        long beyond = (long) last + Integer.signum(step);
        return beyond == (int) beyond
                ? Parallel.range(first, (int) beyond, step)
                : Range.counted(first, step, ((long) last - first) / step + 1);
    }

    /** Items as they are. */
    public static <A> Iterable<A> items(Iterable<A> items) {
        return items;
    }

    /** A view of the array. */
    public static <A> Iterable<A> items(A[] items) {
        return Arrays.asList(items);
    }

    /** A view of the array; so are those of the other primitive types. */
    public static Iterable<Integer> items(int[] items) {
        return () -> Arrays.stream(items).iterator();
    }

    /** A view of the array. */
    public static Iterable<Long> items(long[] items) {
        return () -> Arrays.stream(items).iterator();
    }

    /** A view of the array. */
    public static Iterable<Double> items(double[] items) {
        return () -> Arrays.stream(items).iterator();
    }

    /** A view of the array. */
    public static Iterable<Character> items(char[] items) {
        return () -> IntStream.range(0, items.length).mapToObj(i -> items[i]).iterator();
    }

    /** A view of the array. */
    public static Iterable<Byte> items(byte[] items) {
        return () -> IntStream.range(0, items.length).mapToObj(i -> items[i]).iterator();
    }

    /** A view of the array. */
    public static Iterable<Short> items(short[] items) {
        return () -> IntStream.range(0, items.length).mapToObj(i -> items[i]).iterator();
    }

    /** A view of the array. */
    public static Iterable<Float> items(float[] items) {
        return () -> IntStream.range(0, items.length).mapToObj(i -> items[i]).iterator();
    }

    /** A view of the array. */
    public static Iterable<Boolean> items(boolean[] items) {
        return () -> IntStream.range(0, items.length).mapToObj(i -> items[i]).iterator();
    }

    /** A stream of any kind, to be used once; {@code IntStream} gives {@code Integer}s. */
    public static <A> Iterable<A> items(BaseStream<A, ?> items) {
        return items::iterator;
    }

    /** All results, in the order in which they come. */
    public static <R> List<R> list(Iterator<R> results) {
        List<R> list = new ArrayList<>();
        results.forEachRemaining(list::add);
        return list;
    }
}
