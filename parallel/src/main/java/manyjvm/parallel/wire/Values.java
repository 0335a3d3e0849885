package manyjvm.parallel.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import manyjvm.parallel.Range;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.bytes.ByteOutput;
import manyjvm.parallel.bytes.SimpleValues;
import manyjvm.parallel.shared.EncodedValue;
import org.jspecify.annotations.Nullable;

/**
 * The format of a chunk's items and outcomes: entries one after the other. {@link SimpleValues} and ranges stand there as they
 * are, so that a map over a million integers touches no serializer; all else is an entry of the general codec's. Each entry
 * stands alone: items can be run again, and outcomes saved, one at a time.
 */
public final class Values {
    private static final int RANGE = SimpleValues.LAST + 1;
    private static final int ENCODED = RANGE + 1;
    private static final int FAILURE = ENCODED + 1;

    /** Longer texts are the general codec's, which refuses by name what is too large. */
    private static final int LONGEST_TEXT = 1024;

    private Values() {}

    /** In a {@link Payload.Local}: an item that failed. */
    public record Failed(Throwable failure) {}

    /** The one item of a task without an argument. */
    public static Payload nothing() {
        return new Payload.Bytes(new byte[] {SimpleValues.NULL});
    }

    /** Writes a value that has a form of its own; false, with nothing written, for one that has none. */
    public static boolean writeSimple(ByteOutput out, @Nullable Object value) {
        return SimpleValues.write(out, value, LONGEST_TEXT);
    }

    /** The numbers of a range as that many entries. */
    public static void writeRange(ByteOutput out, Range range) {
        out.writeByte(RANGE);
        out.writeInt(range.start());
        out.writeInt(range.step());
        out.writeUnsigned(range.size());
    }

    /** What the general codec made of a value. */
    public static void writeEncoded(ByteOutput out, byte[] encoded) {
        out.writeByte(ENCODED);
        out.writeArray(encoded);
    }

    /** An outcome that is a failure, in the format of {@link RemoteFailure}. */
    public static void writeFailure(ByteOutput out, byte[] failure) {
        out.writeByte(FAILURE);
        out.writeArray(failure);
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
        return Arrays.copyOfRange(entries, reader.in.position(), entries.length);
    }

    /** Reads entries in order. What is encoded is copied only for whoever asks for it: an entry may be most of the heap. */
    public static final class Reader {
        private final byte[] entries;
        private final Decoder in;
        private int tag;
        private @Nullable Object value;
        private int start; // of the entry, behind its tag
        private int length;
        private int rangeNext;
        private int rangeStep;
        private int rangeLeft;

        public Reader(byte[] entries) {
            this.entries = entries;
            in = new Decoder(entries);
        }

        /** Goes to the next entry; false when there is none. */
        public boolean next() {
            value = null;
            length = 0;
            while (rangeLeft == 0) {
                if (in.remaining() == 0) {
                    return false;
                }
                tag = in.readByte();
                if (tag != RANGE) {
                    readEntry();
                    return true;
                }
                rangeNext = in.readInt();
                rangeStep = in.readInt();
                rangeLeft = in.readCount();
            }
            value = rangeNext;
            rangeNext += rangeStep;
            rangeLeft--;
            return true;
        }

        private void readEntry() {
            start = in.position();
            if (tag <= SimpleValues.LAST) {
                value = SimpleValues.read(in, tag);
                length = in.position() - start;
            } else if (tag == ENCODED || tag == FAILURE) {
                length = in.readCount();
                start = in.position();
                in.skip(length);
            } else {
                throw in.damaged("an unknown type of value " + tag);
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
            return tag == ENCODED;
        }

        public boolean isFailure() {
            return tag == FAILURE;
        }

        /** The value of an entry that is neither encoded nor a failure. */
        public @Nullable Object value() {
            return value;
        }

        /** How many bytes the entry takes; 0 for a number of a range. */
        public int length() {
            return length;
        }

        /** A copy of the bytes of an entry that is encoded or a failure. */
        public byte[] bytes() {
            return Arrays.copyOfRange(entries, start, start + length);
        }
    }
}
