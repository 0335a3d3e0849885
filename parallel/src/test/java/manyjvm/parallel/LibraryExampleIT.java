package manyjvm.parallel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.objectweb.asm.ClassReader;

/** The program of {@code docs/library.md}, as it stands there, prints what stands below it. */
class LibraryExampleIT {
    private static final Pattern PROGRAM = Pattern.compile("```java\\n(.*?)```\\n```\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern DEPENDENCY =
            Pattern.compile("<artifactId>(.*)</artifactId>\\s*<version>(.*)</version>");

    @TempDir
    Path folder;

    @Test
    void program_compiledAndRun_printsWhatIsSaid() throws Exception {
        MatchResult page = match(PROGRAM, Files.readString(Path.of("..", "docs", "library.md")));
        Path source = Files.writeString(folder.resolve("Primes.java"), page.group(1));
        String classPath = place(Pool.class) + File.pathSeparator + place(ClassReader.class);

        int errors = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-Xlint:all",
                        "-Werror",
                        "-cp",
                        classPath,
                        "-d",
                        folder.toString(),
                        source.toString());
        assertThat(errors).isZero();

        assertThat(run(classPath + File.pathSeparator + folder)).isEqualTo(page.group(2));
    }

    @Test
    void coordinates_areThoseOfTheBuild() throws Exception {
        MatchResult written = match(DEPENDENCY, Files.readString(Path.of("..", "docs", "library.md")));
        assertThat(written.group(1)).isEqualTo("manyjvm-parallel");
        assertThat(Files.readString(Path.of("pom.xml")))
                .contains(
                        "<artifactId>" + written.group(1) + "</artifactId>",
                        "<version>" + written.group(2) + "</version>");
    }

    private static MatchResult match(Pattern pattern, String text) {
        return pattern.matcher(text).results().findFirst().orElseThrow();
    }

    private static Path place(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private String run(String classPath) throws Exception {
        Path out = folder.resolve("out.txt");
        java.lang.Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", classPath, "Primes"))
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        process.getOutputStream().close();
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("ended").isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
        return Files.readString(out);
    }
}
