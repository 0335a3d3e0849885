package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import manyjvm.kernel.runner.Execution;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code %pool} makes of functions without a result, of items in all their forms, and of what fits neither. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class PoolArgumentsIT {
    private static NotebookKernel notebook;

    @BeforeAll
    static void start() throws Exception {
        notebook = new NotebookKernel();
        notebook.run("int f(int x) { return x * x; }");
        notebook.run("int add(int a, int b) { return a + b; }");
        notebook.run("void hello(int i) { System.out.println(\"hello \" + i); }");
        notebook.run("void both(int a, int b) { System.out.println(\"both \" + a + b); }");
        notebook.run("Consumer<Integer> shout = i -> System.out.println(\"hello \" + i);");
        notebook.run("Predicate<Integer> even = i -> i % 2 == 0; IntUnaryOperator half = i -> i / 2;");
        notebook.run("BiFunction<Integer, Integer, Integer> larger = (a, b) -> Math.max(a, b);");
        notebook.run("class Lamp { final int at; Lamp(int at) { this.at = at; } void on() { hello(at); } }");
        notebook.run("var threads = Pool.threads(2);");
        notebook.run("int ten = 10;");
        notebook.run("class Source<T> implements Iterable<T> { @SuppressWarnings(\"unchecked\")"
                + " public Iterator<T> iterator() { return (Iterator<T>) List.of(1, 2).iterator(); } }");
        notebook.run("class Vector<T> extends Source<T> {}");
    }

    @AfterAll
    static void stop() {
        notebook.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "map hello 1..2",
                "map hello 1..2 --unordered",
                "map shout 1..2",
                "map (i -> hello(i)) 1..2",
                "map i -> hello(i) 1..2",
                "map (i -> { if (i < 0) { return; } hello(i); }) 1..2",
                "map (i -> { hello(i); }) 1..2",
                "map Lamp::on [new Lamp(1), new Lamp(2)]",
            })
    void map_ofAFunctionWithoutResult_runsItAndGivesNulls(String arguments) throws Exception {
        Execution execution = notebook.run("%pool " + arguments);

        assertThat(execution.stdout()).contains("hello 1", "hello 2");
        assertThat(execution.result()).contains("[null, null]");
    }

    @Test
    void relativesOfMap_ofAFunctionWithoutResult_runIt() throws Exception {
        notebook.run("%pool map hello 3..4 --async --out later");
        assertThat(notebook.value("later.get()")).isEqualTo("[null, null]");
        notebook.run("%pool map hello 3..4 --out nulls");
        assertThat(notebook.value("nulls.size()")).isEqualTo("2");
        Execution star = notebook.run("%pool starmap both [(1, 2), (3, 4)]");
        assertThat(star.stdout()).contains("both 12", "both 34");
        assertThat(star.result()).contains("[null, null]");
        assertThat(notebook.run("%pool starmap ((a, b) -> both(a, b)) zip(range(1), range(1)) --async --out s\ns.get()")
                        .stdout())
                .contains("both 00");
        assertThat(notebook.run("var lazy = %pool imap hello 5..5\nlazy.next();\nlazy.close();")
                        .stdout())
                .contains("hello 5");
        assertThat(notebook.run("%pool apply shout 6").stdout()).contains("hello 6");
        assertThat(notebook.run("%pool map System.out::println 7..8").stdout()).contains("7", "8");
    }

    @Test
    void map_inAMethodAndInALoop_findsOutWhatEachFunctionGives() throws Exception {
        notebook.run(
                """
                List<Integer> use() {
                    for (int i = 0; i < 1; i++) {
                        %pool map hello 1..1
                    }
                    var mine = %pool map f 1..3
                    %pool map shout 2..2
                    return mine;
                }
                """);
        Execution execution = notebook.run("use()");

        assertThat(execution.stdout()).contains("hello 1", "hello 2");
        assertThat(execution.result()).contains("[1, 4, 9]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "threads.map(i -> hello(i), range(2)) | use each(..)",
                "threads.map(i -> { hello(i); }, List.of(1)) | use each(..)",
                "threads.map((Integer i) -> hello(i), range(2)) | use each(..)",
                "threads.map(System.out::println, range(2)) | use each(..)",
                "var r = threads.chunk(1).map(shout::accept, new int[] {1}); | use each(..)",
                "threads.mapAsync(i -> hello(i), range(2)) | use eachAsync(..)",
                "threads.imap(i -> hello(i), range(2)) | imap collects results",
                "threads.imapUnordered(i -> hello(i), range(2)) | imapUnordered collects results",
                "threads.starmap((a, b) -> both(a, b), zip(range(2), range(2))) | starmap collects results",
                "int n(Pool p) { return p.map(i -> hello(i), range(2)).size(); } | use each(..)",
            })
    void javaCall_ofAFunctionWithoutResult_isToldTheTwinThatTakesIt(String java, String hint) throws Exception {
        String shown = NotebookKernel.traceback(notebook.client().execute(java, NotebookKernel.LONG));

        assertThat(shown).contains("hint: the function returns nothing", hint).doesNotContain("is not applicable");
    }

    @Test
    void eachAsync_isDoneWhenAllItemsAre() throws Exception {
        assertThat(notebook.run("threads.eachAsync(i -> hello(i), range(2)).get()")
                        .stdout())
                .contains("hello 0", "hello 1");
        String ofAStream = NotebookKernel.traceback(
                notebook.client().execute("Stream.of(1).map(i -> hello(i)).toList()", NotebookKernel.LONG));
        assertThat(ofAStream).contains("In[").doesNotContain("each(..)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "map f 1,2,3 | [1, 4, 9]",
                "map f 1, 2, 3 | [1, 4, 9]",
                "map f [1, 2, 3] | [1, 4, 9]",
                "map f [3] | [9]",
                "map f (1, 2) | [1, 4]",
                "map f {1, 2} | [1, 4]",
                "map f [1, 2,] | [1, 4]",
                "map f [0..2] | [0, 1, 4]",
                "map x -> x + 1 1, 2 | [2, 3]",
                "map x -> x + 1 0..4 by 2 | [1, 3, 5]",
                "map f 0..10 by 5 | [0, 25, 100]",
                "map f 0..9 step 5 | [0, 25]",
                "map f 4..0 by -2 | [16, 4, 0]",
                "map even 1, 2 | [false, true]",
                "map half 2, 4 | [1, 2]",
                "starmap larger [(1, 2), (4, 3)] | [2, 4]",
                "apply larger 1 2 | 2",
                "apply even 2 | true",
                "map f 0 .. 2 | [0, 1, 4]",
                "map f (0..ten by ten / 2) | [0, 25, 100]",
                "map String::length \"a\", \"bc\" | [1, 2]",
                "map String::length [\"a, b\", \"]\"] | [4, 1]",
                "map List::size [[1, 2], [3]] | [2, 1]",
                "map (x -> x == null) [1, null] | [false, true]",
                "map f new TreeMap<Integer, Integer>(Map.of(2, 3)).keySet() | [4]",
                "map f new int[] {2} | [4]",
                "map f IntStream.of(2) | [4]",
                "starmap add [(1, 2), (3, 4)] | [3, 7]",
                "starmap add [[1, 2], [3, 4]] | [3, 7]",
                "starmap add (1, 2), (3, 4) | [3, 7]",
                "starmap add Stream.of(args(1, 2)) | [3]",
                "starmap ((a, b, c) -> a + b + c) [(1, 2, 3)] | [6]",
            })
    void items_inEveryFormThatIsClear_work(String arguments, String result) throws Exception {
        assertThat(notebook.value("%pool " + arguments)).isEqualTo(result);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "map f []",
                "map f [ ]",
                "map f ()",
                "map f List.of()",
                "map f new ArrayList<>()",
                "map f Stream.empty() --unordered",
                "map hello []",
                "map shout []",
                "map half []",
                "map String::length []",
                "map Math::abs []",
                "map (x -> x * x) []",
                "map (x -> x.on()) []",
                "starmap add []",
                "starmap larger Set.of()",
                "starmap ((a, b) -> a + b) []",
            })
    void noItems_giveNoResults_whateverTheFunctionTakes(String arguments) throws Exception {
        assertThat(notebook.value("%pool " + arguments)).isEqualTo("[]");
    }

    @Test
    void noItems_haveResultsOfTheFunctionsType() throws Exception {
        assertThat(notebook.value("List<Integer> none = %pool map f []\nnone.size()"))
                .isEqualTo("0");
        assertThat(notebook.value(
                        "%pool map f [] --out alsoNone\nint first = alsoNone.isEmpty() ? 7 : alsoNone.get(0);\nfirst"))
                .isEqualTo("7");
        assertThat(notebook.value("%pool map f [] --async --out noneLater\nnoneLater.get()"))
                .isEqualTo("[]");
        assertThat(notebook.value("var noneLazily = %pool imap f List.of()\nnoneLazily.hasNext()"))
                .isEqualTo("false");
        assertThat(notebook.error("%pool map (x -> nowhere(x)) []")).contains("cannot find symbol");
        assertThat(notebook.error("%pool map ten []")).contains("'ten' does not fit ITEMS '[]'");
        assertThat(notebook.error("var objects = List.of();\n%pool map f objects"))
                .contains("each item is of type Object, and f takes int");
    }

    @Test
    void itemsOfACell_mayBeListedToo() throws Exception {
        assertThat(notebook.value("%%pool map x : 1, 2, 3\nreturn x * x;")).isEqualTo("[1, 4, 9]");
        assertThat(notebook.value("%%pool map x : 0..4 by 2\nreturn x * x;")).isEqualTo("[0, 4, 16]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "map f 10 | ITEMS is '10', which is of type int and has no items: for the numbers below it write range(10)",
                "map f ten | ITEMS is 'ten', which is of type int",
                "imap f 10 | which is of type int",
                "map f \"abc\" | which is of type String and has no items: for one item write List.of(\"abc\")",
                "map f Map.of(1, 2) | write Map.of(1, 2).entrySet(), .keySet() or .values()",
                "map f null | ITEMS is null",
                "map f threads | which is of type Pool",
                "map f 1 2 3 | ITEMS cannot be read",
                "map f [x for x in range(3)] | ITEMS cannot be read",
                "map f 1,,2 | an element is missing",
                "map f 0..9..2 | a step is written as in 0..10 by 2",
                "map f 0..1.5 | a range takes int numbers",
                "map f 'a'..'e' | a range takes int numbers",
                "map f 0L..9L | a range takes int numbers",
                "map f 0..ten * 1L | a range takes int numbers, and 'ten * 1L' is of type long",
                "map f 0..3, 5..6 | a range cannot be an element of a list",
                "map f \"a\", \"b\" | each item is of type String, and f takes int",
                "map f [[1, 2], [3]] | each item is of type List<Integer>, and f takes int",
                "map ff 0..3 | the notebook has no method or variable 'ff'; did you mean 'f'?",
                "map f tem | the notebook has no method or variable 'tem'; did you mean 'ten'?",
                "map 5 0..3 | '5' does not fit ITEMS '0..3'",
                "map ten 0..3 | 'ten' does not fit ITEMS '0..3'",
                "map Math::max 0..3 | FN is a function of one item",
                "starmap add 0..3 | each of TUPLES holds these",
                "starmap Math::max 0..3 | each of TUPLES holds these",
                "starmap f [(1, 2)] | f takes 1 argument, but starmap gives it 2 to 4: use map",
                "starmap add [(1, \"b\")] | argument 2 in each item is of type String, and add takes int",
                "starmap add [(1, 2, 3, 4, 5)] | a tuple has 2 to 4 elements, not 5",
                "apply f | f takes (int), and is called with ()",
                "apply f 1 2 | f takes (int), and is called with (int,int)",
                "apply f \"a\" | String cannot be converted to int",
            })
    void argumentsThatDoNotFit_areToldInTheMagicsOwnWords(String arguments, String message) throws Exception {
        Execution execution = notebook.client().execute("\n%pool " + arguments, NotebookKernel.LONG);

        assertThat(execution.status()).isEqualTo("error");
        assertThat(NotebookKernel.traceback(execution))
                .contains(message, "]:2: ", "%pool " + arguments)
                .doesNotContain("manyjvm", "$", "is not applicable");
    }

    @Test
    void cellThatDoesNotFit_pointsAtItsLine() throws Exception {
        String broken = NotebookKernel.traceback(
                notebook.client().execute("%%pool map x : 1, 2\nint y = x;\nreturn y", NotebookKernel.LONG));
        assertThat(broken).contains("]:3: ';' expected");
        String items = NotebookKernel.traceback(
                notebook.client().execute("%%pool map x : ten\nreturn x;", NotebookKernel.LONG));
        assertThat(items)
                .contains("ITEMS is 'ten', which is of type int", "]:1: ")
                .doesNotContain("manyjvm");
    }

    @Test
    void bodyOfACell_mayReturnOnSomeOfItsWays() throws Exception {
        assertThat(notebook.value("%%pool map x : 0..2\nif (x > 0) {\n    return x;\n}"))
                .isEqualTo("[null, 1, 2]");
        assertThat(
                        notebook.value(
                                "%%pool map x : 0..1\nvar big = Stream.of(1, 2).filter(y -> { return y > 1; }).toList();\nSystem.out.println(big);"))
                .isEqualTo("[null, null]");
        notebook.run("%%pool map x : 0..1 --async --out nothing\nif (x > 0) {\n    return;\n}\nhello(x);");
        assertThat(notebook.value("nothing.get()")).isEqualTo("[null, null]");
        assertThat(notebook.error("%%pool map x : 0..1\nif (x > 0) {\n    return;\n}\nreturn x;"))
                .contains("returns a value in one place and nothing in another");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "map f []|[]",
                "map (x -> x.nothing()) []|[]",
                "starmap add []|[]",
                "map Character::getNumericValue \"127\".toCharArray()|[1, 2, 7]",
                "map (b -> b + 1) new byte[] {1, 2}|[2, 3]",
                "map (int x) -> x + 1 0..3|[1, 2, 3, 4]",
                "starmap (int a, int b) -> a * b [(2, 3)]|[6]",
                "starmap (int a, int b) -> a == b [(1000, 1000)]|[true]",
                "starmap ((double a, double b) -> a == b) [(1.5, 1.5)]|[true]",
                "starmap (int a, Integer b) -> a == b [(1000, 1000)]|[true]",
                "starmap (Integer a, final long b) -> a + b == b + a [(1000, 1000L)]|[true]",
                "map (int i) -> new ArrayList<>(List.of(7, 6, 5)).remove(i) 0..2|[7, 6, 5]",
                "map (int x) -> (char) x 97..98|[a, b]",
                "map (char größe) -> (int) größe ['a', 'b']|[97, 98]",
                "map ((int x) -> { x++; return x; }) 128..129|[129, 130]",
                "map (int x) -> System.out.println(x) 0..1|[null, null]",
                "map ((int x) -> { if (x > 0) { return; } hello(x); }) 0..1|[null, null]",
                "starmap (int a, int b) -> both(a, b) [(1, 2)]|[null]",
                "map (int x) -> x []|[]",
                "map ((double x) -> x) new HashSet<>()|[]",
                "starmap (int a, int b) -> a == b []|[]",
                "map f new java.util.concurrent.LinkedBlockingQueue<>()|[]",
                "map ((int x) -> x * 2) new Source<>()|[2, 4]",
                "apply add 1, 2|3",
                "apply add 1,2|3",
                "apply larger 4, 2|4",
            })
    void formsThatAreClear_areTaken(String arguments, String result) throws Exception {
        assertThat(notebook.value("%pool " + arguments)).isEqualTo(result);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "map Integer::toString 1..3|write a lambda, such as (x -> Integer.toString(x))",
                "map f 0..3 -chunk 2|no option -chunk; did you mean '--chunk'?",
                "map String::length ['a', 1]|fit",
                "map f() 0..2|method f cannot be applied",
                "map f new Source<>()|each item is of type Object, and f takes int",
                "map f new Vector<>()|each item is of type Object, and f takes int",
                "map hello new Source<>()|each item is of type Object, and hello takes int",
                "map (x -> x + 1) new Source<>()|bad operand types",
                "map f new HashMap<>()|write new HashMap<>().entrySet()",
                "map (int x) -> nowhere(x) 0..2|cannot find symbol",
            })
    void formsThatAreNot_areExplained(String arguments, String message) throws Exception {
        assertThat(notebook.error("%pool " + arguments)).contains(message).doesNotContain("Calls", "manyjvm.magics");
    }
}
