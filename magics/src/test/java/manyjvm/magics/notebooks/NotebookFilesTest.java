package manyjvm.magics.notebooks;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import manyjvm.magics.notebooks.TeachingNotebook.Cell;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The notebooks as files: whole, saved after one run from top to end, and known to the README and to the tests. */
class NotebookFilesTest {
    /** Longer texts are not read. */
    private static final int MOST_WORDS = 200;

    static List<String> names() throws Exception {
        return TeachingNotebook.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void notebook_isSavedWithTheOutputsOfOneRun(String name) throws Exception {
        TeachingNotebook notebook = TeachingNotebook.read(TeachingNotebook.file(name));

        List<Cell> code = notebook.code();
        assertThat(code)
                .as("refresh them: see DEVELOPMENT.md")
                .extracting(Cell::executionCount)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, code.size())
                        .mapToObj(Optional::of)
                        .toList());
        assertThat(code).allSatisfy(cell -> assertThat(cell.error().isPresent())
                .as("%s fails: %s", cell.id(), cell.error().orElse(""))
                .isEqualTo(cell.hasTag("raises-exception")));
        assertThat(notebook.cells()).allSatisfy(cell -> assertThat(
                        cell.json().getAsJsonObject("metadata").keySet())
                .as("what a run leaves in %s and makes differences", cell.id())
                .isSubsetOf("tags"));
    }

    @ParameterizedTest
    @MethodSource("names")
    void notebook_isOneOfThisKernel_andTellsNothingOfTheMachine(String name) throws Exception {
        TeachingNotebook notebook = TeachingNotebook.read(TeachingNotebook.file(name));

        JsonObject kernel = notebook.metadata().getAsJsonObject("kernelspec");
        assertThat(kernel.get("name").getAsString()).isEqualTo("manyjvm");
        assertThat(kernel.get("display_name").getAsString()).isEqualTo("Java (manyjvm)");
        assertThat(notebook.metadata().getAsJsonObject("language_info").has("version"))
                .isFalse();
        assertThat(Files.readString(TeachingNotebook.file(name))).doesNotContainPattern("/(home|root|Users|work|tmp)/");
    }

    @ParameterizedTest
    @MethodSource("names")
    void notebook_isToBeReadByPeople(String name) throws Exception {
        TeachingNotebook notebook = TeachingNotebook.read(TeachingNotebook.file(name));

        assertThat(notebook.cells().get(0).source()).startsWith("# ");
        assertThat(notebook.cells()).extracting(Cell::id).doesNotHaveDuplicates();
        assertThat(notebook.cells()).filteredOn(cell -> !cell.isCode()).allSatisfy(cell -> {
            assertThat(cell.source().split("\\s+")).as(cell.id()).hasSizeLessThan(MOST_WORDS);
            assertThat(count("<details>", cell)).isEqualTo(count("</details>", cell));
            assertThat(count("<summary>", cell)).isEqualTo(count("</summary>", cell));
        });
    }

    @ParameterizedTest
    @MethodSource("names")
    void notebook_isInTheReadme_andHasChecks(String name) throws Exception {
        assertThat(Files.readString(Path.of("..", "README.md"))).contains("(notebooks/" + name + ".ipynb)");
        StringBuilder type = new StringBuilder();
        for (String word : name.split("-")) {
            type.append(word.substring(0, 1).toUpperCase(Locale.ROOT)).append(word.substring(1));
        }
        Class<?> checks = Class.forName(NotebookChecks.class.getPackageName() + "." + type + "NotebookIT");
        assertThat(NotebookChecks.class).isAssignableFrom(checks);
    }

    private static long count(String text, Cell cell) {
        return Pattern.compile(Pattern.quote(text))
                .matcher(cell.source())
                .results()
                .count();
    }
}
