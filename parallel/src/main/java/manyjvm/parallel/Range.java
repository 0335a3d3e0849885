package manyjvm.parallel;

import java.util.AbstractList;
import java.util.Objects;
import java.util.RandomAccess;

/**
 * Equally spaced integers, as Python's {@code range}: an immutable list that takes no room and travels as three numbers. Made
 * by {@link Parallel#range(int)} and its relatives.
 *
 * <pre>{@code
 * var odd = range(1, 10, 2);
 * System.out.println(odd + " " + odd.subList(1, 3));            // [1, 3, 5, 7, 9] [3, 5]
 * System.out.println(odd.stream().mapToInt(x -> x).sum());      // 25
 * }</pre>
 */
public final class Range extends AbstractList<Integer> implements RandomAccess {
    private final int start;
    private final int step;
    private final int size;

    private Range(int start, int step, int size) {
        this.start = start;
        this.step = step;
        this.size = size;
    }

    /**
     * From {@code start} up to, but not including, {@code end}; downwards for a negative step.
     *
     * @throws IllegalArgumentException when the step is zero, or there are more than 2,147,483,647 numbers
     */
    public static Range of(int start, int end, int step) {
        if (step == 0) {
            throw new IllegalArgumentException("a range needs a step other than 0");
        }
        long span = (long) end - start;
        long count = span == 0 || (span > 0) != (step > 0) ? 0 : (Math.abs(span) - 1) / Math.abs((long) step) + 1;
        return counted(start, step, count);
    }

    /** The {@code count} numbers {@code start, start + step ...}. */
    public static Range counted(int start, int step, long count) {
        if (count > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "a range holds at most 2147483647 numbers, this one has " + count + ": split it");
        }
        if (count < 0 || (count > 0 && start + (count - 1) * step != (int) (start + (count - 1) * step))) {
            throw new IllegalArgumentException(
                    "a range from " + start + " by " + step + " cannot have " + count + " numbers");
        }
        return new Range(start, step, (int) count);
    }

    /** The first number, if there is one. */
    public int start() {
        return start;
    }

    /** From one number to the next; negative when they go down. */
    public int step() {
        return step;
    }

    @Override
    public Integer get(int index) {
        return start + Objects.checkIndex(index, size) * step;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public Range subList(int from, int to) {
        Objects.checkFromToIndex(from, to, size);
        return new Range(start + from * step, step, to - from);
    }

    @Override
    public boolean contains(Object value) {
        return indexOf(value) >= 0;
    }

    @Override
    public int indexOf(Object value) {
        if (!(value instanceof Integer number) || size == 0) {
            return -1;
        }
        long distance = (long) number - start;
        return distance % step == 0 && distance / step >= 0 && distance / step < size ? (int) (distance / step) : -1;
    }

    @Override
    public int lastIndexOf(Object value) {
        return indexOf(value);
    }
}
