package manyjvm.parallel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.Collection;
import java.util.Objects;
import java.util.RandomAccess;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.shared.RemoteObject;
import manyjvm.parallel.shared.SharedClient;
import manyjvm.parallel.shared.SharedKind;
import manyjvm.parallel.spi.ParallelRuntime;
import org.jspecify.annotations.Nullable;

/**
 * A list of fixed length in a {@link SharedMemory}, for numbers, characters, truth values, text, bytes and null: Python's
 * {@code multiprocessing.shared_memory.ShareableList}. It may be used in any lambda or process target.
 *
 * <pre>{@code
 * var list = ShareableList.of("howdy", -273.154, 100, null, true);
 * new Process(() -> list.set(2, list.get(2, Integer.class) + 1)).start().join();
 * System.out.println(list);                          // [howdy, -273.154, 101, null, true]
 * list.memory().unlink();
 * }</pre>
 *
 * <p>A place may be given a value of another type. Text (in UTF-8) and bytes must fit into the room of their place: that of
 * the first value and 1 to 8 bytes more, so that it is a multiple of 8; 8 bytes where the first value was no text. {@code add} and
 * {@code remove} are not supported.
 *
 * <p>Reading and writing take nanoseconds, and no lock: a number that replaces one of its own type is seen whole; anything
 * else may be seen half written by another JVM, so guard it with a {@link Lock}. The memory is there until {@code
 * memory().unlink()}, or the program ends.
 */
public final class ShareableList extends AbstractList<Object> implements RandomAccess, Shared {
    /*
     * int places, int 0, then for each place: int offset, int room in bytes; then the places: int type, int length, bytes.
     * Everything starts at a multiple of 8.
     */
    private static final int HEAD = 8;
    private static final int INDEX = 8;
    private static final int PLACE_HEAD = 8;
    private static final int UNIT = 8;

    private static final VarHandle INTS = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final VarHandle LONGS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    /** The order is the number in the memory; do not change it. */
    private enum Type {
        NULL(Void.class),
        BOOLEAN(Boolean.class),
        CHARACTER(Character.class),
        BYTE(Byte.class),
        SHORT(Short.class),
        INTEGER(Integer.class),
        LONG(Long.class),
        FLOAT(Float.class),
        DOUBLE(Double.class),
        TEXT(String.class),
        BYTES(byte[].class);

        private static final Type[] ALL = values();

        private final Class<?> type;

        Type(Class<?> type) {
            this.type = type;
        }

        static Type of(@Nullable Object value) {
            if (value == null) {
                return NULL;
            }
            for (Type each : ALL) {
                if (each.type == value.getClass()) {
                    return each;
                }
            }
            throw new IllegalArgumentException(
                    "A ShareableList holds numbers, characters, truth values, text, byte[] and null, not an object of type "
                            + value.getClass().getTypeName() + ". See Manager.list() for a list of anything.");
        }
    }

    private final RemoteObject remote;
    private final SharedMemory memory;

    // Declared as ByteBuffer, not MappedByteBuffer: only then is a VarHandle call exact, and fast.
    private final ByteBuffer bytes;
    private final int size;

    private ShareableList(SharedMemory memory) {
        this(RemoteObject.create(ParallelRuntime.current().shared(), SharedKind.SHAREABLE_LIST, memory.name()), memory);
        remote.adopt(this);
    }

    /** Links a list that exists. */
    ShareableList(SharedClient client, Handle handle) {
        this(new RemoteObject(client, handle), SharedMemory.open(handle.detail()));
    }

    private ShareableList(RemoteObject remote, SharedMemory memory) {
        this.remote = remote;
        this.memory = memory;
        this.bytes = memory.buffer();
        this.size = bytes.getInt(0);
    }

    /** A new list of these values. @throws IllegalArgumentException for a value of another type */
    public static ShareableList of(Object... values) {
        int index = HEAD + INDEX * values.length;
        long end = index;
        for (Object value : values) {
            end += PLACE_HEAD + room(value);
        }
        if (end > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("A ShareableList of " + end + " bytes is too big: the limit is 2 GiB.");
        }
        SharedMemory memory = SharedMemory.create((int) end);
        ByteBuffer bytes = memory.buffer();
        bytes.putInt(0, values.length);
        int offset = index;
        for (int at = 0; at < values.length; at++) {
            bytes.putInt(HEAD + INDEX * at, offset);
            bytes.putInt(HEAD + INDEX * at + 4, room(values[at]));
            offset += PLACE_HEAD + room(values[at]);
        }
        ShareableList list = new ShareableList(memory);
        for (int at = 0; at < values.length; at++) {
            list.put(at, values[at]);
        }
        return list;
    }

