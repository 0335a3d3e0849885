package manyjvm.kernel.session.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import manyjvm.kernel.session.Session.Outcome;
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
    private volatile String stopAt = "(none)";

    @BeforeAll
    void open() {
        cells = new SessionFixture();
        cells.classTransforms.add((name, classFile) -> {
            if (name.endsWith(stopAt)) {
                cells.session.interrupt();
            }
            return classFile;
        });
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
                        + " because its value is of a type that was just redefined: run the cell that sets it again");
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
                .contains("hint: put a sealed type and all its subtypes into one cell");
        cells.value("sealed interface U {}\nrecord U1() implements U {}");
        assertThat(errorOf("record U2() implements U {}"))
                .contains("not allowed to extend sealed class")
                .contains("hint: put a sealed type and all its subtypes into one cell");
    }

    @Test
    void nonSealedAndNestedSubtypes_workAsInAFile() {
        assertThat(
                        shown(
                                """
                        sealed interface Shape {}
                        final class Sq implements Shape { double s = 2; }
                        int before = 3;
                        non-sealed class Free implements Shape { double area() { return before; } }
                        class Free2 extends Free {}
                        record Circle(double r) implements Shape {
                            Circle {
                                if (r < 0) throw new IllegalArgumentException("r");
                            }
                        }
                        Shape some = new Free2();
                        some instanceof Free
                        """))
                .isEqualTo("true");
        cells.value(
                """
                double area(Shape s) { return s instanceof Circle c ? c.r() : s instanceof Sq q ? q.s : ((Free) s).area(); }
                List<Shape> shapes = List.of(new Circle(1), new Sq());
                class Free3 extends Free { double area() { return 9; } }
                """);
        assertThat(shown("area(new Circle(2)) + area(some) + area(new Sq()) + area(new Free3()) + shapes.size()"))
                .isEqualTo("18.0");
        assertThat(errorOf("new Circle(-1)"))
                .contains("IllegalArgumentException: r", ":8 |")
                .doesNotContain("_Family_");
        assertThat(errorOf("record Bad() implements Shape {}"))
                .contains("not allowed to extend sealed class: Shape")
                .contains("hint: put a sealed type and all its subtypes into one cell");
        cells.value(
                """
                sealed interface Shape { default int z() { return 1; } }
                final class Sq implements Shape { double s = 5; }
                non-sealed class Free implements Shape { double area() { return 8; } }
                record Circle(double r) implements Shape {}
                """);
        assertThat(cells.err).contains("the variable some").doesNotContain("_Family_");
        assertThat(shown("area(new Sq()) + area(new Free()) + new Free().z()")).isEqualTo("14.0");
        cells.value("%who");
        assertThat(cells.out)
                .contains("\nfinal class Sq implements Shape", "\nrecord Circle(double r)", "area(Shape) : double")
                .doesNotContain("_Family_");
        assertThat(shown("sealed interface Shape { default boolean c() { return this instanceof Circle; } }"
                        + "\nrecord Circle(double r) implements Shape {}\nnew Circle(1).c()"))
                .isEqualTo("true");
        assertThat(
                        shown(
                                """
                        sealed interface Kept {}
                        class Holder { record Leaf(int v) implements Kept {} }
                        record Out() implements Kept {}
                        Kept kept = new Holder.Leaf(3);
                        kept + " " + new Out()
                        """))
                .isEqualTo("Leaf[v=3] Out[]");
        assertThat(shown("class H { sealed interface In {} }\nrecord In1() implements H.In {}\nnew In1()"))
                .isEqualTo("In1[]");
    }

    @Test
    void permits_goTogetherWithNonSealed() {
        assertThat(
                        shown(
                                """
                        abstract sealed class Beast permits Hound, Mouser { abstract String says(); }
                        non-sealed class Hound extends Beast { String says() { return "wuff"; } }
                        final class Mouser extends Beast { String says() { return "miau"; } } // the last
                        new Hound().says() + new Mouser().says() + new Hound() { String says() { return "anon"; } }.says()
                        """))
                .isEqualTo("wuffmiauanon");
        assertThat(
                        shown(
                                """
                        sealed interface G<T> {}
                        non-sealed interface GN<T> extends G<T> { T get(); }
                        enum GE implements G<String> { A, B }
                        record GR<T>(T v) implements G<T> {}
                        GN<Integer> gn = () -> 4;
                        gn.get() + " " + GE.A + new GR<>("x") + GE.valueOf("B") + GE.values().length
                        """))
                .isEqualTo("4 AGR[v=x]B2");
        assertThat(errorOf("sealed interface E1 {}\nnon-sealed class E2 implements E1 {\n    int q = \"a\";\n}"))
                .contains(":3: incompatible types")
                .doesNotContain("_Family_");
    }

    @Test
    void editedFamily_takesThePlaceOfTheOldOne() {
        String first =
                "sealed interface Ed {}\nrecord Ed1(int x) implements Ed {}\nrecord Ed2(int x) implements Ed {}\n";
        cells.value(first);
        cells.value(
                """
                Ed ed = new Ed1(1);
                int kept = 7;
                int of(Ed e) { return e instanceof Ed1 one ? one.x() : -1; }
                int of2() { return new Ed2(5).x(); }
                """);
        String replaced =
                "sealed interface Ed {}\nrecord Ed1(int x) implements Ed {}\nrecord Ed3(int x) implements Ed {}\n";
        cells.value(replaced);
        assertThat(cells.err.lines().toList())
                .containsExactlyInAnyOrder(
                        "note: the type Ed2 is gone, because Ed does not permit it any more",
                        "note: the method of2() cannot be used until class Ed2 is defined; did you mean Ed?",
                        "note: the variable ed was reset to its default,"
                                + " because its value is of a type that was just redefined: run the cell that sets it again");
        assertThat(shown("ed = new Ed1(of(new Ed1(4)) + of(new Ed3(1)) + kept);\nof(ed)"))
                .isEqualTo("10");
        cells.value(replaced);
        assertThat(cells.err.lines().toList())
                .containsExactly("note: the variable ed was reset to its default,"
                        + " because its value is of a type that was just redefined: run the cell that sets it again");
        cells.value(
                """
                sealed interface Ed permits Ed1, Ed2, Ed3, Ed4 { int y(); }
                record Ed1(int x) implements Ed { public int y() { return x; } }
                record Ed3(int x) implements Ed { public int y() { return x; } }
                enum Ed4 implements Ed { X; public int y() { return 40; } }
                record Ed2(int x) implements Ed { public int y() { return x; } }
                """);
        assertThat(cells.err).isEmpty();
        assertThat(shown("ed = Ed4.X;\ned.y() + of2() + of(new Ed1(2))")).isEqualTo("47");
        cells.value(first);
        assertThat(cells.err)
                .contains("the type Ed3 is gone", "the type Ed4 is gone", "the variable ed was reset")
                .doesNotContain("until", "_whole");
        assertThat(shown("of(new Ed1(3)) + of2()")).isEqualTo("8");
        cells.value("%who");
        assertThat(cells.out).contains("record Ed2(").doesNotContain("_Family_Ed", "Ed3");
    }

    @Test
    void editedFamily_thatIsRefused_leavesTheOldOne() {
        cells.value("sealed interface Re {}\nrecord Re1(int x) implements Re {}\nrecord Re2(int x) implements Re {}");
        cells.value("Re re = new Re1(6);\nint of(Re r) { return r instanceof Re1 one ? one.x() : -1; }");
        assertThat(
                        errorOf(
                                """
                        sealed interface Re {}
                        record Re1(int x) implements Re {}
                          record Re3(int x) implements Re { int z() { return "z"; } }
                        """))
                .contains(":3: incompatible types", "\n" + " ".repeat(57) + "^^^")
                .doesNotContain("permits", "_Family_");
        assertThat(cells.err).isEmpty();
        assertThat(errorOf("sealed interface Re { int F = 1L; }\nrecord Re1() implements Re {}"))
                .contains(":1: incompatible types");
        assertThat(cells.err).isEmpty();
        assertThat(shown("of(re) + of(new Re2(1))")).isEqualTo("5");
        assertThat(shown("sealed interface Re {}\nrecord Re3() implements Re {}\nre = new Re3();\nre"))
                .isEqualTo("Re3[]");
    }

    @Test
    void editedFamily_mayHaveLevelsAndBecomeOneOfNonSealedTypes() {
        cells.value("sealed interface Lv {}\nrecord Lv1() implements Lv {}");
        cells.value("Lv lv = new Lv1();");
        assertThat(
                        shown(
                                """
                        record Lv1() implements LvIn {}
                        record Lv2() implements LvIn { Lv2 { if (size() > 9) throw new IllegalStateException(); } int size() { return 3; } }
                        import java.time.LocalDate;
                        sealed interface LvIn extends Lv { default LocalDate day() { return null; } }
                        sealed interface Lv {}
                        lv = new Lv2();
                        lv
                        """))
                .isEqualTo("Lv2[]");
        assertThat(shown(
                        "sealed interface Lv {}\nrecord Lv1() implements Lv {}\nnon-sealed class Lv5 implements Lv {}\n"
                                + "Lv free = new Lv5() { public String toString() { return \"free\"; } };\nfree"))
                .isEqualTo("free");
    }

    @Test
    void editedFamily_mayHaveTypesThatUseEachOther() {
        String types = "sealed interface Us { static Us of() { return new Us1(); } }\n"
                + "final class Us1 implements Us { Object other() { return new Us2(); } }\n"
                + "final class Us2 implements Us { Object other() { return new Us1().other() instanceof Us2 u ? u : null; } }\n";
        cells.value(types + "class Holder { Object held() { return new Us1().other(); } }");
        assertThat(shown(types + "final class Us3 implements Us { boolean ok() { return Us.of() instanceof Us1; } }"
                        + "\nnew Us3().ok() && new Holder().held() instanceof Us2"))
                .isEqualTo("true");
        assertThat(cells.err).isEmpty();
    }

    @Test
    void editedFamily_mayHaveTypesInOtherCells() {
        cells.value("sealed interface Ot permits Ot1, Ot2 {}\nrecord Ot1() implements Ot {}");
        cells.value("record Ot2() implements Ot {}");
        assertThat(shown("Ot ot = new Ot2();\nnew Ot1()")).isEqualTo("Ot1[]");
        cells.value("sealed interface Ot permits Ot1, Ot2 {}\nrecord Ot1() implements Ot {}");
        assertThat(shown("ot = new Ot2();\not")).isEqualTo("Ot2[]");
    }

    @Test
    void editedFamily_mayHaveModifiersThatMembersHaveNot() {
        cells.value("sealed interface Mo {}\nprivate record Mo1() implements Mo {}");
        assertThat(shown(
                        "sealed interface Mo {}\nprivate record Mo1() implements Mo {}\nprotected record Mo2() implements Mo {}"
                                + "\nnew Mo2()"))
                .isEqualTo("Mo2[]");
    }

    @Test
    void refusedCell_leavesTheTypesOfAnOlderFamily() {
        String older = "sealed interface Old {}\nrecord OldA(int v) implements Old {}\n"
                + "non-sealed class OldB implements Old { static class In {} }\n";
        cells.value(older);
        assertThat(errorOf("sealed interface Old permits OldA {\n int F = \"\"; }\nrecord OldA() implements Old {}"))
                .contains(":2: incompatible types");
        assertThat(shown("Old old = new OldA(4);\nold + \" \" + (new OldB() instanceof Old)"))
                .isEqualTo("OldA[v=4] true");
        assertThat(errorOf("class OldB { int F = \"\"; } // not sealed")).contains(":1: incompatible types");
        assertThat(errorOf("class OldA {} // not sealed\nclass OldB { int F = \"\"; }"))
                .contains(":2: incompatible types");
        assertThat(shown("new OldA().getClass().isRecord() + \" \" + new OldB().getClass().getSimpleName()"))
                .isEqualTo("false OldB");
        assertThat(errorOf("int n = 0; // sealed\nclass OldB {}\nn = 1 / n;")).contains("ArithmeticException");
        assertThat(shown("(Object) new OldB() instanceof Old")).isEqualTo("false");
    }

    @Test
    void stop_doesNotLeaveHalfAFamily() {
        cells.value("sealed interface Stp {}\nrecord Stp1() implements Stp {}\nrecord Stp2() implements Stp {}");
        cells.value("Stp stp = new Stp1();\nint stopped = 0;");
        stopAt = "$Stp";
        assertThat(
                        cells.run(
                                "sealed interface Stp {}\nrecord Stp1() implements Stp {}\nrecord Stp3() implements Stp {}\nstopped = 1;"))
                .isInstanceOf(Outcome.Interrupted.class);
        stopAt = "(none)";
        assertThat(cells.err)
                .contains("the type Stp2 is gone, because Stp does not permit it", "the variable stp was reset")
                .doesNotContain("stopped before it");
        assertThat(shown("stp = new Stp3();\nstp + \" \" + new Stp1() + stopped"))
                .isEqualTo("Stp3[] Stp1[]0");
    }

    @Test
    void whatEndsACellWithinItsFamily_isSaid() {
        String first = "sealed interface Hf {}\nrecord Hf1() implements Hf {}\n";
        String last = "record Hf2() implements Hf {}\n";
        cells.value(first + last);
        cells.value("Hf hf = new Hf1();\nHf2 hf2 = new Hf2();");
        assertThat(errorOf(first + "import no.such.Thing;\n" + last)).contains("no.such");
        assertThat(cells.err.lines().toList())
                .containsExactlyInAnyOrder(
                        "note: the type Hf2 is gone, because the cell that redefines its sealed family stopped before it:"
                                + " run that cell again",
                        "note: the variable hf is gone, because its declaration no longer compiles:"
                                + " run its cell again once that is mended",
                        "note: the variable hf2 is gone, because its declaration no longer compiles:"
                                + " run its cell again once that is mended");
        assertThat(shown(first + last + "hf = new Hf2();\nhf")).isEqualTo("Hf2[]");
    }

    @Test
    void familyOfNonSealedTypes_mayNameALaterType() {
        assertThat(
                        shown(
                                """
                        sealed interface Expr {}
                        record Num(int v) implements Expr {}
                        non-sealed interface Cust extends Expr { Env env(); }
                        class Env { int e = 3; }
                        Cust cust = () -> new Env();
                        Expr expr = cust;
                        cust.env().e
                        """))
                .isEqualTo("3");
        cells.value("sealed interface Wait {}\nnon-sealed class Wait1 implements Wait { Comes comes; }");
        assertThat(cells.err).contains("until class Comes is defined");
        cells.value("class Comes { }");
        assertThat(shown("Wait wait = new Wait1();\nwait instanceof Wait1")).isEqualTo("true");
    }

    @Test
    void familyOfNonSealedTypes_andOtherTypes_mayNameEachOther() {
        assertThat(
                        shown(
                                """
                        class Env1 { Env2 more; Expr1 e = new Num1(3); }
                        sealed interface Expr1 {}
                        int between = 4;
                        record Num1(int v) implements Expr1 {}
                        non-sealed interface Cust1 extends Expr1 { Env1 env(); }
                        sealed interface Env2 {}
                        record Env3(Expr1 e) implements Env2 {}
                        class User { Expr1 e = new Num1(between); Env2 f = new Env3(e); }
                        Cust1 cust = () -> new Env1();
                        cust.env().e + " " + new User().f
                        """))
                .isEqualTo("Num1[v=3] Env3[e=Num1[v=4]]");
    }

    @Test
    void typeAroundAFamily_isNotShown() {
        cells.value("sealed interface Größe {}\n    non-sealed class Länge implements Größe { @Override\n"
                + "  public String toString() { throw new IllegalStateException(\"no\"); } }\n"
                + "  @Deprecated record Weite() implements Größe { enum Inner { A } }");
        cells.value("%who");
        assertThat(cells.out.lines().toList())
                .contains(
                        "sealed interface Größe {}",
                        "non-sealed class Länge implements Größe { @Override",
                        "@Deprecated record Weite() implements Größe { enum Inner { A } }")
                .noneMatch(line -> line.contains("_Family_"));
        assertThat(errorOf("Größe g = 1;"))
                .contains("int cannot be converted to Größe")
                .doesNotContain("_Family_");
        assertThat(errorOf("sealed interface Lo {}\nnon-sealed class Lo1 implements Lo, Runable { int x = \"\"; }"))
                .contains("class Runable")
                .doesNotContain("_Family_", "location");
        assertThat(cells.session.complete("new Wei", 7).matches()).containsExactly("Weite");
        assertThat(cells.session.complete("int one = 1;\nGrö", 16).matches()).containsExactly("Größe");
        assertThat(cells.session.complete("_Fam", 4).matches()).isEmpty();
        assertThat(cells.session.complete("Object o = ", 11).matches()).noneMatch(name -> name.contains("_Family_"));
    }

    @Test
    void familyThatGetsANonSealedType_losesNothingSilently() {
        cells.value("sealed interface Mv {}\nrecord Mv1() implements Mv {}");
        String of = "int of(Mv m) { return m instanceof Mv1 ? 1 : 0; }";
        cells.value("Mv mv = new Mv1();\nList<Mv> mvs = List.of(mv);\n" + of);
        cells.value("sealed interface Mv {}\nrecord Mv1() implements Mv {}\nnon-sealed class Mv2 implements Mv {}");
        assertThat(cells.err)
                .contains(
                        "note: the variable mv was reset",
                        "note: the method of() cannot be used until its cell is run again, because it means an older type")
                .doesNotContain("_Family_", "until class");
        cells.value(of + "\nmv = new Mv2();");
        assertThat(cells.err).isEmpty();
        assertThat(shown("of(mv) + of(new Mv1())")).isEqualTo("1");
    }

    @Test
    void typeArgumentsOfCalls_areNames() {
        cells.value(
                "sealed interface Ta {}\nnon-sealed class Ta1 implements Ta { <T> Ta1(T t) {} <T> T same(T t) { return t; } }");
        assertThat(shown("List.<Ta>of(new Ta1(1)).size() + Map.<String, List<Ta>>of().size()"))
                .isEqualTo("1");
        assertThat(shown("new <Ta[]>Ta1(null).<Ta>same(null)")).isEqualTo("null");
        assertThat(shown("Function<Ta, Ta> same = new Ta1(1)::<Ta>same;\nFunction<Ta, List<Ta>> list = List::<Ta>of;"
                        + "\nlist.apply(same.apply(new Ta1(2))).size()"))
                .isEqualTo("1");
    }
}
