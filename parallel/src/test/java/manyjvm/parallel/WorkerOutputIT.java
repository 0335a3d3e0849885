package manyjvm.parallel;

import static manyjvm.parallel.Parallel.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What workers print arrives: all of it, whole, at the place that submitted the work, before the result. */
@Timeout(120)
class WorkerOutputIT {
    @RegisterExtension
    final NoLeftovers leftovers = new NoLeftovers();

    @Test
    void live_givesWholeLinesWithTheWorkersNumber() {
        try (Pool pool = new Pool(2)) {
            pool.each(
                    x -> {
                        System.out.print("x=");
                        System.out.println(x);
                        System.out.print("no line end in " + x);
                    },
                    range(10));
            List<String> lines = leftovers.sink().out().lines().sorted().toList();
            assertThat(lines).allMatch(line -> line.matches("\\[[12]] (x=\\d|no line end in \\d)"));
            assertThat(lines).hasSize(20);
        }
    }

    @Test
    void twentyThousandLinesFromTwoWorkers_areCompleteAndUntorn() {
        try (Pool pool = new Pool(2)) {
            pool.each(
                    x -> {
                        for (int i = 0; i < 10_000; i++) {
                            System.out.println("worker " + x + " line " + i);
                        }
                    },
                    range(2));
            for (int worker = 0; worker < 2; worker++) {
                String who = "worker " + worker + " ";
                assertThat(leftovers.sink().out().lines().filter(line -> line.contains(who)))
                        .map(line -> line.substring(4))
                        .isEqualTo(IntStream.range(0, 10_000)
                                .mapToObj(i -> who + "line " + i)
                                .toList());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"halt", "kill", "exit"})
    void aThousandLinesBeforeADeath_allArrive(String how) {
        try (Pool pool = new Pool(1)) {
            assertThatThrownBy(() -> pool.apply((Action) () -> {
                        for (int i = 0; i < 1000; i++) {
                            System.out.println("last words " + i);
                        }
                        WorkerDeathIT.die(how);
                    }))
                    .isInstanceOf(WorkerDiedException.class);
            assertThat(leftovers.sink().out())
                    .isEqualTo(IntStream.range(0, 1000)
                            .mapToObj(i -> "[1] last words " + i + "\n")
                            .collect(Collectors.joining()));
        }
    }

    @ParameterizedTest
    @CsvSource({"LIVE,0", "LIVE,1", "RAW,0", "GROUPED,0"})
    void lineThatADeadWorkerHadBegun_comesBeforeTheFailure(OutputMode mode, int retries) throws Exception {
        SlowSink slow = SlowSink.install();
        try (Pool pool = Pool.builder().workers(1).output(mode).retries(retries).build()) {
            assertThatThrownBy(() -> pool.chunk(2)
                            .map(
                                    x -> {
                                        if (x == 1) {
                                            System.out.print("<out>");
                                            System.err.print("<err>");
                                            WorkerDeathIT.die("halt");
                                        }
                                        return x;
                                    },
                                    range(2)))
                    .hasMessageContaining("died");
            String before = slow.told();
            assertThat(before.split("<out>", -1)).as(before).hasSize(retries + 2);
            assertThat(before.split("<err>", -1)).as(before).hasSize(retries + 2);
        } finally {
            slow.uninstall(leftovers.driver());
        }
    }

    @Test
    void grouped_givesEachTasksTextInOrderOfTheArguments() {
        try (Pool pool = Pool.builder().workers(2).output(OutputMode.GROUPED).build()) {
            pool.chunk(1)
                    .each(
                            x -> {
                                System.out.println("begin " + x);
                                Thread.sleep((10 - x) * 5L);
                                System.out.println("end " + x);
                            },
                            range(10));
            assertThat(leftovers.sink().out())
                    .isEqualTo(IntStream.range(0, 10)
                            .mapToObj(i -> "begin " + i + "\nend " + i + "\n")
                            .collect(Collectors.joining()));
        }
    }

    @Test
    void groupedProcess_showsWhatIsPrintedBeforeAndAfterItsTargetHasEnded() throws Exception {
        Process process = Process.builder()
                .output(OutputMode.GROUPED)
                .target(() -> {
                    System.out.println("early");
                    Thread target = Thread.currentThread();
                    new Thread(() -> {
                                while (target.getState() == Thread.State.RUNNABLE) {
                                    Thread.onSpinWait();
                                }
                                System.out.println("late");
                            })
                            .start();
                })
                .start();
        process.join();
        assertThat(leftovers.sink().out()).isEqualTo("early\nlate\n");
    }

    @Test
    void raw_givesPiecesAsTheyCome() {
        try (Pool pool = Pool.builder().workers(1).output(OutputMode.RAW).build()) {
            pool.apply((Action) () -> {
                System.out.print("ä");
                byte[] euro = "€".getBytes(java.nio.charset.StandardCharsets.UTF_8);
                System.out.write(euro, 0, 1);
                System.out.write(euro, 1, 2);
                System.out.flush();
            });
            assertThat(leftovers.sink().out()).isEqualTo("ä€");
        }
    }

    @Test
    void text_goesToThePlaceThatSubmittedTheWork_beforeItsResult() throws Exception {
        try (Pool pool = new Pool(2)) {
            List<AsyncResult<?>> results = new ArrayList<>();
            for (int cell = 0; cell < 4; cell++) {
                leftovers.sink().place(cell);
                int number = cell;
                results.add(pool.applyAsync((Action) () -> {
                    Thread thread = new Thread(() -> System.out.println("from a thread of " + number));
                    thread.start();
                    thread.join();
                    System.err.println("error of " + number);
                }));
            }
            for (int cell = 0; cell < 4; cell++) {
                results.get(cell).get();
                Object place = cell;
                assertThat(leftovers.sink().written().stream()
                                .filter(written -> written.place().equals(place))
                                .map(written -> written.text().substring(4)))
                        .containsExactlyInAnyOrder("from a thread of " + cell + "\n", "error of " + cell + "\n");
            }
        }
    }

    @Test
    void textOfTheProcessItself_arrivesToo() throws Exception {
        try (Pool pool = new Pool(1)) {
            pool.apply((Action) () -> {
                new ProcessBuilder("echo", "from a child").inheritIO().start().waitFor();
            });
        }
        assertThat(leftovers.sink().out()).isEqualTo("[1] from a child\n");
    }

    @Test
    void standardInput_isAtItsEnd() {
        try (Pool pool = new Pool(1)) {
            assertThat((int) pool.apply(() -> System.in.read())).isEqualTo(-1);
        }
    }

    @Test
    void writeBeyondTheSendQueue_waitsAndArrives() {
        try (Pool pool = new Pool(1)) {
            String line = "x".repeat(1000);
            pool.apply((Action) () -> {
                for (int i = 0; i < 5000; i++) {
                    System.out.println(line);
                }
            });
            assertThat(leftovers.sink().out().lines()).hasSize(5000).allMatch(("[1] " + line)::equals);
        }
    }
}
