package manyjvm.parallel.wire;

import org.jspecify.annotations.Nullable;

/** Items or outcomes of a chunk: as bytes in the format of {@link Values}, or, for workers in this JVM, as they are. */
public sealed interface Payload {
    record Bytes(byte[] bytes) implements Payload {}

    /** An array of items or of outcomes; never leaves the JVM. */
    record Local(@Nullable Object[] objects) implements Payload {}
}
