package manyjvm.parallel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;
import manyjvm.parallel.driver.Driver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is left in driver and worker of submissions that have ended. {@code -Dmanyjvm.leak.submissions=10000} for more of
 * them; it prints what it measured.
 */
@Timeout(540)
class MemoryIT {
    private static final int SUBMISSIONS = Integer.getInteger("manyjvm.leak.submissions", 400);

    /** The collector gives memory back to the system in steps. */
    private static final int WARM_UP = 100;

    private static final long MOST = 100; // MiB
    private static final int LONGS = 1 << 16; // half a MiB

    @TempDir
    static Path folder;

    private final GeneratedSession session = new GeneratedSession(folder);

    @RegisterExtension
    final NoLeftovers leftovers = new NoLeftovers(() -> Driver.builder().classSource(session));

    /**
     * In MiB: what the worker uses after a collection, heap and classes and code; its resident set as it is without one; and
     * the heap here after one.
     */
    private record Held(long worker, long resident, long here) {
        static Held now(Pool pool) {
            long resident = pool.apply((Task<Long>) Held::residentInWorker);
            return new Held(pool.apply((Task<Long>) Held::inWorker), resident, inThisJvm());
        }

        static long inWorker() {
            System.gc();
            MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
            return (memory.getHeapMemoryUsage().getUsed()
                            + memory.getNonHeapMemoryUsage().getUsed())
                    >> 20;
        }

        static long residentInWorker() throws IOException {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("VmRSS:")) {
                    return Long.parseLong(line.replaceAll("[^0-9]", "")) >> 10;
                }
            }
            throw new IOException("no VmRSS");
        }

        private static long inThisJvm() {
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            return (runtime.totalMemory() - runtime.freeMemory()) >> 20;
        }
    }

    private void holdsNoMore(String what, IntFunction<Fn<Integer, Long>> cell) {
        try (Pool pool = new Pool(1)) {
            Held before = null;
            for (int i = 0; i < WARM_UP + SUBMISSIONS; i++) {
                if (i == WARM_UP) {
                    before = Held.now(pool);
                }
                long expected = i + 1 + 2L * i;
                assertThat(pool.map(cell.apply(i), List.of(1))).containsExactly(expected);
            }
            Held after = Held.now(pool);
            System.out.println(
                    what + ", " + SUBMISSIONS + " submissions: " + before + " before, " + after + " after (MiB)");
            assertThat(after.worker() - before.worker()).isLessThan(MOST);
            assertThat(after.resident() - before.resident()).isLessThan(MOST);
            assertThat(after.here() - before.here()).isLessThan(MOST);
        }
    }

    private static long[] large(int first) {
        long[] large = new long[LONGS];
        large[0] = first;
        return large;
    }

    @Test
    void newClassesWithEachSubmission_areLetGo() {
        holdsNoMore("new classes", i -> session.cell(i, i, large(i), large(i)));
    }

    @Test
    void classesOfTheSameNames_areLetGo() {
        holdsNoMore("classes of the same names", i -> {
            session.startAnew();
            return session.cell(1, i, large(i), large(i));
        });
    }

    @Test
    void arraysThatTheSameLambdaCaptures_areLetGo() {
        holdsNoMore("captured arrays", i -> {
            long[] captured = large(i);
            return x -> x + 3 * captured[0];
        });
    }

    @Test
    void capturedText_isLetGo() {
        holdsNoMore("captured text", i -> {
            String text = "x".repeat(1 << 20) + i;
            return x -> x + 3L * Integer.parseInt(text.substring(1 << 20));
        });
    }
}
