package manyjvm.parallel;

import static manyjvm.parallel.Parallel.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import manyjvm.parallel.driver.Driver;
import manyjvm.parallel.spi.ClassSource;
import manyjvm.parallel.spi.ParallelRuntime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Classes that workers ask for by name are read where nobody but who asked waits: never on a driver's thread. */
@Timeout(120)
class ClassReadingIT {
    private static final String PREFIX = ClassReadingIT.class.getName() + "$";

    @RegisterExtension
    final NoLeftovers leftovers = new NoLeftovers();

    private final Session session = new Session();
    private Driver driver;

    @BeforeEach
    void open() {
        driver = Driver.builder()
                .classSource(session)
                .outputSink(leftovers.sink())
                .open();
        ParallelRuntime.install(driver);
    }

    @AfterEach
    void close() throws Exception {
        session.go.countDown();
        driver.close();
        assertThat(session.threads).doesNotContain("parallel-driver");
    }

    /** Has this test's nested classes, as a notebook has its own; reading one of them can be held up. */
    private static final class Session implements ClassSource {
        private final Set<String> threads = ConcurrentHashMap.newKeySet();
        private final CountDownLatch go = new CountDownLatch(1);
        private final CountDownLatch slow = new CountDownLatch(1);
        private volatile String heldUp = "";

        @Override
        public boolean defines(Class<?> type) {
            return type.getName().startsWith(PREFIX);
        }

        @Override
        public boolean isWrapper(Class<?> type) {
            return false;
        }

        @Override
        public byte[] bytes(Class<?> type) {
            String file = type.getName().substring(type.getName().lastIndexOf('.') + 1) + ".class";
            try (InputStream in = type.getResourceAsStream(file)) {
                return in.readAllBytes();
            } catch (IOException failure) {
                throw new IllegalStateException(failure);
            }
        }

        @Override
        public Class<?> find(String binaryName) throws ClassNotFoundException {
            threads.add(Thread.currentThread().getName());
            if (binaryName.equals(heldUp)) {
                slow.countDown();
                await(go);
            }
            if (binaryName.endsWith("Broken")) {
                throw new IllegalStateException("the disk is gone");
            }
            return Class.forName(binaryName, false, loader());
        }

        @Override
        public ClassLoader loader() {
            return ClassReadingIT.class.getClassLoader();
        }

        @Override
        public List<Path> classPath() {
            return List.of();
        }

