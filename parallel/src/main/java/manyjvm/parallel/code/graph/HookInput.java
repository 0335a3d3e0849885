package manyjvm.parallel.code.graph;

import java.io.EOFException;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.NotActiveException;
import java.io.ObjectInputStream;
import java.io.ObjectInputValidation;
import java.io.ObjectStreamClass;
import java.io.StreamCorruptedException;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import manyjvm.parallel.bytes.ByteInput;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code readObject} or {@code readExternal} method reads from: the block and the parts that its counterpart wrote, all
 * of which are there before the method is called. Used for one level of one object at a time, by the thread that decodes.
 */
final class HookInput extends ObjectInputStream {
    private record Validation(ObjectInputValidation check, int priority) {}

    private final List<Validation> validations = new ArrayList<>();
    private Object owner = ShapedPlan.Level.NONE;
    private ShapedPlan.Level level = ShapedPlan.Level.NONE;
    private ShapedPlan.LevelShape sent = level.shape;
    private ByteInput block = new ByteInput(new byte[0], 0, 0);
    private @Nullable Object[] parts = {};
    private int next;
    private int end;

    HookInput() throws IOException {
        super();
    }

    void start(
            Object nextOwner,
            ShapedPlan.Level nextLevel,
            ShapedPlan.LevelShape sentShape,
            ByteInput nextBlock,
            @Nullable Object[] values,
            int from,
            int to) {
        owner = nextOwner;
        level = nextLevel;
        sent = sentShape;
        block = nextBlock;
        parts = values;
        next = from;
        end = to;
    }

    /** Runs what {@code readObject} methods registered, when the whole graph is there. */
    void validate() throws InvalidObjectException {
        validations.sort(Comparator.comparingInt(Validation::priority).reversed());
        for (Validation validation : validations) {
            validation.check().validateObject();
        }
    }

    static Object readPrimitive(ByteInput input, char kind) {
        return switch (kind) {
            case 'Z' -> input.readByte() != 0;
            case 'B' -> (byte) input.readByte();
            case 'C' -> (char) input.readUnsigned();
            case 'S' -> (short) input.readInt();
            case 'I' -> input.readInt();
            case 'J' -> input.readLong();
            case 'F' -> Float.intBitsToFloat(input.readFixedInt());
            case 'D' -> input.readDouble();
            default -> throw input.damaged("a field of kind " + (int) kind);
        };
    }

    static @Nullable Object zero(char kind) {
        return switch (kind) {
            case 'Z' -> false;
            case 'B' -> (byte) 0;
            case 'C' -> (char) 0;
            case 'S' -> (short) 0;
            case 'I' -> 0;
            case 'J' -> 0L;
            case 'F' -> 0f;
            case 'D' -> 0d;
            default -> null;
        };
    }

    private @Nullable Object nextPart() throws StreamCorruptedException {
        if (next >= end) {
            throw new StreamCorruptedException(
                    level.type.getName() + " reads more objects than it wrote, or was not written by its writeObject");
        }
        return parts[next++];
    }

    private @Nullable Object[] readValues() throws StreamCorruptedException {
        @Nullable Object[] values = new @Nullable Object[sent.names().length];
        for (int index = 0; index < values.length; index++) {
            char kind = sent.kinds()[index];
            values[index] = kind == 'L' ? nextPart() : readPrimitive(block, kind);
        }
        return values;
    }

    @Override
    public void defaultReadObject() throws IOException, ClassNotFoundException {
        try {
            MethodHandle byDefault = TypeNames.isOfJdk(level.type) ? SerialHooks.defaultRead(level.type) : null;
            if (byDefault != null) {
                byDefault.invokeExact(owner, (Object) this);
                return;
            }
            SerialHooks.FieldAccess[] access = level.access();
            @Nullable Object[] values = readValues();
            for (int index = 0; index < values.length; index++) {
                int own = level.shape.indexOf(sent.names()[index]);
                if (own < 0 || level.shape.kinds()[own] != sent.kinds()[index]) {
                    // Another release of the class: the JDK's own rule is to drop what it does not know.
                    continue;
                }
                access[own].set(owner, values[index]);
            }
        } catch (IOException | ClassNotFoundException | RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable failure) {
            throw new IOException("cannot set the fields of " + level.type.getName() + ": " + failure, failure);
        }
    }

    @Override
    public GetField readFields() throws StreamCorruptedException {
        return new Fields(level.type, sent, readValues());
    }

    private static final class Fields extends GetField {
        private final Class<?> type;
        private final ShapedPlan.LevelShape sent;
        private final @Nullable Object[] values;

        Fields(Class<?> type, ShapedPlan.LevelShape sent, @Nullable Object[] values) {
            this.type = type;
            this.sent = sent;
            this.values = values;
        }

