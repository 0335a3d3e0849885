package manyjvm.parallel.code;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** Makes {@link ObjectCodec}s. The codec itself is without state: all of it lives in one graph's writer or reader. */
final class ObjectCodecs {
    private ObjectCodecs() {}

    static ObjectCodec create(ObjectCodec.Host host) {
        return new GraphCodec(host);
    }

    /**
     * Loads, in a background thread that ends by itself, what the first object of a class would otherwise wait for: some
     * tens of milliseconds. May be called at any time, any number of times.
     */
    static void warmUp() {
        Thread thread = new Thread(ObjectCodecs::exercise, "codec-warm-up");
        thread.setDaemon(true);
        thread.start();
    }

    private record Sample(String text, int number, List<Integer> numbers) {}

    private static void exercise() {
        ObjectCodec codec = create(new NoSession());
        Map<Object, Object> graph = new LinkedHashMap<>();
        graph.put("record", new Sample("text", 1, new ArrayList<>(List.of(1, 2))));
        graph.put("tree", new TreeMap<>(Map.of("a", 1)));
        graph.put("failure", new IllegalStateException("sample"));
        codec.decode(codec.encode(graph).bytes());
    }

    private record GraphCodec(Host host) implements ObjectCodec {
        @Override
        public Encoded encode(Object root) {
            return new GraphWriter(host, null).write(root);
        }

        @Override
        public Encoded encodeWithBlobs(Object root, Function<Object, Bundle.BlobReference> blobs) {
            return new GraphWriter(host, blobs).write(root);
        }

        @Override
        public Object decode(byte[] bytes) {
            return new GraphReader(host, bytes).read();
        }
    }

    /** Classes of this JVM alone, without lambdas and shared objects. */
    private static final class NoSession implements ObjectCodec.Host, Lambdas {
        @Override
        public Class<?> find(String binaryName) throws ClassNotFoundException {
            return Class.forName(binaryName, false, loader());
        }

        @Override
        public ClassLoader loader() {
            return ObjectCodecs.class.getClassLoader();
        }

        @Override
        public boolean isSessionClass(Class<?> type) {
            return false;
        }

        @Override
        public Lambdas lambdas() {
            return this;
        }

        @Override
        public Object link(manyjvm.parallel.spi.Shared.Handle handle) {
            throw new IllegalStateException("no shared objects here: " + handle);
        }

        @Override
        public Object blob(String hash) {
            throw new IllegalStateException("no blobs here: " + hash);
        }

        @Override
        public boolean isLambda(Object object) {
            return object.getClass().isHidden();
        }

        @Override
        public Optional<LambdaForm> takeApart(Object lambda) {
            return Optional.empty();
        }

        @Override
        public Object rebuild(LambdaForm form, ClassLoader loader) {
            throw new IllegalStateException("no lambdas here: " + form);
        }
    }
}
