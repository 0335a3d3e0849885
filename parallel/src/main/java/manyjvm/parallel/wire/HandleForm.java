package manyjvm.parallel.wire;

import manyjvm.parallel.base.Shared;
import manyjvm.parallel.bytes.ByteOutput;

/** Handles of shared objects in bytes. */
final class HandleForm {
    private HandleForm() {}

    static void write(ByteOutput out, Shared.Handle handle) {
        out.writeString(handle.kind());
        out.writeLong(handle.id());
        out.writeString(handle.detail());
    }

    static Shared.Handle read(Decoder in) {
        return new Shared.Handle(in.readString(), in.readLong(), in.readString());
    }
}
