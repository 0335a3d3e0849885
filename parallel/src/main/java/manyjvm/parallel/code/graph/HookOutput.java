package manyjvm.parallel.code.graph;

import java.io.IOException;
import java.io.NotActiveException;
import java.io.ObjectOutput;
import java.io.ObjectOutputStream;
import java.io.UTFDataFormatException;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import manyjvm.parallel.bytes.ByteOutput;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code writeObject} or {@code writeExternal} method writes to. Primitive data goes into a block, objects are only
 * collected: the writer follows them when the method has returned, so that no chain of objects becomes a chain of calls. Used
 * for one level of one object at a time, by the thread that encodes.
 */
final class HookOutput extends ObjectOutputStream {
    private final ByteOutput block = new ByteOutput(256);
    private Object owner = ShapedPlan.Level.NONE;
    private ShapedPlan.Level level = ShapedPlan.Level.NONE;
    private List<@Nullable Object> parts = new ArrayList<>();
    private @Nullable Fields fields; // null until the method has begun with them
    private @Nullable List<@Nullable String> names; // null where nobody asks for them

    HookOutput() throws IOException {
        super();
    }

    void start(Object nextOwner, ShapedPlan.Level nextLevel, List<@Nullable Object> collected) {
        block.rewind(0);
        owner = nextOwner;
        level = nextLevel;
        parts = collected;
        fields = null;
    }

    ByteOutput block() {
        return block;
    }

    /** From now on, the names of the parts that are fields, null for the others. */
    List<@Nullable String> keepNames() {
        List<@Nullable String> kept = new ArrayList<>();
        names = kept;
        return kept;
    }

    private void addPart(@Nullable String name, @Nullable Object part) {
        parts.add(part);
        if (names != null) {
            names.add(name);
        }
    }

    static void writePrimitive(ByteOutput output, char kind, Object value) {
        switch (kind) {
            case 'Z' -> output.writeByte((Boolean) value ? 1 : 0);
            case 'B' -> output.writeByte((Byte) value);
            case 'C' -> output.writeUnsigned((Character) value);
            case 'S' -> output.writeInt((Short) value);
            case 'I' -> output.writeInt((Integer) value);
            case 'J' -> output.writeLong((Long) value);
            case 'F' -> output.writeFixedInt(Float.floatToRawIntBits((Float) value));
            case 'D' -> output.writeDouble((Double) value);
            default -> throw new IllegalStateException("not a primitive kind: " + kind);
        }
    }

    @Override
    public void defaultWriteObject() throws IOException {
        try {
            MethodHandle byDefault = TypeNames.isOfJdk(level.type) ? SerialHooks.defaultWrite(level.type) : null;
            if (byDefault != null) {
                byDefault.invokeExact(owner, (Object) this);
                return;
            }
            SerialHooks.FieldAccess[] access = level.access();
            Fields all = putFields();
            for (int index = 0; index < access.length; index++) {
                all.values[index] = access[index].get(owner);
            }
            writeFields();
        } catch (IOException | RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable failure) {
            throw new IOException("cannot read the fields of " + level.type.getName() + ": " + failure, failure);
        }
    }

    @Override
    public Fields putFields() {
        if (fields == null) {
            fields = new Fields(level.shape);
        }
        return fields;
    }

    @Override
    public void writeFields() throws IOException {
        Fields all = fields;
        if (all == null) {
            throw new NotActiveException("writeFields before putFields");
        }
        ShapedPlan.LevelShape shape = level.shape;
        for (int index = 0; index < shape.names().length; index++) {
            char kind = shape.kinds()[index];
            if (kind == 'L') {
                addPart(shape.names()[index], all.values[index]);
            } else {
                writePrimitive(block, kind, Objects.requireNonNull(all.values[index], "zero where nothing was put"));
            }
        }
    }

    private static final class Fields extends PutField {
        private final ShapedPlan.LevelShape shape;
        private final @Nullable Object[] values;

