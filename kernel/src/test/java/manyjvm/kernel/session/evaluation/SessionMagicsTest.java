package manyjvm.kernel.session.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import manyjvm.kernel.session.Session.Completeness;
import manyjvm.kernel.session.Session.Completeness.State;
import manyjvm.kernel.session.Session.Completions;
import manyjvm.kernel.session.Session.Outcome;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Magics, and the questions about code: complete, inspect, is_complete. */
@Timeout(120)
class SessionMagicsTest {
    private static final SessionFixture cells = new SessionFixture();

    @BeforeAll
    static void start() {
        cells.magics.add(SessionFixture.timesMagic());
        cells.magics.add(SessionFixture.supplyMagic());
        cells.value("int forty = 40;\nint addTwo(int x) { return x + 2; }\n"
                + "/** A place. */\nrecord Place(int x) {}\nvar words = new ArrayList<String>(List.of(\"a\", \"b\"));");
    }

    @AfterAll
    static void close() {
        cells.close();
    }

    @Test
    void lineMagic_isAnExpressionOfItsOwnType() {
        assertThat(cells.value("%times 6 7")).isEqualTo(42);
        assertThat(cells.value("var typed = %times 6L 7\ntyped += 1;\ntyped")).isEqualTo(43L);
        assertThat(cells.value("int viaMethod(int n) {\n  return %times n 3\n}\nviaMethod(5)"))
                .isEqualTo(15);
        assertThat(cells.value("%times 5 --out ten\nten + 1")).isEqualTo(11);
        assertThat(cells.value("int unfinished = 3\n%times unfinished 2")).isEqualTo(6);
    }

    @Test
    void remainders_stayRemainders() {
        assertThat(cells.value("int times = 4;\nint rest = 7 %times;\nint more = 15\n  %times;\nrest * 10 + more"))
                .isEqualTo(33);
    }

    @Test
    void cellMagic_takesTheBody() {
        assertThat(cells.value("%%supply\nint a = 2;\nint b = %times a 4\nreturn b; // done"))
                .isEqualTo(8);
        Outcome.Failed failed = cells.failure("%%supply\nint a = 2;\n\nreturn missing;", 31);
        assertThat(failed.message()).startsWith("In[31]:4: cannot find symbol");
        Outcome.Failed thrown = cells.failure("%%supply\nint a = 2;\nreturn Integer.parseInt(\"x\");", 32);
        assertThat(thrown.traceback().get(1)).startsWith("In[32]:3 | return Integer");
    }

    @Test
    void errorsAfterAMagic_pointIntoTheCell() {
        Outcome.Failed failed = cells.failure("%times 1 2\nint a = %times 1 \"x\"\nint b;", 33);
        assertThat(failed.message()).startsWith("In[33]:2: bad operand types");
        assertThat(failed.traceback().get(2)).startsWith("            ^");
    }

    @Test
    void wrongUse_runsNothingAfterIt() {
        Outcome.Failed failed =
                cells.failure("System.out.print(\"before\");\n%times 1\nSystem.out.print(\"after\");", 34);
        assertThat(failed.name()).isEqualTo("MagicError");
        assertThat(failed.message()).isEqualTo("In[34]:2: %times takes two numbers, not '1'");
        assertThat(cells.out).isEqualTo("before");
    }

    @Test
    void unknownMagic_runsNothingAndNamesTheNearest() {
        Outcome.Failed failed = cells.failure("System.out.print(\"before\");\n%tmies 1 2", 35);
        assertThat(failed.message()).isEqualTo("In[35]:2: there is no magic %tmies: did you mean %times?");
        assertThat(cells.out).isEmpty();
        assertThat(cells.failure("%%nothing\n1").message()).contains("%lsmagic");
        assertThat(cells.failure("%%show all\n1").message()).contains("one %");
        assertThat(cells.failure("int x = %show all").message())
                .contains("must be alone on its line and outside of { }");
    }

    @Test
    void usage_isPrinted() {
        cells.value("%times?");
        assertThat(cells.out).isEqualTo("%times A B   multiplies\n");
        cells.value("%%supply --help");
        assertThat(cells.out).contains("runs the cell as a function");
        cells.value("%show?");
        assertThat(cells.out).contains("%show all");
        cells.value("%lsmagic");
        assertThat(cells.out).contains("%times A B").contains("%classpath").contains("%maven");
    }

    @Test
    void who_listsWhatTheSessionHas() {
        cells.value("%who");
        assertThat(cells.out).contains("int forty = 40").contains("addTwo").contains("record Place");
    }

    @Test
    void who_listsWhatUsersDeclared_andNothingElse() {
        try (SessionFixture fresh = new SessionFixture()) {
            fresh.value("40 + 1");
            fresh.failure("Integer.parseInt(\"x\")");
            fresh.failure("new Object() { int x = 1 / 0; }");
            fresh.failure("List.of(1).get(7).toString()");
            fresh.value("new Object() { int x = 7; }");
            fresh.failure("nothing");
            fresh.value("%who");
            assertThat(fresh.out).isEmpty();
            fresh.value("int kept = 3;\nvar text = \"t\";");
            fresh.failure("int kept = Integer.parseInt(\"x\");");
            fresh.value("Missing text;");
            fresh.value("int $8 = 5; $1");
            fresh.value("%who");
            assertThat(fresh.out.lines())
                    .containsExactlyInAnyOrder("int kept = 3", "Missing text", "int $8 = 5", "int $1 = 41");
        }
    }

