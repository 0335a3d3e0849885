package manyjvm.parallel.spi;

import java.nio.file.Path;
import java.util.List;

/**
 * What code in workers may name besides the JDK, this library and its own jars: packages of the program that opened the
 * driver. A worker loads nothing of it before some code names one of the packages, so that it costs no start-up.
 *
 * @param classPath jars and class folders that hold the packages and all that they need but this library
 * @param packages exact names, sub-packages not included
 * @param starter a public class of the class path with a public constructor, a {@link Runnable}: run once, before the first
 *     class of the packages is given out; it may use {@link ParallelRuntime#current()}
 */
public record WorkerApi(List<Path> classPath, List<String> packages, String starter) {
    public WorkerApi {
        classPath = List.copyOf(classPath);
        packages = List.copyOf(packages);
    }
}
