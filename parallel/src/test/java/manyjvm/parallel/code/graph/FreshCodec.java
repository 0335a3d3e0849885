package manyjvm.parallel.code.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A plain program that encodes and decodes one of everything, started without any flags by {@link ObjectCodecIT}. */
final class FreshCodec {
    private FreshCodec() {}

    public static void main(String[] arguments) {
        FakeHost host = new FakeHost(FreshCodec.class.getClassLoader());
        ObjectCodec codec = new ObjectCodec(host);
        long start = System.nanoTime();
        List<Object> all = new ArrayList<>();
        all.addAll(ObjectCodecTest.valuesWithEquals().toList());
        all.addAll(ObjectCodecTest.valuesWithText().toList());
        all.addAll(ObjectCodecTest.fixtures().toList());
        all.add(Stream.of(1, null).toList());
        for (Object value : all) {
            Object back = codec.decode(codec.encode(value).bytes());
            if (back == null) {
                throw new AssertionError("null came back for " + value);
            }
        }
        refuse(codec, new TreeMap<>(java.util.Map.of("key", new Thread())));
        refuse(codec, new RuntimeException(new ObjectCodecTest.Holding(new Thread())));
        System.out.println(all.size() + " values in " + (System.nanoTime() - start) / 1_000_000 + " ms");
    }

    private static void refuse(ObjectCodec codec, Object value) {
        try {
            codec.encode(value);
            throw new AssertionError("not refused: " + value.getClass());
        } catch (manyjvm.parallel.NotShippableException expected) {
            System.out.println(expected.getMessage());
        }
    }
}
