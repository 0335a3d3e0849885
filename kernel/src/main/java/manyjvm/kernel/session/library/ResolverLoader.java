package manyjvm.kernel.session.library;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import manyjvm.kernel.spi.IoReason;
import manyjvm.kernel.spi.LibraryResolver;
import manyjvm.kernel.spi.Magic.MagicUsageException;

/**
 * Loads the resolver of libraries, 4 MB of jars that most sessions never need: of the kernel they see the package {@code spi} alone,
 * and nobody sees them.
 */
final class ResolverLoader {
    /** The folder of an installation beside the kernel's jars, and the module in a build. */
    private static final String NAME = "maven";

    private ResolverLoader() {}

    /** A resolver without libraries. */
    static LibraryResolver load() throws MagicUsageException {
        List<URL> jars = new ArrayList<>();
        try {
            for (Path entry : classPath(kernel())) {
                jars.add(entry.toUri().toURL());
            }
        } catch (IOException unreadable) {
            throw new MagicUsageException("what finds libraries cannot be read: " + IoReason.of(unreadable));
        }
        ClassLoader loader = new URLClassLoader("libraries", jars.toArray(URL[]::new), new SpiAlone());
        return ServiceLoader.load(LibraryResolver.class, loader)
                .findFirst()
                .orElseThrow(() -> new MagicUsageException("this installation lacks its folder " + NAME
                        + ", with which %maven works: install again, or add jars with %classpath"));
    }

    /** The kernel's jar, or its folder of classes. */
    private static Path kernel() {
        try {
            return Path.of(ResolverLoader.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** In an installation the folder beside the kernel's jar; in a build what the module has made so far. */
    static List<Path> classPath(Path kernel) throws IOException {
        Path folder = kernel.resolveSibling(NAME);
        if (Files.isDirectory(folder)) {
            return jars(folder);
        }
        for (Path root = kernel.getParent(); root != null; root = root.getParent()) {
            if (Files.exists(root.resolve(NAME).resolve("pom.xml"))) {
                Path built = root.resolve(NAME).resolve(outputFolder(root.relativize(kernel)));
                List<Path> entries = new ArrayList<>(List.of(built.resolve("classes")));
                entries.addAll(jars(built.resolve("lib")));
                return entries;
            }
        }
        return List.of();
    }

    /** Of {@code kernel/target/jdk-17/target/classes}, {@code target/jdk-17/target}. */
    private static Path outputFolder(Path inModule) {
        int end = inModule.getNameCount() - 1;
        while (end > 2 && !inModule.getName(end - 1).toString().equals("target")) {
            end--;
        }
        return inModule.subpath(1, end);
    }

    private static List<Path> jars(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        }
    }

    /** The JDK, and of the kernel what both sides speak. */
    private static final class SpiAlone extends ClassLoader {
        private static final String SPI = LibraryResolver.class.getPackageName() + ".";

        SpiAlone() {
            super(ClassLoader.getPlatformClassLoader());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (name.startsWith(SPI)) {
                return LibraryResolver.class.getClassLoader().loadClass(name);
            }
            throw new ClassNotFoundException(name);
        }

        static {
            registerAsParallelCapable();
        }
    }
}
