package manyjvm.kernel.session.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** "Did you mean": for names of every kind that a cell can hold. */
@Timeout(120)
class MisspeltTest {
    private static final SessionFixture cells = new SessionFixture();

    @BeforeAll
    static void define() {
        cells.value("record Place(int east, int north) {\n  int sum() { return east + north; }\n}\n"
                + "var place = new Place(1, 2);\nvar text = \"abc\";\nint[] numbers = {1, 2};\nvar list = List.of(1);\n"
                + "int addTwo(int x) { return x + 2; }");
    }

    @AfterAll
    static void close() {
        cells.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text.lenght()|length()",
                "text.length|length()",
                "numbers.length()|length",
                "numbers.lenght|length",
                "list.sizee()|size()",
                "Math.squrt(2.0)|sqrt()",
                "Math.PIE|PI",
                "place.esat()|east()",
                "place.smu()|sum()",
                "new Place(1, 2).nroth()|north()",
                "addTow(1)|addTwo",
                "plaec|place",
                "new Palce(1, 2)|Place",
                "import java.utl.List;|java.util",
                "{ int counter = 1; int x = cuonter + 1; }|counter"
            })
    void misspeltNames_getTheNearest(String code, String meant) {
        assertThat(cells.failure(code).traceback()).contains("  hint: did you mean " + meant + "?");
    }

    @Test
    void membersWhoseClassesAreMissing_leaveTheCompilersWords(@TempDir Path folder) throws IOException {
        Path half = Files.writeString(
                folder.resolve("Half.java"),
                "package far; public class Half { public Gone gone() { return null; } public int size() { return 1; } }");
        Path gone = Files.writeString(folder.resolve("Gone.java"), "package far; public class Gone {}");
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-d", folder.toString(), half.toString(), gone.toString()))
                .isZero();
        Files.delete(folder.resolve("far/Gone.class"));
        cells.value("%classpath \"" + folder + "\"");
        assertThat(cells.failure("new far.Half().sizee()").message()).contains("cannot find symbol");
        cells.value("var half = new far.Half();");
        assertThat(cells.session.complete("half.si", 7).matches()).containsExactly("size()");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"text.lenght() + \"x\"|4|7", "int y = numbers.lenght + 1;|15|7", "1 + addTow(1)|4|6"})
    void thePlace_isUnderlined(String code, int start, int width) {
        String carets = cells.failure(code).traceback().get(2);
        assertThat(carets).isEqualTo("    " + " ".repeat(start) + "^".repeat(width));
    }
}
