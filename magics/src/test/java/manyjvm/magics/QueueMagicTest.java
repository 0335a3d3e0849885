package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import manyjvm.kernel.spi.Magic.MagicUsageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueueMagicTest {
    private final QueueMagic magic = new QueueMagic();
    private final Rewriting rewriting = new Rewriting(magic, new NotebookNames().variable("lines"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "create q | Queues.create(\"q\")",
                "create q 10 | Queues.create(\"q\", 10)",
                "put lines List.of(\"a b\") | Queues.put(lines, List.of(\"a b\"))",
                "put lines x + 1 --timeout 2s | Queues.put(lines, x + 1, java.time.Duration.ofMillis(2000L))",
                "get lines | Queues.get(lines)",
                "get lines --timeout 2s | Queues.get(lines, java.time.Duration.ofMillis(2000L))",
                "size lines | lines.size()",
                "list | Queues.list()",
                "close lines | Queues.close(lines)",
            })
    void rewrite_lineMagic_isExpressionOverTheApi(String arguments, String java) throws MagicUsageException {
        assertThat(rewriting.line(arguments)).isEqualTo(java);
    }

    @Test
    void rewrite_create_declaresTheVariable() throws MagicUsageException {
        assertThat(rewriting.rewritten("create q").declares()).contains("q");
        assertThat(rewriting.asValue("create q").declares()).isEmpty();
        assertThat(rewriting.rewritten("get lines --out first").declares()).contains("first");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "craete q | did you mean 'create'",
                "create | needs the name of a queue",
                "create 1q | cannot be the name of a Java variable",
                "create q 0 | must be at least 1, not 0",
                "create q 1 2 | takes a name and a capacity",
                "put lines | needs an element",
                "get linse | did you mean 'lines'",
                "get lines now | takes nothing after the name",
                "get lines --timeout soon | a time with its unit",
                "list all | takes no arguments",
            })
    void rewrite_mistake_isOneClearMessage(String arguments, String message) {
        assertThat(rewriting.refusal(arguments)).contains(message);
    }

    @Test
    void rewrite_cell_isRefused() {
        assertThat(rewriting.cellRefusal("create q")).contains("use %queue in a line");
    }
}
