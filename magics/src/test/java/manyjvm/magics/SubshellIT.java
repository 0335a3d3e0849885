package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import manyjvm.kernel.runner.ExecuteRequest;
import manyjvm.kernel.runner.Execution;
import manyjvm.kernel.runner.JupyterClient.Channel;
import manyjvm.kernel.runner.JupyterClient.Conversation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a user does by a subshell while the notebook's cell is busy with workers. One kernel serves all tests. */
@Timeout(300)
final class SubshellIT {
    private static NotebookKernel notebook;
    private static String subshell;

    @BeforeAll
    static void start() throws Exception {
        notebook = new NotebookKernel();
        subshell = notebook.client().createSubshell(NotebookKernel.LONG);
    }

    @AfterAll
    static void stop() {
        notebook.close();
    }

    private static Execution beside(String code) throws Exception {
        try (Conversation cell =
                notebook.client().open(subshell, "execute_request", new ExecuteRequest(code).content())) {
            Execution execution = cell.execution(NotebookKernel.LONG, message -> {});
            assertThat(execution.status())
                    .as(() -> code + "\n" + NotebookKernel.traceback(execution) + execution.stderr())
                    .isEqualTo("ok");
            return execution;
        }
    }

    /** The cell waits for a process; the subshell looks where it is, sees its pool, and ends it. */
    @Test
    void processesAndPools_ofABusyCell_areSeenAndEndedByASubshell() throws Exception {
        notebook.run("%pool start 1");
        notebook.run("void hang() { while (true) { } }");
        notebook.run("%%process hanger --async\nhang();");
        try (Conversation busy = notebook.client().begin(new ExecuteRequest("%process join hanger\n\"joined\""))) {
            while (!busy.next(NotebookKernel.LONG).message().type().equals("execute_input")) {
                continue; // its busy
            }
            String stack = beside("%process stack hanger").result().orElseThrow();
            while (!stack.contains("notebook.hang(In[")) { // it may be starting still
                stack = beside("%process stack hanger").result().orElseThrow();
            }
            Execution status = beside("%pool status");
            assertThat(status.result().orElseThrow()).contains("pid");
            assertThat(status.outputs()).allMatch(output -> output.parentHeader()
                    .get("subshell_id")
                    .getAsString()
                    .equals(subshell));
            assertThat(beside("%pool map x -> x + 1 1..3").result()).contains("[2, 3, 4]");
            beside("%process kill hanger");

            Execution ended = busy.execution(NotebookKernel.LONG, message -> {});
            assertThat(ended.outputs())
                    .noneMatch(output -> output.parentHeader().has("subshell_id"));
        }
    }

    /** The cell waits for its pool's tasks, and these for the subshell. */
    @Test
    void poolOfABusyCell_isSeenBySubshell_whichLetsItGoOn() throws Exception {
        notebook.run("%pool start 2");
        notebook.run("var gate = new Event();\nint gated(int x) throws Exception { gate.await(); return x; }");
        try (Conversation busy = notebook.client().begin(new ExecuteRequest("%pool map gated 1..2"))) {
            String status = beside("%pool status").result().orElseThrow();
            while (!status.contains("map")) { // it may not have begun yet
                status = beside("%pool status").result().orElseThrow();
            }
            assertThat(beside("gate.set();\nint afterwards = 3;\nafterwards").result())
                    .contains("3");

            assertThat(busy.execution(NotebookKernel.LONG, message -> {}).result())
                    .contains("[1, 2]");
        }
    }

    /** The workers are the kernel's own processes: what they use is counted with it. */
    @Test
    void usage_withBusyWorkers_countsThem() throws Exception {
        notebook.run("%pool start 1");
        JsonObject before = usage();
        notebook.run("int burn(int x) { long end = System.nanoTime() + 1_000_000_000L;"
                + " while (System.nanoTime() < end) { } return x; }");
        notebook.run("%pool map burn 1..1");
        JsonObject after = usage();

        assertThat(before.get("kernel_memory").getAsLong()).isGreaterThan(80L << 20);
        assertThat(after.get("kernel_cpu").getAsDouble()).isGreaterThan(1);
    }

    private static JsonObject usage() throws Exception {
        return notebook.client()
                .request(Channel.CONTROL, "usage_request", new JsonObject(), NotebookKernel.LONG)
                .content();
    }
}
