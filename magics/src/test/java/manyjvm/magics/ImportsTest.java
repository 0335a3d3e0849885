package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import manyjvm.parallel.Pool;
import org.junit.jupiter.api.Test;

class ImportsTest {
    @Test
    void declarations_nameEveryPublicTypeOfTheLibrary() throws Exception {
        assertThat(Imports.TYPES).containsExactlyInAnyOrderElementsOf(publicTypes());
        assertThat(Imports.declarations())
                .contains("import manyjvm.parallel.Process;", "import static manyjvm.parallel.Parallel.*;")
                .doesNotContain("import manyjvm.parallel.*;");
    }

    private static List<String> publicTypes() throws Exception {
        URI place =
                Pool.class.getProtectionDomain().getCodeSource().getLocation().toURI();
        if (Files.isDirectory(Path.of(place))) {
            return publicTypes(Path.of(place));
        }
        try (FileSystem jar = FileSystems.newFileSystem(URI.create("jar:" + place), Map.of())) {
            return publicTypes(jar.getPath("/"));
        }
    }

    private static List<String> publicTypes(Path root) throws Exception {
        try (Stream<Path> files = Files.list(root.resolve("manyjvm/parallel"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".class") && !name.contains("$") && !name.startsWith("package-info"))
                    .map(name -> name.substring(0, name.length() - ".class".length()))
                    .filter(ImportsTest::isPublic)
                    .toList();
        }
    }

    private static boolean isPublic(String simpleName) {
        try {
            return Modifier.isPublic(Class.forName("manyjvm.parallel." + simpleName, false, Pool.class.getClassLoader())
                    .getModifiers());
        } catch (ClassNotFoundException gone) {
            throw new AssertionError(gone);
        }
    }
}
