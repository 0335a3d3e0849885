package manyjvm.parallel.shared;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import manyjvm.parallel.base.Shared;

/**
 * An encoded value with the handles in it told outside, so that those who pass it on or store it need not decode it to know
 * what it keeps. A value without handles, which is nearly every one, stands for itself, byte for byte.
 */
public final class EncodedValue {
    /** Begins what has handles told outside; no value begins so. */
    private static final byte WITH_HANDLES = (byte) 0xfe;

    private EncodedValue() {}

    /** @param handles those in the value, in any order, each once or more often */
    public static byte[] seal(byte[] value, List<Shared.Handle> handles) {
        if (handles.isEmpty()) {
            return value;
        }
        Set<Shared.Handle> once = new LinkedHashSet<>(handles);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(value.length + 32 * once.size());
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(WITH_HANDLES);
            out.writeInt(once.size());
            for (Shared.Handle handle : once) {
                out.writeUTF(handle.kind());
                out.writeLong(handle.id());
                out.writeUTF(handle.detail());
            }
            out.write(value);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible); // the bytes go to memory
        }
        return bytes.toByteArray();
    }

    /** The shared objects that a value refers to. Costs a look at one byte for one without. */
    public static List<Shared.Handle> handles(byte[] encoded) {
        if (!hasHandles(encoded)) {
            return List.of();
        }
        List<Shared.Handle> handles = new ArrayList<>();
        open(encoded, handles);
        return handles;
    }

    /** The bytes that a codec reads. */
    public static byte[] value(byte[] encoded) {
        if (!hasHandles(encoded)) {
            return encoded;
        }
        return Arrays.copyOfRange(encoded, encoded.length - open(encoded, new ArrayList<>()), encoded.length);
    }

    private static boolean hasHandles(byte[] encoded) {
        return encoded.length > 0 && encoded[0] == WITH_HANDLES;
    }

    /** @return how many bytes of the value follow */
    private static int open(byte[] encoded, List<Shared.Handle> handles) {
        ByteArrayInputStream bytes = new ByteArrayInputStream(encoded, 1, encoded.length - 1);
        try (DataInputStream in = new DataInputStream(bytes)) {
            for (int left = in.readInt(); left > 0; left--) {
                handles.add(new Shared.Handle(in.readUTF(), in.readLong(), in.readUTF()));
            }
            return bytes.available();
        } catch (IOException damaged) {
            throw new IllegalStateException(
                    "an encoded value of shared objects is damaged" + "; this is a fault of manyjvm, please report it",
                    damaged);
        }
    }
}
