package manyjvm.parallel;

import static manyjvm.parallel.Parallel.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Events that {@link FailureMatrixIT}, which crosses places with kinds, has no cell for. */
@Timeout(120)
class FailureEventsIT {
    @RegisterExtension
    final NoLeftovers leftovers = new NoLeftovers();

    // ---------------------------------------------------------------- exceptions that are trouble themselves

    /** Throws from everything that can be overridden. */
    static final class HostileException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        HostileException(String message) {
            super(message);
        }

        @Override
        public String getMessage() {
            throw new IllegalStateException("no message");
        }

        @Override
        public synchronized Throwable getCause() {
            throw new IllegalStateException("no cause");
        }

        @Override
        public StackTraceElement[] getStackTrace() {
            throw new IllegalStateException("no frames");
        }

        @Override
        public String toString() {
            throw new IllegalStateException("no text");
        }

        private void writeObject(java.io.ObjectOutputStream out) throws IOException {
            throw new java.io.NotSerializableException("not this one");
        }
    }

    @Test
    void exceptionThatThrowsItself_isToldByItsName() {
        try (Pool pool = new Pool(1)) {
            long pid = pool.apply(() -> ProcessHandle.current().pid());
            assertThatThrownBy(() -> pool.apply((Action) () -> {
                        throw new HostileException("hidden");
                    }))
                    .isInstanceOf(TaskFailedException.class)
                    .hasMessageContaining("HostileException");
            assertThat((long) pool.apply(() -> ProcessHandle.current().pid())).isEqualTo(pid);
        }
    }

    /** Makes the class file of {@code public class OnlyThere extends RuntimeException}, which no class path has. */
    static byte[] classOnlyThere() {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeInt(0xCAFEBABE);
            out.writeInt(61);
            out.writeShort(10);
            utf8(out, "OnlyThere"); // 1
            reference(out, 7, 1); // 2: class
            utf8(out, "java/lang/RuntimeException"); // 3
            reference(out, 7, 3); // 4: class
            utf8(out, "<init>"); // 5
            utf8(out, "()V"); // 6
            utf8(out, "Code"); // 7
            out.writeByte(12); // 8: name and type
            out.writeShort(5);
            out.writeShort(6);
            out.writeByte(10); // 9: method
            out.writeShort(4);
            out.writeShort(8);
            out.writeShort(0x21);
            out.writeShort(2);
            out.writeShort(4);
            out.writeInt(0); // no interfaces, no fields
            out.writeShort(1);
            out.writeShort(1);
            out.writeShort(5);
            out.writeShort(6);
            out.writeShort(1);
            out.writeShort(7);
            out.writeInt(17);
            out.writeShort(1);
            out.writeShort(1);
            out.writeInt(5);
            out.write(new byte[] {0x2a, (byte) 0xb7, 0, 9, (byte) 0xb1}); // aload_0, invokespecial, return
            out.writeInt(0);
            out.writeShort(0);
            return bytes.toByteArray();
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void utf8(DataOutputStream out, String text) throws IOException {
        out.writeByte(1);
        out.writeUTF(text);
    }

    private static void reference(DataOutputStream out, int tag, int index) throws IOException {
        out.writeByte(tag);
        out.writeShort(index);
    }

    static void throwOnlyThere() throws Exception {
        byte[] bytes = classOnlyThere();
        Class<?> made = new ClassLoader(FailureEventsIT.class.getClassLoader()) {
            Class<?> make() {
                return defineClass("OnlyThere", bytes, 0, bytes.length);
            }
        }.make();
        throw (RuntimeException) made.getDeclaredConstructor().newInstance();
    }

    @Test
    void exceptionWhoseClassTheDriverLacks_keepsNameMessageAndFrames() {
        try (Pool pool = new Pool(1)) {
            assertThatThrownBy(() -> pool.map(
                            x -> {
                                if (x == 1) {
                                    throwOnlyThere();
                                }
                                return x;
                            },
                            range(3)))
                    .isInstanceOfSatisfying(TaskFailedException.class, failure -> {
                        assertThat(failure.getMessage())
                                .contains("item 1 of map")
                                .contains("OnlyThere");
                        assertThat((Object) failure.results()).isEqualTo(java.util.Arrays.asList(0, null, 2));
                    })
                    .hasStackTraceContaining("throwOnlyThere");
        }
    }

    // ---------------------------------------------------------------- worker and driver at their limits

    @SuppressWarnings("InfiniteRecursion")
    static int recurse(int depth) {
        System.out.println("depth " + depth);
        return recurse(depth + 1) + 1;
    }

    @Test
    void recursionThatPrints_losesNoLineAndNoWorker() {
        try (Pool pool = Pool.builder().workers(1).jvmOptions("-Xss300k").build()) {
            long pid = pool.apply(() -> ProcessHandle.current().pid());
            for (int round = 0; round < 25; round++) {
                leftovers.sink().clear();
                assertThatThrownBy(() -> pool.apply(() -> recurse(0)))
                        .isInstanceOf(TaskFailedException.class)
                        .hasCauseInstanceOf(StackOverflowError.class);
                List<String> lines = leftovers.sink().out().lines().toList();
                for (int depth = 0; depth < lines.size() - 1; depth++) { // the end struck while the last was printed
                    assertThat(lines.get(depth)).isEqualTo("[1] depth " + depth);
                }
                assertThat((int) pool.apply(() -> 7)).isEqualTo(7);
            }
            assertThat((long) pool.apply(() -> ProcessHandle.current().pid())).isEqualTo(pid);
        }
    }

    /** Its workers' results are larger than its heap. */
    static final class SmallProgram {
        public static void main(String[] arguments) {
            try (Pool pool = Pool.builder().workers(2).maxHeap("256m").build()) {
                List<Object> items = new ArrayList<>(range(4));
                Throwable thrown = catchThrowable(
                        () -> pool.chunk(1).map(x -> x.equals(2) ? (Object) new byte[48 << 20] : x, items));
                System.out.println(thrown.getClass().getSimpleName() + ": " + thrown.getMessage());
                System.out.println(((TaskFailedException) thrown).results());
                System.out.println(pool.map(x -> x * x, range(4)));
            }
        }
    }

    /** Its process says more than fits into its heap. */
    static final class SmallProgramWithAProcess {
        public static void main(String[] arguments) throws InterruptedException {
            Queue<Object> queue = new Queue<>();
            Process process = Process.builder()
                    .target(() -> queue.put(new byte[48 << 20]))
                    .name("large")
                    .maxHeap("256m")
                    .start();
            process.join();
            System.out.println(process);
        }
    }

    @Test
    void messageOfAProcess_largerThanTheDriversHeap_isToldAsWhyItWasKilled() throws Exception {
        assertThat(saidWithLittleHeap(SmallProgramWithAProcess.class))
                .containsPattern("large \\(pid \\d+\\) was killed: .* did not fit into ")
                .contains("large (exit code -9)");
    }

    @Test
    void resultLargerThanTheDriversHeap_failsItsItemOnly() throws Exception {
        assertThat(saidWithLittleHeap(SmallProgram.class))
                .containsPattern("WorkerDiedException: Pool-1 worker [12] \\(pid \\d+\\) was killed \\(a message")
                .contains("item 2 of map")
                .contains("did not fit into the heap of", "the JVM that reads it: send less at a time")
                .contains("[0, 1, null, 3]")
                .contains("[0, 1, 4, 9]");
    }

    private static String saidWithLittleHeap(Class<?> main) throws Exception {
        java.lang.Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx40m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        main.getName())
                .redirectErrorStream(true)
                .start();
        CompletableFuture<String> output = CompletableFuture.supplyAsync(() -> {
            try {
                return new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        });
        boolean ended = program.waitFor(60, TimeUnit.SECONDS);
        program.destroyForcibly();
        String said = output.get(10, TimeUnit.SECONDS);
        assertThat(ended).as(said).isTrue();
        assertThat(program.exitValue()).as(said).isZero();
        return said;
    }

    private static Pool.Builder small() {
        return Pool.builder().workers(2).maxHeap("32m");
    }

    @Test
    void itemLargerThanTheWorkersHeap_failsAlone() {
        List<Object> items = new ArrayList<>(range(4));
        items.set(2, new byte[24 << 20]);
        try (Pool pool = small().build()) {
            assertThatThrownBy(() -> pool.chunk(1).map(x -> x instanceof byte[] ? (Object) 0 : x, items))
                    .isInstanceOfSatisfying(WorkerDiedException.class, death -> {
                        assertThat(death.reason()).isEqualTo("out of memory");
                        assertThat(death.getMessage())
                                .contains("before it began item 2 of map")
                                .contains("maxHeap");
                        assertThat((Object) death.results()).isEqualTo(java.util.Arrays.asList(0, 1, null, 3));
                    });
            assertThat(pool.map(x -> x * x, range(4))).containsExactly(0, 1, 4, 9);
        }
    }

    @Test
    void variableLargerThanTheWorkersHeap_endsItsSubmissionOnly() {
        byte[] large = new byte[24 << 20];
        try (Pool pool = small().build()) {
            assertThatThrownBy(() -> pool.map(x -> x + large.length, range(100)))
                    .isInstanceOf(WorkerDiedException.class)
                    .hasMessageContaining("out of memory")
                    .hasMessageContaining("maxHeap");
            assertThat(pool.map(x -> x * x, range(4))).containsExactly(0, 1, 4, 9);
        }
        try (Pool pool = small().initializer((Action) () -> System.out.println(large.length))
                .build()) {
            assertThatThrownBy(() -> pool.map(x -> x * x, range(4)))
                    .isInstanceOf(ParallelException.class)
                    .hasMessageContaining("do not start")
                    .hasMessageContaining("Check the heap size");
        }
    }

    // ---------------------------------------------------------------- workers that stay

    @Test
    void workerThatDoesNotLeave_isKilledWhenItsWaitingWorkIsCancelled() throws Exception {
        try (Pool pool = Pool.builder().workers(1).maxTasksPerWorker(1).build()) {
            long first = pool.apply(() -> {
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    System.out.println("not leaving");
                    while (true) {
                        Thread.onSpinWait();
                    }
                }));
                return ProcessHandle.current().pid();
            });
            AsyncResult<Integer> waiting = pool.applyAsync((Task<Integer>) () -> 1);
            leftovers.sink().awaitText("not leaving", 1);
            assertThat(waiting.cancel()).isTrue();
            assertThat((long) pool.apply(() -> ProcessHandle.current().pid())).isNotEqualTo(first);
        }
    }

    @Test
    void workerStuckInItsExitHook_isKilledWhenTheWorkThatWaitsIsCancelled() throws Exception {
        Value.OfInt hooks = Value.ofInt(0);
        try (Pool pool = Pool.builder()
                .workers(1)
                .maxTasksPerWorker(1)
                .exitHook((Action) () -> {
                    if (hooks.getAndAdd(1) == 0) {
                        System.out.println("stuck");
                        while (true) {
                            Thread.onSpinWait();
                        }
                    }
                })
                .build()) {
            assertThat((int) pool.apply(() -> 1)).isEqualTo(1);
            AsyncResult<Integer> waiting = pool.applyAsync((Task<Integer>) () -> 2);
            leftovers.sink().awaitText("stuck", 1);
            assertThat(waiting.cancel()).isTrue();
            assertThat((int) pool.apply(() -> 3)).isEqualTo(3);
        }
        assertThat(leftovers.sink().err())
                .contains("the exit hook of")
                .contains("did not end within 1 s of being asked to");
    }

    @Test
    void workersThatDieUnused_areNotReplacedForEver() throws Exception {
        Value.OfInt begun = Value.ofInt(0);
        List<Event> deaths = new ArrayList<>(List.of(new Event(), new Event(), new Event()));
        try (Pool pool = Pool.builder()
                .workers(1)
                .initializer((Action) () -> {
                    int number = begun.getAndAdd(1);
                    if (number < deaths.size()) {
                        Trouble.strikeLater("IDLE", Trouble.Kind.HALT, deaths.get(number));
                    }
                })
                .build()) {
            for (int number = 0; number < deaths.size(); number++) {
                while (begun.get() != number + 1 || !state(pool).equals("idle")) {
                    Thread.onSpinWait(); // the test's timeout ends it
                }
                deaths.get(number).set();
            }
            while (!state(pool).equals("stopped")) {
                Thread.onSpinWait();
            }
            assertThat(begun.get()).isEqualTo(3);
            assertThat((int) pool.apply(() -> 7)).isEqualTo(7);
            assertThat(begun.get()).isEqualTo(4);
        }
    }

    private static String state(Pool pool) {
        return pool.status().workers().get(0).state();
    }

    @Test
    void restartDuringTheInitializer_runsItAgainInTheNextWorker() throws Exception {
        Value.OfInt begun = Value.ofInt(0);
        try (Pool pool = Pool.builder()
                .workers(1)
                .initializer((Action) () -> {
                    if (begun.getAndAdd(1) == 0) {
                        System.out.println("stuck");
                        Thread.sleep(60_000);
                    }
                })
                .build()) {
            leftovers.sink().awaitText("stuck", 1);
            pool.restart();
            assertThat((int) pool.apply(() -> 7)).isEqualTo(7);
        }
        assertThat(begun.get()).isEqualTo(2);
    }

    // ---------------------------------------------------------------- queues, processes, nesting

    @Test
    void stoppedProcesses_areEndedByKillAndByInterruptOfTheirPlace() throws Exception {
        Action stops = () -> Trouble.strike("BODY", Trouble.Kind.SIGSTOP);
        Process killed = new Process(stops).start();
        Process interrupted = new Process(stops).start();
        leftovers.sink().awaitText(Trouble.announcement("BODY", Trouble.Kind.SIGSTOP), 2);
        killed.kill();
        killed.join();
        assertThat(killed.exitCode()).isEqualTo(-9);
        leftovers.driver().interruptPlace("here");
        interrupted.join();
        assertThat(interrupted.exitCode()).isEqualTo(-9);
    }

    @Test
    void joinBeforeGet_ofMoreThanAnyBufferHolds_doesNotDeadlock() throws Exception {
        Queue<byte[]> queue = new Queue<>();
        Process producer = new Process(() -> {
            for (int i = 0; i < 3; i++) {
                queue.put(new byte[1 << 20]);
            }
        });
        producer.start();
        producer.join();
        assertThat(producer.exitCode()).isZero();
        for (int i = 0; i < 3; i++) {
            assertThat(queue.get(Duration.ofSeconds(30))).hasSize(1 << 20);
        }
    }

    @Test
    void interruptOfAPlace_whileItsWorkersWorkersRun_leavesNone() throws Exception {
        try (Pool pool = new Pool(1)) {
            AsyncResult<Integer> outer = pool.applyAsync((Task<Integer>) () -> {
                try (Pool inner = new Pool(1)) {
                    return inner.apply((Task<Integer>) () -> {
                        System.out.println("deep down");
                        while (true) {
                            Thread.onSpinWait();
                        }
                    });
                }
            });
            leftovers.sink().awaitText("deep down", 1);
            leftovers.driver().interruptPlace("here");
            assertThat(catchThrowable(() -> outer.get(30, TimeUnit.SECONDS))).isInstanceOf(CancellationException.class);
            assertThat((int) pool.apply(() -> 7)).isEqualTo(7);
        }
    }
}
