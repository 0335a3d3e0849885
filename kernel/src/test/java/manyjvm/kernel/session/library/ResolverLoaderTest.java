package manyjvm.kernel.session.library;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResolverLoaderTest {
    @TempDir
    private Path folder;

    private Path file(String path) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "");
    }

    @Test
    void installation_hasAFolderBesideTheKernelsJar() throws IOException {
        Path jar = file("lib/manyjvm-kernel-1.jar");
        file("lib/maven/README");
        assertThat(ResolverLoader.classPath(jar)).isEmpty();
        Path first = file("lib/maven/a.jar");
        Path second = file("lib/maven/b.jar");
        assertThat(ResolverLoader.classPath(jar)).containsExactly(first, second);
    }

    @ParameterizedTest
    @CsvSource({
        "kernel/target/classes, maven/target",
        "kernel/target/manyjvm-kernel-1.jar, maven/target",
        "kernel/target/jdk-17/target/classes, maven/target/jdk-17/target",
        "kernel/target/jdk-17/target/manyjvm-kernel-1.jar, maven/target/jdk-17/target",
        "magics/target/lib/manyjvm-kernel-1.jar, maven/target"
    })
    void build_hasTheModulesOutput(String kernel, String output) throws IOException {
        file("maven/pom.xml");
        Path jar = file(output + "/lib/a.jar");
        assertThat(ResolverLoader.classPath(folder.resolve(kernel)))
                .containsExactly(folder.resolve(output).resolve("classes"), jar);
    }

    @Test
    void elsewhere_thereIsNone() throws IOException {
        assertThat(ResolverLoader.classPath(file("somewhere/kernel.jar"))).isEmpty();
    }
}
