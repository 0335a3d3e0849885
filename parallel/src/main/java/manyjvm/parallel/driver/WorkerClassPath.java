package manyjvm.parallel.driver;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import manyjvm.parallel.spi.ParallelRuntime;

/** What a worker itself needs: the jar of this library and those it stands on, nothing else of this JVM's class path. */
final class WorkerClassPath {
    /** One class of each jar. */
    private static final List<String> ANCHORS =
            List.of(ParallelRuntime.class.getName(), "org.objectweb.asm.ClassReader");

    private WorkerClassPath() {}

    static List<Path> find() {
        Set<Path> paths = new LinkedHashSet<>();
        for (String anchor : ANCHORS) {
            try {
                CodeSource source = Class.forName(anchor, false, WorkerClassPath.class.getClassLoader())
                        .getProtectionDomain()
                        .getCodeSource();
                if (source == null) {
                    throw new IllegalStateException("no jar is known for " + anchor + ": workers need its path");
                }
                paths.add(Path.of(source.getLocation().toURI()).toAbsolutePath());
            } catch (ClassNotFoundException | URISyntaxException missing) {
                throw new IllegalStateException(
                        "the library is incomplete here: " + anchor + " is missing from its class path", missing);
            }
        }
        return List.copyOf(paths);
    }
}
