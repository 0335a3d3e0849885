package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import manyjvm.kernel.spi.Magic.MagicUsageException;
import manyjvm.kernel.spi.Magic.Names;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoolMagicTest {
    private static final Names NAMES = new NotebookNames()
            .method("f", 1)
            .method("add", 2)
            .method("sum", 2, 3)
            .method("now", 0)
            .method("square", 1)
            .variable("twice")
            .variable("numbers")
            .variable("small");

    private final PoolMagic magic = new PoolMagic(() -> Set.of("batch"));
    private final Rewriting rewriting = new Rewriting(magic, NAMES);

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "map f 0..9; Magics.pool().map((a$1) -> f(a$1), manyjvm.parallel.Parallel.rangeClosed(0, 9))",
                "map f numbers; Magics.pool().map((a$1) -> f(a$1), Iterables.items(numbers))",
                "map twice numbers; Magics.pool().map(twice, Iterables.items(numbers))",
                "map Math::abs numbers; Magics.pool().map(Math::abs, Iterables.items(numbers))",
                "map (x -> x * 2) range(10); Magics.pool().map((x -> x * 2), Iterables.items(range(10)))",
                "map x->x*2 range(10); Magics.pool().map(x->x*2, Iterables.items(range(10)))",
                "map x -> x * 2 range(10); Magics.pool().map(x -> x * 2, Iterables.items(range(10)))",
                "map x -> { throw x } new int[] {1}; Magics.pool().map(x -> { throw x }, Iterables.items(new int[] {1}))",
                "map f List.of(1, 2); Magics.pool().map((a$1) -> f(a$1), Iterables.items(List.of(1, 2)))",
                "map f new int[] {1, 2}; Magics.pool().map((a$1) -> f(a$1), Iterables.items(new int[] {1, 2}))",
                "map f List.of(\"a b\", \"--chunk\"); Magics.pool().map((a$1) -> f(a$1), Iterables.items(List.of(\"a b\", \"--chunk\")))",
                "map f numbers.stream().map(x -> x + 1); Magics.pool().map((a$1) -> f(a$1), Iterables.items(numbers.stream().map(x -> x + 1)))",
                "map f (0..n - 1); Magics.pool().map((a$1) -> f(a$1), manyjvm.parallel.Parallel.rangeClosed(0, n - 1))",
                "--chunk 2 map f 0..9; Magics.pool().chunk(2).map((a$1) -> f(a$1), manyjvm.parallel.Parallel.rangeClosed(0, 9))",
                "map f --chunk=n/4 0..9; Magics.pool().chunk(n/4).map((a$1) -> f(a$1), manyjvm.parallel.Parallel.rangeClosed(0, 9))",
                "map f 0..9 --timeout 1.5s --retries 2; Magics.pool().timeout(java.time.Duration.ofMillis(1500L)).retries(2).map((a$1) -> f(a$1), manyjvm.parallel.Parallel.rangeClosed(0, 9))",
                "map f 0..9 --progress; Magics.pool().progress(true).map((a$1) -> f(a$1), manyjvm.parallel.Parallel.rangeClosed(0, 9))",
                "apply f 20 --no-progress; Magics.pool().progress(false).apply(() -> f(20))",
                "start 2 --no-progress; Magics.setUp(null).workers(2).progress(false).start()",
                "map f numbers --unordered; Iterables.list(Magics.pool().imapUnordered((a$1) -> f(a$1), Iterables.items(numbers)))",
                "map f numbers --async; Magics.pool().mapAsync((a$1) -> f(a$1), Iterables.items(numbers))",
                "map f numbers --pool batch; Magics.pool(\"batch\").map((a$1) -> f(a$1), Iterables.items(numbers))",
                "map f numbers --pool small; Magics.pool(small).map((a$1) -> f(a$1), Iterables.items(numbers))",
                "starmap add zip(numbers, repeat(1)); Magics.pool().starmap((a$1, a$2) -> add(a$1, a$2), Iterables.items(zip(numbers, repeat(1))))",
                "starmap ((a, b) -> a + b) pairs; Magics.pool().starmap(((a, b) -> a + b), Iterables.items(pairs))",
                "imap f numbers; Magics.pool().imap((a$1) -> f(a$1), Iterables.items(numbers))",
                "imap f numbers --unordered; Magics.pool().imapUnordered((a$1) -> f(a$1), Iterables.items(numbers))",
                "apply f 20; Magics.pool().apply(() -> f(20))",
                "apply add 1 -2; Magics.pool().apply(() -> add(1, -2))",
                "apply now; Magics.pool().apply(() -> now())",
                "apply f(20); Magics.pool().apply(() -> f(20))",
                "apply () -> f(20); Magics.pool().apply(() -> f(20))",
                "apply (() -> f(20)) --async; Magics.pool().applyAsync((() -> f(20)))",
                "apply Math::max 1 2; Magics.pool().apply(() -> Math.max(1, 2))",
                "apply Math.max 1 2; Magics.pool().apply(() -> Math.max(1, 2))",
                "apply twice 4; Magics.pool().apply(() -> twice.apply(4))",
                "start; Magics.setUp(null).start()",
                "start 4; Magics.setUp(null).workers(4).start()",
                "start n * 2; ",
                "status; Magics.status()",
                "status batch; Magics.status(\"batch\")",
                "status --watch; Magics.watch(shown$ -> manyjvm.kernel.api.Notebook.display(shown$)::update, null)",
                "status batch --watch --for 10s; Magics.watch(shown$ -> manyjvm.kernel.api.Notebook.display(shown$)::update, java.time.Duration.ofMillis(10000L), \"batch\")",
                "status default; Magics.status(\"default\")",
                "insights; Magics.recording().last().insights()",
                "insights batch --all; Magics.recording(\"batch\").insights()",
                "timeline small; Magics.recording(small).last().timeline()",
                "timeline --save a.svg; Magics.recording().last().timeline().save(\"a.svg\")",
                "timeline --all --save 'my trace.JSON'; Magics.recording().timeline().save(\"my trace.JSON\")",
                "close small; Magics.close(small)",
                "terminate; Magics.terminate()",
                "interrupt; Magics.interrupt()",
                "restart; Magics.restart()",
                "output raw; Magics.output(\"raw\")",
                "output grouped batch; Magics.output(\"grouped\", \"batch\")",
            })
    void rewrite_lineMagic_isExpressionOverTheApi(String arguments, String java) throws MagicUsageException {
        if (java == null) {
            assertThat(rewriting.refusal(arguments)).contains("one number of workers");
        } else {
            assertThat(rewriting.line(arguments)).isEqualTo(java);
        }
    }

    @Test
    void rewrite_startWithAllOptions_setsUpThePool() throws MagicUsageException {
        String home = System.getProperty("java.home");
        String java = rewriting.line(
                "start 2 --on processes --heap 512m --jvm \"-Xss4m -Dx=y\" --jdk " + home
                        + " --cpus 0,1 --init (load(7)) --max-tasks 5 --max-memory 1g --timeout 10s --retries 1 --output grouped");
        assertThat(java)
                .isEqualTo("Magics.setUp(null).workers(2).on(\"processes\").heap(\"512m\").jvm(\"-Xss4m -Dx=y\").jdk(\""
                        + home + "\").cpus(0, 1).initializer(() -> { load(7); }).maxTasks(5).maxMemory(\"1g\")"
                        + ".timeout(java.time.Duration.ofMillis(10000L)).retries(1).output(\"grouped\").start()");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "(new Init()).go()|() -> { (new Init()).go(); }",
                "(a).b((c))|() -> { (a).b((c)); }",
                "((new Init()).go())|() -> { (new Init()).go(); }",
                "(() -> go())|() -> go()",
                "() -> (go())|() -> (go())",
            })
    void rewrite_initInParentheses_losesOnlyThoseAroundAllOfIt(String init, String java) throws MagicUsageException {
        assertThat(rewriting.line("start 2 --init \"" + init + "\""))
                .contains(".initializer(" + java + ")")
                .isEqualTo(rewriting.line("start 2 --init (" + init + ")"));
    }

    @Test
    void rewrite_nameAndOut_declareVariables() throws MagicUsageException {
        assertThat(rewriting.rewritten("start 2 --name batch").declares()).contains("batch");
        assertThat(rewriting.rewritten("map f 0..9 --out r").declares()).contains("r");
        assertThat(rewriting.asValue("start 2 --name batch").declares()).isEmpty();
        assertThat(rewriting.rewritten("start 2 --name batch").before()).contains("setUp(\"batch\")");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "mpa f 0..9; did you mean 'map'",
                "each f 0..9; it exists as %%pool each",
                "map f 0..9 --chnk 2; did you mean '--chunk'",
                "map f 0..9 --heap 1g; it is an option of %pool start",
                "map f 0..9 --chunk; needs a value: --chunk N",
                "map f 0..9 --chunk 0; must be at least 1, not 0",
                "map f 0..9 --chunk 99999999999; must be at most 2147483647, not 99999999999",
                "map f 0..9 --chunk 1.5; must be a whole number",
                "map f 0..9 --chunk 2 --chunk 3; given twice",
                "map f 0..9 --timeout 10; a time with its unit",
                "map f 0..9 --timeout 0s; must be more than 0, not 0s",
                "map f 0..9 --out 1x; a name for a Java variable",
                "map f 0..9 --out class; a name for a Java variable",
                "map f 0..9 --unordered --async; do not go together",
                "map f 0..9 --progress --no-progress; do not go together",
                "map f 0..; needs both ends",
                "map f; needs a function and its items",
                "map; needs a function and its items",
                "map f List.of(1, 2; the closing ')' is missing",
                "map f List.of(\"1); the closing \" is missing",
                "map add numbers; add takes 2 arguments, but map gives it one: use starmap, or fix the others in a lambda: (x -> add(x, ..))",
                "map now numbers; now takes no arguments, but map gives it one: use %pool apply now, or (x -> now())",
                "map squaer numbers; did you mean 'square'",
                "starmap f numbers; f takes 1 argument, but starmap gives it 2 to 4: use map",
                "starmap sum numbers; choose one with a lambda",
                "apply; needs a function",
                "apply (x -> x) 3; without arguments after it",
                "start 0; must be at least 1, not 0",
                "start --on thread; did you mean 'threads'",
                "start --heap 512; a size such as 512m",
                "start --cpus a; lists processor numbers",
                "start --jdk /no/such/jdk; there is no bin/java",
                "output rwa; did you mean 'raw'",
                "output; needs one of live, raw, grouped",
                "status a b; one pool's name at most",
                "timeline a b; %pool timeline takes one pool's name at most",
                "timeline --save a.png; a file's name that ends in .svg",
                "insights --save a.svg; --save",
                "status --for 10s; --for says how long to --watch",
            })
    void rewrite_mistake_isOneClearMessage(String arguments, String message) {
        assertThat(rewriting.refusal(arguments)).contains(message);
    }

    @Test
    void rewrite_nothing_explainsTheMagic() {
        assertThat(rewriting.refusal("")).contains("needs to know what to do").contains("%pool map FN ITEMS");
    }

    @Test
    void rewrite_mistakeInKnownVerb_showsHowToUseIt() {
        assertThat(rewriting.refusal("map f 0..9 --chnk 2")).contains("\nusage: %pool map FN ITEMS [--chunk N]");
    }

    @Test
    void rewrite_outWhereTheValueIsAssigned_isRefused() {
        assertThat(org.assertj.core.api.Assertions.catchThrowableOfType(
                        MagicUsageException.class, () -> rewriting.asValue("map f 0..9 --out r")))
                .hasMessageContaining("assigned already");
    }

    @Test
    void rewrite_cellWithReturn_isTheFunctionsBody() throws MagicUsageException {
        assertThat(rewriting.cell("map x : 0..9", "int y = x + 1;\nreturn y * y;"))
                .isEqualTo("Magics.map(Magics.pool(), manyjvm.parallel.Parallel.rangeClosed(0, 9), x -> {\n"
                        + "int y = x + 1;\nreturn y * y; });");
    }

    @Test
    void rewrite_cellWithoutReturn_givesNull() throws MagicUsageException {
        assertThat(rewriting.cell("map x : numbers --out r", "// return nothing\nSystem.out.println(\"return\" + x);"))
                .isEqualTo("var r = Magics.map(Magics.pool(), Iterables.items(numbers), x -> { if (true) {\n"
                        + "// return nothing\nSystem.out.println(\"return\" + x); } return null; });");
    }

    @Test
    void rewrite_eachCell_runsOnEveryWorker() throws MagicUsageException {
        assertThat(rewriting.cell("each", "hello();")).isEqualTo("Magics.pool().everyWorker(() -> {\nhello(); });");
    }

    @Test
    void rewrite_cellWithoutItem_isRefused() {
        assertThat(rewriting.cellRefusal("map numbers")).contains("such as x : 0..9");
        assertThat(rewriting.cellRefusal("map 3 : numbers")).contains("names its item first");
        assertThat(rewriting.cellRefusal("map x :")).contains("needs items after the colon");
        assertThat(rewriting.cellRefusal("start 4")).contains("it exists as %pool start");
        assertThat(rewriting.cellRefusal("each 3")).contains("takes no arguments");
    }

    @Test
    void complete_knowsVerbsOptionsChoicesAndNames() {
        assertThat(magic.complete("st", NAMES)).containsExactly("starmap", "start", "status");
        assertThat(magic.complete("map ad", NAMES)).isEqualTo(List.of("add"));
        assertThat(magic.complete("map f 0..9 --ch", NAMES)).isEqualTo(List.of("--chunk"));
        assertThat(magic.complete("map f 0..9 --chunk 2 --", NAMES))
                .doesNotContain("--chunk", "--heap")
                .contains("--out");
        assertThat(magic.complete("start --on ", NAMES)).containsExactly("processes", "threads", "virtual");
        assertThat(magic.complete("output ", NAMES)).contains("live", "raw", "grouped");
        assertThat(magic.complete("status ba", NAMES)).containsExactly("batch");
        assertThat(magic.complete("timeline ba", NAMES)).containsExactly("batch");
        assertThat(magic.complete("timeline --", NAMES)).containsExactlyInAnyOrder("--all", "--save");
    }

    @Test
    void usage_namesEveryVerbAndOption() {
        assertThat(magic.usage())
                .contains(
                        "%pool start [N]",
                        "%pool map FN ITEMS",
                        "%%pool each",
                        "--max-tasks N",
                        "0..9 includes 9",
                        "[--progress] [--no-progress]")
                .doesNotEndWith("\n");
    }
}
