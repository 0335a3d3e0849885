package manyjvm.kernel.session.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import manyjvm.kernel.session.Session.Completions;
import manyjvm.kernel.session.Session.Completions.Kind;
import manyjvm.kernel.session.Session.Outcome;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Completion: what kind a name is of and in which order, files in strings, types without an import; and the imports that cells add. */
@Timeout(120)
final class CompletionTest {
    @TempDir
    static Path folder;

    private static final SessionFixture cells = new SessionFixture();

    @BeforeAll
    static void defineNames() throws IOException {
        cells.value("record Point(int x, double y) { double norm(double scale) { return x * scale; } }\n"
                + "enum Colour { RED, GREEN; static Colour best() { return RED; } }\n"
                + "Point point = new Point(1, 2);\nint pointless(int a, String b) { return a; }");
        Files.createDirectories(folder.resolve("data"));
        Files.writeString(folder.resolve("data").resolve("a b.csv"), "1");
        Files.writeString(folder.resolve("data.txt"), "1");
        Files.writeString(folder.resolve(".hidden"), "1");
    }

    @AfterAll
    static void close() {
        cells.close();
    }

    private static Completions complete(String code) {
        return cells.session.complete(code, code.length());
    }

    private static Kind kind(String code, String match) {
        Completions found = complete(code);
        assertThat(found.matches()).as(code).contains(match);
        return found.kinds().get(match);
    }

    @Test
    void members_haveKindsAndSignatures_thoseOfAllObjectsComeLast() {
        assertThat(kind("point.", "norm(")).isEqualTo(new Kind("function", "(double): double"));
        assertThat(kind("point.", "x()")).isEqualTo(new Kind("function", "(): int"));
        assertThat(complete("point.").matches())
                .startsWith("norm(", "x()", "y()")
                .endsWith("wait(");
        assertThat(complete("Colour.").matches().subList(0, 2)).containsExactly("GREEN", "RED");
        assertThat(kind("Colour.", "RED")).isEqualTo(new Kind("property", "Colour"));
        assertThat(kind("Colour.", "best()").type()).isEqualTo("function");
        assertThat(kind("Math.", "PI")).isEqualTo(new Kind("property", "double"));
        assertThat(kind("Math.", "max(").signature()).contains("(double, double): double", "and 3 more");
        assertThat(kind("java.ut", "util.").type()).isEqualTo("module");
        assertThat(kind("Map.", "Entry").type()).isEqualTo("class");
        assertThat(kind("new ArrayList<String>().ad", "add(").signature()).contains("(E): boolean");
    }

    @Test
    void names_haveKinds_theUsersComeFirst() {
        assertThat(complete("poin").matches()).containsSubsequence("point", "pointless(");
        assertThat(kind("poin", "point")).isEqualTo(new Kind("instance", "Point"));
        assertThat(kind("poin", "pointless(")).isEqualTo(new Kind("function", "(int, String): int"));
        assertThat(kind("Poi", "Point").type()).isEqualTo("class");
    }

    @Test
    void commandsAndRun_completeToFiles() {
        String place = folder.toString().replace('\\', '/');
        assertThat(complete("!ls").matches()).noneMatch(match -> match.startsWith("%"));
        for (String begun : new String[] {"!", "!ls ", "%run "}) {
            Completions found = complete(begun + place + "/da");
            assertThat(found.matches()).as(begun).containsExactly("data.txt", "data/");
            assertThat(found.start()).isEqualTo((begun + place + "/").length());
        }
        assertThat(complete("%run pom").matches()).containsExactly("pom.xml");
        assertThat(complete("!cat \"" + place + "/data/a b").matches()).containsExactly("a b.csv");
    }

    @Test
    void strings_completeToFiles() {
        String place = folder.toString().replace('\\', '/');
        Completions found = complete("Files.readString(Path.of(\"" + place + "/da");
        assertThat(found.matches()).containsExactly("data.txt", "data/");
        assertThat(found.start()).isEqualTo(found.end() - 2);
        assertThat(found.kinds().get("data/").type()).isEqualTo("path");
        assertThat(complete("var s = \"" + place + "/data/").matches()).containsExactly("a b.csv");
        assertThat(complete("var s = \"" + place + "/").matches()).doesNotContain(".hidden");
        assertThat(complete("var s = \"" + place + "/.h").matches()).containsExactly(".hidden");
        assertThat(complete("var s = \"" + place + "/nothing/").matches()).isEmpty();
        assertThat(complete("var s = \"http://").matches()).isEmpty();
        assertThat(complete("var s = \"" + place + "/da\"; Math.ma").matches()).contains("max(");
        assertThat(complete("%show " + place + "/da").matches()).containsExactly("data.txt", "data/");
    }

