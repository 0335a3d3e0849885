package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import manyjvm.kernel.runner.Execution;
import manyjvm.kernel.runner.JupyterClient;
import manyjvm.kernel.runner.KernelCommand;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** JVM options in the kernel's environment hold for workers, keep none from starting, and are not talked about in cells. */
@Timeout(180)
class EnvironmentIT {
    private static final String LOOK =
            """
            import java.lang.management.*;
            String look() {
                return ManagementFactory.getGarbageCollectorMXBeans().get(0).getName().split(" ")[0] + " "
                        + (Runtime.getRuntime().maxMemory() >> 20) + " " + System.getProperty("my.option");
            }
            """;

    private static NotebookKernel kernel(Map<String, String> environment) throws Exception {
        return new NotebookKernel(JupyterClient.start(
                KernelCommand.ofThisJvm(), Path.of("."), environment, System.err, NotebookKernel.LONG));
    }

    private static String printed(NotebookKernel notebook, String cell) throws Exception {
        Execution execution = notebook.run(cell);
        assertThat(execution.stderr()).isEmpty();
        return execution.stdout();
    }

    /** What a worker of a pool of one says of its JVM. */
    private static String look(String builder) {
        return "try (var own = Pool.builder().workers(1)." + builder + ".build()) {\n"
                + "    System.out.println(own.apply(() -> look()));\n}";
    }

    @Test
    void toolOptions_areObeyedUnlessAPoolHasItsOwn_andNotNoted() throws Exception {
        try (NotebookKernel notebook = kernel(
                Map.of("JAVA_TOOL_OPTIONS", "-XX:+UseG1GC -Xms200m -Xmx400m", "JDK_JAVA_OPTIONS", "-Dmy.option=7"))) {
            notebook.run(LOOK);
            assertThat(printed(notebook, "%process System.out.println(look())")).isEqualTo("G1 400 7\n");
            assertThat(printed(notebook, "new Pool(2).each(x -> System.out.println(look()), range(2));"))
                    .contains("] G1 400 7\n")
                    .doesNotContain("Picked up");
            assertThat(printed(
                            notebook, look("maxHeap(\"64m\").jvmOptions(\"-XX:+UseParallelGC\", \"-Dmy.option=8\")")))
                    .matches("PS 6\\d 8\n");
            assertThat(printed(notebook, look("jvmOptions(\"-XX:+UseSerialGC\")")))
                    .matches("Copy 3\\d\\d 7\n");
        }
    }

    @Test
    void strongestOptions_thatOverruleAHeap_areToldOnce() throws Exception {
        try (NotebookKernel notebook = kernel(Map.of("_JAVA_OPTIONS", "-XX:+UseG1GC -Xmx300m"))) {
            notebook.run(LOOK);
            String small = look("name(\"small\").maxHeap(\"64m\")");
            Execution first = notebook.run(small);
            assertThat(first.stdout()).isEqualTo("G1 300 null\n");
            assertThat(first.stderr())
                    .startsWith("warning: each worker of small has a heap of 300m, not of 64m: the environment's"
                            + " _JAVA_OPTIONS says so");
            assertThat(printed(notebook, small)).isEqualTo("G1 300 null\n");
            assertThat(notebook.error(look("jvmOptions(\"-XX:+UseParallelGC\")")))
                    .contains("Multiple garbage collectors selected")
                    .contains("what its environment adds to them: _JAVA_OPTIONS.");
        }
    }
}
