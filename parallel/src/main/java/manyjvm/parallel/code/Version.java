package manyjvm.parallel.code;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;
import manyjvm.parallel.code.graph.ObjectCodec;
import org.jspecify.annotations.Nullable;

/**
 * What tells one value of a variable from another one, in this JVM and in a worker: the type that the variable is declared
 * with, and the value as text where that is short, else the hash of its graph.
 */
final class Version {
    private static final int LONGEST_TEXT = 64;

    private Version() {}

    /** The version of a value that needs no graph; empty for others. */
    static Optional<String> ofSimple(String descriptor, @Nullable Object value) {
        if (value == null) {
            return Optional.of(descriptor + " null");
        }
        boolean simple = value instanceof Integer
                || value instanceof Long
                || value instanceof Double
                || value instanceof Float
                || value instanceof Boolean
                || value instanceof Character
                || value instanceof Short
                || value instanceof Byte
                || value instanceof String text && text.length() <= LONGEST_TEXT;
        return simple
                ? Optional.of(descriptor + " " + value.getClass().getSimpleName() + " " + exact(value))
                : Optional.empty();
    }

    /** Not all that are no number are the same to those who look at their bits. */
    private static Object exact(Object value) {
        if (value instanceof Double number) {
            return Double.doubleToRawLongBits(number);
        }
        return value instanceof Float number ? Float.floatToRawIntBits(number) : value;
    }

    /** @param blobs what keeps large arrays out of graphs, and so a large graph itself; null when it stays whole */
    static String ofGraph(String descriptor, byte[] graph, @Nullable Function<Object, String> blobs) {
        return blobs != null && graph.length >= ObjectCodec.BLOB_BYTES
                ? descriptor + " " + blobs.apply(graph)
                : ofGraph(descriptor, graph);
    }

    static String ofGraph(String descriptor, byte[] graph) {
        return ShippedClass.hash(descriptor.getBytes(StandardCharsets.UTF_8), graph);
    }
}
