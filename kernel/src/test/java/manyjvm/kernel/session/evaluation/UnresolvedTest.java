package manyjvm.kernel.session.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;

/** What is said of declarations that need something that is not defined. */
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(120)
class UnresolvedTest {
    private SessionFixture cells;

    @BeforeAll
    void open() {
        cells = new SessionFixture();
    }

    @AfterAll
    void close() {
        cells.close();
    }

    /** The error of a cell, which must not advise to write what was written. */
    private String errorOf(String code) {
        String error = String.join("\n", cells.failure(code).traceback());
        assertThat(error).doesNotContainPattern("(\\w+) cannot be used.*(?s:.*)did you mean \\1\\?");
        return error;
    }

    private void assertWarns(String code, String note) {
        cells.value(code);
        assertThat(cells.err.strip()).isEqualTo("note: " + note);
    }

    @Test
    void firstCellOfASession_isToldTheImport() {
        try (SessionFixture fresh = new SessionFixture()) {
            assertThat(fresh.failure("BufferedImage pic(int n) { return new BufferedImage(n, n, 1); }\npic(2)", 1)
                            .traceback())
                    .containsExactly(
                            "In[1]:2: pic cannot be used: class BufferedImage is not defined;"
                                    + " import java.awt.image.BufferedImage",
                            "    pic(2)",
                            "    ^^^");
            assertThat(fresh.failure("pic(3)", 2).message())
                    .isEqualTo("In[2]:1: pic cannot be used: class BufferedImage is not defined;"
                            + " import java.awt.image.BufferedImage");
            fresh.value("import java.awt.image.BufferedImage;");
            assertThat(fresh.value("pic(3).getWidth()")).isEqualTo(3);
        }
    }

    @Test
    void whatNeedsIt_directlyOrByOthers_isToldTheSameCause() {
        assertWarns(
                "Point2D far(int n) { return null; }",
                "the method far() cannot be used until class Point2D is defined; import java.awt.geom.Point2D");
        assertThat(errorOf("Object farther() { return far(1); }\nObject farthest(List<Point2D> p) { return 1; }"
                        + "\nfarthest(null)"))
                .contains("farthest cannot be used: class Point2D is not defined; import java.awt.geom.Point2D");
        assertThat(errorOf("List.of(1).stream().map(i -> far(i)).toList()"))
                .contains("far cannot be used: class Point2D is not defined");
        assertThat(errorOf("Point2D p;\np")).contains("p cannot be used: class Point2D is not defined");
        assertThat(errorOf("far(1, 2)")).contains("far cannot be used: class Point2D is not defined");
        cells.value("class Other {}");
        assertThat(errorOf("new Other().far(1)")).contains("cannot find symbol").doesNotContain("cannot be used");
        assertThat(errorOf("class Base extends Lost {}\nclass Derived extends Base {}\nnew Derived()"))
                .contains("Derived cannot be used: class Lost is not defined");
        assertThat(errorOf("Base b = null;")).contains("Base cannot be used: class Lost is not defined");
        cells.value("class Lost {}");
        assertThat(cells.value("new Derived() instanceof Lost")).isEqualTo(true);
    }

    @Test
    void misspeltTypes_areSpeltRight() {
        cells.value("class Animal {}\ninterface Shape {}");
        assertThat(errorOf("class Dog extends Anmal {}\nnew Dog()"))
                .contains("Dog cannot be used: class Anmal is not defined; did you mean Animal?");
        assertThat(errorOf("record Owner(Dog dog) {}\nnew Owner(null)"))
                .contains("Owner cannot be used: class Anmal is not defined; did you mean Animal?");
        assertThat(errorOf("enum Form implements Shpae { ROUND }\nForm.ROUND"))
                .contains("Form cannot be used: class Shpae is not defined; did you mean Shape?");
        assertThat(errorOf("class Box<T extends Nmber> {}\nnew Box<Integer>()"))
                .contains("Box cannot be used: class Nmber is not defined; did you mean Number?");
        assertThat(errorOf("class Imp implements Comparble<Imp> {}\nImp.class"))
                .contains("Imp cannot be used: class Comparble is not defined; did you mean Comparable?");
        assertThat(errorOf("<T extends Shpe> T same(T t) { return t; }\nsame(null)"))
                .contains("same cannot be used: class Shpe is not defined; did you mean Shape?");
        assertThat(errorOf("Anmal a = null;")).contains("hint: did you mean Animal?");
        cells.value("class Anmal {}");
        assertThat(cells.value("new Owner(new Dog()).dog() != null")).isEqualTo(true);
    }

    @Test
    void bodies_thatNeedWhatIsNotThere_sayItWhenTheyRun() {
        assertThat(errorOf("int g(int x) { return x + absent; }\ng(1)"))
                .contains("the method g() cannot run yet: variable absent is not defined");
        assertThat(errorOf("int k(int x) { return g(x); }\nk(1)"))
                .contains("the method g() cannot run yet: variable absent is not defined");
        assertThat(errorOf("int many(int x) { Fop f = null; Baz b = null; return x + miss1; }\nmany(2)"))
                .contains("the method many() cannot run yet: class Fop, class Baz and variable miss1 are not defined");
        assertThat(errorOf("Object soon() { return Duration.ofDays(1); }\nsoon()"))
                .contains("the method soon() cannot run yet: class Duration is not defined;"
                        + " import one of java.time.Duration, javax.xml.datatype.Duration");
        assertThat(errorOf("class Body { int m() { return absent; } static int n() { return absent2(3); } }\nBody.n()"))
                .contains("the type Body cannot be used: variable absent and method absent2(int) are not defined");
        assertWarns(
                "int turn(int n) { return turns(n); }",
                "the method turn() cannot be used until method turns(int) is defined");
        assertThat(errorOf("int over(int x) { return over(x, 2); }\nover(1)"))
                .contains("the method over() cannot run yet: it does not compile: method over cannot be applied");
        cells.value(
                "int absent = 4; int absent2(int x) { return x; } int turns(int n) { return n == 0 ? 0 : turn(n - 1); }");
        assertThat(cells.value("g(1) + k(1) + Body.n() + new Body().m() + turn(3)"))
                .isEqualTo(17);
    }
}