        @Override
        public StackTraceElement locate(StackTraceElement frame) {
            return frame;
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    // Named by their numbers only, so that no submission brings them along.

    static final class Late0 implements Supplier<Integer> {
        @Override
        public Integer get() {
            return 0;
        }
    }

    static final class Late1 implements Supplier<Integer> {
        @Override
        public Integer get() {
            return 1;
        }
    }

    static final class Late2 implements Supplier<Integer> {
        @Override
        public Integer get() {
            return 2;
        }
    }

    static final class Late3 implements Supplier<Integer> {
        @Override
        public Integer get() {
            return 3;
        }
    }

    /** All that runs in workers; a class of its own, since the test's needs what they do not have. */
    static final class Tasks {
        static Task<Integer> loading(int number) {
            return () -> late(number);
        }

        static Task<Boolean> looking(String simpleName) {
            return () -> isThere(simpleName);
        }

        static Fn<Integer, Integer> adding(int levels) {
            return x -> sumBelow(levels);
        }

        static Task<Integer> working(Event waits, Event worked) {
            return () -> worksWhileOneWaits(waits, worked);
        }

        static Fn<Integer, Integer> plusOne() {
            return x -> x + 1;
        }

        static Action nothing() {
            return () -> {};
        }

        static int late(int number) throws ReflectiveOperationException {
            Class<?> late = Class.forName(named("Late" + number), true, Tasks.class.getClassLoader());
            return (Integer) ((Supplier<?>) late.getDeclaredConstructor().newInstance()).get();
        }

        static String named(String simpleName) {
            return "manyjvm.parallel.ClassReadingIT$" + simpleName;
        }

        static boolean isThere(String simpleName) {
            try {
                Class.forName(named(simpleName), false, Tasks.class.getClassLoader());
                return true;
            } catch (ClassNotFoundException missing) {
                return false;
            }
        }

        static int sum() throws ReflectiveOperationException {
            int sum = 0;
            for (int number = 0; number < 4; number++) {
                sum += isThere("No" + number) ? 1000 : late(number);
            }
            return sum;
        }

        static int sumBelow(int levels) throws ReflectiveOperationException {
            if (levels == 0) {
                return sum();
            }
            try (Pool below = new Pool(2)) {
                int sum = 0;
                for (int each : below.chunk(1).map(x -> sumBelow(levels - 1), range(4))) {
                    sum += each;
                }
                return sum + sum();
            }
        }

        /** Has one worker of this worker wait for a class, while another one works. */
        static int worksWhileOneWaits(Event waits, Event worked) throws Exception {
            try (Pool first = new Pool(1);
                    Pool second = new Pool(1)) {
                AsyncResult<Integer> late = first.applyAsync((Task<Integer>) () -> late(1));
                waits.await();
                int count = 0;
                for (int i = 0; i < 20; i++) {
                    count += second.apply(() -> 1);
                }
                worked.set();
                return count + late.get();
            }
        }
    }

    // ------------------------------------------------------------ while a read takes long

    @Test
    void readThatTakesLong_holdsUpNobodyElse() throws Exception {
        session.heldUp = Tasks.named("Late1");
        try (Pool pool = new Pool(2)) {
            AsyncResult<Integer> first = pool.applyAsync(Tasks.loading(1));
            AsyncResult<Integer> second = pool.applyAsync(Tasks.loading(1));
            await(session.slow);
            try (Pool other = new Pool(1)) {
                assertThat(other.map(Tasks.plusOne(), range(3))).containsExactly(1, 2, 3);
                assertThat(other.apply(Tasks.loading(2))).as("another class").isEqualTo(2);
            }
            Process process = new Process(Tasks.nothing()).start();
            assertThat(process.join(Duration.ofSeconds(60))).isTrue();
            assertThat(pool.status().workers()).hasSize(2);
            session.go.countDown();
            assertThat(first.get() + second.get()).isEqualTo(2);
        }
    }

    @Test
    void readThatTakesLongForAWorkersWorker_holdsUpNeitherDriver() throws Exception {
        session.heldUp = Tasks.named("Late1");
        Event waits = new Event();
        Event worked = new Event();
        try (Pool pool = new Pool(1)) {
            AsyncResult<Integer> result = pool.applyAsync(Tasks.working(waits, worked));
            await(session.slow);
            waits.set();
            assertThat(worked.await(Duration.ofSeconds(60))).isTrue();
            session.go.countDown();
            assertThat(result.get()).isEqualTo(21);
        }
    }

    @Test
    void workerThatDiesWhileItWaits_andADriverThatCloses_leaveNothing() throws Exception {
        session.heldUp = Tasks.named("Late1");
        Pool pool = new Pool(1);
        AsyncResult<Integer> waiting = pool.applyAsync(Tasks.loading(1));
        await(session.slow);
        Trouble.signal("KILL", pool.status().workers().get(0).pid());
        assertThatThrownBy(waiting::get).hasCauseInstanceOf(WorkerDiedException.class);
        AsyncResult<Integer> again = pool.applyAsync(Tasks.loading(1));
        assertThat(pool.status().workers()).hasSize(1);
        driver.close();
        assertThatThrownBy(again::get).isNotNull();
    }

    @Test
    void interruptedTaskThatWaits_isKilledInTheEnd() throws Exception {
        session.heldUp = Tasks.named("Late1");
        try (Pool pool = new Pool(1)) {
            AsyncResult<Integer> waiting = pool.applyAsync(Tasks.loading(1));
            await(session.slow);
            waiting.cancel();
            assertThat(pool.apply(Tasks.loading(2))).isEqualTo(2);
        }
    }

    // ------------------------------------------------------------ answers

    @Test
    void readThatFails_saysThatTheClassIsMissing_andWhyItIs() throws Exception {
        try (Pool pool = new Pool(1)) {
            assertThat(pool.apply(Tasks.looking("Broken"))).isFalse();
            leftovers.sink().awaitError("the disk is gone");
            assertThat(pool.apply(Tasks.looking("Nowhere"))).isFalse();
            assertThat(pool.apply(Tasks.loading(0))).isZero();
        }
    }

    @Test
    void classesAreFoundThroughThreeLevels_whileManyAsk() {
        try (Pool pool = new Pool(2)) {
            List<Integer> sums = pool.chunk(1).map(Tasks.adding(2), range(3));
            int lowest = IntStream.range(0, 4).sum();
            int middle = 5 * lowest;
            assertThat(sums).containsOnly(4 * middle + lowest).hasSize(3);
        }
    }
}
