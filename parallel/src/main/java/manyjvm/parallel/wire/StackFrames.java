package manyjvm.parallel.wire;

import manyjvm.parallel.bytes.ByteOutput;

/** Stack frames on their way to another JVM. */
final class StackFrames {
    /** Bytes that a frame takes at least. */
    static final int LEAST_BYTES = 5;

    private StackFrames() {}

    static void write(ByteOutput out, StackTraceElement frame) {
        out.writeString(frame.getModuleName() == null ? "" : frame.getModuleName());
        out.writeString(frame.getClassName());
        out.writeString(frame.getMethodName());
        out.writeString(frame.getFileName() == null ? "" : frame.getFileName());
        out.writeInt(frame.getLineNumber());
    }

    static StackTraceElement read(Decoder in) {
        String module = in.readString();
        String className = in.readString();
        String method = in.readString();
        String file = in.readString();
        return new StackTraceElement(
                null,
                module.isEmpty() ? null : module,
                null,
                className,
                method,
                file.isEmpty() ? null : file,
                in.readInt());
    }
}
