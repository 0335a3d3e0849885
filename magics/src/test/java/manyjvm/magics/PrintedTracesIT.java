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
