package manyjvm.kernel.session.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CellFramesTest {
    @Test
    void causeOfOurOwn_thatItsWrapperQuotes_isNotShownAgain() {
        assertThat(traceback(new Ours("worker 2 died (2 of 4 items failed)", new Ours("worker 2 died", null))))
                .containsExactly(
                        "manyjvm.kernel.session.text.CellFramesTest$Ours: worker 2 died (2 of 4 items failed)",
                        "    at here(In[1]:1)");
    }

    @Test
    void causeThatSaysMore_isShown() {
        assertThat(traceback(new Ours("worker 2 died", new Ours("its heap was full", null))))
                .contains("Caused by: manyjvm.kernel.session.text.CellFramesTest$Ours: its heap was full");
        assertThat(traceback(new Ours("failed: zero", new Ours("zero", new IllegalStateException("why")))))
                .contains("Caused by: java.lang.IllegalStateException: why");
    }

    @Test
    void causeOfTheUsers_isShownEvenWhenItIsQuoted() {
        assertThat(traceback(new Ours("item 1 failed: zero", new ArithmeticException("zero"))))
                .contains("Caused by: java.lang.ArithmeticException: zero");
    }

    @Test
    void causeFromAnotherPlace_isShownEvenWhenItIsQuoted() {
        Ours cause = new Ours("zero", null);
        cause.setStackTrace(new StackTraceElement[] {frame("elsewhere")});
        assertThat(traceback(new Ours("failed: zero", cause))).contains("    at elsewhere(In[1]:1)");
    }

    @Test
    void causeOfOurOwn_thatSaysNothing_givesWayToItsCause() {
        Ours middle = new Ours("zero", new ArithmeticException("why"));
        middle.setStackTrace(
                new StackTraceElement[] {new StackTraceElement("java.lang.Thread", "run", "Thread.java", 1)});
        assertThat(traceback(new java.util.concurrent.ExecutionException("Ours: zero", middle)))
                .noneMatch(line -> line.contains("Ours") && line.contains("Caused by"))
                .anyMatch(line -> line.equals("Caused by: java.lang.ArithmeticException: why"));
    }

    @Test
    void exceptionWhoseMethodsFail_isShownAllTheSame() {
        class Broken extends RuntimeException {
            private static final long serialVersionUID = 1L;

            @Override
            public String getMessage() {
                throw new IllegalStateException();
            }

            @Override
            public synchronized Throwable getCause() {
                throw new IllegalStateException();
            }

            @Override
            public StackTraceElement[] getStackTrace() {
                return null;
            }
        }
        assertThat(traceback(new Broken()).get(0))
                .endsWith("(its message cannot be read: java.lang.IllegalStateException)");
    }

    @Test
    void loadersOfTheSessionsClasses_areNoPartOfAMessage() {
        assertThat(CellFrames.plain("class P cannot be cast to class Q (P and Q are in unnamed module of loader"
                        + " manyjvm.kernel.session.SessionLoader @9ecf577)"))
                .isEqualTo("class P cannot be cast to class Q");
        assertThat(CellFrames.plain(
                        "class A cannot be cast to class B (A is in unnamed module of loader 'session' @1; B is in"
                                + " module java.base of loader 'bootstrap')"))
                .isEqualTo("class A cannot be cast to class B");
    }

    @Test
    void exceptionWithEndlessCauses_isToldToSomeDepth() {
        class Endless extends RuntimeException {
            private static final long serialVersionUID = 1L;

            @Override
            public synchronized Throwable getCause() {
                return new Endless();
            }
        }
        assertThat(traceback(new Endless())).hasSizeLessThan(10_000).contains("Caused by: ... and more ...");
        assertThat(CellFrames.chain(new Endless())).hasSizeLessThan(1000);
    }

    private static List<String> traceback(Throwable thrown) {
        return CellFrames.traceback(thrown, (cell, line) -> Optional.empty());
    }

    private static StackTraceElement frame(String method) {
        return new StackTraceElement("REPL.$JShell$1", method, "In[1]", 1);
    }

    private static final class Ours extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Ours(String message, Throwable cause) {
            super(message, cause);
            setStackTrace(new StackTraceElement[] {frame("here")});
        }
    }
}
