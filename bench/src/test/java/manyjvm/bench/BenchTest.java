package manyjvm.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BenchTest {
    private static Set<String> printed(String code) {
        return Pattern.compile("\"([a-z]+\\.[a-z]+)\"")
                .matcher(code)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toSet());
    }

    private static Set<String> ids(Workload workload) {
        return workload.figures().stream().map(Figure::id).collect(Collectors.toSet());
    }

    @Test
    void eachCell_printsItsFigures_andNoOthers() {
        for (Workload workload : Workloads.ALL) {
            String code = workload.cell() + (workload.name().equals("lambda") ? Workloads.newLambda(1) : "");
            assertThat(printed(code)).as(workload.name()).isEqualTo(ids(workload));
        }
    }

    @Test
    void peers_printFiguresThatThereAre() throws IOException {
        Set<String> known = Workloads.ALL.stream()
                .flatMap(workload -> ids(workload).stream())
                .collect(Collectors.toSet());
        Set<String> theirs = printed(Files.readString(Path.of("peers", "pools.py")));
        assertThat(theirs).isSubsetOf(known).hasSizeGreaterThan(15);
    }

    @Test
    void report_comparesWithTheBestPeer_andScalesItsGoal() {
        Samples samples = new Samples();
        Stream.of(30.0, 10.0, 20.0).forEach(value -> samples.add("a.time", Systems.OURS, value));
        samples.add("a.time", "fork", 50);
        samples.add("a.time", "spawn", 40);
        samples.add("a.rate", Systems.OURS, 300);
        samples.add("a.rate", "fork", 100);
        Report report = new Report(samples);
        String table = report.table(
                List.of(
                        Figure.time("a.time", "a time", "ms").goal(5, 10),
                        Figure.rate("a.rate", "a rate", "k/s").goal(400, 100),
                        Figure.rate("a.none", "nobody has it", "k/s")),
                Systems.PEERS);
        assertThat(table.lines().skip(2))
                .containsExactly(
                        "| a time | ms | **20.0** | 10.0 to 30.0 | 50.0 | 40.0 | 0.50x | 20.0, reached |",
                        "| a rate | k/s | **300** |  | 100 |  | 3.00x | 400, missed |");
        assertThat(table)
                .startsWith("|  | unit | manyjvm | least to greatest | fork | spawn | of the best peer | goal |");
        assertThat(report.goals()).isEqualTo("1 of 2 goals reached\n");
    }
}
