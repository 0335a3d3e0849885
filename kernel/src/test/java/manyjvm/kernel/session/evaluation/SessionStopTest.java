package manyjvm.kernel.session.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import manyjvm.kernel.session.Session;
import manyjvm.kernel.session.Session.Outcome;
import manyjvm.kernel.spi.Magic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;

/** A stop in each phase of a cell, at a known moment of it; and interrupts that users' own code sends. */
@Timeout(120)
class SessionStopTest {
    private static final int CLASSES = 40;
    private static final SessionFixture cells = new SessionFixture();

    /** What the session asks on its way through a cell, and a test answers once. */
    private static volatile Runnable onMagics = () -> {};

    private static volatile Runnable onRewrite = () -> {};
    private static volatile Runnable onLoad = () -> {};

    @TempDir
    static Path folder;

    private static int fresh;

    enum Phase {
        BEFORE_THE_CODE,
        SCANNING,
        REWRITING,
        COMPILING,
        LOADING,
        RUNNING,
        SHOWING_A_FURTHER_VALUE,
        TELLING_OF_AN_EXCEPTION,
        SHOWING_THE_RESULT,
        AN_EXPRESSION_OF_THE_FRONT_END
    }

    @BeforeAll
    static void start() throws Exception {
        cells.magics.add(new Magic() {
            @Override
            public String name() {
                onMagics.run();
                return "one";
            }

            @Override
            public Rewritten rewrite(Call call) {
                onRewrite.run();
                return Rewritten.expression("1");
            }

            @Override
            public String usage() {
                return "%one   is one";
            }
        });
        cells.classTransforms.add((name, classFile) -> {
            onLoad.run();
            return classFile;
        });
        cells.value(
                "%classpath " + jar() + "\nint kept = 41;\nString text = \"old\";\nint twice(int x) { return 2 * x; }\n"
                        + "import java.time.*;\n%show all");
    }

    @AfterAll
    static void close() {
        cells.close();
    }

    @ParameterizedTest
    @EnumSource(Phase.class)
    void stop_inAnyPhase_endsTheCellAndLeavesTheSessionWhole(Phase phase) throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        System.getProperties().put("running", running);
        String announce = "((CountDownLatch) System.getProperties().get(\"running\")).countDown();";
        Thread stopper = new Thread(() -> {
            try {
                if (phase == Phase.COMPILING
                        ? awaitCompiler(Thread.currentThread())
                        : running.await(60, TimeUnit.SECONDS)) {
                    cells.session.interrupt();
                }
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        });
        Outcome outcome = null;
        try (Session.Run run = cells.session.begin(700, () -> {})) {
            switch (phase) {
                case BEFORE_THE_CODE -> {
                    cells.session.interrupt();
                    outcome = run.run("kept = 0;", value -> {});
                }
                case SCANNING -> {
                    onMagics = once(() -> onMagics = () -> {});
                    outcome = run.run("%one\nkept = 0;", value -> {});
                }
                case REWRITING -> {
                    onRewrite = once(() -> onRewrite = () -> {});
                    outcome = run.run("int kept = %one\nkept = 0;", value -> {});
                }
                case COMPILING -> {
                    evaluating = Thread.currentThread();
                    stopper.start();
                    outcome = run.run(heavy() + "kept = 0;", value -> {});
                }
                case LOADING -> {
                    onLoad = once(() -> onLoad = () -> {});
                    outcome = run.run("int kept = 7;", value -> {});
                }
                case RUNNING -> {
                    stopper.start();
                    outcome = run.run(
                            "int kept = new Object() { int n() throws Exception { " + announce
                                    + " Thread.sleep(3_600_000); return 0; } }.n();",
                            value -> {});
                }
                case SHOWING_A_FURTHER_VALUE -> {
                    stopper.start();
                    outcome = run.run("1 + 1\nkept = 0;", value -> sleep(running));
                }
                case TELLING_OF_AN_EXCEPTION -> {
                    stopper.start();
                    outcome = run.run(
                            "throw new Exception() { public String getMessage() { " + announce
                                    + " while (true) { } } };",
                            value -> {});
                }
                case SHOWING_THE_RESULT -> {
                    stopper.start();
                    outcome = run.run(
                            "class Slow { public String toString() { " + announce + " while (true) { } } }\nnew Slow()",
                            value -> {});
                    assertThat(outcome).isInstanceOf(Outcome.Done.class);
                    Object slow = ((Outcome.Done) outcome).value().orElseThrow();
                    outcome = run.show(slow::toString);
                }
                case AN_EXPRESSION_OF_THE_FRONT_END -> {
                    stopper.start();
                    assertThat(run.run("int spin() { " + announce + " while (true) { } }", value -> {}))
                            .isInstanceOf(Outcome.Done.class);
                    outcome = run.evaluate("spin()");
                }
            }
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            assertThat(run.show(() -> "late")).isInstanceOf(Outcome.Interrupted.class);
        } finally {
            stopper.interrupt();
            stopper.join();
        }
        assertThat(outcome).isInstanceOf(Outcome.Interrupted.class);
        assertWhole();
    }

