package manyjvm.parallel.code;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The large arrays of one bundle, as the bundle's own list, so that the contents live just as long as the bundle. An array that
 * another living bundle has too is kept once. Filled by the packing thread, then only read.
 */
final class BundleBlobs extends AbstractList<Bundle.BlobReference> implements Function<Object, String> {
    private final ArrayContents ofAll;
    private final List<Bundle.BlobReference> references = new ArrayList<>();
    private final Map<String, byte[]> contents = new HashMap<>();
    private final Map<Object, String> known = new IdentityHashMap<>();

    BundleBlobs(ArrayContents ofAll) {
        this.ofAll = ofAll;
    }

    @Override
    public String apply(Object array) {
        return known.computeIfAbsent(array, this::keep);
    }

    private String keep(Object array) {
        ArrayContents.Content content = ofAll.of(array);
        if (contents.put(content.hash(), content.bytes()) == null) {
            references.add(new Bundle.BlobReference(content.hash(), content.bytes().length));
        }
        return content.hash();
    }

    /** What an array is called here; empty for one that is not among these. */
    Optional<String> hash(Object array) {
        return Optional.ofNullable(known.get(array));
    }

    byte[] content(Bundle.BlobReference reference) {
        byte[] content = contents.get(reference.hash());
        if (content == null) {
            throw new IllegalArgumentException("this bundle has no blob " + reference.hash());
        }
        return content;
    }

    @Override
    public Bundle.BlobReference get(int index) {
        return references.get(index);
    }

    @Override
    public int size() {
        return references.size();
    }
}
