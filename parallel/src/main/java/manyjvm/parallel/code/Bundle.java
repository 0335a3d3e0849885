package manyjvm.parallel.code;

import java.util.List;
import java.util.Set;
import manyjvm.parallel.spi.Shared;

/**
 * What a worker needs before it can run the tasks of one submission. Made once a submission, sent at most once to each
 * worker; classes and blobs that a worker has already are not sent again.
 *
 * @param classes session classes, by name and content
 * @param classPath jars and class folders for the parent of the session classes, as absolute paths on the driver's host
 * @param fields the static fields to set, in the order of their values in {@code graph}
 * @param graph one encoded {@code Object[]}: the function, then the fields' values; one graph, so shared identity is kept
 * @param blobs large primitive arrays that {@code graph} refers to by content
 * @param shared the shared objects in the graph, in the JVM that packed it: the bundle keeps them there; does not travel
 * @param written notebook variables that the shipped code assigns; each worker will only change its own copy
 */
public record Bundle(
        List<ClassReference> classes,
        List<String> classPath,
        List<StaticField> fields,
        byte[] graph,
        List<BlobReference> blobs,
        List<Shared> shared,
        Set<String> written) {

    /** The handles in the graph. */
    public List<Shared.Handle> handles() {
        return shared.stream().map(Shared::handle).toList();
    }

    /** @param hash SHA-256 of the class file, in hexadecimal */
    public record ClassReference(String binaryName, String hash) {}

    public record StaticField(String className, String fieldName) {}

    /**
     * @param hash SHA-256 of the content and type, in hexadecimal
     * @param bytes size in bytes
     */
    public record BlobReference(String hash, long bytes) {}
}
