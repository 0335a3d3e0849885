package manyjvm.parallel.code.graph;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.DoubleSummaryStatistics;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IntSummaryStatistics;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Types of the JDK that travel as their parts: collections that everyone uses, for speed, and values that the JDK's own
 * serialization leaves out. All others of the JDK travel by their serialization methods, see {@link GraphPlan}. Written as
 * switches, since a table of lambdas would cost a fresh JVM some 10 ms. The ordinal is the number on the wire.
 */
enum GraphContainer implements GraphReader.Finisher {
    ARRAY_LIST(ArrayList.class),
    LINKED_LIST(LinkedList.class),
    ARRAY_DEQUE(ArrayDeque.class),
    HASH_SET(HashSet.class),
    LINKED_HASH_SET(LinkedHashSet.class),
    HASH_MAP(HashMap.class),
    CONCURRENT_HASH_MAP(ConcurrentHashMap.class),
    FIXED_SIZE_LIST(Arrays.asList().getClass()),
    LIST(List.of(1).getClass()),
    /** What {@code Stream.toList} makes; {@code List.of} makes lists of the same class, but with other ways with null. */
    NULLABLE_LIST(List.of().getClass()),
    SET(Set.of(1).getClass()),
    LARGER_SET(Set.of().getClass()),
    MAP(Map.of(1, 1).getClass()),
    LARGER_MAP(Map.of().getClass()),
    ENTRY(Map.entry(1, 1).getClass()),
    OPTIONAL(Optional.class),
    OPTIONAL_INT(OptionalInt.class),
    OPTIONAL_LONG(OptionalLong.class),
    OPTIONAL_DOUBLE(OptionalDouble.class),
    INT_SUMMARY(IntSummaryStatistics.class),
    LONG_SUMMARY(LongSummaryStatistics.class),
    DOUBLE_SUMMARY(DoubleSummaryStatistics.class),
    PATH(Path.of("").getClass()),
    CHARSET(Charset.class),
    DATE_TIME_FORMATTER(DateTimeFormatter.class),
    BYTE_BUFFER(ByteBuffer.allocate(0).getClass()),
    READ_ONLY_BYTE_BUFFER(ByteBuffer.allocate(0).asReadOnlyBuffer().getClass()),
    /** Its class is known by its name alone: workers without images do not load it. */
    IMAGE(null),
    /** A bare {@code Object} is a monitor or a marker; what counts is that it stays one object. */
    OBJECT(Object.class);

    private static final GraphContainer[] KINDS = values();
    private static final Map<Class<?>, GraphContainer> BY_CLASS = byClass();

    private final @Nullable Class<?> type; // null where the class is known by its name alone

    GraphContainer(@Nullable Class<?> type) {
        this.type = type;
    }

    private static Map<Class<?>, GraphContainer> byClass() {
        Map<Class<?>, GraphContainer> containers = new HashMap<>();
        for (GraphContainer container : KINDS) {
            containers.put(container.type, container);
        }
        return containers;
    }

    /** The way an instance of this class travels in parts; null when it does not. Subclasses are other classes. */
    static @Nullable GraphContainer of(Class<?> type) {
        GraphContainer exact = BY_CLASS.get(type);
        if (exact != null) {
            return exact;
        }
        if (type.getName().equals(ImageForm.TYPE)) {
            return IMAGE;
        }
        return Charset.class.isAssignableFrom(type) && TypeNames.isOfJdk(type) ? CHARSET : null;
    }

    /** The container of this number; null when there is none. */
    static @Nullable GraphContainer ofKind(int kind) {
        return kind < KINDS.length ? KINDS[kind] : null;
    }

    /** As {@link #of}, for one instance. */
    GraphContainer forInstance(Object object, @Nullable Object[] parts) {
        if (this != NULLABLE_LIST) {
            return this;
        }
        for (Object element : parts) {
            if (element == null) {
                return this;
            }
        }
        // Copying such a list is free exactly when it is one that forbids null.
        return List.copyOf((List<?>) object) == object ? LIST : this;
    }

