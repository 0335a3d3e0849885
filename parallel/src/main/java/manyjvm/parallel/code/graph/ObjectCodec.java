package manyjvm.parallel.code.graph;

import java.util.function.Function;
import manyjvm.parallel.code.lambda.Lambdas;

/**
 * Object graphs to bytes and back. Simple values (see the implementation's head) go through a small format of our own, the
 * rest through the graph's own format, which loads in the background. Safe for use by any thread.
 */
public interface ObjectCodec {
    /** @throws manyjvm.parallel.NotShippableException naming the type and the path from {@code root} to it */
    Encoded encode(Object root);

    Object decode(byte[] bytes);

    /**
     * As {@link #encode}, but primitive arrays of at least {@link #BLOB_BYTES} are left out and given to {@code blobs} by
     * content; decoding asks {@link Host#blob} for them. One array object occurring twice stays one.
     */
    Encoded encodeWithBlobs(Object root, Function<Object, String> blobs);

    /**
     * As {@link #encodeWithBlobs}, with the objects that were met, to see whether another graph has some of them too.
     *
     * @param blobs null to keep all arrays in the graph
     */
    Part encodePart(Object root, Function<Object, String> blobs);

    /** A graph, with the objects that it was made of. */
    final class Part {
        private final Encoded encoded;
        private final GraphIdentities objects;
        private final boolean random;

        Part(Encoded encoded, GraphIdentities objects, boolean random) {
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

        /** Whether an object that can change, or is known by its identity, is in both. */
        public boolean meets(Part other) {
            return objects.meets(other.objects);
        }
    }

    int BLOB_BYTES = 64 * 1024;

    /** What the codec asks of its surroundings. */
    interface Host {
        /** Finds a class on reading, session classes included. */
        Class<?> find(String binaryName) throws ClassNotFoundException;

        ClassLoader loader();

        /** Whether a class met on writing is the session's, so that the reader must be sent it. */
        boolean isSessionClass(Class<?> type);

        /** Whether a class that is none of the JDK's is a library's: what it holds inside is its own affair. */
        boolean isLibrary(Class<?> type);

        Lambdas lambdas();

        /** Links a shared object on reading. */
        Object link(manyjvm.parallel.base.Shared.Handle handle);

        /** The array of a blob on reading. */
        Object blob(String hash);
    }
}
