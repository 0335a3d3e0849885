package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import manyjvm.kernel.spi.Magic.Call;
import manyjvm.kernel.spi.Magic.Names;
import manyjvm.kernel.spi.Magic.Problem;
import org.junit.jupiter.api.Test;

class CompareMagicTest {
    private static final Names NAMES =
            new NotebookNames().method("f", 1).variable("twice").variable("numbers");

    private final CompareMagic magic = new CompareMagic(false);
    private final Rewriting rewriting = new Rewriting(magic, NAMES);

    @Test
    void rewrite_line_takesFunctionAndItemsAsMapDoes() throws Exception {
        assertThat(rewriting.line("f 0..7"))
                .isEqualTo("Compare.usual().run((a$1) -> f(a$1), manyjvm.parallel.Parallel.rangeClosed(0, 7))");
        assertThat(rewriting.line("processes threads (x -> x * 2) numbers --cpus 1,2 --repeat 5"))
                .isEqualTo("Compare.usual().ways(\"threads\", \"processes\").cpus(1, 2).repeat(5)"
                        + ".run((x -> x * 2), Iterables.items(numbers))");
        assertThat(rewriting.rewritten("f numbers --out r").declares()).contains("r");
    }

    @Test
    void rewrite_cell_isTheFunctionOfTheItem() throws Exception {
        assertThat(rewriting.cell("x : 0..3", "return f(x);"))
                .isEqualTo("Compare.usual().run(manyjvm.parallel.Parallel.rangeClosed(0, 3), x -> {\nreturn f(x); });");
        assertThat(rewriting.cell("threads x : numbers", "f(x);"))
                .isEqualTo("Compare.usual().ways(\"threads\").run(Iterables.items(numbers), x -> { if (true) {\nf(x);"
                        + " } return null; });");
        Names named = new NotebookNames().variable("threads").variable("numbers");
        assertThat(new Rewriting(magic, named).cell("threads x : numbers", "return x;"))
                .as("a variable's name is a way in a line without a function")
                .startsWith("Compare.usual().ways(\"threads\")");
        assertThat(rewriting.cell("x : numbers", "if (x > 1) return; f(x);"))
                .contains(".run(Iterables.items(numbers), x -> {\n");
    }

    @Test
    void rewrite_showsProgress_unlessItIsHidden() throws Exception {
        Rewriting shown = new Rewriting(new CompareMagic(true), NAMES);
        assertThat(shown.line("f 0..7"))
                .startsWith("Compare.usual().progress(shown$ -> ")
                .contains(".display(shown$)::update).run((a$1) -> f(a$1), ");
        assertThat(shown.line("f 0..7 --no-progress")).startsWith("Compare.usual().run(");
    }

    @Test
    void rewrite_wrongUse_saysWhatToWrite() {
        assertThat(rewriting.refusal("f"))
                .contains("needs a function and its items", "usage: %compare [WAYS] FN ITEMS");
        assertThat(rewriting.cellRefusal("0..7")).contains("such as x : 0..7");
        assertThat(rewriting.cellRefusal("thread x : 0..7"))
                .contains("'thread' is no way to run tasks: sequential, threads, virtual, processes")
                .contains("did you mean 'threads'?");
        assertThat(rewriting.cellRefusal("x :")).contains("needs items after the colon");
        assertThat(rewriting.refusal("f 0..7 --repeat 0")).contains("--repeat must be at least 1");
        assertThat(rewriting.refusal("f 0..7 --cpus all")).contains("--cpus lists processor numbers");
    }

    @Test
    void instead_ofAFunctionInAVariableOrWithoutResult_writesItOtherwise() {
        Call call = new Call("twice 0..7", Optional.empty(), false, NAMES);
        assertThat(magic.instead(call, new Problem("no", "")))
                .anySatisfy(other -> assertThat(other.before()).contains("(a$1) -> twice.applyAsInt(a$1)"));
        Call without = new Call("f 0..7", Optional.empty(), false, NAMES);
        assertThat(magic.instead(without, new Problem("'void' type not allowed here", "")))
                .singleElement()
                .satisfies(other -> assertThat(other.before()).contains("{ f(a$1); return null; }"));
    }

    @Test
    void complete_offersWaysOptionsAndNames() {
        assertThat(magic.complete("thr", NAMES)).containsExactly("threads");
        assertThat(magic.complete("threads pro", NAMES)).containsExactly("processes");
        assertThat(magic.complete("threads tw", NAMES)).containsExactly("twice");
        assertThat(magic.complete("f 0..7 --re", NAMES)).containsExactly("--repeat");
    }
}
