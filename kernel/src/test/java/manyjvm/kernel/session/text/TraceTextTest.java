package manyjvm.kernel.session.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class TraceTextTest {
    private static final String TRACE =
            """
            REPL.$JShell$3$Boo: outer
            \tat REPL.$JShell$2.g(In[1]:3)
            \tat REPL.$JShell$11.do_it$(In[2]:1)
            \tat java.base/jdk.internal.reflect.NativeMethodAccessorImpl.invoke0(Native Method)
            \tat java.base/java.util.concurrent.Executor.run(Executor.java:5)
            \tat manyjvm.kernel.session.execution.Engine.run(Engine.java:120)
            Caused by: java.lang.IllegalStateException: bad 3
            \tat REPL.$JShell$1.f(In[1]:2)
            \t... 5 more
            """;

    private static final String PLAIN =
            """
            Boo: outer
            \tat g(In[1]:3)
            \tat In[2]:1
            Caused by: java.lang.IllegalStateException: bad 3
            \tat f(In[1]:2)
            \t... 2 more
            """;

    @Test
    void trace_atOnceOrLineByLine_isToldInTheWordsOfTheCells() {
        assertThat(new TraceText().plain(TRACE)).isEqualTo(PLAIN);
        TraceText lineByLine = new TraceText();
        StringBuilder text = new StringBuilder();
        TRACE.lines().forEach(line -> text.append(lineByLine.plain(line + "\n")));
        assertThat(text).hasToString(PLAIN);
    }

    @Test
    void tracesOfSeveralWorkers_interleaved_areKeptApart() {
        TraceText traces = new TraceText();
        StringBuilder first = new StringBuilder();
        StringBuilder second = new StringBuilder();
        TRACE.lines().forEach(line -> {
            first.append(traces.plain("[1] " + line + "\n"));
            second.append(traces.plain("[2] " + line + "\n"));
        });
        assertThat(first.toString().replace("[1] ", "")).isEqualTo(PLAIN);
        assertThat(second.toString().replace("[2] ", "")).isEqualTo(PLAIN);
    }

    @Test
    void suppressed_countsTheFramesOfItsOuterTrace() {
        assertThat(new TraceText()
                        .plain(
                                "java.lang.Exception: a\n\tat REPL.$JShell$1.f(In[1]:2)\n\tat REPL.$JShell$11.do_it$(In[2]:1)\n"
                                        + "\tat manyjvm.kernel.session.execution.Engine.run(Engine.java:1)\n"
                                        + "\tSuppressed: java.lang.Exception: s\n\t\t... 3 more\n"))
                .endsWith("\tSuppressed: java.lang.Exception: s\n\t\t... 2 more\n");
    }

    @Test
    void framesOfLibraries_stay() {
        String trace = "java.lang.Exception: a\n\tat org.example.Lib.run(Lib.java:5)\n"
                + "\tat java.base/java.lang.Thread.run(Thread.java:840)\n";
        assertThat(new TraceText().plain(trace)).isEqualTo(trace);
    }

    @Test
    void repeatedText_thatIsNoFrame_isNotFolded() {
        for (String line : new String[] {
            "  at work\n", "\tat f(In[1]:2)\n", " at noon (we meet)\n", "[2]  at work\n", "  at a.b.c\n"
        }) {
            assertThat(new TraceText().plain(line.repeat(9))).isEqualTo(line.repeat(9));
        }
        assertThat(new TraceText().plain("\tat a.B.c(B.java:1)\n".repeat(9)))
                .isEqualTo("\tat a.B.c(B.java:1)\n\t... this frame is repeated 8 more times ...\n");
    }

    @Test
    void familiesOfAnyLetters_areTakenAway() {
        assertThat(new TraceText()
                        .plain(
                                "REPL.$JShell$3$_Family_Größe_$Übung: bad\n\tat REPL.$JShell$3$_Family_Größe_$Übung.f(In[1]:2)\n"
                                        + "REPL.$JShell$3$_Family_Shape_whole_$Sq$In@1b2c\n"))
                .isEqualTo("Übung: bad\n\tat Übung.f(In[1]:2)\nSq.In@1b2c\n");
    }

    @Test
    void otherText_isLeftAlone() {
        for (String text : new String[] {
            "\tat noon(we meet)\n",
            "look at REPL.$JShell$1 ... 3 more\n",
            " at java.lang.reflect.Method.invoke(Method.java)\n",
            "\t... 3 more\n",
            "Caused by: us\n",
            "at home",
            "x = REPL.$JShell$12$P\n",
            "\n",
            ""
        }) {
            assertThat(new TraceText().plain(text)).isEqualTo(text);
        }
    }

    @Test
    void recursion_inOnePiece_isFolded() {
        String frame = "[2] \tat REPL.$JShell$1.rec(In[1]:2)\n";
        assertThat(new TraceText().plain("[2] java.lang.StackOverflowError\n" + frame.repeat(1024) + "[2] next\n"))
                .isEqualTo("[2] java.lang.StackOverflowError\n[2] \tat rec(In[1]:2)\n"
                        + "[2] \t... this frame is repeated 1023 more times ...\n[2] next\n");
    }

    @Test
    void objectsWithoutText_haveTheirUsersNames_andOtherTextStays() {
        assertThat(new TraceText().plain("REPL.$JShell$12$Out$In@1b2c3d, [REPL.$JShell$4A$Foo@ff]\n"))
                .isEqualTo("Out.In@1b2c3d, [Foo@ff]\n");
        assertThat(
                        new TraceText()
                                .plain(
                                        "REPL.$JShell$7$$Lambda$563/0x00007f41c8039c40@4a5b REPL.$JShell$13$$JShell$anonymous$$0@1"))
                .isEqualTo("lambda@4a5b anonymous@1");
        assertThat(new TraceText().plain("REPL.$JShell$12$Foo\n")).isEqualTo("Foo\n");
        assertThat(new TraceText().plain("class REPL.$JShell$12$Foo is a name\n"))
                .isEqualTo("class REPL.$JShell$12$Foo is a name\n");
    }

    /** A list of a cell's objects without a toString of their own; what grows faster than the line never ends here. */
    @Test
    @Timeout(60)
    void veryLongLines_costNoMoreThanTheirLength() {
        String objects = "REPL.$JShell$12$P@7a4f0f29, ".repeat(100_000);
        for (String start : new String[] {"[", "[1] [", "\tat ", "\tat a.b(", "Caused by: ", "10:30 ", "... 3 "}) {
            assertThat(new TraceText().plain(start + objects + "\n")).contains("P@7a4f0f29, P@7a4f0f29");
        }
        String lambdas = "\tat " + "a.b$$Lambda".repeat(100_000) + "\n";
        assertThat(new TraceText().plain(lambdas)).isEqualTo(lambdas);
    }

    @Test
    void logRecord_isToldInTheWordsOfTheCells() {
        assertThat(new TraceText().plain("Nov 27, 2026 9:00:01 AM REPL.$JShell$3 lambda$do_it$$0\n"))
                .isEqualTo("Nov 27, 2026 9:00:01 AM notebook lambda\n");
        assertThat(new TraceText().plain("Nov 27, 2026 9:00:01 AM REPL.$JShell$3$P run\n"))
                .isEqualTo("Nov 27, 2026 9:00:01 AM P run\n");
        assertThat(new TraceText().plain("see REPL.$JShell$3 run\n")).isEqualTo("see REPL.$JShell$3 run\n");
    }
}
