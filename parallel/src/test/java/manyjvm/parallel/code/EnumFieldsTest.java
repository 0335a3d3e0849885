package manyjvm.parallel.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import manyjvm.parallel.NotShippableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the fields of enum constants hold in a worker. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class EnumFieldsTest extends NotebookAndWorker {
    private Bundle pack(String callable) {
        return packer.pack(notebook.run("(Callable<Object>) () -> " + callable));
    }

    @Test
    void assignedField_travels_andTheNewerValueHolds() throws Exception {
        notebook.run("enum E { A, B; int n; private String text = \"t\"; void up() { n++; text += n; }"
                + " String text() { return text; } }");
        notebook.run("E.A.n = 5; E.B.up();");

        assertThat(call("E.A.n + E.A.text() + E.B.n + E.valueOf(\"B\").text()")).isEqualTo("5t1t1");
        assertThat(call("{ E.A.n = 7; E.B.up(); return 0; }")).isEqualTo(0);
        assertThat(call("E.A.n + E.B.text()")).isEqualTo("7t12");
        notebook.run("E.A.n = 9;");
        assertThat(call("E.A.n + E.B.text()")).isEqualTo("9t12");
    }

    @Test
    void contentOfFinalFields_travels() throws Exception {
        notebook.run("enum E { A, B; final int[] counts = new int[3]; final List<Object> seen = new ArrayList<>();"
                + " private final Map<String, E> next = new HashMap<>(); E next() { return next.get(\"n\"); }"
                + " void next(E e) { next.put(\"n\", e); } }");
        notebook.run("E.A.counts[1] = 4; E.B.seen.add(\"s\"); E.B.seen.add(E.A); E.A.next(E.B);");

        assertThat(call("E.A.counts[1] + \" \" + E.B.seen + E.A.seen + E.A.next() + (E.B.seen.get(1) == E.A)"))
                .isEqualTo("4 [s, A][]Btrue");
        notebook.run("E.A.counts[1] = 6;");
        assertThat(call("E.A.counts[1] + E.B.counts[1]")).isEqualTo(6);
    }

    @Test
    void fieldsOfBodies_ofNestedEnums_andOfInterfaces_travel() throws Exception {
        notebook.run("interface Sized { int size(); } class Outer { enum E implements Sized {"
                + " A { int own; final List<Integer> all = new ArrayList<>(); void up() { own++; all.add(own); }"
                + " public int size() { return own * 10 + all.size(); } },"
                + " B { int own = 3; void up() { own += 2; } public int size() { return own; } },"
                + " C; int common; void up() { common++; } public int size() { return common; } } }");
        notebook.run("for (var e : Outer.E.values()) { e.up(); e.up(); }");
        notebook.run("Sized hidden = Outer.E.A;");

        assertThat(call("Outer.E.A.size() + \" \" + Outer.E.B.size() + \" \" + Outer.E.C.size()"))
                .isEqualTo("22 7 2");
        assertThat(call("hidden.size()")).isEqualTo(22);
        Object function = notebook.run("(Function<Object, Integer>) x -> ((Sized) x).size()");
        CodeStore.LoadedCode code = worker.load(packer.pack(function));
        Object argument = worker.argument(code, notebook.run("Outer.E.B"));
        code.bind();
        assertThat(WorkerSide.invoke(code.function(), argument)).isEqualTo(7);
    }

    @Test
    void objectThatAVariableHoldsToo_staysOne() throws Exception {
        notebook.run("List<Integer> list = new ArrayList<>(); enum E { A; List<Integer> held; }");
        notebook.run("E.A.held = list; list.add(1);");

        assertThat(call("{ E.A.held.add(2); return list + \" \" + (list == E.A.held); }"))
                .isEqualTo("[1, 2] true");
    }

    @Test
    void fieldThatTheWorkerAssigned_goesOn() throws Exception {
        notebook.run("enum E { A; int n = 1; List<Integer> l = new ArrayList<>(); }");

        assertThat(call("E.A.n")).isEqualTo(1);
        assertThat(call("{ E.A.n = 4; E.A.l.add(3); return 0; }")).isEqualTo(0);
        notebook.run("E.A.toString();");
        assertThat(call("E.A.n + \" \" + E.A.l")).isEqualTo("4 [3]");
    }

    @Test
    void jarAddedLater_takesTheWorkersOwnAlong(@TempDir Path folder) throws Exception {
        notebook.run("enum E { A; int n; final List<Integer> l = new ArrayList<>(); }");
        notebook.run("E.A.n = 1; E.A.l.add(1);");
        call("{ E.A.n = 8; E.A.l.add(9); return 0; }");
        notebook.addToClassPath(folder);

        assertThat(call("E.A.n + \" \" + E.A.l")).isEqualTo("8 [1, 9]");
    }

    @Test
    void redefinedEnum_startsAnew() throws Exception {
        notebook.run("enum E { A; int n; }");
        notebook.run("E.A.n = 1;");
        call("{ E.A.n = 8; return 0; }");
        notebook.run("enum E { A, B; int n = 2; }");

        assertThat(call("E.A.n + E.B.n")).isEqualTo(4);
    }

    @Test
    void submission_inTheEnumsOwnInitializer_isMadeInTheWorker() throws Exception {
        notebook.run("interface Box { List<Object> ALL = new ArrayList<>(); }"
                + " enum E { A; int n = 3; static { Box.ALL.add((Callable<Object> & Serializable) () -> E.A.n); } }");
        notebook.run("E.A.n = 4;");

        assertThat(worker.call(notebook.run("Box.ALL.get(0)"))).isEqualTo(4);
    }

    @Test
    void usualEnums_costNothing() throws Exception {
        notebook.run("enum Color { RED, GREEN }");
        notebook.run(
                "enum Planet { EARTH(5.97e24, \"e\"), MARS(1, null); final double mass; final String name; final Integer"
                        + " boxed = 1; final Color color = Color.RED; final List<Color> colors ="
                        + " List.of(color); final java.math.BigDecimal big = java.math.BigDecimal.TEN; final java.time.Duration d ="
                        + " java.time.Duration.ZERO; final IntUnaryOperator op = x -> x + 1; transient int cache;"
                        + " Planet(double m, String n) { mass = m; name = n; } }");
        notebook.run("import java.util.function.*; Planet.EARTH.cache = 4;");

        Bundle bundle =
                pack("Planet.EARTH.mass + Planet.EARTH.name + Planet.MARS.op.applyAsInt(1) + Planet.EARTH.cache");

        assertThat(bundle.fields()).isEmpty();
        assertThat(worker.run(bundle)).isEqualTo("5.97E24e20");
    }

    @Test
    void finalFieldsMadeOfMoreThanWhatStandsThere_travel() throws Exception {
        notebook.run("double rate = 2; double rate() { return rate; }");
        notebook.run(
                "enum E { A(rate()), B(3) { final long own = System.nanoTime(); long own() { return own; } };"
                        + " final double r; final double twice = rate * 2; final String id = UUID.randomUUID().toString();"
                        + " final DoubleUnaryOperator op; E(double r) { this.r = r; op = x -> x * r; } long own() { return 0; } }");
        Object here = notebook.run("E.A.r + E.A.twice + E.A.id + E.B.own() + E.B.id + E.A.op.applyAsDouble(2)");
        notebook.run("rate = 5;");

        assertThat(call("E.A.r + E.A.twice + E.A.id + E.B.own() + E.B.id + E.A.op.applyAsDouble(2)"))
                .isEqualTo(here);
    }

    @Test
    void finalFieldsThatConstructorsCompute_travel() throws Exception {
        notebook.run("record Pair(int a, String b) {}");
        notebook.run("record Id(long at) { static final Id ONE = new Id(); Id() { this(System.nanoTime()); } }");
        notebook.run("class Clock { final long at = System.nanoTime();"
                + " @Override public String toString() { return \"at \" + at; } }");
        notebook.run("enum Given { A(new Id()); final Id id; Given(Id i) { id = i; } }");
        notebook.run("enum Own { A; final Id id = new Id(); final Pair pair = new Pair(1, \"b\"); }");
        notebook.run("enum Big { A(new java.math.BigInteger(64, new Random())); final java.math.BigInteger b;"
                + " Big(java.math.BigInteger b) { this.b = b; } }");
        notebook.run("enum Lent { A(Id.ONE); final Id id; Lent(Id i) { id = i; } }");
        notebook.run("enum Read { A; final long at = new Clock().at; }");
        notebook.run("enum Text { A; final String text = \"\" + new Object(); }");
        notebook.run("enum Told { A(new Clock()); final String text; Told(Clock c) { text = \"c\" + c; } }");
        notebook.run("enum Captured { A(new Id()); final Supplier<Id> id; Captured(Id i) { id = () -> i; } }");
        notebook.run("enum Listed { A; final List<Id> ids = List.of(new Id()); }");
        notebook.run("enum Body { A(System.nanoTime()) { final long twice = at * 2; long twice() { return twice; } };"
                + " final long at; Body(long at) { this.at = at; } abstract long twice(); }");

        for (String field : new String[] {
            "Given.A.id",
            "Own.A.id + \"\" + Own.A.pair",
            "Big.A.b",
            "Lent.A.id",
            "Read.A.at",
            "Text.A.text",
            "Told.A.text",
            "Captured.A.id.get()",
            "Listed.A.ids",
            "Body.A.twice() + \" \" + Body.A.at"
        }) {
            String here = notebook.run("\"\" + " + field).toString();
            assertThat(call("\"\" + " + field)).as(field).isEqualTo(here);
        }
    }

    @Test
    void whatCannotTravel_isMadeAnewWhereFinal_elseRefusedByName() throws Exception {
        notebook.run("enum E { A; final Thread t = new Thread(); final Object lock = new Object();"
                + " final Random random = new Random(); }");
        notebook.run("E.A.toString();");
        Bundle bundle = pack("E.A.t.isAlive() || E.A.lock == null || E.A.random == null");
        assertThat(worker.run(bundle)).isEqualTo(false);
        assertThat(bundle.copied()).isEmpty();
        assertThat(call("{ synchronized (E.A.lock) { return 1; } }")).isEqualTo(1);

        notebook.run("enum F { A; Object held; }");
        notebook.run("F.A.held = new Thread();");
        assertThatThrownBy(() -> pack("F.A.held"))
                .isInstanceOf(NotShippableException.class)
                .hasMessageContaining("field F.A.held")
                .hasMessageContaining("java.lang.Thread");
    }

    @Test
    void changeByAWorker_isTold() {
        notebook.run(
                "enum E { A { int own; void up() { own++; } }, B; int n; final List<Integer> l = new ArrayList<>();"
                        + " void up() { n++; } }");
        notebook.run("enum Plain { A, B; int none() { return 1; } }");
        notebook.run("E.A.n = 1;");

        for (String change : new String[] {"{ E.A.n = 2; return 0; }", "E.A.l.add(1)", "{ E.A.up(); return 0; }"}) {
            assertThat(pack(change).copied())
                    .extracting(Copied::warning)
                    .as(change)
                    .singleElement()
                    .asString()
                    .startsWith("E.A is changed by code that runs in workers");
        }
        assertThat(pack("E.A.n + E.A.l.size() + Plain.A.none()").copied()).isEmpty();
    }
}
