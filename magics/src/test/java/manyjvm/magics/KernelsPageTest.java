package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of {@code docs/kernels.md}: each Y of ours has a line to try and tests that exist, each N a reason. */
class KernelsPageTest {
    private static final Path PAGE = Path.of("..", "docs", "kernels.md");
    private static final Pattern TEST = Pattern.compile("`(\\w+)`");

    /** The cells of the rows of a table, which begins below this heading, without its head. */
    private static List<List<String>> table(String page, String heading) {
        return page.substring(page.indexOf(heading))
                .lines()
                .dropWhile(line -> !line.startsWith("|--"))
                .skip(1)
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> Arrays.stream(line.split("\\|"))
                        .skip(1)
                        .map(String::strip)
                        .toList())
                .toList();
    }

    private static Set<String> testClasses() throws Exception {
        Set<String> names = new HashSet<>();
        for (String module : List.of("kernel", "magics", "maven", "parallel")) {
            try (Stream<Path> files = Files.walk(Path.of("..", module, "src", "test", "java"))) {
                files.map(file -> file.getFileName().toString())
                        .filter(file -> file.matches("\\w+(Test|IT)\\.java"))
                        .forEach(file -> names.add(file.replace(".java", "")));
            }
        }
        return names;
    }

    @Test
    void eachYes_hasALineToTry_andTestsThatExist() throws Exception {
        String page = Files.readString(PAGE);
        List<List<String>> ours = table(page, "## Each Y");
        Set<String> tests = testClasses();

        assertThat(ours.stream().map(row -> row.get(0)))
                .containsExactlyElementsOf(table(page, "# Beside").stream()
                        .filter(row -> row.get(1).equals("Y"))
                        .map(row -> row.get(0))
                        .toList());
        assertThat(ours).allSatisfy(row -> {
            assertThat(row.get(1)).contains("`");
            List<String> named = TEST.matcher(row.get(2))
                    .results()
                    .map(name -> name.group(1))
                    .toList();
            assertThat(named).isNotEmpty();
            assertThat(tests).containsAll(named);
        });
    }

    @Test
    void eachNo_hasAReason() throws Exception {
        String page = Files.readString(PAGE);
        String reasons = page.substring(page.indexOf("## Each N")).toLowerCase(java.util.Locale.ROOT);

        List<List<String>> rows = table(page, "# Beside");
        assertThat(rows)
                .hasSizeGreaterThan(15)
                .allMatch(row -> row.size() == 8 && row.get(1).matches("[YN]"));
        assertThat(rows.stream().filter(row -> row.get(1).equals("N"))).allSatisfy(row -> assertThat(reasons)
                .contains("**" + row.get(0).toLowerCase(java.util.Locale.ROOT).replaceFirst("( \\(|,).*", "")));
    }
}