    @Test
    void magicAddedLater_isKnown() {
        assertThat(cells.failure("%added 1 2").name()).isEqualTo("MagicError");
        cells.magics.add(new manyjvm.kernel.spi.Magic() {
            @Override
            public String name() {
                return "added";
            }

            @Override
            public Rewritten rewrite(Call call) {
                return Rewritten.expression("\"" + call.names().methodArities("addTwo") + "\"");
            }

            @Override
            public String usage() {
                return "%added";
            }
        });
        assertThat(cells.value("%added 1 2")).isEqualTo("[1]");
    }

    // ---- is_complete

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1 + 1|COMPLETE",
                "int x = 3;|COMPLETE",
                "int x = 3|COMPLETE",
                "void f() { }|COMPLETE",
                "import java.util.*;|COMPLETE",
                "undefined(1)|COMPLETE",
                "%times 1 2|COMPLETE",
                "%unknown 1 2|COMPLETE",
                "var r = %times 1 2|COMPLETE",
                "''|COMPLETE",
                "// note|COMPLETE",
                "int = 3;|INVALID",
                "int x y;|INVALID",
                "1 + ) 2|INVALID",
                "void f() {|INCOMPLETE",
                "foo(1,|INCOMPLETE",
                "%%supply|INCOMPLETE"
            })
    void isComplete_parses(String code, State state) {
        assertThat(cells.session.isComplete(code).state()).as(code).isEqualTo(state);
    }

    @Test
    void isComplete_indentsTheNextLine() {
        assertThat(cells.session.isComplete("void f() {\n  if (true) {"))
                .isEqualTo(new Completeness(State.INCOMPLETE, "      "));
        assertThat(cells.session.isComplete("void f() {\n  int a = 1;"))
                .isEqualTo(new Completeness(State.INCOMPLETE, "  "));
        assertThat(cells.session.isComplete("%%supply\nreturn 1;\n\n").state()).isEqualTo(State.COMPLETE);
    }

    // ---- complete

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "fort|forty|0",
                "addT|addTwo(|0",
                "words.isEm|isEmpty()|6",
                "int local = 3;\\nloca|local|15",
                "int helper() { return 1; }\\nhelp|helper|27",
                "Integer.MAX_V|MAX_VALUE|8",
                "%ti|%times|0",
                "%|%classpath|0",
                "%%su|%%supply|0",
                "%times 1 --o|--out|9",
                "%times fort|forty|7",
                "%show a|all|6",
                "var r = %ti|%times|8",
                "import java.uti|util|12"
            })
    void complete_proposes(String code, String match, int start) {
        String cell = code.replace("\\n", "\n");
        Completions completions = cells.session.complete(cell, cell.length());
        assertThat(completions.matches()).as(code).anyMatch(one -> one.startsWith(match));
        assertThat(completions.start()).as(code + completions).isEqualTo(start);
        assertThat(completions.end()).isEqualTo(cell.length());
    }

    @Test
    void complete_showsNoneOfOurInternals() {
        assertThat(cells.session.complete("manyjvm.kernel.", 15).matches())
                .doesNotContain("session", "session.")
                .noneMatch(one -> one.startsWith("spi"));
        assertThat(cells.session.complete("com.google.", 11).matches()).isEmpty();
        assertThat(cells.session.complete("do_i", 4).matches()).isEmpty();
    }

    // ---- inspect

    @Test
    void inspect_tellsSignaturesValuesAndUsages() {
        assertThat(inspect("words.size()", 8)).contains("int").contains("size()");
        assertThat(inspect("forty", 2)).isEqualTo("int forty = 40");
        assertThat(inspect("words", 2)).contains("ArrayList<String> words = java.util.ArrayList of 2");
        assertThat(inspect("addTwo(3)", 3)).isEqualTo("int addTwo(int x)");
        assertThat(inspect("Math.max(1, 2)", 7)).contains("max(int");
        assertThat(inspect("String", 3)).contains("String");
        assertThat(inspect("%times 1 2", 3)).contains("multiplies");
        assertThat(cells.session
                        .inspect("addTwo", 3, 1)
                        .orElseThrow()
                        .data()
                        .get("text/plain")
                        .toString())
                .contains("return x + 2");
        assertThat(cells.session.inspect("nothingLikeThis", 5, 0)).isEmpty();
        assertThat(cells.session.inspect("", 0, 0)).isEmpty();
    }

    @Test
    void inspect_tellsTypesWithoutTheirAnnotations() {
        assertThat(inspect("manyjvm.kernel.api.Notebook.display(", 36))
                .contains("display(Object value)", "display(Object value, String... mimeTypes)")
                .doesNotContain("@");
    }

    private static String inspect(String code, int cursor) {
        return cells.session
                .inspect(code, cursor, 0)
                .orElseThrow()
                .data()
                .get("text/plain")
                .toString();
    }
}
