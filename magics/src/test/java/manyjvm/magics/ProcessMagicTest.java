package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import manyjvm.kernel.spi.Magic.MagicUsageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessMagicTest {
    private final ProcessMagic magic = new ProcessMagic(() -> Set.of("reader"), () -> Set.of("default/1", "default/2"));
    private final Rewriting rewriting = new Rewriting(
            magic,
            new NotebookNames().method("f", 1).method("work", 0).variable("p").variable("task"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "f(3) | Magics.process(null).run(() -> f(3))",
                "f(3) + 1 | Magics.process(null).run(() -> f(3) + 1)",
                "f(1); f(2) | Magics.process(null).run(() -> { f(1); f(2); })",
                "{ f(1); } | Magics.process(null).run(() -> { f(1); })",
                "f(3) --async | Magics.process(null).start(() -> f(3))",
                "f(3) --heap 1g --jvm \"-Xint\" --timeout 2s | Magics.process(null).heap(\"1g\").jvm(\"-Xint\").timeout(java.time.Duration.ofMillis(2000L)).run(() -> f(3))",
                "f(3) --out q | Magics.process(null).finish(() -> f(3))",
                "list | Magics.processes()",
                "list = f(3) | Magics.process(null).run(() -> list = f(3))",
                "join p | Magics.joinProcess(p)",
                "join reader --timeout 5s | Magics.joinProcess(\"reader\", java.time.Duration.ofMillis(5000L))",
                "kill reader | Magics.killProcess(\"reader\")",
                "terminate p | Magics.terminateProcess(p)",
                "interrupt p | Magics.interruptProcess(p)",
                "stack reader | Magics.stackProcess(\"reader\")",
                "stack p | Magics.stackProcess(p)",
                "stack default/2 | Magics.stackProcess(\"default\", 2)",
                "stack p/1 | Magics.stackProcess(p, 1)",
                "stack = f(3) | Magics.process(null).run(() -> stack = f(3))",
            })
    void rewrite_lineMagic_isExpressionOverTheApi(String arguments, String java) throws MagicUsageException {
        assertThat(rewriting.line(arguments)).isEqualTo(java);
    }

    @Test
    void rewrite_asValue_givesTheEndedProcess() throws MagicUsageException {
        assertThat(rewriting.asValue("f(3)").before())
                .isEqualTo("manyjvm.magics.api.Magics.process(null).finish(() -> f(3))");
    }

    @Test
    void rewrite_cell_isTheTarget() throws MagicUsageException {
        assertThat(rewriting.cell("", "f(1);")).isEqualTo("Magics.process(null).run(() -> {\nf(1); });");
        assertThat(rewriting.cell("reader --async --out r", "f(1);"))
                .isEqualTo("var r = Magics.process(\"reader\").start(() -> {\nf(1); });");
    }

    @Test
    void rewrite_cellOfSeveral_hasRank() throws MagicUsageException {
        assertThat(rewriting.cell("-n 3", "f(rank);"))
                .isEqualTo("Magics.process(null).run(3, rank -> () -> {\nf(rank); });");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'' | needs an expression",
                "work | write the call, as in %process work()",
                "joim | did you mean 'join'",
                "join | needs the name of one process",
                "list p | takes no arguments",
                "stack | needs the name of one process",
                "stack default/0 | such as default/1",
                "stack default/ | such as default/1",
                "f(3) --heap lots | a size such as 512m",
                "f(3) --hep 1g | did you mean '--heap'",
                "f(3) -n 2 --async --out | needs a value",
                "f(3 | the closing ')' is missing",
            })
    void rewrite_mistake_isOneClearMessage(String arguments, String message) {
        assertThat(rewriting.refusal(arguments.replace("''", ""))).contains(message);
    }

    @Test
    void rewrite_cellWithTwoNames_isRefused() {
        assertThat(rewriting.cellRefusal("a b")).contains("takes one name");
        assertThat(rewriting.cellRefusal("f(1)")).contains("cannot be the name");
        assertThat(rewriting.cellRefusal("-n 0")).contains("must be at least 1, not 0");
    }

    @Test
    void rewrite_cellWithAWrongSetting_tellsTheUsageOnce() {
        assertThat(rewriting.cellRefusal("--heap lots"))
                .contains("a size such as 512m")
                .containsOnlyOnce("usage:");
    }

    @Test
    void jdkChecked_olderThanTheKernels_isRefused(@TempDir Path home) throws Exception {
        Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"11.0.2\"\n");

        assertThat(org.assertj.core.api.Assertions.catchThrowableOfType(
                        MagicUsageException.class, () -> Jdk.checked(home, 17)))
                .hasMessageContaining("is version 11; the notebook's classes are made for version 17");
        assertThat(Jdk.checked(home, 11)).isEqualTo(home.toString());
    }

    @Test
    void complete_knowsVerbsAndProcesses() {
        assertThat(magic.complete("te", new NotebookNames())).containsExactly("terminate");
        assertThat(magic.complete("join re", new NotebookNames())).containsExactly("reader");
        assertThat(magic.complete("stack de", new NotebookNames())).containsExactly("default/1", "default/2");
        assertThat(magic.complete("stack re", new NotebookNames())).containsExactly("reader");
        assertThat(magic.complete("join de", new NotebookNames())).isEmpty();
        assertThat(magic.complete("f(1) --he", new NotebookNames())).containsExactly("--heap");
    }
}
