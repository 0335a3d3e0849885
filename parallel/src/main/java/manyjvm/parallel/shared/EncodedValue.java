package manyjvm.parallel.shared;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.bytes.ByteInput;
import manyjvm.parallel.bytes.ByteOutput;
import manyjvm.parallel.bytes.HandleForm;

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
        ByteOutput out = new ByteOutput(64);
        out.writeByte(WITH_HANDLES);
        out.writeUnsigned(once.size());
        once.forEach(handle -> HandleForm.write(out, handle));
        out.writeBytes(value, 0, value.length);
        return out.take();
    }

    /** The shared objects that a value refers to. Costs a look at one byte for one without. */
    public static List<Shared.Handle> handles(byte[] encoded) {
        return hasHandles(encoded) ? readHandles(new ByteInput(encoded, 1, encoded.length)) : List.of();
    }

    /** The bytes that a codec reads. */
    public static byte[] value(byte[] encoded) {
        if (!hasHandles(encoded)) {
            return encoded;
        }
        ByteInput in = new ByteInput(encoded, 1, encoded.length);
        readHandles(in);
        return in.readBytes(in.remaining());
    }

    private static boolean hasHandles(byte[] encoded) {
        return encoded.length > 0 && encoded[0] == WITH_HANDLES;
    }

    private static List<Shared.Handle> readHandles(ByteInput in) {
        List<Shared.Handle> handles = new ArrayList<>();
        for (int left = in.readCount(HandleForm.LEAST_BYTES); left > 0; left--) {
            handles.add(HandleForm.read(in));
        }
        return handles;
    }
}
