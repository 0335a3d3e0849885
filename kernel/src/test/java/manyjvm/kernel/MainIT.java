package manyjvm.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import manyjvm.kernel.runner.JupyterClient;
import manyjvm.kernel.runner.KernelCommand;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line, in processes of its own. */
@Timeout(180)
final class MainIT {
    @TempDir
    Path folder;

    private record Output(int exitCode, String out, String errors) {}

    private Output main(String... arguments) throws Exception {
        List<String> words = new ArrayList<>(KernelCommand.ofThisJvm().words());
        words.addAll(List.of(arguments));
        Path errors = folder.resolve("errors.txt");
        Process process =
                new ProcessBuilder(words).redirectError(errors.toFile()).start();
        String out = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Output(process.waitFor(), out, Files.readString(errors));
    }

    @Test
    void help_always_isPrintedWithExitCode0() throws Exception {
        Output output = main("--help");

        assertThat(output.exitCode()).isZero();
        assertThat(output.out()).startsWith("usage: manyjvm").contains("--timeout");
        assertThat(main("--version").out()).startsWith("manyjvm ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--nonsense",
                "run",
                "run --out",
                "run a.ipynb b.ipynb",
                "run --timeout soon a.ipynb",
                "run missing.ipynb",
                "archive",
                "archive one.jsa two.jsa",
                "missing.json",
                "one.json two.json"
            })
    void wrongArguments_always_areOneLineAndExitCode2(String line) throws Exception {
        Output output = main(line.isEmpty() ? new String[0] : line.split(" "));

        assertThat(output.exitCode()).isEqualTo(2);
        assertThat(output.errors().lines()).hasSize(1).first().asString().startsWith("manyjvm: ");
        assertThat(output.out()).isEmpty();
    }

    @Test
    void archive_ofClassFolders_isRefusedOnOneLine() throws Exception {
        Output output = main("archive", folder.resolve("kernel.jsa").toString());

        assertThat(output.exitCode()).isEqualTo(1);
        assertThat(output.errors().lines())
                .hasSize(1)
                .first()
                .asString()
                .contains("no archive was made", "is not a jar");
        assertThat(folder.resolve("kernel.jsa")).doesNotExist();
    }

    @Test
    void run_ofANotebook_executesItInJava() throws Exception {
        Path notebook = folder.resolve("a notebook.ipynb");
        Files.writeString(
                notebook,
                """
                {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [
                  {"cell_type": "markdown", "metadata": {}, "source": ["# Hello"]},
                  {"cell_type": "code", "metadata": {}, "execution_count": null, "outputs": [],
                   "source": ["int twice(int x) {\\n", "    return 2 * x;\\n", "}\\n", "System.out.println(\\"hi\\");"]},
                  {"cell_type": "code", "metadata": {}, "execution_count": null, "outputs": [], "source": "twice(21)"}
                ]}
                """);
        Path executed = folder.resolve("executed.ipynb");
        Output output = main("run", notebook.toString(), "--out", executed.toString(), "--timeout=2m");

        assertThat(output.exitCode()).as(output.errors() + output.out()).isZero();
        assertThat(output.errors()).isEmpty();
        assertThat(output.out()).contains("# Hello", "\nhi\n", "Out[2]: 42");
        assertThat(JsonParser.parseString(Files.readString(executed)).toString())
                .contains("\"hi\\n\"", "[\"42\"]");
    }

    @Test
    void run_ofAFailingNotebook_showsTheErrorAndExitsWith1() throws Exception {
        Path notebook = folder.resolve("failing.ipynb");
        Files.writeString(
                notebook,
                """
                {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
                  {"cell_type": "code", "id": "a", "metadata": {}, "execution_count": null, "outputs": [],
                   "source": "throw new IllegalStateException(\\"on purpose\\");"}
                ]}
                """);
        Output output = main("run", notebook.toString());

        assertThat(output.exitCode()).isEqualTo(1);
        assertThat(output.out()).contains("on purpose", "Cell 1 failed").doesNotContain("\u001b[");
    }

    /** {@code jupyter run} and {@code jupyter console} hand arguments of their own on. */
    @Test
    void argumentsBehindTheConnectionFile_areIgnoredWithALogLine() throws Exception {
        List<String> words = new ArrayList<>(
                List.of("sh", "-c", "exec \"$@\" 'A file.java' --existing -f x.json run archive --help", "sh"));
        words.addAll(KernelCommand.ofThisJvm().words());
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        try (JupyterClient client = JupyterClient.start(
                new KernelCommand(words),
                folder,
                Map.of(),
                new PrintStream(log, true, UTF_8),
                Duration.ofSeconds(60))) {
            assertThat(client.execute("1 + 1", Duration.ofSeconds(60)).result()).contains("2");
            assertThat(client.shutdown(Duration.ofSeconds(60))).isZero();
        }
        assertThat(log.toString(UTF_8).lines())
                .singleElement()
                .asString()
                .contains("ignores", "A file.java --existing -f x.json run archive --help");
    }
}