    /** What to send of an instance; of maps all keys, then all values, so that runs of one type come together. */
    @Nullable
    Object[] parts(Object object) {
        switch (this) {
            case HASH_MAP:
            case CONCURRENT_HASH_MAP:
            case MAP:
            case LARGER_MAP:
                return keysThenValues((Map<?, ?>) object);
            case ENTRY:
                Map.Entry<?, ?> entry = (Map.Entry<?, ?>) object;
                return new Object[] {entry.getKey(), entry.getValue()};
            case OPTIONAL:
                Optional<?> optional = (Optional<?>) object;
                return optional.isPresent() ? new Object[] {optional.get()} : new Object[0];
            case OPTIONAL_INT:
                OptionalInt optionalInt = (OptionalInt) object;
                return optionalInt.isPresent() ? new Object[] {optionalInt.getAsInt()} : new Object[0];
            case OPTIONAL_LONG:
                OptionalLong optionalLong = (OptionalLong) object;
                return optionalLong.isPresent() ? new Object[] {optionalLong.getAsLong()} : new Object[0];
            case OPTIONAL_DOUBLE:
                OptionalDouble optionalDouble = (OptionalDouble) object;
                return optionalDouble.isPresent() ? new Object[] {optionalDouble.getAsDouble()} : new Object[0];
            case INT_SUMMARY:
                IntSummaryStatistics ints = (IntSummaryStatistics) object;
                return new Object[] {ints.getCount(), ints.getMin(), ints.getMax(), ints.getSum()};
            case LONG_SUMMARY:
                LongSummaryStatistics longs = (LongSummaryStatistics) object;
                return new Object[] {longs.getCount(), longs.getMin(), longs.getMax(), longs.getSum()};
            case DOUBLE_SUMMARY:
                DoubleSummaryStatistics doubles = (DoubleSummaryStatistics) object;
                return new Object[] {doubles.getCount(), doubles.getMin(), doubles.getMax(), doubles.getSum()};
            case PATH:
                return new Object[] {object.toString()};
            case CHARSET:
                return new Object[] {((Charset) object).name()};
            case DATE_TIME_FORMATTER:
                return FormatterForm.parts((DateTimeFormatter) object);
            case IMAGE:
                return ImageForm.parts(object);
            case BYTE_BUFFER:
            case READ_ONLY_BYTE_BUFFER:
                return bufferParts((ByteBuffer) object);
            case OBJECT:
                return new Object[0];
            default:
                return ((Collection<?>) object).toArray();
        }
    }

    /**
     * An instance to fill when all parts are there; null when it has to be made then.
     *
     * @param parts the array that the parts will come in
     */
    @Nullable
    Object shell(@Nullable Object[] parts) {
        switch (this) {
            case ARRAY_LIST:
                return new ArrayList<>(parts.length);
            case LINKED_LIST:
                return new LinkedList<>();
            case ARRAY_DEQUE:
                return new ArrayDeque<>(parts.length);
            case HASH_SET:
                return new HashSet<>(capacity(parts.length));
            case LINKED_HASH_SET:
                return new LinkedHashSet<>(capacity(parts.length));
            case HASH_MAP:
                return new HashMap<>(capacity(parts.length / 2));
            case CONCURRENT_HASH_MAP:
                return new ConcurrentHashMap<>(capacity(parts.length / 2));
            case FIXED_SIZE_LIST:
                // a view of the array that the parts come in
                return Arrays.asList(parts);
            case OBJECT:
                return new Object();
            default:
                return null;
        }
    }

