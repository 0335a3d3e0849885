package manyjvm.parallel.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import manyjvm.parallel.Range;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.shared.EncodedValue;

/**
 * The format of a chunk's items and outcomes: entries one after the other. Numbers, short texts and ranges have a form of
 * their own, so that a map over a million integers touches no serializer; all else is an entry of the general codec's. Each
 * entry stands alone: items can be run again, and outcomes saved, one at a time.
 */
public final class Values {
    private static final byte NULL = 0;
    private static final byte INT = 1;
    private static final byte LONG = 2;
    private static final byte DOUBLE = 3;
    private static final byte TRUE = 4;
    private static final byte FALSE = 5;
    private static final byte TEXT = 6;
    private static final byte RANGE = 7;
    private static final byte ENCODED = 8;
    private static final byte FAILURE = 9;

    /** Longer texts go through the general codec, which packs them. */
    private static final int SHORT_TEXT = 1024;

    private Values() {}

    /** In a {@link Payload.Local}: an item that failed. */
    public record Failed(Throwable failure) {}

    /** The one item of a task without an argument. */
    public static Payload nothing() {
        return new Payload.Bytes(new byte[] {NULL});
    }

    /** Writes a value that has a form of its own; false, with nothing written, for one that has none. */
    public static boolean writeSimple(Encoder out, Object value) {
        if (value == null) {
            out.writeByte(NULL);
            return true;
        }
        Class<?> type = value.getClass();
        if (type == Integer.class) {
            out.writeByte(INT);
            out.writeInt((Integer) value);
        } else if (type == Long.class) {
            out.writeByte(LONG);
            out.writeLong((Long) value);
        } else if (type == Double.class) {
            out.writeByte(DOUBLE);
            out.writeLong(Double.doubleToRawLongBits((Double) value));
        } else if (type == Boolean.class) {
            out.writeByte((Boolean) value ? TRUE : FALSE);
        } else if (type == String.class && ((String) value).length() <= SHORT_TEXT && isText((String) value)) {
            out.writeByte(TEXT);
            out.writeString((String) value);
        } else {
            return false;
        }
        return true;
    }

    /** The numbers of a range as that many entries. */
    public static void writeRange(Encoder out, Range range) {
        out.writeByte(RANGE);
        out.writeInt(range.start());
        out.writeInt(range.step());
        out.writeInt(range.size());
    }

    /** What the general codec made of a value. */
    public static void writeEncoded(Encoder out, byte[] encoded) {
        out.writeByte(ENCODED);
        out.writeInline(encoded);
    }

    /** An outcome that is a failure, in the format of {@link RemoteFailure}. */
    public static void writeFailure(Encoder out, byte[] failure) {
        out.writeByte(FAILURE);
        out.writeInline(failure);
    }

    /** UTF-8 has no form for half a surrogate pair, which a Java string may hold. */
    private static boolean isText(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (Character.isSurrogate(value.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** The shared objects that entries refer to, each once or more often; see {@link EncodedValue}. */
    public static List<Shared.Handle> handles(byte[] entries) {
        List<Shared.Handle> handles = new ArrayList<>();
        for (Reader reader = new Reader(entries); reader.next(); ) {
            if (reader.isEncoded()) {
                handles.addAll(EncodedValue.handles(reader.bytes()));
            } else if (reader.isFailure()) {
                handles.addAll(RemoteFailure.handles(reader.bytes()));
            }
        }
        return handles;
    }

    /** The entries from a certain one on. */
    public static byte[] from(byte[] entries, int first) {
        Reader reader = new Reader(entries);
        reader.skip(first);
        return java.util.Arrays.copyOfRange(entries, reader.in.position(), entries.length);
    }

    /** Reads entries in order. */
    public static final class Reader {
        private final Decoder in;
        private byte type;
        private Object value;
        private byte[] bytes;
        private int rangeNext;
        private int rangeStep;
        private int rangeLeft;

        public Reader(byte[] entries) {
            in = new Decoder(entries);
        }

        /** Goes to the next entry; false when there is none. */
        public boolean next() {
            value = null;
            bytes = null;
            if (rangeLeft > 0) {
                rangeLeft--;
                value = rangeNext;
                rangeNext += rangeStep;
                return true;
            }
            if (!in.hasMore()) {
                return false;
            }
            type = (byte) in.readByte();
            switch (type) {
                case NULL:
                    return true;
                case INT:
                    value = in.readInt();
                    return true;
                case LONG:
                    value = in.readLong();
                    return true;
                case DOUBLE:
                    value = Double.longBitsToDouble(in.readLong());
                    return true;
                case TRUE:
                    value = true;
                    return true;
                case FALSE:
                    value = false;
                    return true;
                case TEXT:
                    value = new String(in.readInline(), StandardCharsets.UTF_8);
                    return true;
                case RANGE:
                    rangeNext = in.readInt();
                    rangeStep = in.readInt();
                    rangeLeft = in.readInt();
                    return next();
                case ENCODED:
                case FAILURE:
                    bytes = in.readInline();
                    return true;
                default:
                    throw new WireException("unknown type of value " + type);
            }
        }

        /** Goes on by so many entries without looking at them. */
        public void skip(int entries) {
            for (int i = 0; i < entries; i++) {
                if (!next()) {
                    throw new WireException("a chunk has fewer items than it should");
                }
            }
        }

        public boolean isEncoded() {
            return bytes != null && type == ENCODED;
        }

        public boolean isFailure() {
            return bytes != null && type == FAILURE;
        }

        /** The value of an entry that is neither encoded nor a failure. */
        public Object value() {
            return value;
        }

        /** The bytes of an entry that is encoded or a failure. */
        public byte[] bytes() {
            return bytes;
        }
    }
}
