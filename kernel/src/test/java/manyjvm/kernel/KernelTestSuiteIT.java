package manyjvm.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import manyjvm.kernel.runner.KernelCommand;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Jupyter's own test suite for kernels, run by Python against this build. Without Jupyter it fails and says what to
 * install: a protocol that only our own client has spoken is not tested.
 */
@Timeout(300)
final class KernelTestSuiteIT {
    @TempDir
    Path folder;

    @Test
    void jupyterKernelTest_withASampleForEverything_passes() throws Exception {
        writeKernelspec();
        String python = pythonWithJupyter();

        Output output = run(python, "-m", "unittest", "-v", "test_manyjvm_kernel");

        assertThat(output.exitCode()).as(output.text()).isZero();
        Matcher skipped = Pattern.compile("skipped=(\\d+)").matcher(output.text());
        assertThat(skipped.find() ? skipped.group(1) : "0")
                .as("only the pager is left out: %s", output.text())
                .isEqualTo("1");
    }

    private void writeKernelspec() throws IOException {
        JsonArray words = new JsonArray();
        KernelCommand.ofThisJvm().words().forEach(words::add);
        words.add("{connection_file}");
        JsonObject spec = new JsonObject();
        spec.add("argv", words);
        spec.addProperty("display_name", "Java (manyjvm)");
        spec.addProperty("language", "java");
        spec.addProperty("interrupt_mode", "message");
        Path kernel = Files.createDirectories(folder.resolve("kernels").resolve("manyjvm"));
        Files.writeString(kernel.resolve("kernel.json"), spec.toString());
    }

    private record Output(int exitCode, String text) {}

    /** The Python on the path, or the system's own, which is where a distribution's packages are. */
    private String pythonWithJupyter() throws Exception {
        for (String python : List.of("python3", "/usr/bin/python3")) {
            if (run(python, "-c", "import jupyter_kernel_test").exitCode() == 0) {
                return python;
            }
        }
        throw new AssertionError(
                "This test needs Python with jupyter_kernel_test (Debian: apt-get install python3-jupyter-kernel-test)");
    }

    private Output run(String... words) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.directory(Path.of("src/test/python").toFile());
        builder.environment().put("JUPYTER_PATH", folder.toString());
        builder.environment().put("JUPYTER_RUNTIME_DIR", folder.toString());
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        builder.environment()
                .put("MANYJVM_HISTORY", folder.resolve("history.jsonl").toString());
        Path log = folder.resolve("python.log");
        builder.redirectOutput(log.toFile());
        Process process = builder.start();
        process.getOutputStream().close();
        try {
            assertThat(process.waitFor(240, TimeUnit.SECONDS))
                    .as("Python ended")
                    .isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return new Output(process.exitValue(), Files.readString(log, UTF_8));
    }
}
