package manyjvm.kernel.session.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TracebackColoursTest {
    private static List<String> marked(String name, String... lines) {
        return TracebackColours.of(name, List.of(lines)).stream()
                .map(line -> line.replace("\u001b[1;31m", "<red>")
                        .replace("\u001b[32m", "<green>")
                        .replace("\u001b[36m", "<cyan>")
                        .replace("\u001b[0m", "</>"))
                .toList();
    }

    @Test
    void exception_hasItsNamesAndPlacesColoured() {
        assertThat(marked(
                        "java.lang.IllegalStateException",
                        "java.lang.IllegalStateException: no: it is 1:2",
                        "second line: of the message",
                        "In[3]:2 | return 1 / x;",
                        "    at half(In[3]:2)",
                        "    at java.base/java.util.List.of(List.java:7)",
                        "    at In[4]:1",
                        "    at Place.sum(tools.jsh:7)",
                        "    at lambda(lib.ipynb, cell 3:2)",
                        "Caused by: Mine: why",
                        "    Suppressed: Other",
                        "    ... 3 more frames ..."))
                .containsExactly(
                        "<red>java.lang.IllegalStateException</>: no: it is 1:2",
                        "second line: of the message",
                        "<green>In[3]:2 |</> return 1 / x;",
                        "    at half(<green>In[3]:2</>)",
                        "    at java.base/java.util.List.of(List.java:7)",
                        "    at <green>In[4]:1</>",
                        "    at Place.sum(<green>tools.jsh:7</>)",
                        "    at lambda(<green>lib.ipynb, cell 3:2</>)",
                        "Caused by: <red>Mine</>: why",
                        "    Suppressed: <red>Other</>",
                        "    ... 3 more frames ...");
    }

    @Test
    void compilerError_hasWhatIsUnderlinedInRed() {
        assertThat(marked(
                        "CompilationError",
                        "In[3]:2: cannot find symbol",
                        "    int a = b;",
                        "            ^",
                        "  symbol:   variable b",
                        "  hint: did you mean c?"))
                .containsExactly(
                        "<green>In[3]:2:</> cannot find symbol",
                        "    int a = b;",
                        "            <red>^</>",
                        "  symbol:   variable b",
                        "  <cyan>hint:</> did you mean c?");
        assertThat(marked("Interrupted", "Interrupted", "    at In[3]:1"))
                .containsExactly("<red>Interrupted</>", "    at <green>In[3]:1</>");
    }
}
