package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import manyjvm.kernel.runner.Execution;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Work for other JVMs that needs something that the notebook does not define. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class UnresolvedIT {
    private static NotebookKernel notebook;

    @BeforeAll
    static void start() throws Exception {
        notebook = new NotebookKernel();
        notebook.run("BufferedImage pic(int n) { return new BufferedImage(n, n, 1); }");
        notebook.run("class Animal {}\nclass Dog extends Anmal { Dog(int legs) {} }");
        notebook.run("int g(int x) { return x + absent; }");
        notebook.run("int k(int x) { return g(x); }");
        notebook.run("class Body { int m() { return absent; } static int n(int x) { return absent2(x); } }");
        notebook.run("var pool = new Pool(1);");
    }

    @AfterAll
    static void stop() {
        notebook.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%pool map pic 1..2",
                "%pool map (x -> pic(x)) 1..2",
                "%pool apply pic 2",
                "%process pic(3)",
                "%%process\nvar p = pic(2);",
                "%%pool map x : 1, 2\nreturn pic(x);",
                "%%pool each\npic(3);",
                "pool.map(i -> pic(i), range(2))",
                "pool.map(i -> { return pic(i).getWidth(); }, range(2))",
                "new Process(() -> pic(2)).start();",
            })
    void functionWhoseTypesAreNotDefined_isToldTheImport(String code) throws Exception {
        String shown = NotebookKernel.traceback(notebook.client().execute(code, NotebookKernel.LONG));

        assertThat(shown)
                .contains("pic cannot be used: class BufferedImage is not defined; import java.awt.image.BufferedImage")
                .doesNotContain("did you mean", "fits");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"%pool map Dog::new 1..2", "%pool map (x -> new Dog(x)) 1..2", "pool.map(Dog::new, range(2))"})
    void typeWithoutItsSuperclass_isToldTheCause(String code) throws Exception {
        assertThat(NotebookKernel.traceback(notebook.client().execute(code, NotebookKernel.LONG)))
                .contains("Dog cannot be used: class Anmal is not defined; did you mean Animal?");
    }

    @Test
    void bodiesWithoutWhatTheyNeed_sayItFromTheWorker() throws Exception {
        String method = "the method g() cannot run yet: variable absent is not defined";
        String type = "the type Body cannot be used: variable absent and method absent2(int) are not defined";
        assertThat(notebook.error("%pool map g 1..2")).contains(method);
        assertThat(notebook.error("pool.map(i -> k(i), range(2))")).contains(method);
        assertThat(notebook.error("pool.map(i -> new Body().m(), range(2))")).contains(type);
        assertThat(notebook.error("pool.map(i -> Body.n(i), range(2))")).contains(type);
        Execution process = notebook.client().execute("%process k(1)", NotebookKernel.LONG);
        assertThat(process.stderr()).contains(method, "at g(In[", "at k(In[");

        notebook.run("int absent2(int x) { return 2 * x; }\nint absent = 5;");

        assertThat(notebook.value("pool.map(i -> k(i) + Body.n(i) + new Body().m(), range(2))"))
                .isEqualTo("[10, 13]");
    }
}
