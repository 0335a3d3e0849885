package manyjvm.parallel.code;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import manyjvm.parallel.code.closure.Closure;
import manyjvm.parallel.code.graph.ObjectCodec;
import org.jspecify.annotations.Nullable;

/**
 * A variable, encoded by itself.
 *
 * @param early whether static initializers of the user's types read it
 * @param part null for a simple value
 * @param blobs the large arrays in it that no variable before it has, by hash
 */
record VariableContent(
        Closure.Variable variable,
        @Nullable Object value,
        boolean early,
        String version,
        ObjectCodec.@Nullable Part part,
        List<Bundle.BlobReference> blobs) {
    VariableContent(
            Closure.Variable variable,
            @Nullable Object value,
            boolean early,
            String version,
            ObjectCodec.@Nullable Part part) {
        this(variable, value, early, version, part, List.of());
    }

    /** What it takes up: its graph, which may be a large array itself, and the large arrays that this refers to. */
    void weigh(BundleBlobs ofBundle, List<Bundle.Weight> weights) {
        if (part == null) {
            return;
        }
        String name = variable.shownName();
        byte[] graph = part.encoded().bytes();
        String hash = ofBundle.hash(graph).orElse("");
        if (!hash.isEmpty() || blobs.isEmpty()) { // else it is little more than where its arrays are
            weights.add(new Bundle.Weight(name, graph.length, hash));
        }
        for (Bundle.BlobReference blob : blobs) {
            weights.add(new Bundle.Weight(name, blob.bytes(), blob.hash()));
        }
    }

    Bundle.StaticField field(String group) {
        return new Bundle.StaticField(variable.owner().getName(), variable.name(), version, group);
    }

    /** What stands for it in the graph of all: itself only where that graph has some of its objects elsewhere too. */
    private @Nullable Object slot(String group) {
        return part == null || !group.equals(Bundle.StaticField.APART)
                ? value
                : part.encoded().bytes();
    }

    /** {first..., slots...} */
    static @Nullable Object[] graph(List<VariableContent> contents, String[] groups, @Nullable Object... first) {
        @Nullable Object[] graph = Arrays.copyOf(first, first.length + contents.size(), Object[].class);
        for (int i = 0; i < groups.length; i++) {
            graph[first.length + i] = contents.get(i).slot(groups[i]);
        }
        return graph;
    }

    /** A number for each, and last for another graph; those that share objects, be it by way of others, have the same. */
    static int[] connected(List<VariableContent> contents, ObjectCodec.Part other) {
        List<ObjectCodec.@Nullable Part> parts = new ArrayList<>(contents.size() + 1);
        for (VariableContent each : contents) {
            parts.add(each.part());
        }
        parts.add(other);
        return ObjectCodec.Part.connected(parts);
    }
}
