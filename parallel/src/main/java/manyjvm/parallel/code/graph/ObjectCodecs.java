package manyjvm.parallel.code.graph;

import java.util.function.Function;

/** Makes {@link ObjectCodec}s. The codec itself is without state: all of it lives in one graph's writer or reader. */
public final class ObjectCodecs {
    private ObjectCodecs() {}

    public static ObjectCodec create(ObjectCodec.Host host) {
        return new GraphCodec(host);
    }

    private record GraphCodec(Host host) implements ObjectCodec {
        @Override
        public Encoded encode(Object root) {
            return new GraphWriter(host, null, new GraphOutput()).write(root);
        }

        @Override
        public Encoded encodeWithBlobs(Object root, Function<Object, String> blobs) {
            return new GraphWriter(host, blobs, new GraphOutput()).write(root);
        }

        @Override
        public Part encodePart(Object root, Function<Object, String> blobs) {
            GraphWriter writer = new GraphWriter(host, blobs, new GraphOutput());
            return new Part(writer.write(root), writer.identities(), writer.hasRandomSource());
        }

        @Override
        public Object decode(byte[] bytes) {
            return new GraphReader(host, bytes).read();
        }
    }
}
