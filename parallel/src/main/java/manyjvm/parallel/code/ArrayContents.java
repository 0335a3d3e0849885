package manyjvm.parallel.code;

import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import manyjvm.parallel.code.graph.ObjectCodec;
import org.jspecify.annotations.Nullable;

/**
 * What the large arrays of living bundles hold, encoded, each as long as a bundle has it. For use by any thread.
 *
 * <p>An array that is captured again is compared with what it held the last time. That takes a tenth of what copying and
 * hashing it does, and is as safe: no hash is relied on.
 */
final class ArrayContents {
    private final ObjectCodec codec;
    private final WeakContents<byte[]> byHash = new WeakContents<>();
    private final Map<Object, String> last =
            new WeakHashMap<>(); // by identity, which is an array's equality; guarded by itself

    ArrayContents(ObjectCodec codec) {
        this.codec = codec;
    }

    /** @param hash SHA-256 of the content, in hexadecimal */
    record Content(String hash, byte[] bytes) {}

    Content of(Object array) {
        Optional<Content> known = known(array);
        return known.isPresent() ? known.get() : copied(array);
    }

    private Optional<Content> known(Object array) {
        @Nullable String hash;
        synchronized (last) {
            hash = last.get(array);
        }
        if (hash == null) {
            return Optional.empty();
        }
        return byHash.get(hash)
                .filter(content -> ObjectCodec.isOf(content, array))
                .map(content -> new Content(hash, content));
    }

    /** Copies first and hashes the copy: the array may change meanwhile. */
    private Content copied(Object array) {
        byte[] content = codec.encode(array).bytes();
        String hash = ShippedClass.hash(content);
        synchronized (last) {
            last.put(array, hash);
        }
        return new Content(hash, byHash.shared(hash, content));
    }
}