    /** A new list of a collection's values. */
    public static ShareableList copyOf(Collection<?> values) {
        return of(values.toArray());
    }

    /** The list in the memory of this name. @throws ParallelException when there is none */
    public static ShareableList open(String name) {
        return new ShareableList(SharedMemory.open(name));
    }

    private static int room(@Nullable Object value) {
        Type.of(value); // refuses what no list holds
        byte[] content = content(value);
        return content == null ? UNIT : content.length / UNIT * UNIT + UNIT;
    }

    /** @return null for what takes 8 bytes whatever its value */
    private static byte @Nullable [] content(@Nullable Object value) {
        if (value instanceof String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        return value instanceof byte[] bytes ? bytes : null;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public @Nullable Object get(int index) {
        int place = place(index);
        Type type = Type.ALL[(int) INTS.getAcquire(bytes, place)];
        long word = (long) LONGS.getAcquire(bytes, place + PLACE_HEAD);
        return switch (type) {
            case NULL -> null;
            case BOOLEAN -> word != 0;
            case CHARACTER -> (char) word;
            case BYTE -> (byte) word;
            case SHORT -> (short) word;
            case INTEGER -> (int) word;
            case LONG -> word;
            case FLOAT -> Float.intBitsToFloat((int) word);
            case DOUBLE -> Double.longBitsToDouble(word);
            case TEXT -> new String(content(index, place), StandardCharsets.UTF_8);
            case BYTES -> content(index, place);
        };
    }

    /** {@link #get} of a known type. @throws ClassCastException when the value is of another */
    public <T> @Nullable T get(int index, Class<T> type) {
        return type.cast(get(index));
    }

    /**
     * Sets a place.
     *
     * @return the value before
     * @throws IllegalArgumentException for a value of another type than those of a list, or text or bytes that do not fit
     */
    @Override
    public @Nullable Object set(int index, @Nullable Object value) {
        Object before = get(index);
        put(index, value);
        return before;
    }

    private void put(int index, @Nullable Object value) {
        int place = place(index);
        Type type = Type.of(value);
        byte[] content = content(value);
        if (content == null) {
            LONGS.setRelease(bytes, place + PLACE_HEAD, word(type, value));
        } else {
            if (content.length > roomAt(index)) {
                throw new IllegalArgumentException(
                        "A value of " + content.length + " bytes does not fit into place " + index
                                + " of the list, which was made for " + roomAt(index)
                                + " bytes: make the list with a longer value there.");
            }
            bytes.putInt(place + 4, content.length);
            bytes.put(place + PLACE_HEAD, content);
        }
        INTS.setRelease(bytes, place, type.ordinal());
    }

    private static long word(Type type, @Nullable Object value) {
        if (value == null) {
            return 0;
        }
        return switch (type) {
            case BOOLEAN -> (Boolean) value ? 1 : 0;
            case CHARACTER -> (Character) value;
            case FLOAT -> Float.floatToRawIntBits((Float) value);
            case DOUBLE -> Double.doubleToRawLongBits((Double) value);
            default -> ((Number) value).longValue();
        };
    }

    private byte[] content(int index, int place) {
        // While another JVM writes, a length may be that of a longer value than the bytes: never outside the place.
        byte[] content = new byte[Math.min(bytes.getInt(place + 4), roomAt(index))];
        bytes.get(place + PLACE_HEAD, content);
        return content;
    }

    private int place(int index) {
        return bytes.getInt(HEAD + INDEX * Objects.checkIndex(index, size));
    }

    private int roomAt(int index) {
        return bytes.getInt(HEAD + INDEX * index + 4);
    }

    /** Where the list lies; its name is what {@link #open} takes. Python's {@code shm}. */
    public SharedMemory memory() {
        return memory;
    }

    @Override
    public Handle handle() {
        return remote.handleOf(this);
    }
}
