package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import manyjvm.kernel.runner.Execution;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stack traces that code prints, here and in workers, and the text of objects that are shown. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class PrintedTracesIT {
    private static NotebookKernel notebook;

    @BeforeAll
    static void start() throws Exception {
        notebook = new NotebookKernel();
        notebook.run(
                """
                class Boo extends RuntimeException { Boo(Throwable c) { super("outer", c); } }
                int f(int x) { if (x > 1) throw new IllegalStateException("bad " + x); return x; }
                void g(int x) { try { f(x); } catch (Exception e) { throw new Boo(e); } }
                void show(int x) { try { g(x); } catch (Exception e) { e.printStackTrace(); } }
                var pool = new Pool(1);
                """);
    }

    @AfterAll
    static void stop() {
        notebook.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "show(3);",
                "try { g(3); } catch (Exception e) { e.printStackTrace(System.out); }",
                "var sw = new java.io.StringWriter(); try { g(3); } catch (Exception e) { e.printStackTrace(new java.io.PrintWriter(sw)); } System.out.println(sw);",
                "var t = new Thread(() -> g(5)); t.start(); t.join();",
                "try { g(3); } catch (Exception e) { java.util.logging.Logger.getLogger(\"x\").log(java.util.logging.Level.WARNING, \"oops\", e); }",
                "pool.each(x -> show(x), List.of(7));",
                "var told = new java.util.concurrent.CountDownLatch(1); pool.applyAsync(() -> f(1), v -> { told.countDown(); g(9); }); told.await(); pool.close(); pool = new Pool(1);",
                "var p = new Process(() -> g(6)).start(); p.join();",
            })
    void printedTrace_namesTheCellsLinesOnly(String code) throws Exception {
        Execution execution = notebook.run(code);

        assertThat(execution.stderr() + execution.stdout())
                .contains("Boo: outer", "at g(In[1]:3)", "Caused by: java.lang.IllegalStateException: bad")
                .contains("at f(In[1]:2)")
                .doesNotContain("REPL", "manyjvm", "jdk.internal", "do_it", "$");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "throw new Mute();",
                "pool.apply(() -> { throw new Mute(); })",
                "for (var r : pool.imap(x -> { throw new Mute(); }, List.of(1))) {}",
                "pool.applyAsync(() -> { throw new Mute(); }).get()",
            })
    void exceptionsThatCannotTellWhatTheyAre_areToldByTheirName(String code) throws Exception {
        notebook.run("class Mute extends RuntimeException { public String getMessage() { throw new Error(); } }");
        Execution execution = notebook.client().execute(code, NotebookKernel.LONG);
        assertThat(NotebookKernel.traceback(execution))
                .contains("Mute: (its ", "at In[")
                .doesNotContain("session failed", "REPL", "manyjvm.kernel");
    }

    @Test
    void failuresOfOthersThreads_areToldOnce() throws Exception {
        Execution execution = notebook.client().execute("pool.applyAsync(() -> f(9)).get()", NotebookKernel.LONG);
        assertThat(NotebookKernel.traceback(execution))
                .containsOnlyOnce("Caused by: ")
                .contains("Caused by: java.lang.IllegalStateException: bad 9", "at f(In[1]:2)");
        execution = notebook.client()
                .execute(
                        "Pool.builder().workers(1).initializer(() -> f(9)).build().apply(() -> 3)",
                        NotebookKernel.LONG);
        assertThat(NotebookKernel.traceback(execution)).containsOnlyOnce("Caused by: ");
        assertThat(notebook.run(
                                "int deep(int n) { return deep(n + 1) + 1; }\nvar over = new Process(() -> deep(0)).start(); over.join();")
                        .stderr())
                .contains("at deep(In[", "more times")
                .hasLineCount(3);
    }

    @Test
    void objectsWithoutText_haveTheNamesOfTheCells() throws Exception {
        notebook.run("class Plain { class In {} }");
        assertThat(notebook.value("new Plain()")).matches("Plain@[0-9a-f]+");
        assertThat(notebook.value("List.of(new Plain().new In())")).matches("\\[Plain\\.In@[0-9a-f]+\\]");
        assertThat(notebook.value("Plain.class")).isEqualTo("class Plain");
        notebook.run("class Übung {}\nsealed interface Größe { final class Sq implements Größe {} }\n"
                + "non-sealed class Rest implements Größe {}");
        for (String made : new String[] {"Übung", "Größe.Sq", "Rest"}) {
            assertThat(notebook.value("new " + made + "()")).matches("(?U)" + made + "@[0-9a-f]+");
            assertThat(notebook.run("System.out.println(new " + made + "())").stdout())
                    .matches("(?U)" + made + "@[0-9a-f]+\n");
        }
        String steps = "  at work\n".repeat(9);
        assertThat(notebook.run("System.out.print(\"  at work\\n\".repeat(9))").stdout())
                .isEqualTo(steps);
        assertThat(notebook.value("Runnable nothing = () -> {}; nothing")).matches("lambda@[0-9a-f]+");
        assertThat(notebook.value("zip(range(2), repeat(1))")).isEqualTo("zip([0, 1], repeat(1))");
        assertThat(notebook.value("Pool.builder()")).doesNotContain("@");
        assertThat(notebook.run(
                                "System.out.println(new Plain()); pool.each(x -> System.out.println(new Plain()), range(1));")
                        .stdout())
                .matches("Plain@[0-9a-f]+\\n(\\[1\\] )?Plain@[0-9a-f]+\\n");
        assertThat(notebook.run("%who").stdout()).contains("nothing = a lambda").doesNotContain("Lambda.");
        assertThat(notebook.error("String text = (String) (Object) new Plain();"))
                .doesNotContain("loader");
    }

    @Test
    void asynchronousResults_sayHowFarTheyAre() throws Exception {
        notebook.run("var results = pool.imap(x -> x, List.of(1, 2, 3));");
        assertThat(notebook.value("results")).startsWith("imap: 0 read, ").doesNotContain("@");
        notebook.run("results.next(); results.next(); results.next(); results.hasNext()");
        assertThat(notebook.value("results")).isEqualTo("imap: 3 read, 0 ready, 0 in work");
        assertThat(notebook.value("%pool imap f Stream.iterate(0, x -> x + 1)")).contains("more to come");
        assertThat(notebook.value("pool.applyAsync(() -> { Thread.sleep(600_000); return 1; })"))
                .isEqualTo("applyAsync, not ready yet");
        notebook.run("pool.interrupt(); var done = pool.mapAsync(x -> x, List.of(1, 2)); done.get();");
        assertThat(notebook.value("done")).isEqualTo("mapAsync: 2 of 2 items done, ready");
        notebook.run("var failed = pool.applyAsync(() -> f(5)); try { failed.get(); } catch (Exception e) {}");
        assertThat(notebook.value("failed")).isEqualTo("applyAsync, failed");
        assertThat(notebook.value("failed.thenApply(x -> x)")).isEqualTo("result, failed");
        assertThat(notebook.value("pool.chunk(2)")).endsWith(" with other settings");
        for (String shared : new String[] {
            "new Queue<>()",
            "new SimpleQueue<>()",
            "new JoinableQueue<>()",
            "new Lock()",
            "new RLock()",
            "new Event()",
            "new Semaphore(1)",
            "new BoundedSemaphore(1)",
            "new Condition()",
            "new Barrier(2)",
            "Pipe.create()",
            "new Manager()",
            "new Manager().list()",
            "new Manager().map()",
            "new Manager().namespace()"
        }) {
            Execution made = notebook.client().execute("String.valueOf(" + shared + ")", NotebookKernel.LONG);
            if (made.status().equals("ok")) {
                assertThat(made.result().orElse("")).as(shared).doesNotContain("manyjvm.", "@");
            }
        }
    }
}
