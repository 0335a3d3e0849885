package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import manyjvm.kernel.runner.Execution;
import manyjvm.kernel.runner.JupyterClient;
import manyjvm.kernel.runner.KernelCommand;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the environment says about a session holds for the compiler of cells, for the kernel's JVM and for workers. */
@Timeout(240)
final class SessionOptionsIT {
    @TempDir
    private Path folder;

    private NotebookKernel kernel(Map<String, String> environment) throws Exception {
        return new NotebookKernel(
                JupyterClient.start(KernelCommand.ofThisJvm(), folder, environment, System.err, NotebookKernel.LONG));
    }

    /** A method in Java that this JDK has as a preview only. */
    private static String previewed() {
        int feature = Runtime.version().feature();
        String body = feature < 21
                ? "return switch (o) { case Integer i -> \"int \" + i; case String s -> s; default -> \"other\"; };"
                : feature < 22
                        ? "return o instanceof Integer _ ? \"int \" + o : String.valueOf(o);"
                        : "return o instanceof Integer n && (n + 0) instanceof byte b ? \"int \" + b : String.valueOf(o);";
        return "String kind(Object o) { " + body + " }";
    }

    @Test
    void previewFeatures_workInCellsAndInWorkers() throws Exception {
        try (NotebookKernel notebook = kernel(Map.of("JDK_JAVA_OPTIONS", "--enable-preview"))) {
            notebook.run(previewed());
            assertThat(notebook.value("kind(3)")).isEqualTo("int 3");
            assertThat(notebook.value("var pool = new Pool(2);\npool.map(x -> kind(x), List.of(4, \"b\"))"))
                    .isEqualTo("[int 4, b]");
            assertThat(notebook.value("%pool map kind List.of(5, \"c\")")).isEqualTo("[int 5, c]");
            assertThat(notebook.run("%process System.out.println(kind(6))").stdout())
                    .isEqualTo("int 6\n");
        }
    }

    @Test
    void startUpFiles_runWithTheFirstCell_andCannotKeepTheKernelFromWorking() throws Exception {
        Path good = Files.writeString(folder.resolve("good.jsh"), "int six() { return 6; }\n%time six()\n");
        Path bad = Files.writeString(folder.resolve("bad.jsh"), "int five = 5;\nnothing();\n");
        try (NotebookKernel notebook = kernel(
                Map.of("MANYJVM_STARTUP", bad + File.pathSeparator + good, "MANYJVM_OPTIONS", "--no-such -Xlint"))) {
            Execution first = notebook.run("%pool map x -> x * six() * five 1..2");
            assertThat(first.result()).contains("[30, 60]");
            assertThat(first.stdout()).startsWith("Wall time: ");
            assertThat(first.stderr())
                    .contains(
                            "MANYJVM_OPTIONS is ignored",
                            "--no-such",
                            "bad.jsh did not come to its end",
                            "bad.jsh:2: ");
            assertThat(notebook.run("1").stderr()).isEmpty();
        }
    }

    @Test
    void traceback_isColoured_andTheSameWithoutColours() throws Exception {
        try (NotebookKernel notebook = kernel(Map.of())) {
            notebook.run("int half(int x) { return x / 2; }\nvoid nothing(int x) {}");
            assertThat(notebook.value("var halves = %time %pool map half 4..5\nhalves"))
                    .isEqualTo("[2, 2]");
            assertThat(notebook.run("%time %pool map nothing 4..5").stdout()).startsWith("Wall time: ");
            assertThat(notebook.run("%timeit -n 2 -r 1 %pool map half 4..5").stdout())
                    .contains("(1 run of 2 loops");
            notebook.run("int fails(int x) {\n    return 1 / x;\n}");
            Execution failed = notebook.client().execute("%pool map fails 0..1", NotebookKernel.LONG);
            String raw =
                    failed.outputs("error").get(0).content().get("traceback").toString();
            assertThat(raw).contains("\\u001b[1;31m", "\\u001b[32mIn[5]:2\\u001b[0m");
            assertThat(failed.error().orElseThrow()).doesNotContain("\u001b");
            assertThat(NotebookKernel.traceback(failed))
                    .contains("In[6]:1 | %pool map fails 0..1", "at fails(In[5]:2)")
                    .doesNotContain("manyjvm.kernel", "manyjvm.magics", "jdk.jshell", "$JShell", "at manyjvm.parallel");
        }
    }
}