    private static volatile Thread evaluating;

    private static boolean awaitCompiler(Thread waiting) {
        while (!waiting.isInterrupted()) {
            if (Arrays.stream(evaluating.getStackTrace())
                    .anyMatch(frame -> frame.getClassName().startsWith("com.sun.tools.javac.comp.Attr"))) {
                return true;
            }
        }
        return false;
    }

    /** An action that stops the cell, once, on the thread that compiles. */
    private static Runnable once(Runnable undo) {
        return () -> {
            undo.run();
            cells.session.interrupt();
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        };
    }

    private static void sleep(CountDownLatch running) {
        running.countDown();
        try {
            Thread.sleep(3_600_000);
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }

    private static String heavy() {
        return IntStream.range(0, 100)
                .mapToObj(i -> "static int f" + i + "(List<Integer> all) { return all.stream().map(x -> x + " + i
                        + ").filter(x -> x % 2 == 0).mapToInt(x -> x).sum(); }")
                .collect(Collectors.joining("\n", "class Heavy {\n", "\n}\n"));
    }

    /** Asks for a class of the jar that nobody has read so far. */
    private static void assertWhole() {
        int number = fresh++;
        assertThat(cells.value("kept + text + twice(3) + Duration.ofSeconds(1) + lib.p" + number + ".C" + number
                        + ".class.getSimpleName()"))
                .isEqualTo("41old6PT1SC" + number);
    }

    @Test
    void stopBeforeTheSessionHasStarted_endsTheCellAtOnce() throws Exception {
        CountDownLatch starting = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        try (SessionFixture slow = new SessionFixture()) {
            slow.magics.add(SessionFixture.timesMagic());
            slow.classTransforms.add((name, classFile) -> {
                starting.countDown();
                try {
                    stopped.await(60, TimeUnit.SECONDS);
                } catch (InterruptedException impossible) {
                    throw new IllegalStateException(impossible);
                }
                return classFile;
            });
            slow.session.warmUp();
            assertThat(starting.await(60, TimeUnit.SECONDS)).isTrue();
            Thread stopper = new Thread(() -> {
                Thread cell = evaluating;
                while (cell.getState() != Thread.State.WAITING) {
                    Thread.onSpinWait();
                }
                slow.session.interrupt();
            });
            evaluating = Thread.currentThread();
            stopper.start();
            assertThat(slow.run("1 + 1")).isInstanceOf(Outcome.Interrupted.class);
            stopped.countDown();
            stopper.join();
            assertThat(slow.value("1 + 1")).isEqualTo(2);
        }
    }

    /** A pool cancels the work that the cell waits for, and the cell throws, before its thread is interrupted. */
    @Test
    void cellThatEndsByWhatAStopBringsAbout_isStoppedNotFailed() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CompletableFuture<Object> work = new CompletableFuture<>();
        System.getProperties().put("running", running);
        System.getProperties().put("work", work);
        CompletableFuture<Outcome> cell = new CompletableFuture<>();
        Thread thread = new Thread(() ->
                cell.complete(cells.run("((CountDownLatch) System.getProperties().get(\"running\")).countDown();\n"
                        + "((CompletableFuture<?>) System.getProperties().get(\"work\")).join();")));
        thread.start();
        assertThat(running.await(60, TimeUnit.SECONDS)).isTrue();
        cells.session.interrupt(() -> {
            work.cancel(true);
            // Its code has ended by the time that it would be interrupted: its end waits for the stop's.
            while (thread.getState() != Thread.State.BLOCKED) {
                Thread.onSpinWait();
            }
        });
        assertThat(cell.get(60, TimeUnit.SECONDS)).isInstanceOf(Outcome.Interrupted.class);
        thread.join();
        System.getProperties().remove("work");
        assertWhole();
    }

