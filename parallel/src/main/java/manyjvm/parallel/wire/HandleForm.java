package manyjvm.parallel.wire;

import manyjvm.parallel.base.Shared;

/** Handles of shared objects in bytes. */
final class HandleForm {
    private HandleForm() {}

    static void write(Encoder out, Shared.Handle handle) {
        out.writeString(handle.kind());
        out.writeLong(handle.id());
        out.writeString(handle.detail());
    }

    static Shared.Handle read(Decoder in) {
        return new Shared.Handle(in.readString(), in.readLong(), in.readString());
    }
}
