package manyjvm.kernel.session.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import jdk.jshell.VarSnippet;
import manyjvm.kernel.session.Session.Outcome;
import manyjvm.kernel.session.execution.CodeOrigin;
import manyjvm.kernel.session.shell.Shell;
import manyjvm.kernel.session.text.CellFrames;
import manyjvm.kernel.session.text.TraceText;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class JavaSessionTest {
    private static SessionFixture cells;

    @BeforeAll
    static void start() {
        cells = new SessionFixture();
        cells.magics.add(SessionFixture.timesMagic());
    }

    @AfterAll
    static void close() {
        cells.close();
    }

    @Test
    void lastExpression_isTheValue() {
        assertThat(cells.value("1 + 1")).isEqualTo(2);
        assertThat(cells.value("1 + 1;")).isEqualTo(2);
        assertThat(cells.value("int a1 = 3;\nint b1 = 4;\na1 * b1")).isEqualTo(12);
        assertThat(cells.value("a1")).isEqualTo(3);
        assertThat(cells.value("var typed = new ArrayList<Integer>(List.of(1, 2));\ntyped.get(0) + 1"))
                .isEqualTo(2);
    }

    @Test
    void declarationsAssignmentsVoidAndNull_showNothing() {
        assertThat(cells.run("int quiet = 3;")).isEqualTo(new Outcome.Done(Optional.empty()));
        assertThat(cells.run("quiet = 4")).isEqualTo(new Outcome.Done(Optional.empty()));
        assertThat(cells.run("System.out.print(\"x\")")).isEqualTo(new Outcome.Done(Optional.empty()));
        assertThat(cells.run("(Object) null")).isEqualTo(new Outcome.Done(Optional.empty()));
        assertThat(cells.run("")).isEqualTo(new Outcome.Done(Optional.empty()));
        assertThat(cells.run("// nothing")).isEqualTo(new Outcome.Done(Optional.empty()));
        assertThat(cells.run(" ; \n")).isEqualTo(new Outcome.Done(Optional.empty()));
    }

    @Test
    void statementsOnLinesOfTheirOwn_needNoSemicolon() {
        assertThat(cells.value("int noSemi = 2\nnoSemi += 1\nnoSemi")).isEqualTo(3);
    }

    @Test
    void severalSnippets_runInOrder() {
        cells.run(
                "System.out.print(1);\nSystem.out.print(2); System.out.print(3);\nfor (int i = 4; i < 6; i++) {\n  System.out.print(i);\n}");
        assertThat(cells.out).isEqualTo("12345");
    }

    @Test
    void forwardReferences_workWithinACell() {
        assertThat(cells.value("int even(int n) { return n == 0 ? 1 : odd(n - 1); }\n"
                        + "int odd(int n) { return n == 0 ? 0 : even(n - 1); }\neven(10)"))
                .isEqualTo(1);
        assertThat(cells.err).isEmpty();
    }

    @Test
    void temporaryVariables_countAsInJShell() {
        try (SessionFixture fresh = new SessionFixture()) {
            fresh.session.warmUp();
            assertThat(fresh.value("40 + 1")).isEqualTo(41);
            assertThat(fresh.value("$1 + 1")).isEqualTo(42);
            assertThat(fresh.value("$1 + $2")).isEqualTo(83);
        }
    }

    @Test
    void temporaryVariable_isThereWheneverSomebodyNamesIt() {
        try (SessionFixture fresh = new SessionFixture()) {
            fresh.value("List.of(1, 2)");
            fresh.value("new int[] {3}");
            fresh.value("new Object() { int x = 7; }");
            assertThat(fresh.session.complete("$1.siz", 6).matches()).containsExactly("size()");
            assertThat(fresh.session.inspect("$2", 2, 0).orElseThrow().data().toString())
                    .contains("int[] $2");
            assertThat(fresh.value("$3.x")).isEqualTo(7);
            assertThat(fresh.value("int first() { return $1.get(0) + $2[0]; }\nfirst()"))
                    .isEqualTo(4);
            assertThat(fresh.value("$2[0] = 5;\nfirst()")).isEqualTo(6);
            assertThat(fresh.value("\"$1\" + $1")).isEqualTo("$1[1, 2]");
            assertThat(fresh.err).isEmpty();
        }
    }

    @Test
    void temporaryVariables_thatNobodyNames_areNotCompiledIntoEachSnippet() {
        ReentrantLock lock = new ReentrantLock();
        lock.lock();
        try (SessionFixture host = new SessionFixture();
                Shell shell = new Shell(host, lock)) {
            for (int i = 1; i <= 3; i++) {
                shell.evaluate("1 + 1", new CodeOrigin("cell", 1, "1 + 1"), shell.startupRun());
            }
            assertThat(shell.jshell().variables()).isEmpty();
            assertThat(shell.variables().all().stream().map(VarSnippet::name)).containsExactly("$1", "$2", "$3");
        }
    }

    @Test
    void expressionOfAFrontEnd_definesNothing() {
        try (SessionFixture fresh = new SessionFixture()) {
            fresh.value("1");
            assertThat(fresh.session.evaluate("2 + 3")).isEqualTo(new Outcome.Done(Optional.of(5)));
            assertThat(fresh.value("$1 + 4")).isEqualTo(5);
            assertThat(fresh.failure("$2").message()).contains("cannot find symbol");
        }
    }

    @Test
    void bigValue_isNotTurnedIntoText() {
        double[] big = (double[]) cells.value("double[] big = new double[8_000_000];\nbig");
        assertThat(big).hasSize(8_000_000);
        assertThat(cells.value(
                        "class Silent { public String toString() { throw new IllegalStateException(\"asked\"); } }\n"
                                + "var silent = new Silent();\nsilent != null"))
                .isEqualTo(true);
    }

    @Test
    void showAll_showsEachExpression() {
        cells.value("%show all");
        assertThat(cells.value("1 + 2;\nint shownNot = 5;\n2 + 2;\n3 + 3")).isEqualTo(6);
        assertThat(cells.shown).containsExactly(3, 4);
        cells.value("%show last");
        cells.value("1 + 2;\n3 + 3");
        assertThat(cells.shown).isEmpty();
        assertThat(cells.failure("%show some").message()).contains("'all' or 'last'");
    }

    @Test
    void evaluate_definesNothing() {
        assertThat(cells.session.evaluate("20 + 1")).isEqualTo(new Outcome.Done(Optional.of(21)));
        assertThat(cells.session.evaluate("int userVariable = 3;")).isInstanceOf(Outcome.Failed.class);
        assertThat(cells.session.evaluate("nothingLikeThis")).isInstanceOf(Outcome.Failed.class);
        assertThat(cells.failure("userVariable").name()).isEqualTo("CompilationError");
    }

    // ---- errors

    @Test
    void compileError_namesLineAndPointsAtIt() {
        Outcome.Failed failed =
                cells.failure("int fine = 1;\nint other = fine + missing;\nSystem.out.println(\"later\");", 71);
        assertThat(failed.name()).isEqualTo("CompilationError");
        assertThat(failed.message()).isEqualTo("In[71]:2: cannot find symbol (symbol: variable missing)");
        assertThat(failed.traceback())
                .containsSubsequence(
                        "In[71]:2: cannot find symbol",
                        "    int other = fine + missing;",
                        "                       ^^^^^^^");
        assertThat(cells.out).isEmpty();
        assertThat(cells.value("fine")).isEqualTo(1);
    }

    @Test
    void compileErrorInASecondSnippetOfALine_pointsIntoThatSnippet() {
        assertThat(cells.failure("int l1 = 1; int l2 = \"x\";", 72).traceback())
                .containsSubsequence(
                        "In[72]:1: incompatible types: String cannot be converted to int",
                        "    int l1 = 1; int l2 = \"x\";",
                        "                         ^^^");
    }

    @Test
    void syntaxError_runsNothingOfTheCell() {
        Outcome.Failed failed = cells.failure("System.out.println(\"ran\");\nint x y = 3;", 73);
        assertThat(failed.message()).startsWith("In[73]:2:");
        assertThat(cells.out).isEmpty();
        assertThat(cells.failure("System.out.println(\"ran\");\nif (true) {", 74)
                        .message())
                .contains("In[74]:2:")
                .contains("end of file");
        assertThat(cells.out).isEmpty();
        assertThat(cells.failure("int = 3;").name()).isEqualTo("CompilationError");
    }

    @Test
    void missingImport_isHinted() {
        assertThat(cells.failure("new LocalDateTimeX()").traceback().toString()).doesNotContain("import one of");
        assertThat(cells.failure("Element.now()").traceback().toString())
                .contains("import one of ", "javax.swing.text.Element");
        cells.value("int nearlyRight() { return 1; }");
        assertThat(cells.failure("nearlyRigth()").traceback().toString()).contains("did you mean nearlyRight?");
    }

    @Test
    void unresolvedReference_isNotedAndExplained() {
        cells.value("int later1() { return notYet(1) + 1; }");
        assertThat(cells.err).contains("the method later1() cannot be used until method notYet(int) is defined");
        assertThat(cells.failure("later1()").message())
                .contains("later1() cannot run yet")
                .contains("notYet(int)");
        assertThat(cells.value("int notYet(int x) { return x; }\nlater1()")).isEqualTo(2);
    }

    @Test
    void runtimeException_showsTheUsersFramesAlone() {
        cells.run(
                "int thrower(int x) {\n  if (x == 0) {\n    throw new IllegalStateException(\"zero\");\n  }\n  return thrower(x - 1);\n}",
                75);
        Outcome.Failed failed = cells.failure("int ok = 1;\nint t = thrower(1);", 76);
        assertThat(failed.name()).isEqualTo("java.lang.IllegalStateException");
        assertThat(failed.message()).isEqualTo("zero");
        assertThat(failed.traceback())
                .containsExactly(
                        "java.lang.IllegalStateException: zero",
                        "In[75]:3 | throw new IllegalStateException(\"zero\");",
                        "    at thrower(In[75]:3)",
                        "    at thrower(In[75]:5)",
                        "    at In[76]:2");
    }

    @Test
    void causes_areShownWithTheirFrames() {
        cells.run(
                "void inner1() {\n  throw new RuntimeException(\"in\"); }\n"
                        + "void outer1() {\n  try { inner1(); } catch (RuntimeException e) {\n    throw new IllegalArgumentException(\"out\", e); } }",
                77);
        assertThat(cells.failure("outer1()", 78).traceback())
                .containsSubsequence(
                        "java.lang.IllegalArgumentException: out",
                        "    at outer1(In[77]:5)",
                        "    at In[78]:1",
                        "Caused by: java.lang.RuntimeException: in",
                        "    at inner1(In[77]:2)");
    }

    @Test
    void usersOwnException_isNamedAsTheUserDoes() {
        assertThat(cells.failure(
                                "class Mine extends RuntimeException { Mine(String m) { super(m); } }\nthrow new Mine(\"x\");")
                        .name())
                .isEqualTo("Mine");
    }

    @Test
    void deepRecursion_isReportedShortly() {
        Outcome.Failed failed = cells.failure("int deep(int n) { return deep(n + 1) + 1; }\ndeep(0)");
        assertThat(failed.name()).isEqualTo("java.lang.StackOverflowError");
        assertThat(failed.traceback()).hasSizeLessThan(40);
        assertThat(cells.value("1 + 1")).isEqualTo(2);
    }

    @Test
    void deepRecursion_hasTrueLines_andStandsThereOnce() {
        Outcome.Failed self =
                cells.failure("int sink(int n) {\n  int more = n + 1;\n  return sink(more) + 1;\n}\nsink(0)", 61);
        // The stack overflows at the entry, in the call, or in what checks for a stop there.
        assertThat(self.traceback().subList(1, self.traceback().size()))
                .allMatch(line -> line.matches("In\\[61\\]:[123] \\| .*|    at sink\\(In\\[61\\]:[123]\\)"
                        + "|    \\.\\.\\. this frame is repeated \\d+ more times \\.\\.\\.|    at In\\[61\\]:5"));
        assertThat(self.traceback()).hasSizeLessThan(7);
        Outcome.Failed mutual = cells.failure(
                "class Ping {\n  int ping(int n) { return pong(n) + 1; }\n  int pong(int n) {\n    return ping(n) + 1; }\n}\n"
                        + "new Ping().ping(0)",
                62);
        assertThat(mutual.traceback()).hasSizeLessThan(9).anyMatch(line -> line.contains("these 2 frames "));
        assertThat(mutual.traceback().toString()).contains("Ping.ping(In[62]:2)", "Ping.pong(In[62]:4)");
        assertThat(cells.failure(
                                "Supplier<Integer>[] again = new Supplier[1];\nagain[0] = () -> again[0].get();\nagain[0].get()",
                                63)
                        .traceback())
                .hasSizeLessThan(8)
                .noneMatch(line -> line.contains("-1"));
    }

    @Test
    void frameWithoutALine_isGivenNone() {
        assertThat(CellFrames.text(new StackTraceElement("REPL.$JShell$1$Box", "compareTo", "In[2]", -1)))
                .isEqualTo("Box.compareTo(In[2])");
        assertThat(new TraceText().plain("\tat REPL.$JShell$1$Box.compareTo(In[2])\n"))
                .isEqualTo("\tat Box.compareTo(In[2])\n");
    }

    @Test
    void outOfMemory_isReported() {
        assertThat(cells.failure(
                                "var hog = new ArrayList<long[]>();\nwhile (true) hog.add(new long[Integer.MAX_VALUE - 8]);")
                        .name())
                .isEqualTo("java.lang.OutOfMemoryError");
        cells.run("hog.clear()");
        assertThat(cells.value("1 + 1")).isEqualTo(2);
    }

    @Test
    void deeplyNestedCode_isRefusedAndTheSessionGoesOn() {
        String deep = "int nested = " + "(".repeat(20_000) + "1" + ")".repeat(20_000) + ";";
        assertThat(cells.run(deep)).isInstanceOf(Outcome.Failed.class);
        assertThat(cells.value("1 + 1")).isEqualTo(2);
    }

    @Test
    void systemExit_isRefused() {
        for (String exit : List.of(
                "System.exit(3)",
                "Runtime.getRuntime().exit(3)",
                "Runtime.getRuntime().halt(3)",
                "java.util.function.IntConsumer leave = System::exit;\nleave.accept(3)",
                "try { System.exit(3); } catch (Exception e) { System.out.println(\"caught\"); }")) {
            Outcome.Failed failed = cells.failure(exit);
            assertThat(failed.message()).contains("restart");
            assertThat(cells.out).isEmpty();
        }
    }

    // ---- lines

    @Test
    void lines_holdForAllKindsOfSnippets() throws Exception {
        String boom = "Integer.parseInt(\"x\")";
        assertLine("int k1 =\n  " + boom + ";", 2);
        assertLine("// comment\nint k2 = /* c */\n // d\n  1 +\n " + boom + ";", 5);
        assertLine("1 +\n" + boom, 2);
        assertLine("int k3 = 0; k3 =\n" + boom, 2);
        assertLine("for (int i = 0; i < 1; i++) {\n\n  " + boom + ";\n}", 3);
        assertLine("void k4() {\n\n  " + boom + ";\n}\nk4()", 3);
        assertLine("class K5 {\n  int y;\n  void go() {\n    " + boom + "; } }\nnew K5().go()", 4);
        assertLine("Runnable k6 = () -> {\n  " + boom + ";\n};\nk6.run()", 2);
        assertLine("var k7 = (Runnable) () ->\n  " + boom + ";\nk7.run()", 2);
        assertLine("int k8 = 1; int k9() {\n return " + boom + "; } int k10 = k9();", 2);
        assertLine("int k11 = 1,\n k12 =\n " + boom + ";", 3);
        assertLine("int[] k13 = {1,\n " + boom + "};", 2);
        assertLine("record K14(int a) {\n  K14 {\n   " + boom + "; } }\nnew K14(1)", 3);
        assertLine("int k15 = new Object() {\n int go() {\n return " + boom + "; } }.go();", 3);
    }

    private static void assertLine(String code, int line) {
        Outcome.Failed failed = cells.failure(code, 80);
        assertThat(failed.name()).as(code + failed.traceback()).isEqualTo("java.lang.NumberFormatException");
        assertThat(failed.traceback().get(1))
                .as(code + "\n" + failed.traceback())
                .startsWith("In[80]:" + line + " | ");
    }

    @Test
    void locate_namesCellAndLine() {
        cells.run(
                "StackTraceElement[] frames() {\n  return new Throwable().getStackTrace(); }\nclass Holder {\n  StackTraceElement at() { return frames()[1]; } }",
                90);
        StackTraceElement method = (StackTraceElement) cells.value("frames()[0]");
        assertThat(cells.session.classes().locate(method)).hasToString("notebook.frames(In[90]:2)");
        StackTraceElement ofType = (StackTraceElement) cells.value("new Holder().at()");
        assertThat(cells.session.classes().locate(ofType)).hasToString("Holder.at(In[90]:4)");
        StackTraceElement foreign = new StackTraceElement("a.B", "c", "B.java", 3);
        assertThat(cells.session.classes().locate(foreign)).isSameAs(foreign);
    }
}
