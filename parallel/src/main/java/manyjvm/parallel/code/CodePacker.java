package manyjvm.parallel.code;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.code.graph.Encoded;
import manyjvm.parallel.spi.ClassSource;
import manyjvm.parallel.spi.Explanation;
import org.jspecify.annotations.Nullable;

/** The submitting side of class and variable shipping. Safe for use by any thread. */
public interface CodePacker {
    /**
     * @param source where the submitted code comes from
     * @param linker links shared objects in what workers answer
     */
    static CodePacker create(ClassSource source, Shared.Linker linker) {
        return new SessionPacker(source, linker);
    }

    /**
     * Analyses a function and takes a snapshot of everything that it uses, at the time of the call. Cost: the walk over the
     * bytecode is cached by class and method; reading and encoding the variables is done each time.
     *
     * @param function a function object of any functional interface: a lambda, a method reference, or an instance of a class
     * @throws manyjvm.parallel.NotShippableException naming the variable and the path to what cannot travel
     */
    Bundle pack(Object function);

    /**
     * What {@link #pack} would take along, part by part, with all that it would refuse. Cost: that of packing, and the size of
     * each value once more.
     */
    Explained explain(Object function);

    /**
     * @param explanation without warnings, which are not the packer's
     * @param bundle what was packed, refused parts left out; empty where nothing could be
     */
    record Explained(Explanation explanation, Optional<Bundle> bundle) {}

    /**
     * Encodes arguments, or any value that goes to a worker.
     *
     * @throws manyjvm.parallel.NotShippableException naming the path to what cannot travel
     */
    Encoded encode(@Nullable Object value);

    /**
     * As {@link #encode(Object)}, for an argument of a submission.
     *
     * @param function whose variables need not travel with the argument once more
     */
    Encoded encode(@Nullable Object value, Bundle function);

    /** Decodes what a worker encoded. Session classes are found in the session, whatever their generation. */
    @Nullable
    Object decode(byte[] bytes);

    /** References of session classes, for classes that arguments bring along; their files are here as long as the list is. */
    List<Bundle.ClassReference> references(Collection<Class<?>> sessionClasses);

    /** The class file of a reference, valid as long as a bundle or a list of this packer that has it is reachable. */
    byte[] classFile(Bundle.ClassReference reference);

    /** A session class by name, for a worker that meets one it was not sent; empty when the session has none. */
    Optional<byte[]> classFile(String binaryName);

    /** The content of a blob of a bundle, valid as long as the bundle is reachable. Encoded for {@link CodeStore#addBlob}. */
    byte[] blob(Bundle bundle, Bundle.BlobReference reference);
}
