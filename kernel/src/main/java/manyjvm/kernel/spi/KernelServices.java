package manyjvm.kernel.spi;

import io.github.spencerpark.jupyter.kernel.comm.CommManager;
import io.github.spencerpark.jupyter.kernel.display.Renderer;
import java.util.List;

/** What the kernel offers to a {@link KernelExtension}. Everything here may be called from any thread. */
public interface KernelServices {
    /** The classes, variables and methods that cells have defined. */
    SessionClasses classes();

    /** Where text and rich output go. */
    CellOutput output();

    /** The comms with front ends: targets are registered here, and comms opened. Handlers run on the thread {@code comm}. */
    CommManager comms();

    /** Where types of the extension's are given a look. For {@link KernelExtension#start} only. */
    Renderer renderer();

    /** Adds a magic; a second one of the same name replaces the first. Names are matched exactly. */
    void addMagic(Magic magic);

    /**
     * Adds import declarations to every new session, each a whole declaration ({@code import a.b.C;}). A user's own type of
     * the same name wins: the kernel drops the import before such a declaration is evaluated.
     */
    void addImports(List<String> declarations);

    /**
     * Lets cells see these packages of the extension's own class path; everything else of the kernel's class path stays
     * hidden from them, so that users' own versions of our dependencies never meet ours.
     *
     * @param anchor a class of the jar (or class folder) that holds the packages
     * @param packages exact package names, sub-packages not included
     */
    void addApi(Class<?> anchor, List<String> packages);

    /**
     * Adds a transform of session classes, applied once as each class is first defined, in order of registration. What it
     * returns is what {@link SessionClasses#bytes} gives; the kernel weaves its own stop checks in only afterwards.
     */
    void addClassTransform(ClassTransform transform);

    /** Changes the bytes of one session class. Must be pure, and return the given array when there is nothing to do. */
    @FunctionalInterface
    interface ClassTransform {
        /**
         * What the class is to be.
         *
         * @param binaryName as {@link Class#getName} gives it
         * @param classFile not to be changed in place
         */
        byte[] transform(String binaryName, byte[] classFile);
    }
}