    /** Fills the shell, or makes the instance. */
    @Override
    public Object finish(@Nullable Object shell, @Nullable Object[] parts) {
        switch (this) {
            case ARRAY_LIST:
            case LINKED_LIST:
            case ARRAY_DEQUE:
            case HASH_SET:
            case LINKED_HASH_SET:
                return fill(shell, parts);
            case HASH_MAP:
            case CONCURRENT_HASH_MAP:
                return fillMap(shell, parts);
            case FIXED_SIZE_LIST:
            case OBJECT:
                return made(shell);
            case LIST:
                return List.of(parts);
            case NULLABLE_LIST:
                return Arrays.stream(parts).toList();
            case SET:
            case LARGER_SET:
                return Set.of(parts);
            case MAP:
            case LARGER_MAP:
                return mapOf(parts);
            case ENTRY:
                return Map.entry(part(parts, 0), part(parts, 1));
            case OPTIONAL:
                return parts.length == 0 ? Optional.empty() : Optional.of(part(parts, 0));
            case OPTIONAL_INT:
                return parts.length == 0 ? OptionalInt.empty() : OptionalInt.of(part(parts, 0));
            case OPTIONAL_LONG:
                return parts.length == 0 ? OptionalLong.empty() : OptionalLong.of(part(parts, 0));
            case OPTIONAL_DOUBLE:
                return parts.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(part(parts, 0));
            case INT_SUMMARY:
                return new IntSummaryStatistics(part(parts, 0), part(parts, 1), part(parts, 2), part(parts, 3));
            case LONG_SUMMARY:
                return new LongSummaryStatistics(part(parts, 0), part(parts, 1), part(parts, 2), part(parts, 3));
            case DOUBLE_SUMMARY:
                return new DoubleSummaryStatistics(part(parts, 0), part(parts, 1), part(parts, 2), part(parts, 3));
            case PATH:
                return Path.of(GraphContainer.<String>part(parts, 0));
            case CHARSET:
                return Charset.forName(GraphContainer.<String>part(parts, 0));
            case DATE_TIME_FORMATTER:
                return FormatterForm.formatter(parts);
            case IMAGE:
                return ImageForm.image(parts);
            case BYTE_BUFFER:
                return buffer(ByteBuffer.wrap(GraphContainer.<byte[]>part(parts, 0)), parts);
            case READ_ONLY_BYTE_BUFFER:
                return buffer(
                        ByteBuffer.wrap(GraphContainer.<byte[]>part(parts, 0)).asReadOnlyBuffer(), parts);
            default:
                throw new IllegalStateException("no way to make a " + this);
        }
    }

    /** The name of one part on the way from the root. */
    String step(@Nullable Object[] parts, int index) {
        if (type == null) { // an image
            return ".(part " + (index + 1) + " of BufferedImage)";
        }
        if (Map.class.isAssignableFrom(type)) {
            int size = parts.length / 2;
            return index < size ? ".keySet()[" + index + "]" : ".get(" + TypeNames.shortText(parts[index - size]) + ")";
        }
        if (Collection.class.isAssignableFrom(type)) {
            return "[" + index + "]";
        }
        if (this == ENTRY) {
            return index == 0 ? ".getKey()" : ".getValue()";
        }
        return ".get()";
    }

    private static Object made(@Nullable Object shell) {
        return Objects.requireNonNull(shell, "shell() makes one for this kind");
    }

    /** A part that is never null where it comes from, as the type that it is given with there. */
    @SuppressWarnings("unchecked")
    static <T> T part(@Nullable Object[] parts, int index) {
        return (T) Objects.requireNonNull(parts[index], "a part that values of this kind always have");
    }

    private static Object fill(@Nullable Object shell, @Nullable Object[] parts) {
        @SuppressWarnings("unchecked")
        Collection<@Nullable Object> collection = (Collection<@Nullable Object>) made(shell);
        for (Object part : parts) {
            collection.add(part);
        }
        return collection;
    }

    private static Object fillMap(@Nullable Object shell, @Nullable Object[] parts) {
        @SuppressWarnings("unchecked")
        Map<@Nullable Object, @Nullable Object> map = (Map<@Nullable Object, @Nullable Object>) made(shell);
        int size = parts.length / 2;
        for (int index = 0; index < size; index++) {
            map.put(parts[index], parts[size + index]);
        }
        return map;
    }

    private static @Nullable Object[] keysThenValues(Map<?, ?> map) {
        List<@Nullable Object> keys = new ArrayList<>(map.size());
        List<@Nullable Object> values = new ArrayList<>(map.size());
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            keys.add(entry.getKey());
            values.add(entry.getValue());
        }
        keys.addAll(values);
        return keys.toArray();
    }

    private static Object mapOf(@Nullable Object[] parts) {
        int size = parts.length / 2;
        Map.Entry<?, ?>[] entries = new Map.Entry<?, ?>[size];
        for (int index = 0; index < size; index++) {
            entries[index] = Map.entry(parts[index], parts[size + index]);
        }
        return Map.ofEntries(entries);
    }

    private static Object[] bufferParts(ByteBuffer buffer) {
        byte[] content = new byte[buffer.capacity()];
        buffer.duplicate().clear().get(content);
        return new Object[] {content, buffer.position(), buffer.limit(), buffer.order() == ByteOrder.BIG_ENDIAN};
    }

    private static ByteBuffer buffer(ByteBuffer content, @Nullable Object[] parts) {
        return content.limit(part(parts, 2))
                .position(part(parts, 1))
                .order(GraphContainer.<Boolean>part(parts, 3) ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    }

    private static int capacity(int size) {
        return (int) Math.min(size / 0.75 + 1, 1 << 30);
    }
}
