package manyjvm.magics.notebooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Its libraries are in the local repository, where the build has put them: see {@code pom.xml}. */
class LibrariesNotebookIT extends NotebookChecks {
    @Test
    void librariesOfTheCells_areThoseThatTheBuildFetches() throws Exception {
        String fetched = Files.readString(Path.of("pom.xml"));
        List<String> added = TeachingNotebook.read(TeachingNotebook.file(name())).code().stream()
                .filter(cell -> cell.id().equals("add"))
                .flatMap(cell -> cell.source().lines())
                .flatMap(line -> Stream.of(line.split(" ")).skip(1))
                .toList();
        assertThat(added).hasSize(4).allMatch(one -> fetched.contains("<artifact>" + one + "</artifact>"));
    }

    LibrariesNotebookIT() {
        super("libraries");
        cell("add", cell -> {
            assertThat(cell.stderr()).isEmpty();
            assertThat(cell.lines())
                    .hasSize(3)
                    .allMatch(line -> line.startsWith("added "))
                    .anyMatch(line -> line.contains("h2-"))
                    .anyMatch(line -> line.contains("lombok-"));
        });
        cell("table", cell -> assertThat(String.join("", cell.data("text/html")))
                .contains("<table", "Mercury", "29.457", "distance"));
        cell("chart", cell -> assertThat(!cell.data("image/png").isEmpty()
                        || !cell.data("image/svg+xml").isEmpty())
                .isTrue());
        cell("query", cell -> {
            assertThat(cell.stderr()).isEmpty();
            assertThat(String.join("", cell.data("text/html"))).contains("<table", "LONGEST", "29.457");
        });
        cell("worker", cell -> {
            assertThat(cell.stderr()).isEmpty();
            assertThat(String.join("\n", cell.values())).contains("6", "Mercury");
        });
        cell("json", cell -> {
            assertThat(cell.stdout()).isEqualTo("{\"name\":\"Earth\",\"distance\":1.0,\"year\":1.0}\n");
            assertThat(cell.values()).containsExactly("true");
        });
        cell("lombok", cell -> assertThat(cell.stdout()).contains("model.Moon"));
        shows("lombok-used", "Moon(name=Io, of=Jupiter)");
        cell("versions", cell -> {
            assertThat(cell.stdout()).isEmpty();
            assertThat(cell.stderr()).contains("jackson-databind stays 2.22.4", "For 2.17.2", "restart the kernel");
        });
    }
}
