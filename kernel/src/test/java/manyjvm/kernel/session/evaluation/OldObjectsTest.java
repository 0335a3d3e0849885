package manyjvm.kernel.session.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import manyjvm.kernel.session.Session.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Objects that outlive the definition of their type. */
@Timeout(120)
class OldObjectsTest {
    @Test
    void objectsMadeBeforeARedefinition_areNamed() {
        try (SessionFixture cells = new SessionFixture()) {
            cells.run("record P(String n) {}", 1);
            cells.run(
                    "var ps = List.of(new P(\"a\")); Object[] array = {1, new P(\"b\")}; var byName = Map.of(\"c\", List.of(new P(\"c\")));\n"
                            + "var numbers = List.of(1); Object alone = new P(\"d\");",
                    2);
            cells.run("record P(String n) { int length() { return n.length(); } }", 3);
            assertThat(cells.err)
                    .isEqualTo(
                            "note: ps, array, byName, alone were made before In[3] redefined P: run their cells again\n");
            cells.run("array = null; byName = null; alone = null;", 4);
            Outcome.Failed failed = cells.failure("ps.get(0).length()", 5);
            assertThat(failed.message())
                    .startsWith("class P cannot be cast to class P")
                    .endsWith("; ps was made before In[3] redefined P: run its cell again");
            assertThat(failed.traceback()).endsWith("ps was made before In[3] redefined P: run its cell again");
            // Said once.
            cells.run("numbers.size()", 6);
            assertThat(cells.err).isEmpty();
            assertThat(cells.run("var ps = List.of(new P(\"abc\")); ps.get(0).length()", 7))
                    .isEqualTo(new Outcome.Done(java.util.Optional.of(3)));

            assertThat(cells.failure("class Own { static Object kept = new P(\"x\"); }\nP p = (P) (Object) \"x\";", 8)
                            .message())
                    .doesNotContain("redefined");
        }
    }

    @Test
    void cellThatMakesThemAnew_isNotNoted_andOtherWaysToThemAre() {
        try (SessionFixture cells = new SessionFixture()) {
            String cell = "enum Color { RED }\nvar colors = new ArrayList<Color>(List.of(Color.RED));";
            cells.run(cell, 1);
            cells.run(
                    "class Box<T> { T held; Box(T t) { held = t; } }\nvar box = new Box<Color>(Color.RED);\n"
                            + "Comparable<Color>[] own = new Comparable[] { Color.RED };\nvar boxes = new Box[] { box };",
                    2);
            cells.run("box = null; own = null; boxes = null;" + cell.replace("RED }", "RED, BLUE }"), 3);
            assertThat(cells.err).isEmpty();
            cells.run("int helper() { return 1; }\nclass User { int use() { return helper(); } }", 4);
            cells.run("var users = new ArrayList<Object>(List.of(new User()));", 5);
            cells.run("long helper() { return 2; }\nclass User { long use() { return helper(); } }", 6);
            assertThat(cells.err).isEqualTo("note: users was made before In[6] redefined User: run its cell again\n");
            assertThat(cells.failure("((User) users.get(0)).use()", 7).message())
                    .contains("users was made before In[6]");
            assertThat(cells.failure("users.toArray(new User[0])", 8).message())
                    .endsWith("users was made before In[6] redefined User: run its cell again");
        }
    }

    @Test
    void exceptionWhoseMethodsThrow_isTheCellsError_andNotTheCompilers() {
        try (SessionFixture cells = new SessionFixture()) {
            String broken = "class %s extends RuntimeException { public %s { throw new IllegalStateException(); } }";
            cells.run(broken.formatted("NoMessage", "String getMessage()"), 1);
            cells.run(broken.formatted("NoCause", "Throwable getCause()"), 2);
            cells.run(broken.formatted("NoTrace", "StackTraceElement[] getStackTrace()"), 3);
            for (String type : new String[] {"NoMessage", "NoCause", "NoTrace"}) {
                assertThat(cells.failure("throw new " + type + "();", 4).name()).isEqualTo(type);
            }
        }
    }
}
