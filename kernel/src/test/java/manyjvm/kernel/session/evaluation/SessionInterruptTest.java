package manyjvm.kernel.session.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import manyjvm.kernel.session.Session;
import manyjvm.kernel.session.Session.Outcome;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class SessionInterruptTest {
    private static final SessionFixture cells = new SessionFixture();

    /** Cells reach it through the system properties, the one map that both sides see. */
    private static final CountDownLatch NEVER = new CountDownLatch(1);

    @BeforeAll
    static void start() {
        Map<Object, Object> shared = System.getProperties();
        shared.put("never", NEVER);
        cells.value("void running() { ((CountDownLatch) System.getProperties().get(\"running\")).countDown(); }");
    }

    @AfterAll
    static void close() {
        System.getProperties().remove("never");
        System.getProperties().remove("running");
        cells.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "while (true) {}",
                "for (;;) {}",
                "long i = 0; while (true) i++;",
                "do { } while (true);",
                "while (true) { try { Integer.parseInt(\"x\"); } catch (Throwable t) { } }",
                "while (true) { try { while (true) { } } catch (Throwable t) { } }",
                "while (true) { try { Integer.parseInt(\"x\"); } finally { continue; } }",
                "outer: while (true) { for (int k = 0; k < 3; k++) { if (k == 1) continue outer; } }",
                "int spin(int n) { try { return spin(n); } catch (Throwable t) { return spin(n); } }\nspin(1);",
                "Runnable busy = () -> { while (true) { } };\nbusy.run();",
                "class Busy { Busy() { while (true) { } } }\nnew Busy();",
                "java.util.stream.IntStream.iterate(0, n -> n + 1).forEach(n -> { });",
                "Thread.sleep(3_600_000);",
                "((CountDownLatch) System.getProperties().get(\"never\")).await();",
                "new java.util.concurrent.LinkedBlockingQueue<Integer>().take();",
                "Object monitor = new Object(); synchronized (monitor) { monitor.wait(); }"
            })
    void endlessCell_ends(String code) throws Exception {
        assertThat(interrupted("running();\n" + code + "\nSystem.out.println(\"went on\");"))
                .isInstanceOf(Outcome.Interrupted.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(cells.out).doesNotContain("went on");
        assertThat(cells.value("int sum = 0;\nfor (int k = 0; k < 1000; k++) sum += k;\nsum"))
                .isEqualTo(499_500);
    }

    @Test
    void exceptionThatTheUserCatches_isNotTheInterrupt() throws Exception {
        Outcome outcome = interrupted(
                "running();\nwhile (true) { try { Thread.sleep(10); } catch (Exception e) { System.out.print(\"caught\"); } }");
        assertThat(outcome).isInstanceOf(Outcome.Interrupted.class);
    }

    @Test
    void threadsOfTheCell_stop() throws Exception {
        interrupted("Thread child1 = new Thread(() -> { while (true) { } });\nchild1.start();\n"
                + "Thread child2 = new Thread(() -> { try { Thread.sleep(3_600_000); } catch (InterruptedException e) { } });\nchild2.start();\n"
                + "running();\nwhile (true) { }");
        assertThat(cells.value("child1.join(60_000);\nchild2.join(60_000);\nchild1.isAlive() || child2.isAlive()"))
                .isEqualTo(false);
        assertThat(cells.err).doesNotContain("CellStopped");
    }

    @Test
    void threadsOfEarlierCells_goOn() throws Exception {
        cells.value(
                "var ticks = new java.util.concurrent.atomic.AtomicLong();\nvar quit = new java.util.concurrent.atomic.AtomicBoolean();\n"
                        + "Thread ticker = new Thread(() -> { while (!quit.get()) ticks.incrementAndGet(); });\nticker.start();");
        interrupted("running();\nwhile (true) { }");
        assertThat(cells.value("long before = ticks.get();\nwhile (ticks.get() < before + 1000) { }\nticker.isAlive()"))
                .isEqualTo(true);
        assertThat(cells.value("quit.set(true);\nticker.join(60_000);\nticker.isAlive()"))
                .isEqualTo(false);
    }

    @Test
    void commonPool_stopsToo() throws Exception {
        interrupted("running();\nIntStream.range(0, 8).parallel().forEach(n -> { while (true) { } });");
        assertThat(cells.value("IntStream.range(0, 100).parallel().sum()")).isEqualTo(4950);
    }

    @Test
    void interruptWithoutACell_leavesTheNextAlone() {
        cells.session.interrupt();
        assertThat(cells.value("int sum2 = 0;\nfor (int k = 0; k < 10; k++) sum2 += k;\nsum2"))
                .isEqualTo(45);
    }

    @Test
    void frames_tellWhereItWas() throws Exception {
        Outcome.Interrupted outcome =
                (Outcome.Interrupted) interrupted("void lost() {\n  running(); while (true) { } }\nlost();");
        assertThat(outcome.traceback().toString()).contains("lost(In[").contains(":2)");
    }

    @Test
    void compilerSurvivesManyInterrupts() throws Exception {
        for (int i = 0; i < 10; i++) {
            CompletableFuture<Outcome> cell = new CompletableFuture<>();
            String code = "class Fresh" + i + " { int a; }\nint fresh" + i + " = 1;\nThread.sleep(20);\nnew Fresh" + i
                    + "().a";
            Thread thread = new Thread(() -> cell.complete(cells.run(code)), "cell");
            thread.start();
            while (!cell.isDone()) {
                cells.session.interrupt();
                Thread.onSpinWait();
            }
            cell.get(60, TimeUnit.SECONDS);
            thread.join();
        }
        assertThat(cells.value("import java.time.*;\nDuration.ofSeconds(1).toMillis()"))
                .isEqualTo(1000L);
    }

    @Test
    void questions_areAnsweredWhileACellRuns() throws Exception {
        CountDownLatch running = announce();
        CompletableFuture<Outcome> cell = new CompletableFuture<>();
        Thread thread =
                new Thread(() -> cell.complete(cells.run("int known1 = 7;\nrunning();\nwhile (true) { }")), "cell");
        thread.start();
        assertThat(running.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(cells.session.complete("known", 5).matches()).contains("known1");
        assertThat(cells.session.complete("\"\".isBl", 7).matches()).anyMatch(name -> name.startsWith("isBlank"));
        assertThat(cells.session.inspect("known1", 3, 0)).isPresent();
        assertThat(cells.session.isComplete("int x = 3;").state()).isEqualTo(Session.Completeness.State.COMPLETE);
        assertThat(cell).isNotDone();
        cells.session.interrupt();
        assertThat(cell.get(60, TimeUnit.SECONDS)).isInstanceOf(Outcome.Interrupted.class);
        thread.join();
    }

    private static CountDownLatch announce() {
        CountDownLatch running = new CountDownLatch(1);
        System.getProperties().put("running", running);
        return running;
    }

    /** Runs the cell on this thread, and interrupts it once it says that it runs. */
    private static Outcome interrupted(String code) throws Exception {
        CountDownLatch running = announce();
        Thread interrupter = new Thread(
                () -> {
                    try {
                        if (running.await(60, TimeUnit.SECONDS)) {
                            cells.session.interrupt();
                        }
                    } catch (InterruptedException ended) {
                        Thread.currentThread().interrupt();
                    }
                },
                "interrupter");
        interrupter.start();
        try {
            return cells.run(code);
        } finally {
            interrupter.interrupt();
            interrupter.join();
        }
    }
}
