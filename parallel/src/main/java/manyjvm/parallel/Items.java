package manyjvm.parallel;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/** The items of a {@code map} or {@code imap}, in whichever of the forms that {@link Calls} takes. */
final class Items {
    /** Those whose {@code get} runs nobody's code: a view of the JDK's, as a {@code subList}, may be of a user's list. */
    private static final Set<Class<?>> OF_THE_JDK = Set.of(
            ArrayList.class,
            new ArrayList<>().subList(0, 0).getClass(),
            Arrays.asList().getClass(),
            List.of().getClass(),
            List.of(1).getClass(),
            List.of(1, 2, 3).subList(0, 1).getClass(),
            Collections.singletonList(1).getClass(),
            Collections.nCopies(1, 1).getClass());

    private Items() {}

    /**
     * Whether they are all there: an array, or a usual list of the JDK or this library with quick access. The others are read
     * one by one, by users' code, which may wait for the results of the items before.
     */
    static boolean areThere(Object items) {
        return items instanceof Range || items.getClass().isArray() || OF_THE_JDK.contains(items.getClass());
    }

    /** All of them, by index; those that {@linkplain #areThere are there} are not copied. */
    static List<?> list(Object items) {
        if (items instanceof List<?> list && list instanceof RandomAccess) {
            return list;
        }
        if (items instanceof Collection<?> collection) {
            return new ArrayList<>(collection);
        }
        if (items instanceof Object[] array) {
            return Arrays.asList(array);
        }
        if (items instanceof int[] numbers) {
            return new ArrayView<>(numbers.length, index -> numbers[index]);
        }
        if (items instanceof long[] numbers) {
            return new ArrayView<>(numbers.length, index -> numbers[index]);
        }
        if (items instanceof double[] numbers) {
            return new ArrayView<>(numbers.length, index -> numbers[index]);
        }
        List<Object> list = new ArrayList<>();
        iterator(items).forEachRemaining(list::add);
        return list;
    }

    /** Cut into chunks of so many; nothing is copied. */
    static Iterator<List<?>> chunks(List<?> items, int size) {
        return new Iterator<>() {
            private int from;

            @Override
            public boolean hasNext() {
                return from < items.size();
            }

            @Override
            public List<?> next() {
                int to = items.size() - from > size ? from + size : items.size();
                List<?> chunk = items.subList(from, to);
                from = to;
                return chunk;
            }
        };
    }

    /** One by one, on the thread that asks: they may be endless. */
    static Iterator<?> iterator(Object items) {
        if (items instanceof Stream<?> stream) {
            return stream.iterator();
        }
        return (items instanceof Object[] array ? Arrays.asList(array) : (Iterable<?>) items).iterator();
    }

    /** An array's numbers, boxed one at a time. */
    private static final class ArrayView<T> extends AbstractList<T> implements RandomAccess {
        private final int size;
        private final IntFunction<T> element;

        ArrayView(int size, IntFunction<T> element) {
            this.size = size;
            this.element = element;
        }

        @Override
        public T get(int index) {
            return element.apply(Objects.checkIndex(index, size));
        }

        @Override
        public int size() {
            return size;
        }
    }
}
