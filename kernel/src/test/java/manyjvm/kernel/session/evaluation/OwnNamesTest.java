package manyjvm.kernel.session.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import manyjvm.kernel.session.SessionHost.Api;
import manyjvm.kernel.session.sampleapi.Functions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Names that cells declare or inherit within a scope, against startup imports of the same names. */
@Timeout(120)
class OwnNamesTest {
    private static final String SAMPLE = Functions.class.getPackageName();

    private final SessionFixture cells = new SessionFixture();

    @BeforeEach
    void offerSampleApi() {
        cells.api.add(new Api(Functions.class, List.of(SAMPLE)));
        for (String name : List.of("Process", "Event", "Queue")) {
            cells.imports.add("import " + SAMPLE + "." + name + ";");
        }
    }

    @AfterEach
    void close() {
        cells.close();
    }

    private void assertMeans(String object, String type) {
        assertThat((String) cells.value("(" + object + ").getClass().getName()"))
                .as(object)
                .endsWith(type);
    }

    @Test
    void inheritedMemberType_winsWhereItIsInherited_andNowhereElse() {
        cells.value("class Base { static class Event {} private static class Process {} }\n"
                + "interface Kinds { enum Queue { FIFO } }");
        cells.value("class Derived extends Base { Object f() { return new Event(); } }\n"
                + "class Two { Object f() { return new Event(); }\n"
                + "  static class Deep extends Base { Object f() { return new Event(); } } }\n"
                + "record Kind(int n) implements Kinds { Object f() { return Queue.valueOf(\"FIFO\"); } }");
        assertMeans("new Derived().f()", "$Base$Event");
        assertMeans("new Two().f()", SAMPLE + ".Event");
        assertMeans("new Two.Deep().f()", "$Base$Event");
        assertMeans("new Kind(1).f()", "$Kinds$Queue");

        cells.value("class Far extends Derived { Event e = new Event(); List<Event> all() { return List.of(e); } }");
        assertMeans("new Far().all().get(0)", "$Base$Event");
        cells.value("Object[] both = {new Base() { Object f() { return new Event(); } }.f(), new Event()};");
        assertMeans("both[0]", "$Base$Event");
        assertMeans("both[1]", SAMPLE + ".Event");
        cells.value("Object inMethod() { class Local extends Base { Object g = new Event(); } return new Local().g; }");
        assertMeans("inMethod()", "$Base$Event");
        assertMeans("new Event()", SAMPLE + ".Event");

        // A private member type is not inherited; a supertype without one leaves the name to the imports.
        cells.value("class Other extends Base { Object f(Process p) { return p; } Queue q = new Queue(); }");
        assertMeans("new Other().q", SAMPLE + ".Queue");
        assertThat(cells.value("Other.class.getDeclaredMethods()[0].getParameterTypes()[0].getName()"))
                .isEqualTo(SAMPLE + ".Process");
    }

    @Test
    void typeArgumentOfACall_meansWhatItMeansElsewhere() {
        assertThat(cells.value("List.<Event>of(new Event()).size()")).isEqualTo(1);
        assertThat(cells.value("Process process = List.<Process>of(new Process()).get(0);\n"
                        + "Function<Process, List<Process>> list = List::<Process>of;\nlist.apply(process).size()"))
                .isEqualTo(1);
    }

    @Test
    void supertypeThatComesOrChangesLater_bringsItsMemberTypes() {
        cells.value("class Early extends Late { Object f() { return new Event(); } }\n"
                + "class Earlier extends Early { Object g() { return new Event(); } }\n"
                + "class Late { static class Event {} }");
        assertMeans("new Early().f()", "$Late$Event");
        assertMeans("new Earlier().g()", "$Late$Event");
        cells.value("class Late { }");
        assertMeans("new Early().f()", SAMPLE + ".Event");
        assertMeans("new Earlier().g()", SAMPLE + ".Event");
        cells.value("class Late { static class Event {} }");
        assertMeans("new Earlier().g()", "$Late$Event");
        assertThat(cells.err).isEmpty();
    }

    @Test
    void declaredName_countsInItsScope() {
        cells.value("class H { Object m() { return new Event(); } <Event> Event id(Event e) { return e; } }");
        assertMeans("new H().m()", SAMPLE + ".Event");
        assertThat(cells.value("new H().id(3)")).isEqualTo(3);
        cells.value("class J { static class In { static class Event {} Object f() { return new Event(); } }\n"
                + "  Object f() { return new Event(); } }");
        assertMeans("new J().f()", SAMPLE + ".Event");
        assertMeans("new J.In().f()", "$J$In$Event");
        cells.value("Object two() { Object first; { class Event {} first = new Event(); }\n"
                + "  return List.of(first.getClass().getName(), new Event().getClass().getName()); }");
        assertThat(String.valueOf(cells.value("two()"))).contains("$1Event, " + SAMPLE + ".Event");
    }

    @Test
    void typeAnnotation_standsBehindTheQualifier() {
        cells.value(
                "import java.lang.annotation.*;\n@Target(ElementType.TYPE_USE) @interface NN { String value() default \"\"; }\n"
                        + "@Target({ElementType.FIELD, ElementType.TYPE_USE}) @interface Size {}");
        cells.value("Queue q = new Queue();\nList<@NN Queue> qs = List.of(q);\n"
                + "Event @NN [] events = new @NN(\"(a b)\") @Size Event[2];\nObject o = (@NN Queue) q;");
        assertMeans("new @NN Queue()", SAMPLE + ".Queue");
    }

    @Test
    void nameThatBeginsLikeAKeyword_isAName() {
        cells.value("int importFrom(Queue q) { return 7; }");
        assertThat(cells.value("importFrom(new Queue())")).isEqualTo(7);
        cells.value("int imports = 3, important\n = 4;");
        cells.value("imports = new Queue() .origin().length()");
        assertThat(cells.value("imports")).isEqualTo(10);
        cells.value("String import_$1(Queue q) { return q.origin(); }");
        assertThat(cells.value("import_$1(new Queue())")).isEqualTo("sample api");
        cells.value("import java.util.concurrent.atomic.LongAdder;");
        assertMeans("new LongAdder()", "atomic.LongAdder");
    }

    @Test
    void namesOfAnyLetters_areNames() {
        assertThat(cells.value("Queue<Integer> ö = null;\nö = new LinkedList<>(List.of(5));\nö.peek()"))
                .isEqualTo(5);
        cells.value("class Größe { int g; }\nGröße größe = new Größe();\ngröße.g = 42;");
        cells.failure("int größe = Integer.parseInt(\"x\");");
        assertThat(cells.value("größe.g")).isEqualTo(42);
        assertThat(cells.value("new Größe()")).isNotNull();
        assertThat(cells.value("$1 != null")).isEqualTo(true);
        assertThat(cells.value("int ä$1 = 3;\nä$1 + 1")).isEqualTo(4);
        assertThat(cells.value("class 数 extends Größe { int 値() { return g + 2; } }\nnew 数().値()"))
                .isEqualTo(2);
    }
}