    @Test
    void typesWithoutImport_areProposedBehindOthers_andTheCellImportsThem() {
        assertThat(kind("new HttpCli", "HttpClient").signature()).isEqualTo("import java.net.http.HttpClient");
        assertThat(complete("Duratio").matches()).contains("Duration");
        assertThat(kind("java.util.Ma", "Map").signature()).isEmpty();
        assertThat(kind("Lis", "List").signature()).isEmpty();
        assertThat(complete("import HttpCli").matches()).contains("java.net.http.HttpClient");

        assertThat(cells.value("Duration.ofSeconds(61).toMinutes()")).isEqualTo(1L);
        assertThat(cells.err).isEqualTo("note: import java.time.Duration; was added\n");
        assertThat(cells.value("Duration.ofSeconds(3).toMillis()")).isEqualTo(3000L);
        assertThat(cells.err).isEmpty();
        assertThat(cells.value("LocalDate day = LocalDate.of(2024, Month.MAY, 1);\nday.getYear()"))
                .isEqualTo(2024);
        assertThat(cells.err).contains("import java.time.LocalDate;", "import java.time.Month;");
        assertThat(cells.value("HttpClient.Version version = HttpClient.Version.HTTP_2;\nversion.name()"))
                .isEqualTo("HTTP_2");
    }

    @Test
    void importThatDoesNotHelp_isTakenBack_andTheErrorIsThatOfTheCell() {
        Outcome.Failed failed = cells.failure("new Instant(1).nope()");
        assertThat(failed.message()).contains("cannot find symbol", "Instant");
        assertThat(cells.err).isEmpty();
        assertThat(cells.session.inspect("Instant", 7, 0)).isEmpty();
        cells.value("class Instant { int nope() { return 5; } Instant(int x) { } }");
        assertThat(cells.value("new Instant(1).nope()")).isEqualTo(5);
    }

    @Test
    void typeOfTheUser_winsOverAnAddedImport() {
        assertThat(cells.value("Year.of(2024).isLeap()")).isEqualTo(true);
        cells.value("record Year(String name) { }");
        assertThat(cells.value("new Year(\"a\").name()")).isEqualTo("a");
        assertThat(cells.value("1 + 1")).isEqualTo(2);
    }

    @Test
    void typeThatTheCellDeclaresLater_isNotImported() {
        assertThat(cells.failure(
                                "Currency currency = null;\nCurrency.class.getName();\nclass Clock { }\nClock.systemUTC();")
                        .message())
                .contains("systemUTC");
        assertThat(cells.failure("MonthDay.now();\nclass MonthDay { }").message())
                .contains("cannot find symbol");
        assertThat(cells.err).isEmpty();
    }

    @Test
    void declarationThatWaits_isGivenAnImport_onlyWhereCompletionHasOfferedIt() {
        cells.value("int days(Period period) { return period.getDays(); }");
        assertThat(cells.err).contains("cannot be used until", "import java.time.Period");
        assertThat(complete("int hours(ZoneOff").matches()).contains("ZoneOffset");
        cells.value("int hours(ZoneOffset zone) { return zone.getTotalSeconds() / 3600; }");
        assertThat(cells.err).isEqualTo("note: import java.time.ZoneOffset; was added\n");
        assertThat(cells.value("hours(ZoneOffset.ofHours(2))")).isEqualTo(2);
        // Now the name is used, and means one type: the older declaration has it, too.
        assertThat(cells.value("days(Period.ofDays(3))")).isEqualTo(3);
    }

    @Test
    void typeOutsideOfJavaBase_isImported_onlyWhereCompletionHasOfferedIt() {
        assertThat(cells.failure("new GridLayout(2, 3).getRows()").name()).isEqualTo("CompilationError");
        assertThat(complete("new GridLay").matches()).contains("GridLayout");
        assertThat(cells.value("new GridLayout(2, 3).getRows()")).isEqualTo(2);
        assertThat(cells.err).isEqualTo("note: import java.awt.GridLayout; was added\n");
    }

    @Test
    void nameOfTwoTypes_isNotGuessed() {
        Outcome.Failed failed = cells.failure("Element element = null;");
        assertThat(String.join("\n", failed.traceback())).contains("import one of ");
        assertThat(complete("Elemen").matches())
                .contains("javax.lang.model.element.Element", "javax.swing.text.Element")
                .doesNotContain("Element");
        assertThat(cells.err).isEmpty();
    }
}
