package manyjvm.parallel.bytes;

import manyjvm.parallel.base.Shared;

/** Handles of shared objects in bytes. */
public final class HandleForm {
    /** Bytes that a handle takes at least. */
    public static final int LEAST_BYTES = 3;

    private HandleForm() {}

    public static void write(ByteOutput out, Shared.Handle handle) {
        out.writeString(handle.kind());
        out.writeLong(handle.id());
        out.writeString(handle.detail());
    }

    public static Shared.Handle read(ByteInput in) {
        return new Shared.Handle(in.readString(), in.readLong(), in.readString());
    }
}