    @Test
    void declarationWhoseInitialiserFails_leavesTheVariableAsItWas() {
        cells.value("int number = 5;\nvar numbers = new ArrayList<>(List.of(1));\nint next() { return number + 1; }");
        cells.failure("int number = Integer.parseInt(\"bad\");");
        assertThat(cells.value("next()")).isEqualTo(6);
        cells.failure("String number = String.valueOf(Integer.parseInt(\"bad\"));");
        assertThat(cells.value("number + next()")).isEqualTo(11);
        cells.failure("var numbers = List.of(1 / (number - 5));");
        assertThat(cells.value("numbers.add(2);\nnumbers.toString()")).isEqualTo("[1, 2]");
        cells.failure("int number = 7, other = 1 / 0;");
        assertThat(cells.value("number")).isEqualTo(7);
    }

    @Test
    void interruptsOfTheUsersOwn_atAnyTime_meetNoCompiler() throws Exception {
        cells.value("var quit = new java.util.concurrent.atomic.AtomicBoolean();\nThread me = Thread.currentThread();\n"
                + "Thread timer = new Thread(() -> { while (!quit.get()) { me.interrupt(); Thread.onSpinWait(); } });\n"
                + "timer.start();");
        for (int i = 0; i < 5; i++) {
            assertWhole();
        }
        cells.value("quit.set(true);");
        cells.value("while (timer.isAlive()) { Thread.onSpinWait(); }");
        assertThat(cells.value("Thread.currentThread().isInterrupted()")).isEqualTo(false);
        assertWhole();
    }

    @Test
    void interruptFlagThatACellSets_staysForItsNextStatementsAlone() {
        assertThat(cells.value("Thread.currentThread().interrupt();\nint n = lib.p39.C39.class.getName().length();\n"
                        + "Thread.currentThread().isInterrupted()"))
                .isEqualTo(true);
        assertThat(cells.value("Thread.currentThread().isInterrupted()")).isEqualTo(false);
        assertWhole();
    }

    @Test
    void interruptOfAllThreadsOfTheUsers_meetsNoneOfTheKernel() {
        cells.value("Thread.currentThread().getThreadGroup().interrupt();");
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertWhole();
    }

    @Test
    void threadsThatLoadClassesUnderTheInterruptFlag_closeNoJar() throws Exception {
        assertThat(cells.value("var failures = new java.util.concurrent.ConcurrentLinkedQueue<Throwable>();\n"
                        + "Thread[] threads = new Thread[4];\n"
                        + "for (int i = 0; i < 4; i++) {\n    int n = 35 + i;\n    threads[i] = new Thread(() -> {\n"
                        + "        Thread.currentThread().interrupt();\n        try {\n"
                        + "            Class.forName(\"lib.p\" + n + \".C\" + n, true, Thread.currentThread().getContextClassLoader());\n"
                        + "            Thread.currentThread().getContextClassLoader().getResourceAsStream(\"lib/p\" + n + \"/C\" + n + \".class\").readAllBytes();\n"
                        + "        } catch (Throwable t) { failures.add(t); }\n    });\n    threads[i].start();\n}\n"
                        + "for (Thread one : threads) one.join();\nfailures.toString()"))
                .isEqualTo("[]");
        assertWhole();
    }

    private static Path jar() throws Exception {
        Path file = folder.resolve("lib.jar");
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out)) {
            for (int i = 0; i < CLASSES; i++) {
                String name = "lib/p" + i + "/C" + i;
                ClassWriter type = new ClassWriter(0);
                type.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, name, null, "java/lang/Object", null);
                type.visitEnd();
                jar.putNextEntry(new ZipEntry(name + ".class"));
                jar.write(type.toByteArray());
            }
        }
        return file;
    }
}
