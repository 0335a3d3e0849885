package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@code %process stack} says of waits by way of several JVMs, in the notebook's names. */
@Timeout(180)
class ProcessStackIT {
    private static NotebookKernel notebook;

    @BeforeAll
    static void start() throws Exception {
        notebook = new NotebookKernel();
    }

    @AfterAll
    static void stop() {
        notebook.close();
    }

    private static String awaitStack(String process, String text) throws Exception {
        String stack = notebook.value("%process stack " + process);
        while (!stack.contains(text)) {
            stack = notebook.value("%process stack " + process);
        }
        return stack;
    }

    @Test
    void crossedLocks_areNamedByTheNotebooksVariables() throws Exception {
        notebook.run("var left = new Lock();\nvar right = new Lock();\nvar both = new Barrier(2);\nvar other = left;");
        notebook.run("left = new Lock();");
        notebook.run(
                """
                void cross(Lock mine, Lock wanted) throws Exception {
                    mine.lock();
                    both.await();
                    wanted.lock();
                }
                """);
        notebook.run("%%process one --async\ncross(left, right);");
        notebook.run("%%process two --async\ncross(right, left);");

        String stack = awaitStack("one", "Deadlock:");

        assertThat(stack)
                .containsPattern("\"task\" of one waits for Lock \\d+ \\(right\\), which \"task\" of two holds")
                .containsPattern("\"task\" of two waits for Lock \\d+ \\(left\\), which \"task\" of one holds")
                .containsPattern("\"task\" WAITING, waits for Lock \\d+ \\(right\\), which \"task\" of two holds")
                .containsPattern("at notebook\\.cross\\(In\\[\\d+\\]:4\\)")
                .doesNotContain("waits for java", "manyjvm.parallel.shared");
        notebook.run("right.unlock();"); // as the deadlock's words say
        notebook.run("%process join one --timeout 60s");
        notebook.run("%process join two --timeout 60s");
    }

    @Test
    void deadlockOfAProcessAndACell_isToldByAnotherThreadOfTheNotebook() throws Exception {
        notebook.run("var ours = new RLock();\nvar theirs = new RLock();\nvar held = new Event();");
        String told = notebook.run(
                        """
                        ours.lock();
                        var process = new Process(() -> { theirs.lock(); held.set(); ours.lock(); }).start();
                        var watcher = new Thread(() -> {
                            String stack = process.stack().toString();
                            while (!stack.contains("Deadlock:")) { stack = process.stack().toString(); }
                            System.out.println(stack);
                            process.kill();
                        });
                        watcher.start();
                        held.await();
                        theirs.lock();
                        watcher.join();
                        """)
                .stdout();
        assertThat(told)
                .containsPattern(
                        "\"task\" of Process-\\d+ waits for RLock \\d+ \\(ours\\), which \".+\" of MainProcess")
                .containsPattern(
                        "of MainProcess waits for RLock \\d+ \\(theirs\\), which \"task\" of Process-\\d+ holds");
        notebook.run("theirs.unlock();\nours.unlock();");
    }

    @Test
    void waitsThatAreNoDeadlock_tellWhatFor() throws Exception {
        notebook.run("var jobs = new Queue<Integer>();\nvar mine = new Lock();\nvar go = new Event();");
        notebook.run("%%process reader --async\njobs.get();");
        notebook.run("mine.lock();");
        notebook.run("%%process waiter --async\ngo.await(); mine.lock();");
        assertThat(awaitStack("reader", "waits for an element"))
                .containsPattern("waits for an element of Queue \\d+ \\(jobs\\)\n")
                .doesNotContain("Deadlock:");
        assertThat(awaitStack("waiter", "waits for the setting")).contains("(go)");
        notebook.run("go.set();");
        assertThat(awaitStack("waiter", "(mine)")).doesNotContain("Deadlock:");
        notebook.run("%pool start 1 --name stuck\nvar never = stuck.applyAsync(() -> jobs.get());");
        assertThat(awaitStack("stuck/1", "(jobs)")).contains("waits for an element of Queue");
        notebook.run("%pool terminate stuck");
        notebook.run("var total = Value.of(0);\ntotal.lock().lock();");
        notebook.run("%%process adder --async\ntotal.withLock(() -> total.set(1));");
        assertThat(awaitStack("adder", "(of total)")).containsPattern("waits for RLock \\d+ \\(of total\\), which ");
        notebook.run("%process kill reader\n%process kill waiter\n%process kill adder");
    }
}
