package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import manyjvm.kernel.runner.ExecuteRequest;
import manyjvm.kernel.runner.Execution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Stop where a cell waits for workers, or for what they share; and calls back and forth between a pool and its callbacks. */
@Timeout(180)
class StopAnywhereIT {
    private static final Map<String, String> WAITS = new LinkedHashMap<>();

    static {
        WAITS.put("a queue", "there(); new Queue<Integer>().get();");
        WAITS.put("a barrier", "there(); new Barrier(2).await();");
        WAITS.put("a pipe", "var pipe = Pipe.duplex(); there(); pipe.first().recv();");
        WAITS.put("a lock of a worker", "there(); held.lock();");
        WAITS.put("an imap", "for (int each : crew.imap(x -> { Thread.sleep(600_000); return x; }, range(9))) {}");
        WAITS.put(
                "the close of a pool",
                "try (var busy = new Pool(1)) { busy.applyAsync((Action) () -> Thread.sleep(600_000)); there(); }");
        WAITS.put("a join", "var busy = new Process(() -> Thread.sleep(600_000)).start(); there(); busy.join();");
        WAITS.put(
                "a worker's worker",
                "crew.apply((Action) () -> { try (var inner = new Pool(1)) {"
                        + " inner.apply((Action) () -> { System.out.println(\"there\"); Thread.sleep(600_000); }); } });");
        WAITS.put(
                "an initializer",
                "var slow = Pool.builder().workers(1).initializer(() -> { System.out.println(\"there\");"
                        + " Thread.sleep(600_000); }).build();\nslow.apply(() -> 1);");
        WAITS.put(
                "a result's text",
                "new Object() { public String toString() { there(); try { Thread.sleep(600_000); }"
                        + " catch (InterruptedException stop) { return \"stopped\"; } return \"\"; } }");
    }

    @Test
    void stop_whereverACellWaits_endsItAndLeavesTheSessionWhole() throws Exception {
        List<String> wrong = new ArrayList<>();
        try (NotebookKernel notebook = new NotebookKernel()) {
            notebook.run(
                    "void there() { System.out.println(\"there\"); }\nvar crew = new Pool(2);\nvar held = new Lock();\n"
                            + "var holder = new Process(() -> { held.lock(); System.out.println(\"taken\"); Thread.sleep(600_000); }).start();");
            notebook.run("while (held.tryLock()) { held.unlock(); Thread.sleep(5); }");
            for (Map.Entry<String, String> wait : WAITS.entrySet()) {
                String code = wait.getKey().equals("an imap") ? "there(); " + wait.getValue() : wait.getValue();
                AtomicLong stopped = new AtomicLong();
                Execution ended = notebook.client().execute(new ExecuteRequest(code), NotebookKernel.LONG, message -> {
                    if (stopped.get() == 0
                            && message.message().content().toString().contains("there\\n")) {
                        stopped.set(System.nanoTime());
                        stop(notebook);
                    }
                });
                long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - stopped.get());
                if (stopped.get() == 0
                        || took > 20_000
                        || !ended.error().equals(Optional.of("Interrupted: the cell was interrupted"))) {
                    wrong.add(wait.getKey() + ": " + ended.status() + " " + took + " ms " + ended.error());
                }
                if (!notebook.value("crew.apply(() -> 6 * 7)").equals("42")) {
                    wrong.add(wait.getKey() + ": the pool is lost");
                }
            }
            notebook.run("holder.kill(); crew.close();");
        }
        assertThat(wrong).isEmpty();
    }

    private static void stop(NotebookKernel notebook) {
        try {
            notebook.client().interrupt(NotebookKernel.LONG);
        } catch (InterruptedException | TimeoutException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Test
    void callbacks_thatCloseTheirPoolOrSubmitAfterIt_endLikeAnyCode() throws Exception {
        try (NotebookKernel notebook = new NotebookKernel()) {
            notebook.run("var own = new Pool(1);\nvar done = new CountDownLatch(1);\n"
                    + "own.applyAsync(() -> 1, one -> { own.close(); done.countDown(); });\ndone.await();");
            assertThat(notebook.value("own.awaitTermination(60, TimeUnit.SECONDS)"))
                    .isEqualTo("true");
            assertThat(
                            notebook.value(
                                    "var late = new Pool(1);\nvar told = new CompletableFuture<String>();\n"
                                            + "late.applyAsync(() -> { Thread.sleep(300); return 1; }, one -> { try { late.apply(() -> 2); }"
                                            + " catch (Throwable refused) { told.complete(refused.getMessage()); } });\nlate.close();\ntold.get(60, TimeUnit.SECONDS)"))
                    .contains("is closed: make a new Pool");
            assertThat(notebook.error(
                            "var pieces = List.of(new Object[] {1}, new Object[] {new Thread()}, new Object[] {3});\n"
                                    + "var started = new ArrayList<Process>();\nfor (var piece : pieces) {\n"
                                    + "    started.add(new Process(() -> System.out.println(piece[0])).start());\n}"))
                    .contains("Thread");
            assertThat(
                            notebook.value(
                                    "for (var one : started) { one.join(); }\nstarted.size() + \" \" + started.get(0).exitCode()"))
                    .isEqualTo("1 0");
            assertThat(
                            notebook.value(
                                    "Parallel.activeChildren().stream().filter(each -> each.name().startsWith(\"Process\")).count()"))
                    .isEqualTo("0");
        }
    }
}
