package manyjvm.parallel.code.graph;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.bytes.ByteInput;
import manyjvm.parallel.bytes.ByteOutput;
import manyjvm.parallel.code.lambda.LambdaForm;
import manyjvm.parallel.code.lambda.SerializedLambdas;
import org.jspecify.annotations.Nullable;

/**
 * Object graphs to bytes and back, in the one format that {@link GraphFormat} describes. Has no state of its own: all of it lives
 * in one graph's writer or reader. For use by any thread, if its host is.
 */
public final class ObjectCodec {
    /** Primitive arrays from this size on may be left out of a graph, in bytes. */
    public static final int BLOB_BYTES = 64 * 1024;

    private final Host host;

    public ObjectCodec(Host host) {
        this.host = host;
    }

    /** @throws manyjvm.parallel.NotShippableException naming the type and the path from {@code root} to it */
    public Encoded encode(@Nullable Object root) {
        return encodePart(root, null).encoded();
    }

    /**
     * As {@link #encode}, with the objects that were met, to see whether another graph has some of them too.
     *
     * @param blobs takes each primitive array of at least {@link #BLOB_BYTES}, which is left out, and gives the hash by which
     *     decoding asks {@link Host#blob} for it; one array object occurring twice stays one. Null to keep all in the graph
     */
    public Part encodePart(@Nullable Object root, @Nullable Function<Object, String> blobs) {
        GraphWriter writer = new GraphWriter(host, blobs, new ByteOutput(256));
        return new Part(writer.write(root), writer.identities(), writer.hasRandomSource());
    }

    /** @throws manyjvm.parallel.NotShippableException when a class is not known here, or an object cannot be made again */
    public @Nullable Object decode(byte[] bytes) {
        return new GraphReader(host, bytes).read();
    }

    /** Whether this is what {@link #encode} would make of a primitive array now, without making it. Cost: a look at both. */
    public static boolean isOf(byte[] graph, Object array) {
        ByteInput input = new ByteInput(graph, 0, graph.length);
        return input.readByte() == GraphFormat.VERSION
                && input.readByte() == GraphFormat.PRIMITIVE_ARRAY
                && input.readByte() == GraphFormat.primitive(array.getClass().getComponentType())
                && input.readCount() == Array.getLength(array)
                && input.areElements(array);
    }

    /** A graph, with the objects that it was made of. */
    public static final class Part {
        private final Encoded encoded;
        private final GraphIdentities objects;
        private final boolean random;

        private Part(Encoded encoded, GraphIdentities objects, boolean random) {
            this.encoded = encoded;
            this.objects = objects;
            this.random = random;
        }

        public Encoded encoded() {
            return encoded;
        }

        /** Whether a source of random numbers is among the objects. */
        public boolean hasRandomSource() {
            return random;
        }

        /**
         * Which have an object in common, be it by way of others, that could be changed or told from an equal one.
         *
         * @param parts null for one without objects
         * @return one number a part, the same for all that are connected
         */
        public static int[] connected(List<@Nullable Part> parts) {
            List<@Nullable GraphIdentities> objects = new ArrayList<>(parts.size());
            for (Part part : parts) {
                objects.add(part == null ? null : part.objects);
            }
            return GraphIdentities.connected(objects);
        }
    }

    /** What the codec asks of its surroundings. */
    public interface Host {
        /** Finds a class on reading, session classes included. */
        Class<?> find(String binaryName) throws ClassNotFoundException;

        /** The loader of what is made on reading: dynamic proxies, and lambdas by their capturing class. */
        ClassLoader loader();

        /** Whether a class met on writing is the session's, so that the reader must be sent it. */
        boolean isSessionClass(Class<?> type);

        /** Whether a class that is none of the JDK's is a library's: what it holds inside is its own affair. */
        boolean isLibrary(Class<?> type);

        /** The parts of a lambda or method reference on writing; empty when nothing can take it apart, or it is none. */
        default Optional<LambdaForm> takeApart(Object lambda) {
            return SerializedLambdas.takeApart(lambda);
        }

        /** Links a shared object on reading. */
        Object link(Shared.Handle handle);

        /** The array of a blob on reading. */
        Object blob(String hash);
    }
}
