package manyjvm.magics.notebooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

class ThreadsAndVirtualThreadsNotebookIT extends NotebookChecks {
    ThreadsAndVirtualThreadsNotebookIT() {
        super("threads-and-virtual-threads");
        cell("jdk", cell -> {
            long jdk = numbers(cell.lines().get(0)).get(0);
            String has = jdk >= 21 ? " has" : " does not have";
            assertThat(cell.lines().get(0)).isEqualTo("JDK " + jdk + has + " virtual threads");
            assertThat(cell.lines().get(1)).matches("processors: [1-9]\\d*");
        });
        shows("start", "[written by a thread]");
        cell("pool", cell -> {
            assertThat(cell.stdout())
                    .isEqualTo("the thread counted to 1, here it is 1\nthe process counted to 2, here it is 1\n");
            assertThat(cell.stderr()).contains("counter is changed");
        });
        cell("waiting", cell -> {
            List<Long> times = numbers(cell.stdout());
            assertThat(times.get(0)).as("in turn").isGreaterThanOrEqualTo(1_000);
            assertThat(times.get(1)).as("together").isBetween(250L, times.get(0) * 3 / 4);
        });
        cell("computing", cell -> assertThat(cell.stdout()).matches("1 thread: \\d+ ms, \\d+ threads: \\d+ ms\n"));
        whereQuiet("computing", cell -> {
            List<Long> numbers = numbers(cell.stdout());
            assertThat(numbers.get(3)).as("all threads").isLessThan(numbers.get(1) * 3 / 4);
        });
        cell("race", cell -> {
            assertThat(cell.lines().get(0)).isEqualTo("an AtomicInteger: 2000000 of 2000000");
            List<String> left =
                    groups("a volatile int: (\\d+) of 60000000", cell.lines().get(1));
            assertThat(Long.parseLong(left.get(0))).as("updates were lost").isBetween(1L, 59_999_999L);
        });
        cell("cost", cell -> assertThat(cell.stdout()).matches("starting a thread takes \\d+ microseconds\n"));
        cell("virtual", cell -> {
            List<String> numbers = groups(
                    "(\\d+) waits of 250 ms on .*: (\\d+) ms\nin turn they would take (\\d+) s\n", cell.stdout());
            assertThat(Long.parseLong(numbers.get(1)))
                    .as("less than a twentieth of in turn")
                    .isBetween(250L, Long.parseLong(numbers.get(2)) * 50);
        });
        cell("virtual-cpu", cell -> assertThat(cell.stdout())
                .matches("needs JDK 21\n|4 threads: \\d+ ms, 4 virtual threads: \\d+ ms\n"));
        whereQuiet("virtual-cpu", cell -> {
            List<Long> numbers = numbers(cell.stdout());
            long byThreads = numbers.get(1);
            assertThat(numbers.get(3)).as("by virtual threads").isBetween(byThreads * 3 / 4, byThreads * 4 / 3);
        });
        cell("refused", cell -> assertThat(cell.stdout()).containsPattern("JDK 21|\\[0, 1, 4, 9\\]\n"));
    }
}
