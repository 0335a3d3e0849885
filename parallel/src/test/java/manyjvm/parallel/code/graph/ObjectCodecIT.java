package manyjvm.parallel.code.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The codec in a plain program: no flags, and not a word on the error output, which is where JDKs put their warnings. */
@Timeout(120)
class ObjectCodecIT {
    @Test
    void codec_inAPlainProgram_needsNoFlagsAndSaysNothing(@TempDir Path folder) throws Exception {
        Path errors = folder.resolve("errors");
        Path output = folder.resolve("output");
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        FreshCodec.class.getName())
                .redirectError(errors.toFile())
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(program.waitFor(100, TimeUnit.SECONDS)).isTrue();
        } finally {
            program.destroyForcibly().waitFor();
        }
        assertThat(Files.readString(errors, StandardCharsets.UTF_8)).isEmpty();
        assertThat(program.exitValue()).isZero();
        assertThat(Files.readString(output, StandardCharsets.UTF_8))
                .contains("root.get(\"key\") is a java.lang.Thread")
                .contains("root.cause.held is a java.lang.Thread")
                .containsPattern("[0-9]+ values in [0-9]+ ms");
    }
}
