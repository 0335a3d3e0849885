package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import manyjvm.kernel.runner.Execution;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code %pool explain} tells of functions and variables, held against what a submission does. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class PoolExplainIT {
    private static NotebookKernel notebook;

    @BeforeAll
    static void start() throws Exception {
        notebook = new NotebookKernel();
        notebook.run("int[] table = new int[100_000];\nvar hits = Value.ofInt(0);"); // In[1]
        notebook.run("record Point(int x, int y) { int norm() { return x + y; } }"); // In[2]
        notebook.run("int square(int x) { System.out.println(\"ran\"); hits.getAndAdd(1);"
                + " return new Point(x, table[0]).norm() * x; }"); // In[3]
        notebook.run("var log = new java.io.ByteArrayInputStream(new byte[1]); var door = new Thread();"); // In[4]
        notebook.run("int bad(int x) { door.getName(); return x + log.available(); }"); // In[5]
        notebook.run("int total = 0;\nvoid add(int x) { total += x; }"); // In[6]
        notebook.run("double area(double a, double b) { return a * b; }\nint two(int x) { return x; }\n"
                + "int two(String x) { return 2; }"); // In[7]
        notebook.run("Fn<Integer, Integer> twice = x -> square(x) * 2;"); // In[8]
    }

    @AfterAll
    static void stop() {
        notebook.close();
    }

    @Test
    void explain_ofAMethod_tellsEachPartWithItsCellAndBytes() throws Exception {
        Execution execution = notebook.run("%pool explain square");

        assertThat(execution.stdout()).doesNotContain("ran");
        assertThat(execution.result().orElseThrow())
                .startsWith("square can be sent: 40")
                .containsPattern("square +method +In\\[3] +as a class file +[\\d,]+\n")
                .containsPattern("Point +record +In\\[2] +as a class file +[\\d,]+\n")
                .containsPattern("table +int\\[] +In\\[1] +as a copy of what it is now +400,0\\d\\d\n")
                .containsPattern("hits +Value.OfInt +In\\[1] +as a handle: shared, one for all +\\d+(\n|$)");
        assertThat(execution.outputs("execute_result").get(0).content().toString())
                .contains("<table>", "<td>In[3]</td>")
                .doesNotContain("<script");
        assertThat(notebook.value("hits.get()")).isEqualTo("0");
    }

    @Test
    void explain_ofWhatCannotTravel_tellsEachReasonWithTheWordsOfTheSubmission() throws Exception {
        String told = notebook.value("%pool explain bad");

        assertThat(told)
                .startsWith("bad cannot be sent to a worker JVM:")
                .contains("cannot send notebook variable log: log is a java.io.ByteArrayInputStream (used by bad)")
                .contains("cannot send notebook variable door: door is a java.lang.Thread (used by bad)")
                .containsPattern("log +ByteArrayInputStream +In\\[4] +\u2717 cannot");
        String refused = notebook.error("%pool map bad 0..1");
        assertThat(told)
                .contains(refused.substring(refused.indexOf("cannot send")).split("\n")[0]);
    }

    @Test
    void explain_ofAssignedVariable_warns() throws Exception {
        assertThat(notebook.value("%pool explain add"))
                .startsWith("add can be sent")
                .contains("warning: total is assigned by code that runs in workers");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "table | table can be sent: 40 | table +int\\[]",
                "log | log cannot be sent | log +ByteArrayInputStream",
                "twice | twice can be sent: 40 | square +method",
                "area | area can be sent | area +method",
                "two | two can be sent | two +method",
                "(x -> square(x)) | x -> square(x) can be sent | square +method",
                "p -> p.norm() | p -> p.norm() can be sent | Point +record",
                "(int x) -> x + table.length | (int x) -> x + table.length can be sent | table +int\\[]",
                "(a, b) -> a + b | (a, b) -> a + b can be sent | lambda +code of the cell",
                "() -> square(3) | () -> square(3) can be sent | square +method",
                "s -> { add(s); } | s -> { add(s); } can be sent | add +method",
                "String::length | String::length can be sent | lambda +code of the cell",
            })
    void explain_takesFunctionsInAllForms(String form, String verdict, String part) throws Exception {
        assertThat(notebook.value("%pool explain " + form)).startsWith(verdict).containsPattern(part);
    }

    @Test
    void explain_ofAMethodWithOverloadsOfTwoParameters_tellsOfIt() throws Exception {
        notebook.run("double size(double width, double height) { return width * height; }\n"
                + "int size(int width, int height) { return width * height; }");
        assertThat(notebook.value("%pool explain size"))
                .startsWith("size can be sent")
                .containsPattern("size +method");
    }

    @Test
    void explain_ofASlipOfThePen_namesTheNearest() throws Exception {
        assertThat(notebook.error("%pool explain sqare")).contains("did you mean 'square'?");
        assertThat(notebook.error("%pool explain")).contains("needs a function or a variable");
        assertThat(notebook.error("%pool explain (x -> x + tabel.length)")).contains("table");
    }
}
