package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples in the Javadoc of the library run as cells, as they stand there, and print what their comments say. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class JavadocExamplesIT {
    private static final Path SOURCES = Path.of("..", "parallel", "src", "main", "java", "manyjvm", "parallel");
    private static final Pattern EXAMPLE =
            Pattern.compile("^ *\\* <pre>\\{@code\\n(.*?)^ *\\* }</pre>", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern MARGIN = Pattern.compile("^ *\\* ?", Pattern.MULTILINE);

    /** A line that prints, and what. */
    private static final Pattern PRINTED =
            Pattern.compile("^.*System\\.out\\.println\\(.*\\);\\s+// (.*)$", Pattern.MULTILINE);

    /** The types that come with others, in whose examples they are shown. */
    private static final Set<String> SHOWN_WITH_OTHERS = Set.of(
            "Action",
            "Args2",
            "Args3",
            "Args4",
            "Fn2",
            "Fn3",
            "Fn4",
            "ItemAction",
            "ParallelException",
            "PoolClosedException",
            "PoolStatus",
            "ProcessInfo",
            "ThreadDump",
            "WaitInterruptedException");

    private static NotebookKernel notebook;

    /** @param type the file it stands in, and which of those there */
    record Example(String type, String code) {
        List<String> prints() {
            return PRINTED.matcher(code)
                    .results()
                    .map(line -> line.group(1).strip())
                    .toList();
        }

        @Override
        public String toString() {
            return type;
        }
    }

    @BeforeAll
    static void start() throws Exception {
        notebook = new NotebookKernel();
    }

    @AfterAll
    static void stop() {
        notebook.close();
    }

    static List<Example> examples() throws IOException {
        List<Example> examples = new ArrayList<>();
        try (Stream<Path> files = Files.list(SOURCES)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".java"))
                    .sorted()
                    .toList()) {
                Matcher matcher = EXAMPLE.matcher(Files.readString(file));
                String type = file.getFileName().toString().replace(".java", "");
                for (MatchResult found : matcher.results().toList()) {
                    String code = MARGIN.matcher(found.group(1)).replaceAll("");
                    examples.add(new Example(type, code));
                }
            }
        }
        return examples;
    }

    @Test
    void everyTypeThatUsersReachFor_hasAnExample() throws Exception {
        assertThat(Imports.TYPES).containsAll(SHOWN_WITH_OTHERS);
        assertThat(examples().stream().map(Example::type).distinct().sorted().toList())
                .containsExactlyElementsOf(Imports.TYPES.stream()
                        .filter(type -> !SHOWN_WITH_OTHERS.contains(type))
                        .sorted()
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("examples")
    void example_runsAsACell_andPrintsWhatItSays(Example example) throws Exception {
        List<String> lines = notebook.run(example.code()).stdout().lines().toList();

        if (!example.prints().isEmpty()) {
            assertThat(lines).containsSubsequence(example.prints());
        }
    }

    @Test
    void everyName_isThereWithoutAnImport() throws Exception {
        String all = Imports.TYPES.stream().map(type -> type + ".class").collect(Collectors.joining(", "));

        assertThat(notebook.value("Stream.of(" + all + ", Duration.class).filter(type -> type.getName().startsWith("
                        + "\"manyjvm.parallel.\")).count()"))
                .isEqualTo(Integer.toString(Imports.TYPES.size()));
    }
}