        Fields(ShapedPlan.LevelShape shape) {
            this.shape = shape;
            values = new @Nullable Object[shape.names().length];
            for (int index = 0; index < values.length; index++) {
                values[index] = HookInput.zero(shape.kinds()[index]);
            }
        }

        private void set(String name, char kind, @Nullable Object value) {
            int index = shape.indexOf(name);
            if (index < 0 || shape.kinds()[index] != kind) {
                throw new IllegalArgumentException(
                        "no serializable field " + name + " of this type in " + shape.className());
            }
            values[index] = value;
        }

        @Override
        public void put(String name, boolean value) {
            set(name, 'Z', value);
        }

        @Override
        public void put(String name, byte value) {
            set(name, 'B', value);
        }

        @Override
        public void put(String name, char value) {
            set(name, 'C', value);
        }

        @Override
        public void put(String name, short value) {
            set(name, 'S', value);
        }

        @Override
        public void put(String name, int value) {
            set(name, 'I', value);
        }

        @Override
        public void put(String name, long value) {
            set(name, 'J', value);
        }

        @Override
        public void put(String name, float value) {
            set(name, 'F', value);
        }

        @Override
        public void put(String name, double value) {
            set(name, 'D', value);
        }

        @Override
        public void put(String name, @Nullable Object value) {
            set(name, 'L', value);
        }

        @Override
        @Deprecated
        @SuppressWarnings("deprecation") // abstract in the superclass
        public void write(ObjectOutput out) throws IOException {
            ((HookOutput) out).writeFields();
        }
    }

    @Override
    protected void writeObjectOverride(@Nullable Object object) {
        addPart(null, object);
    }

    @Override
    public void writeUnshared(@Nullable Object object) {
        addPart(null, object);
    }

    @Override
    public void useProtocolVersion(int version) {
        // There is one protocol.
    }

    @Override
    public void reset() throws IOException {
        throw new IOException("reset() within a graph");
    }

    @Override
    public void write(int value) {
        block.writeByte(value);
    }

    @Override
    public void write(byte[] bytes) {
        block.writeBytes(bytes, 0, bytes.length);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        block.writeBytes(bytes, offset, length);
    }

    @Override
    public void flush() {
        // Nothing is held back.
    }

    @Override
    protected void drain() {
        // Nothing is held back.
    }

    @Override
    public void close() {
        // The stream belongs to the writer.
    }

    @Override
    public void writeBoolean(boolean value) {
        block.writeByte(value ? 1 : 0);
    }

    @Override
    public void writeByte(int value) {
        block.writeByte(value);
    }

    // Fixed widths from here on: what is written as an int may be read as bytes.

    @Override
    public void writeShort(int value) {
        block.writeByte(value >> 8);
        block.writeByte(value);
    }

    @Override
    public void writeChar(int value) {
        writeShort(value);
    }

    @Override
    public void writeInt(int value) {
        block.writeFixedInt(Integer.reverseBytes(value));
    }

    @Override
    public void writeLong(long value) {
        block.writeFixedLong(Long.reverseBytes(value));
    }

    @Override
    public void writeFloat(float value) {
        writeInt(Float.floatToIntBits(value));
    }

    @Override
    public void writeDouble(double value) {
        writeLong(Double.doubleToLongBits(value));
    }

    @Override
    public void writeBytes(String text) {
        for (int index = 0; index < text.length(); index++) {
            block.writeByte(text.charAt(index));
        }
    }

    @Override
    public void writeChars(String text) {
        for (int index = 0; index < text.length(); index++) {
            writeChar(text.charAt(index));
        }
    }

    @Override
    public void writeUTF(String text) throws UTFDataFormatException {
        if (text.length() > 65535) {
            throw new UTFDataFormatException("writeUTF of " + text.length() + " characters");
        }
        block.writeString(text);
    }
}
