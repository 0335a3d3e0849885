package manyjvm.kernel.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NotebookFileTest {
    @TempDir
    Path folder;

    private Path file(String json) throws IOException {
        return Files.writeString(folder.resolve("notebook.ipynb"), json);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hello",
                "[]",
                "{}",
                "{\"nbformat\": 3, \"worksheets\": []}",
                "{\"nbformat\": 4, \"cells\": 1}",
                "{\"nbformat\": 4, \"cells\": [1]}",
                "{\"nbformat\": 4, \"cells\": [{}]}",
                "{\"nbformat\": 4, \"cells\": [{\"source\": [{}]}]}",
                "{\"nbformat\": 4, \"cells\": [], \"metadata\": []}"
            })
    void read_ofWhatIsNoNotebook_saysSoOnOneLine(String json) throws Exception {
        Path file = file(json);

        assertThatThrownBy(() -> NotebookFile.read(file))
                .isInstanceOf(NotebookFile.NotebookFileException.class)
                .message()
                .contains("notebook.ipynb")
                .doesNotContain("\n");
    }

    @Test
    void write_ofANotebook_looksAsJupytersDo() throws Exception {
        NotebookFile notebook = NotebookFile.read(
                file(
                        """
                {"nbformat": 4, "nbformat_minor": 5, "metadata": {"b": 1, "a": 2}, "cells": [
                 {"cell_type": "markdown", "id": "x", "metadata": {}, "source": "# <Ü>\\nb"}]}
                """));
        Path written = folder.resolve("written.ipynb");
        notebook.write(written);

        assertThat(Files.readString(written))
                .isEqualTo(
                        """
                {
                 "cells": [
                  {
                   "cell_type": "markdown",
                   "id": "x",
                   "metadata": {},
                   "source": [
                    "# <Ü>\\n",
                    "b"
                   ]
                  }
                 ],
                 "metadata": {
                  "a": 2,
                  "b": 1
                 },
                 "nbformat": 4,
                 "nbformat_minor": 5
                }
                """);
    }

    @Test
    void read_ofDoubledIds_makesThemUnique() throws Exception {
        NotebookFile notebook = NotebookFile.read(
                file(
                        """
                {"nbformat": 4, "cells": [{"id": "x", "source": "a"}, {"id": "x", "source": ["b", "c"]}]}
                """));

        assertThat(notebook.cells())
                .extracting(cell -> cell.json().get("id").getAsString())
                .doesNotHaveDuplicates();
        assertThat(notebook.cells()).extracting(NotebookFile.Cell::source).containsExactly("a", "bc");
    }
}
