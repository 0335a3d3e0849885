package manyjvm.magics.notebooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import manyjvm.kernel.runner.KernelCommand;
import manyjvm.kernel.runner.NotebookRunner;
import manyjvm.magics.notebooks.TeachingNotebook.Cell;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a teaching notebook says is what its cells show: each code cell has a check, which holds for the outputs that are
 * saved in the file and for those of a run in a real kernel. With {@code -Dmanyjvm.notebooks.save=true} the run's outputs are
 * saved, once all checks have accepted them, also those of {@link #whereQuiet}.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
abstract class NotebookChecks {
    private static final boolean SAVE = Boolean.getBoolean("manyjvm.notebooks.save");

    /** What a run tells of the machine that it was made on, and no reader needs. */
    private static final Pattern JDK_VERSION =
            Pattern.compile(",\\s+\"version\": \"[^\"]*\"(?=\\s+}\\s+},\\s+\"nbformat\")");

    private final String name;
    private final Map<String, Check> checks = new LinkedHashMap<>();
    private final Map<String, Check> checksOfSaved = new LinkedHashMap<>();

    /** What holds for one cell. */
    interface Check {
        void of(Cell cell) throws Exception;
    }

    /** @param name the file's, without its ending */
    NotebookChecks(String name) {
        this.name = name;
    }

    /** Adds a check for one code cell. */
    final void cell(String id, Check check) {
        assertThat(checks.put(id, check)).as("the checks of " + id).isNull();
    }

    /** Adds what holds where nothing else keeps the processors busy, so for what is saved, and not for each run. */
    final void whereQuiet(String id, Check check) {
        assertThat(checksOfSaved.put(id, check)).as("the checks of " + id).isNull();
    }

    /** The cell shows nothing: it defines what others use. */
    final void silent(String id) {
        cell(id, cell -> assertThat(cell.outputs()).isEmpty());
    }

    /** The cell prints this, and shows no value. */
    final void prints(String id, String stdout) {
        cell(id, cell -> {
            assertThat(cell.stdout()).isEqualTo(stdout);
            assertThat(cell.stderr()).isEmpty();
            assertThat(cell.values()).isEmpty();
        });
    }

    /** The cell shows this value as text. */
    final void shows(String id, String value) {
        cell(id, cell -> {
            assertThat(cell.values()).containsExactly(value);
            assertThat(cell.stderr()).isEmpty();
        });
    }

    /** The numbers in a text, in order. */
    static List<Long> numbers(String text) {
        return Pattern.compile("-?\\d+")
                .matcher(text)
                .results()
                .map(found -> Long.parseLong(found.group()))
                .toList();
    }

    /** The groups of the expression, which must match the whole text. */
    static List<String> groups(String expression, String text) {
        Matcher matcher = Pattern.compile(expression, Pattern.DOTALL).matcher(text);
        assertThat(matcher.matches()).as(text + "\nhas the form " + expression).isTrue();
        return Stream.iterate(1, group -> group + 1)
                .limit(matcher.groupCount())
                .map(matcher::group)
                .toList();
    }

    @TestFactory
    Stream<DynamicTest> saved() throws Exception {
        return SAVE
                ? Stream.empty()
                : tests(TeachingNotebook.read(TeachingNotebook.file(name)), true, new AtomicInteger());
    }

    @TestFactory
    Stream<DynamicTest> executed(@TempDir Path folder) throws Exception {
        Path file = folder.resolve(name + ".ipynb");
        run(file);
        AtomicInteger held = new AtomicInteger();
        TeachingNotebook notebook = TeachingNotebook.read(file);
        Stream<DynamicTest> tests = tests(notebook, SAVE, held);
        String text = Files.readString(file);
        return !SAVE
                ? tests
                : Stream.concat(tests, Stream.of(dynamicTest("save", () -> save(notebook, text, held.get()))));
    }

    private Stream<DynamicTest> tests(TeachingNotebook notebook, boolean saved, AtomicInteger held) {
        DynamicTest all = dynamicTest("each code cell has a check", () -> assertEachCodeCellHasACheck(notebook));
        Stream<DynamicTest> each = notebook.code().stream()
                .filter(cell -> checks.containsKey(cell.id()))
                .map(cell -> dynamicTest(cell.id(), () -> {
                    check(cell);
                    if (saved && checksOfSaved.containsKey(cell.id())) {
                        checksOfSaved.get(cell.id()).of(cell);
                    }
                    held.incrementAndGet();
                }));
        return Stream.concat(Stream.of(all), each);
    }

    private void check(Cell cell) throws Exception {
        boolean fails = cell.hasTag("raises-exception");
        assertThat(cell.error().isPresent()).as("fails: " + cell.error()).isEqualTo(fails);
        checks.get(cell.id()).of(cell);
    }

    /** Asserts that all checks hold for a run that another front end has made. */
    final void holdFor(TeachingNotebook notebook) throws Exception {
        assertEachCodeCellHasACheck(notebook);
        for (Cell cell : notebook.code()) {
            check(cell);
        }
    }

    /** The file's name, without its ending. */
    final String name() {
        return name;
    }

    private void assertEachCodeCellHasACheck(TeachingNotebook notebook) {
        assertThat(notebook.code())
                .as("code cells, each with a check")
                .extracting(Cell::id)
                .containsExactlyElementsOf(checks.keySet());
        assertThat(checks.keySet()).as("with more of them where quiet").containsAll(checksOfSaved.keySet());
    }

    private void run(Path executed) {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(log, true, StandardCharsets.UTF_8);
        int code = new NotebookRunner(KernelCommand.ofThisJvm(), out, out, false)
                .run(TeachingNotebook.file(name), Optional.of(executed), Optional.of(Duration.ofSeconds(60)));
        assertThat(code)
                .as(() -> "the run ended well:\n" + log.toString(StandardCharsets.UTF_8))
                .isZero();
    }

    private void save(TeachingNotebook notebook, String text, int held) throws Exception {
        assertEachCodeCellHasACheck(notebook);
        assertThat(held).as("checks that held").isEqualTo(checks.size());
        Files.writeString(TeachingNotebook.file(name), JDK_VERSION.matcher(text).replaceFirst(""));
    }
}
