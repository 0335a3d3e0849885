package manyjvm.kernel.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;

/** Sealed types and their subtypes in one cell, as they could stand in one file. */
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(120)
class SealedTypesTest {
    private SessionFixture cells;

    @BeforeAll
    void open() {
        cells = new SessionFixture();
    }

    @AfterAll
    void close() {
        cells.close();
    }

    private String shown(String code) {
        return String.valueOf(cells.value(code));
    }

    private String errorOf(String code) {
        return String.join("\n", cells.failure(code).traceback());
    }

    @Test
    void subtypes_followInTheSameCell() {
        String tree =
                """
                sealed interface Tree {}
                record Leaf(int v) implements Tree {}
                record Node(Tree l, Tree r) implements Tree {}
                int sum(Tree t) { return t instanceof Leaf leaf ? leaf.v() : sum(((Node) t).l()) + sum(((Node) t).r()); }
                Tree tree = new Node(new Leaf(1), new Leaf(2));
                int total = sum(tree);
                total
                """;
        assertThat(cells.value(tree)).isEqualTo(3);
        assertThat(cells.err).isEmpty();
        assertThat(cells.value(tree)).isEqualTo(3);
        assertThat(cells.err).isEmpty();
        cells.value(
                """
                sealed interface Tree { default int z() { return 1; } }
                record Leaf(int v) implements Tree {}
                record Node(Tree l, Tree r) implements Tree {}
                """);
        assertThat(cells.err.lines().toList())
                .containsExactly("note: the variable tree was reset to its default,"
                        + " because its value is of a type that was just redefined");
        assertThat(shown("total + sum(new Leaf(4)) + new Leaf(1).z()")).isEqualTo("8");
        assertThat(shown("record Leaf(int v) implements Tree { int w() { return v + 1; } }\nnew Leaf(5).w()"))
                .isEqualTo("6");
    }

    @Test
    void subtypes_precedeTheSealedType() {
        assertThat(
                        cells.value(
                                """
                        record Some<T>(T v) implements Opt<T> {}
                        int between = 3;
                        record None<T>() implements Opt<T> {}
                        sealed interface Opt<T> { int size = 3; }
                        between + new Some<>("a").size
                        """))
                .isEqualTo(6);
        assertThat(cells.value("record Late() implements Early {}\nsealed interface Early permits Late {}"))
                .isNull();
        assertThat(shown("new Late()")).isEqualTo("Late[]");
    }

    @Test
    void subtypes_standBehindWhatUsesTheFirst() {
        assertThat(
                        shown(
                                """
                        sealed interface Mark {}
                        record A() implements Mark {}
                        Mark mark = new A();
                        enum E implements Mark { X, Y }
                        record B(int x) implements Mark {}
                        List.of(mark, new B(2), E.X)
                        """))
                .isEqualTo("[A[], B[x=2], X]");
        assertThat(
                        shown(
                                """
                        sealed interface Dated {}
                        import java.time.LocalDate;
                        record On(LocalDate day) implements Dated {}
                        new On(null)
                        """))
                .isEqualTo("On[day=null]");
    }

    @Test
    void sealedTypes_areClassesAndFormHierarchies() {
        assertThat(
                        shown(
                                """
                        abstract sealed class Animal // the top {
                        {
                            abstract String says();
                        }
                        int legs = 4;
                        final class Dog extends Animal { String says() { return "wuff" + legs; } }
                        abstract sealed class Cat extends Animal {}
                        final class Lion extends Cat { String says() { return "roar"; } }
                        record Zoo(Animal... all) {}
                        new Dog().says() + new Lion().says() + new Zoo(new Dog()).all().length
                        """))
                .isEqualTo("wuff4roar1");
        assertThat(
                        shown(
                                """
                        interface Family {
                            sealed interface Top {}
                            non-sealed class Free implements Top {}
                            record Leaf() implements Top {}
                        }
                        new Family.Leaf()
                        """))
                .isEqualTo("Leaf[]");
    }

    @Test
    void errors_keepTheirPlaces() {
        assertThat(
                        errorOf(
                                """
                        record P1() implements P {}
                        int x = 3;
                          sealed interface P { int F = "a"; }
                        record P2() implements P {}
                        """))
                .contains(":3: incompatible types")
                .contains("\n" + " ".repeat(35) + "^^^");
    }

    @Test
    void whatCannotWork_isSaidWithTheCure() {
        assertThat(errorOf("sealed interface Lone {}"))
                .contains("sealed class must have subclasses")
                .contains("hint: put a sealed type and all its subtypes at the top level of one cell");
        cells.value("sealed interface U {}\nrecord U1() implements U {}");
        assertThat(errorOf("record U2() implements U {}"))
                .contains("not allowed to extend sealed class")
                .contains("hint: put a sealed type and all its subtypes at the top level of one cell");
        assertThat(errorOf("sealed interface S {}\nrecord S1() implements S {}\nnon-sealed class S2 implements S {}"))
                .contains("non-sealed, put all of them into one class or interface");
        assertThat(errorOf("class Holder { sealed interface In {} }\nrecord In1() implements Holder.In {}"))
                .contains("hint: put a sealed type and all its subtypes at the top level of one cell");
    }
}
