package manyjvm.kernel.display;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.display.DisplayDataRenderable;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import java.awt.image.BufferedImage;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RenderingTest {
    private final Rendering rendering = new Rendering();

    private static Object get(DisplayData data, String type) {
        return data.getData(MIMEType.parse(type));
    }

    @Test
    void render_ofAnImage_isAPng() {
        DisplayData data = rendering.render(new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB));

        byte[] png = Base64.getDecoder().decode((String) get(data, "image/png"));
        assertThat(png).startsWith(0x89, 'P', 'N', 'G');
        assertThat((String) get(data, "text/plain")).startsWith("BufferedImage");
    }

    @Test
    void render_ofARegisteredType_usesItsFunction() {
        rendering
                .registry()
                .createRegistration(Thread.class)
                .preferring(MIMEType.TEXT_HTML)
                .register((thread, context) -> context.renderIfRequested(MIMEType.TEXT_HTML, () -> "<i>thread</i>"));

        assertThat(get(rendering.render(new Thread()), "text/html")).isEqualTo("<i>thread</i>");
    }

    @Test
    void render_ofAFailingRenderable_isAClearText() {
        DisplayDataRenderable failing = context -> {
            throw new IllegalStateException("no paint");
        };
        assertThat((String) get(rendering.render(failing), "text/plain"))
                .contains("rendering it threw java.lang.IllegalStateException: no paint");
    }

    @Test
    void renderAs_ofAString_isTheContent() {
        DisplayData data = rendering.renderAs("{\"a\": 1}", "application/json", "text/html");

        assertThat(((JsonObject) get(data, "application/json")).get("a").getAsInt())
                .isEqualTo(1);
        assertThat(get(data, "text/html")).isEqualTo("{\"a\": 1}");
    }

    @Test
    void renderAs_ofWhatCannotBe_isRefused() {
        assertThatThrownBy(() -> rendering.renderAs(1, "text/html"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.lang.Integer cannot be shown as text/html");
        assertThatThrownBy(() -> rendering.renderAs("{", "application/json"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not JSON");
    }

    @Test
    void displayData_ofMixedContents_isMadeFitForJson() {
        DisplayData data = Rendering.displayData(Map.of(
                "image/png",
                new byte[] {1, 2},
                "application/json",
                Map.of("list", List.of(1, new int[] {2})),
                "text/plain",
                new StringBuilder("x")));

        assertThat(get(data, "image/png")).isEqualTo("AQI=");
        assertThat(get(data, "application/json").toString()).isEqualTo("{\"list\":[1,[2]]}");
        assertThat(get(data, "text/plain")).isEqualTo("x");
    }
}
