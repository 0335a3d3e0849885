package manyjvm.parallel.code;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import manyjvm.parallel.base.Shared;

/**
 * What a worker needs before it can run the tasks of one submission. Made once a submission, sent at most once to each
 * worker; classes and blobs that a worker has already are not sent again.
 *
 * @param base its classes, their class path, and the lambda's call site
 * @param fields the static fields to set, in the order of their values in {@code graph}
 * @param graph one encoded {@code Object[]}: the function, of a lambda what it captured, as an {@code Object[]}, then the fields'
 *     values; one graph, so shared identity is kept.
 *     A value that shares nothing with another is a graph of its own in there: what is large goes once to each worker, and
 *     what the worker has in this version is not decoded again
 * @param blobs large primitive arrays that {@code graph} refers to by content
 * @param shared the shared objects in the graph, in the JVM that packed it: the bundle keeps them there; does not travel
 * @param written notebook variables that the shipped code assigns; each worker will only change its own copy
 * @param copied what else the user may take for one object, though each worker has its own; does not travel
 * @param weights how much of it is whose; does not travel
 */
public record Bundle(
        CodeBase base,
        List<StaticField> fields,
        byte[] graph,
        List<BlobReference> blobs,
        List<Shared> shared,
        Set<String> written,
        List<Copied> copied,
        List<Weight> weights) {

    /** As it arrives. */
    public Bundle(
            CodeBase base,
            List<StaticField> fields,
            byte[] graph,
            List<BlobReference> blobs,
            List<Shared> shared,
            Set<String> written) {
        this(base, fields, graph, blobs, shared, written, List.of(), List.of());
    }

    /** The same, of a base that is known here. */
    public Bundle on(CodeBase known) {
        return new Bundle(known, fields, graph, blobs, shared, written, copied, weights);
    }

    public List<ClassReference> classes() {
        return base.classes();
    }

    public List<String> classPath() {
        return base.classPath();
    }

    /** The variable that a large array belongs to; empty for one of the function itself, which may have captured it. */
    public Optional<String> variableOf(BlobReference reference) {
        return weights.stream()
                .filter(weight -> weight.blob().equals(reference.hash()))
                .map(Weight::variable)
                .findFirst();
    }

    /**
     * What a variable takes up.
     *
     * @param variable as it is shown to users
     * @param blob the hash of the large array that it is; empty for bytes of the graph
     */
    public record Weight(String variable, long bytes, String blob) {
        public boolean inGraph() {
            return blob.isEmpty();
        }
    }

    /** @param hash SHA-256 of the class file, in hexadecimal */
    public record ClassReference(String binaryName, String hash) {}

    /**
     * @param version what the value is, so that a worker can tell whether it was sent another one since; empty for a final
     *     field whose class has not been initialized here: its value is what the initializer makes of it in the worker
     * @param group the same for all fields whose values share objects, and another one when they share others; {@link
     *     #APART} for one that shares none: then its place in the graph holds its own encoded graph, or a simple value
     */
    public record StaticField(String className, String fieldName, String version, String group) {
        static final String APART = "";

        /** It shares objects with what the function captured, which is new with each submission. */
        static final String WITH_FUNCTION = "function";

        boolean isApart() {
            return group.equals(APART);
        }
    }

    /**
     * @param hash SHA-256 of the content and type, in hexadecimal
     * @param bytes size in bytes
     */
    public record BlobReference(String hash, long bytes) {}
}
