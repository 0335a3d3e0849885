package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import manyjvm.kernel.runner.Execution;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Names that are this library's and the JDK's: textbook Java and this library's notebooks, in one session. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class JdkNamesIT {
    private static NotebookKernel notebook;

    @BeforeAll
    static void start() throws Exception {
        notebook = new NotebookKernel();
    }

    @AfterAll
    static void stop() {
        notebook.close();
    }

    @Test
    void bothMeanings_workInOneSession_andTravel() throws Exception {
        notebook.run(
                "int first(Queue<Integer> q) { return q.peek(); }\nQueue<Integer> jdk = new LinkedList<>(List.of(3, 4));");
        assertThat(notebook.value("first(jdk)")).isEqualTo("3");
        assertThat(notebook.value("var ours = new Queue<Integer>(); ours.put(4); ours.take()"))
                .isEqualTo("4");
        assertThat(notebook.value("Process echo = new ProcessBuilder(\"echo\").start(); echo.waitFor()"))
                .isEqualTo("0");
        assertThat(notebook.run("var child = new Process(() -> System.out.println(\"from a child\"));\n"
                                + "child.start(); child.join();")
                        .stdout())
                .contains("from a child");
        assertThat(notebook.value("int sum(Queue<Integer> q) { int s = 0; for (int x : q) s += x; return s; }\n"
                        + "try (var pool = new Pool(2)) { System.out.println(pool.map(i -> sum(jdk) + i, range(3))); }\n"
                        + "sum(jdk)"))
                .isEqualTo("7");
        assertThat(notebook.value("var copy = jdk; copy.add(5); copy")).isEqualTo("[3, 4, 5]");

        Execution mixed = notebook.client()
                .execute("Queue<Integer> a = new LinkedList<>(), b = new Queue<Integer>();", NotebookKernel.LONG);
        assertThat(NotebookKernel.traceback(mixed)).contains("java.util.Queue").contains("manyjvm.parallel.Queue");

        // A user's import by name wins for good; what was written before keeps its meaning.
        notebook.run("Queue<Integer> make() { var q = new Queue<Integer>(); q.put(8); return q; }");
        notebook.run("import java.util.Queue;");
        assertThat(notebook.value("make().peek()")).isEqualTo("8");
        assertThat(notebook.error("new Queue<Integer>()")).contains("java.util.Queue is abstract");
    }

    @Test
    void importsOnDemand_winWhereBothFit_andTakeNothingFromOlderCells() throws Exception {
        assertThat(notebook.value("new Lock().getClass()")).isEqualTo("class manyjvm.parallel.Lock");
        notebook.run("List<Integer> numbers = List.of(1, 2);\nint count(List<Integer> all) { return all.size(); }");
        notebook.run(
                """
                import java.util.concurrent.locks.*;
                class Guarded {
                    private final Lock lock = new ReentrantLock();
                    private final Condition changed = lock.newCondition();
                    int n;
                    void increase() { lock.lock(); try { n++; changed.signalAll(); } finally { lock.unlock(); } }
                }
                void inside(Lock l) { l.lock(); l.unlock(); }
                inside(new ReentrantLock());
                var guarded = new Guarded(); guarded.increase();""");
        assertThat(notebook.value("guarded.n")).isEqualTo("1");
        assertThat(notebook.value("new Lock().getClass()")).isEqualTo("class manyjvm.parallel.Lock");

        assertThat(notebook.run("import java.awt.*;\nimport java.sql.*;\nimport java.lang.reflect.*;")
                        .stderr())
                .isEmpty();
        assertThat(notebook.value("count(numbers) + count(List.of(1))")).isEqualTo("3");
        assertThat(notebook.value("Date day = Date.valueOf(\"2020-01-02\"); day"))
                .isEqualTo("2020-01-02");
        assertThat(notebook.value("Array.getLength(Array.newInstance(int.class, 3))"))
                .isEqualTo("3");
        assertThat(notebook.value("Array.of(range(3))")).isEqualTo("[0, 1, 2]");
        assertThat(notebook.value("Event event = new Event(null, 7, null); event.id"))
                .isEqualTo("7");
        assertThat(notebook.value("new Event().isSet()")).isEqualTo("false");
        notebook.run("import static java.util.stream.IntStream.*;");
        assertThat(notebook.value("range(0, 3).sum()")).isEqualTo("3");
        assertThat(notebook.value("range(3)")).isEqualTo("[0, 1, 2]");
    }

    @Test
    void restOfTheCell_decidesWhereBothFit() throws Exception {
        assertThat(notebook.value("Semaphore permits = new Semaphore(2);\npermits.tryAcquire(1, 1, TimeUnit.SECONDS)"))
                .isEqualTo("true");
        assertThat(notebook.value("record Inbox(JoinableQueue<String> texts, Barrier barrier, Value.OfInt n) {}\n"
                        + "new Inbox(new JoinableQueue<>(), null, null).barrier() == null"))
                .isEqualTo("true");
        // Refused, by the words of the one that fits best; nothing ran, nothing is declared.
        assertThat(notebook.error("Pipe broken = Pipe.nothing(System.out);")).contains("nothing");
        assertThat(notebook.error("broken")).contains("symbol: variable broken");
    }

    @Test
    void memberTypes_winInTheClassesThatInheritThem() throws Exception {
        notebook.run(
                """
                class Station { static class Event {} enum Array { SHORT } interface Pool { int size(); } }
                interface Meters { record Value(int n) {} class Pipe {} }""");
        notebook.run(
                """
                class Small extends Station implements Meters {
                    Object[] all() { return new Object[] {new Event(), Array.SHORT, new Value(3), new Pipe(), ours()}; }
                    Pool pool() { return () -> 4; }
                    <Queue> Queue same(Queue q) { return q; }
                    static Object ours() { return new Semaphore(2); }
                }
                String names(Object[] all) { return Stream.of(all).map(o -> o.getClass().getSimpleName()
                        + (o.getClass().getName().startsWith("manyjvm.") ? "!" : "")).toList().toString(); }""");
        assertThat(notebook.value("names(new Small().all())")).isEqualTo("[Event, Array, Value, Pipe, Semaphore!]");
        assertThat(notebook.value("new Small().pool().size() + new Small().same(3)"))
                .isEqualTo("7");
        assertThat(notebook.value("names(new Object[] {new Event(), new Station() { Object e = new Event(); }.e})"))
                .isEqualTo("[Event!, Event]");
    }

    @Test
    void namesOfAnyLetters_areNamesForMagicsToo() throws Exception {
        notebook.run("int größe(int x) { return 2 * x; }\nList<Integer> übrige = List.of(1, 2);\n"
                + "class Äpfel { int zahl = 3; int zähle(int n) { if (n > 2) { throw new IllegalStateException(\"zu viel\"); }"
                + " return n; } }\nÄpfel äpfel = new Äpfel();");
        assertThat(notebook.value("%pool map größe 1..3")).isEqualTo("[2, 4, 6]");
        assertThat(notebook.value("%pool map (int äüß) -> größe(äüß) übrige")).isEqualTo("[2, 4]");
        assertThat(notebook.run("%process System.out.println(größe(4))").stdout())
                .contains("8");
        notebook.run("var öfen = %process --async größe(4)\n%process join öfen");
        assertThat(notebook.run("%who").stdout()).contains("übrige").contains("äpfel");
        assertThat(NotebookKernel.traceback(notebook.client().execute("new Äpfel().zähle(3)", NotebookKernel.LONG)))
                .contains("Äpfel.zähle")
                .doesNotContain("REPL");
    }
}
