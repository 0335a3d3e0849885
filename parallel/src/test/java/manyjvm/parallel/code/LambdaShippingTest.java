package manyjvm.parallel.code;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Kinds of functions that a notebook writes, each rebuilt under another loader and called there. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LambdaShippingTest {
    private static NotebookSession notebook;
    private static CodePacker packer;

    @BeforeAll
    static void open() {
        notebook = new NotebookSession();
        packer = WorkerSide.packer(notebook);
        DEFINITIONS.forEach(notebook::run);
    }

    @AfterAll
    static void close() {
        notebook.close();
    }

    private static final List<String> DEFINITIONS = List.of(
            "int base = 100;",
            "int square(int x) { return x * x; }",
            "int useSquare(int x) { return square(x) + base; }",
            "long sum(int... xs) { long s = 0; for (int x : xs) s += x; return s; }",
            "<T> T same(T x) { return x; }",
            "interface Op { int run(int a); }",
            "interface Named<T> { String name(T t); default String twice(T t) { return name(t) + name(t); } }",
            "interface Strings extends Function<String, Integer> {}",
            "record Point(int x, int y) {"
                    + " int norm() { return x * x + y * y; } Supplier<Integer> lazily() { return () -> x + y; } }",
            "enum Color { RED, GREEN { String shown() { return \"g\"; } }; String shown() { return name(); } }",
            "sealed interface Shape permits Circle, Box {} record Circle(double r) implements Shape {}"
                    + " record Box(double a) implements Shape {}",
            "double area(Shape s) { if (s instanceof Circle c) return c.r() * 3; return ((Box) s).a() * 2; }",
            "int colorNumber(Color c) { return switch (c) { case RED -> 1; case GREEN -> 2; }; }",
            "class Base { int value() { return 7; } protected int twice() { return 2 * value(); } }",
            "class Derived extends Base { int value() { return 8; } Supplier<Integer> above() { return super::value; }"
                    + " Function<Integer, Integer> adder() { return x -> x + secret(); } private int secret() { return 5; }"
                    + " class Inner { int both() { return value() + secret(); } } Inner inner() { return new Inner(); }"
                    + " static class Nested { static int count = 3; int next() { return ++count; } } }",
            "class Cell<T> { T content; Cell(T content) { this.content = content; } <R> Cell<R> map(Function<T, R> f)"
                    + " { return new Cell<>(f.apply(content)); } }",
            "class Early { static final Function<Integer, Integer> F = x -> x + 1; static int base2 = base; }",
            "interface WithLambda { default Supplier<String> made() { return () -> \"in \" + label(); }"
                    + " private String label() { return \"interface\"; } static Supplier<String> fixed() { return () -> \"s\"; } }",
            "class Impl implements WithLambda {}",
            "Function<Integer, Integer> stored = x -> useSquare(x) + 1;",
            "Function<Integer, Integer> chain(int k) { Function<Integer, Integer> f = x -> x + k; return f.andThen(x -> x * 2); }",
            "class MyPredicate implements Predicate<Integer> { public boolean test(Integer x) { return x > 2; }"
                    + " public Predicate<Integer> negate() { return x -> x == 99; } }",
            "class PlainPredicate implements Predicate<Integer> { public boolean test(Integer x) { return x > 2; } }");

    static Stream<Arguments> functions() {
        return Stream.of(
                kind("plain", "(Function<Integer, Integer>) x -> x + 1", 4, 3),
                kind("typed by our Fn", "(Fn<Integer, Integer>) x -> x + 1", 4, 3),
                kind("calls a method", "(Function<Integer, Integer>) x -> square(x)", 9, 3),
                kind("calls through another cell's", "(Function<Integer, Integer>) x -> useSquare(x)", 109, 3),
                kind("variable arity", "(Supplier<Long>) () -> sum(1, 2, 3)", 6L),
                kind("generic method", "(Supplier<String>) () -> same(\"a\")", "a"),
                kind("reads a variable", "(Supplier<Integer>) () -> base", 100),
                kind("Callable", "(Callable<Integer>) () -> square(5)", 25),
                kind("Task", "(Task<Integer>) () -> square(5)", 25),
                kind("Comparator", "(Comparator<Integer>) (a, b) -> b - a", 1, 2, 3),
                kind("Comparator.comparing", "Comparator.comparing((Integer x) -> square(x)).reversed()", 1, 2, 3),
                kind("Comparator.naturalOrder", "Comparator.<Integer>naturalOrder()", -1, 2, 3),
                kind(
                        "thenComparing",
                        "Comparator.comparing((Integer x) -> x % 2).thenComparing(Comparator.reverseOrder())",
                        1,
                        2,
                        4),
                kind("BiFunction", "(BiFunction<Integer, Integer, Integer>) (a, b) -> a * b + base", 106, 2, 3),
                kind("BinaryOperator", "(BinaryOperator<Integer>) Integer::sum", 5, 2, 3),
                kind("IntUnaryOperator", "(IntUnaryOperator) x -> x - 1", 2, 3),
                kind("ToDoubleFunction", "(ToDoubleFunction<Integer>) x -> x / 2.0", 1.5, 3),
                kind("user's interface", "(Op) a -> a + base", 103, 3),
                kind("user's generic interface", "(Named<Integer>) t -> \"n\" + t", "n3", 3),
                kind("user's interface over the JDK's", "(Strings) String::length", 3, "abc"),
                kind("static method reference", "(Function<String, Integer>) Integer::parseInt", 12, "12"),
                kind("unbound reference", "(Function<String, String>) String::toUpperCase", "A", "a"),
                kind("bound reference", "(Function<String, String>) \"a\"::concat", "ab", "b"),
                kind(
                        "constructor reference",
                        "((Function<Integer, Cell<Integer>>) Cell::new).andThen(c -> c.content)",
                        4,
                        4),
                kind("array constructor reference", "(IntFunction<int[]>) int[]::new", new int[3], 3),
                kind(
                        "reference to the user's method",
                        "((Function<Integer, Point>) x -> new Point(x, 4)).andThen(Point::norm)",
                        25,
                        3),
                kind("intersection cast", "(Supplier<Integer> & Cloneable) () -> base + 1", 101),
                kind(
                        "nested lambda",
                        "(Supplier<Integer>) () -> ((Function<Integer, Integer>) x -> x + base).apply(1)",
                        101),
                kind("record", "(Supplier<Integer>) () -> new Point(3, 4).norm()", 25),
                kind("record's text", "(Supplier<String>) () -> new Point(3, 4).toString()", "Point[x=3, y=4]"),
                kind("lambda made in a record", "new Point(3, 4).lazily()", 7),
                kind("enum", "(Supplier<String>) () -> Color.GREEN.shown() + Color.valueOf(\"RED\").shown()", "gRED"),
                kind("switch over an enum", "(Supplier<Integer>) () -> colorNumber(Color.GREEN)", 2),
                kind("sealed types", "(Supplier<Double>) () -> area(new Box(2)) + area(new Circle(1))", 7.0),
                kind("super::method", "new Derived().above()", 7),
                kind("private method of the instance", "new Derived().adder()", 6, 1),
                kind("inner class", "(Supplier<Integer>) () -> new Derived().inner().both()", 13),
                kind("bound to an inner instance", "(Supplier<Integer>) new Derived().inner()::both", 13),
                kind("static nested state", "(Supplier<Integer>) () -> new Derived.Nested().next()", 4),
                kind("generic class", "(Supplier<Integer>) () -> new Cell<>(3).map(x -> x * base).content", 300),
                kind(
                        "local class",
                        "(Supplier<Integer>) () -> { class L { int v() { return base; } } return new L().v(); }",
                        100),
                kind("anonymous class", "(Supplier<Integer>) () -> new Object() { int v() { return base; } }.v()", 100),
                kind(
                        "anonymous class as function",
                        "new Supplier<Integer>() { public Integer get() { return base + 2; } }",
                        102),
                kind("lambda in a static initializer", "Early.F", 4, 3),
                kind("static field from a variable", "(Supplier<Integer>) () -> Early.base2", 100),
                kind("lambda of an interface", "new Impl().made()", "in interface"),
                kind("lambda of a static interface method", "WithLambda.fixed()", "s"),
                kind("variable holding a lambda", "stored", 110, 3),
                kind(
                        "through a variable holding a lambda",
                        "(Function<Integer, Integer>) x -> stored.apply(x)",
                        110,
                        3),
                kind("andThen", "chain(4)", 14, 3),
                kind("compose", "((Function<Integer, Integer>) x -> x * 2).compose((Integer x) -> x + 1)", 8, 3),
                kind("identity", "Function.<Integer>identity().andThen(x -> x + base)", 103, 3),
                kind("UnaryOperator", "UnaryOperator.<Integer>identity().andThen(x -> x + base)", 103, 3),
                kind(
                        "and or negate",
                        "((Predicate<Integer>) x -> x > 2).and(x -> x < 9).or(x -> x == -1).negate()",
                        false,
                        3),
                kind("Predicate.not", "Predicate.not((String s) -> s.isEmpty())", true, "a"),
                kind("Predicate.isEqual", "Predicate.isEqual(3)", true, 3),
                kind("IntPredicate", "((IntPredicate) x -> x > 2).negate()", false, 3),
                kind(
                        "BiFunction.andThen",
                        "((BiFunction<Integer, Integer, Integer>) (a, b) -> a + b).andThen(x -> x * 2)",
                        10,
                        2,
                        3),
                kind("Fn.andThen", "((Fn<Integer, Integer>) x -> x + 1).andThen(x -> x * 2)", 8, 3),
                kind(
                        "reference to a combining method",
                        "((Function<Predicate<Integer>, Predicate<Integer>>) Predicate::negate).apply(x -> x > 2)",
                        false,
                        3),
                kind("own negate is kept", "new MyPredicate().negate()", true, 99),
                kind("inherited negate", "new PlainPredicate().negate()", false, 99),
                kind("maxBy", "BinaryOperator.maxBy(Comparator.<Integer>naturalOrder())", 3, 2, 3));
    }

    private static Arguments kind(String name, String expression, Object expected, Object... arguments) {
        return Arguments.of(name, expression, expected, arguments);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("functions")
    void call_elsewhere_givesTheSame(String name, String expression, Object expected, Object[] arguments)
            throws Exception {
        Object function = notebook.run(expression);
        WorkerSide worker = new WorkerSide(packer);

        Object result = worker.call(function, arguments);

        assertThat(result).isEqualTo(expected);
        assertThat(result).isEqualTo(WorkerSide.invoke(function, arguments));
        assertThat(worker.fetched).as("classes that the closure missed").isEmpty();
    }
}
