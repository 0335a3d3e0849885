package manyjvm.parallel.shared;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.bytes.ByteInput;
import manyjvm.parallel.bytes.ByteOutput;

/** Several pieces in one body: for each its size and its bytes. */
public final class Parts {
    /** Of an entry in {@link SharedOperation#PUT_ENTRIES}: the form of its key, its key, its value. */
    public static final int OF_ENTRY = 3;

    private static final int MOST_BYTES = Integer.MAX_VALUE - 64;

    private Parts() {}

    public static byte[] join(byte[]... parts) {
        return join(List.of(parts));
    }

    /** @throws ParallelException beyond 2 GiB */
    public static byte[] join(Collection<byte[]> parts) {
        long size = 0;
        for (byte[] part : parts) {
            size += Integer.BYTES + part.length;
        }
        if (size > MOST_BYTES) {
            throw new ParallelException(size + " bytes are too many at once (the limit is 2 GiB): send them in parts.");
        }
        ByteOutput out = new ByteOutput((int) size);
        for (byte[] part : parts) {
            out.writeFixedInt(part.length); // of fixed width, so that the array is just full, and not copied
            out.writeBytes(part, 0, part.length);
        }
        return out.take();
    }

    public static List<byte[]> split(byte[] bytes) {
        List<byte[]> parts = new ArrayList<>();
        for (ByteInput in = new ByteInput(bytes, 0, bytes.length); in.remaining() > 0; ) {
            parts.add(in.readBytes(in.readFixedInt()));
        }
        return parts;
    }
}
