package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.display.Renderer;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import java.util.List;
import manyjvm.magics.api.Queues;
import manyjvm.magics.api.Table;
import org.junit.jupiter.api.Test;

class TableLookTest {
    @Test
    void register_emptyTable_isTextAlone() {
        Renderer renderer = new Renderer();
        TableLook.register(renderer);

        DisplayData data = renderer.render(Queues.list());

        assertThat(data.getData(MIMEType.TEXT_PLAIN).toString()).startsWith("no queues");
        assertThat(data.hasDataForType(MIMEType.TEXT_HTML)).isFalse();
    }

    @Test
    void register_rows_areHtmlWithoutMarkupOfTheirOwn() {
        Renderer renderer = new Renderer();
        TableLook.register(renderer);

        DisplayData data = renderer.render(new Table(List.of("pool"), List.of(List.of("<a&b>")), ""));

        assertThat(data.getData(MIMEType.TEXT_HTML))
                .isEqualTo("<table><thead><tr><th>pool</th></tr></thead>"
                        + "<tbody><tr><td>&lt;a&amp;b&gt;</td></tr></tbody></table>");
    }
}
