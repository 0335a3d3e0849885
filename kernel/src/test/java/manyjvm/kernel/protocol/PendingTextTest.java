package manyjvm.kernel.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import manyjvm.kernel.spi.CellOutput.Stream;
import org.junit.jupiter.api.Test;

final class PendingTextTest {
    private final PendingText text = new PendingText(new JsonObject());
    private long now;

    private List<String> flush(boolean everything) {
        List<String> pieces = new ArrayList<>();
        text.flush(everything, now, (stream, piece) -> pieces.add((stream == Stream.STDOUT ? "out " : "err ") + piece));
        return pieces;
    }

    private void out(String source, String piece) {
        text.append(Stream.STDOUT, source, piece, now);
    }

    @Test
    void flush_withOneSource_sendsTheUnfinishedLineToo() {
        out("cell", "a\nb");

        assertThat(flush(false)).containsExactly("out a\nb");
        assertThat(text.isEmpty()).isTrue();
    }

    @Test
    void flush_withTwoSources_keepsUnfinishedLinesApart() {
        out("one", "x");
        out("two", "1\n2");
        out("one", "y\n");

        assertThat(flush(false)).containsExactly("out 1\nxy\n");
        out("two", "3\n");
        assertThat(flush(false)).containsExactly("out 23\n");
    }

    @Test
    void flush_withTwoSources_showsAnUnfinishedLineAfterAWhile() {
        out("one", "loading");
        out("two", "1\n");
        assertThat(flush(false)).containsExactly("out 1\n");

        now += PendingText.PATIENCE_NANOS;
        assertThat(flush(false)).containsExactly("out loading");
        out("two", "2\n");
        assertThat(flush(false)).as("not behind the open line").containsExactly("out \n2\n");
    }

    @Test
    void flush_ofEverything_endsLinesOfDifferentSources() {
        out("one", "x");
        out("two", "y");

        assertThat(flush(true)).containsExactly("out x\ny");
        assertThat(text.isEmpty()).isTrue();
    }

    @Test
    void flush_ofStreamsInTurn_keepsTheirOrder() {
        out("cell", "1\n");
        text.append(Stream.STDERR, "cell", "2\n", now);
        out("cell", "3\n");

        assertThat(flush(false)).containsExactly("out 1\n", "err 2\n", "out 3\n");
    }

    @Test
    void flush_ofManyAlternations_isOnePiecePerStream() {
        for (int i = 0; i < 50; i++) {
            out("cell", i + "\n");
            text.append(Stream.STDERR, "cell", i + "\n", now);
        }
        assertThat(flush(false)).hasSize(2).first().asString().startsWith("out 0\n1\n");
    }
}
