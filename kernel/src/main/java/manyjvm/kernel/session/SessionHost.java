package manyjvm.kernel.session;

import java.util.List;
import manyjvm.kernel.spi.KernelServices.ClassTransform;
import manyjvm.kernel.spi.Magic;

/**
 * What the kernel supplies to its session. Creating a session reads nothing: {@link #magics} is asked at each use,
 * so it may grow at any time; the others are read once, when the session starts (its warm-up, or the first
 * cell), that is after all extensions have had their say. All lists are read only, and may be read from any thread.
 */
public interface SessionHost {
    /** The magics known by now. A later one of the same name wins. The session adds its own, which lose against these. */
    List<Magic> magics();

    /** Whole import declarations, evaluated in order after those of the session itself ({@code java.util.*} ...). */
    List<String> imports();

    /** What cells may see of the kernel's own class path, besides {@code manyjvm.kernel.api}. */
    List<Api> api();

    /** Applied to each session class as it is defined, in order. */
    List<ClassTransform> classTransforms();

    /**
     * Packages that cells may see.
     *
     * @param anchor a class of the jar, or class folder, that holds them
     * @param packages exact package names, sub-packages not included
     */
    record Api(Class<?> anchor, List<String> packages) {
        public Api {
            packages = List.copyOf(packages);
        }
    }
}