        private @Nullable Object get(String name, char kind, @Nullable Object otherwise) {
            int index = sent.indexOf(name);
            if (index < 0) {
                return otherwise;
            }
            if (sent.kinds()[index] != kind) {
                throw new IllegalArgumentException(
                        "the field " + name + " of " + sent.className() + " has another type");
            }
            return values[index];
        }

        private Object primitive(String name, char kind, Object otherwise) {
            return Objects.requireNonNull(get(name, kind, otherwise), "a primitive value is never null");
        }

        @Override
        public ObjectStreamClass getObjectStreamClass() {
            return ObjectStreamClass.lookup(type);
        }

        @Override
        public boolean defaulted(String name) {
            return sent.indexOf(name) < 0;
        }

        @Override
        public boolean get(String name, boolean otherwise) {
            return (Boolean) primitive(name, 'Z', otherwise);
        }

        @Override
        public byte get(String name, byte otherwise) {
            return (Byte) primitive(name, 'B', otherwise);
        }

        @Override
        public char get(String name, char otherwise) {
            return (Character) primitive(name, 'C', otherwise);
        }

        @Override
        public short get(String name, short otherwise) {
            return (Short) primitive(name, 'S', otherwise);
        }

        @Override
        public int get(String name, int otherwise) {
            return (Integer) primitive(name, 'I', otherwise);
        }

        @Override
        public long get(String name, long otherwise) {
            return (Long) primitive(name, 'J', otherwise);
        }

        @Override
        public float get(String name, float otherwise) {
            return (Float) primitive(name, 'F', otherwise);
        }

        @Override
        public double get(String name, double otherwise) {
            return (Double) primitive(name, 'D', otherwise);
        }

        @Override
        public @Nullable Object get(String name, @Nullable Object otherwise) {
            return get(name, 'L', otherwise);
        }
    }

    @Override
    protected @Nullable Object readObjectOverride() throws StreamCorruptedException {
        return nextPart();
    }

    @Override
    public @Nullable Object readUnshared() throws StreamCorruptedException {
        return nextPart();
    }

    @Override
    public void registerValidation(@Nullable ObjectInputValidation check, int priority)
            throws NotActiveException, InvalidObjectException {
        if (check == null) {
            throw new InvalidObjectException("registerValidation(null)");
        }
        validations.add(new Validation(check, priority));
    }

    private ByteInput need(int length) throws EOFException {
        if (length > block.remaining()) {
            throw new EOFException(level.type.getName() + " reads more bytes than it wrote");
        }
        return block;
    }

    @Override
    public int read() {
        return block.remaining() == 0 ? -1 : block.readByte();
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        int count = Math.min(length, block.remaining());
        if (count == 0) {
            return -1;
        }
        System.arraycopy(block.readBytes(count), 0, buffer, offset, count);
        return count;
    }

    @Override
    public int available() {
        return block.remaining();
    }

    @Override
    public int skipBytes(int length) {
        int count = Math.max(0, Math.min(length, block.remaining()));
        block.skip(count);
        return count;
    }

    @Override
    public void close() {
        // The stream belongs to the reader.
    }

    @Override
    public void readFully(byte[] buffer) throws EOFException {
        readFully(buffer, 0, buffer.length);
    }

    @Override
    public void readFully(byte[] buffer, int offset, int length) throws EOFException {
        System.arraycopy(need(length).readBytes(length), 0, buffer, offset, length);
    }

    @Override
    public boolean readBoolean() throws EOFException {
        return need(1).readByte() != 0;
    }

    @Override
    public byte readByte() throws EOFException {
        return (byte) need(1).readByte();
    }

    @Override
    public int readUnsignedByte() throws EOFException {
        return need(1).readByte();
    }

    @Override
    public short readShort() throws EOFException {
        return (short) readUnsignedShort();
    }

    @Override
    public int readUnsignedShort() throws EOFException {
        ByteInput input = need(2);
        return input.readByte() << 8 | input.readByte();
    }

    @Override
    public char readChar() throws EOFException {
        return (char) readUnsignedShort();
    }

    @Override
    public int readInt() throws EOFException {
        return Integer.reverseBytes(need(4).readFixedInt());
    }

    @Override
    public long readLong() throws EOFException {
        return Long.reverseBytes(need(8).readFixedLong());
    }

    @Override
    public float readFloat() throws EOFException {
        return Float.intBitsToFloat(readInt());
    }

    @Override
    public double readDouble() throws EOFException {
        return Double.longBitsToDouble(readLong());
    }

    @Override
    @Deprecated
    public @Nullable String readLine() {
        StringBuilder line = new StringBuilder();
        int character;
        while ((character = read()) >= 0 && character != '\n') {
            if (character != '\r') {
                line.append((char) character);
            }
        }
        return line.isEmpty() && character < 0 ? null : line.toString();
    }

    @Override
    public String readUTF() throws EOFException {
        return need(1).readString();
    }
}
