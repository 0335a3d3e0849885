package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RaceMagicTest {
    private final RaceMagic magic = new RaceMagic();
    private final Rewriting rewriting = new Rewriting(magic, new NotebookNames());

    @Test
    void rewrite_cell_isTheStepOfCounting() throws Exception {
        assertThat(rewriting.cell("3 --on threads --lock --rounds 4 --times 100 --out r", "counter.getAndAdd(1);"))
                .isEqualTo("var r = Race.usual().workers(3).on(\"threads\").rounds(4).times(100).locked()"
                        + ".run((counter) -> {\ncounter.getAndAdd(1); });");
    }

    @Test
    void rewrite_emptyCellOrLine_readsAddsAndWrites() throws Exception {
        assertThat(rewriting.cell("", " ")).contains("{ counter.set(counter.get() + 1);\n");
        assertThat(rewriting.line("")).isEqualTo("Race.usual().run((counter) -> { counter.set(counter.get() + 1); })");
    }

    @Test
    void rewrite_wrongUse_showsTheUsage() {
        assertThat(rewriting.cellRefusal("1"))
                .startsWith("the number of workers must be at least 2, not 1\nusage: %%race [N]");
        assertThat(rewriting.refusal("--rounds 0")).contains("--rounds must be at least 1");
        assertThat(magic.usage()).contains("%race [N] [--on processes|threads]", "%%race [N]", "--times");
    }

    @Test
    void complete_offersOptionsAndTheirChoices() {
        assertThat(magic.complete("--ro", new NotebookNames())).containsExactly("--rounds");
        assertThat(magic.complete("--on t", new NotebookNames())).containsExactly("threads");
    }
}
