package manyjvm.kernel.display;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PageChangeTest {
    private final List<byte[]> sent = new ArrayList<>();
    private final RemoteFrontEnd frontEnd = new RemoteFrontEnd(sent::add);

    @Test
    void show_keepsAllMimeTypesAndTheId() {
        frontEnd.show("id-1", true, "{\"a\": [\"\u00fc\"]}", "application/json", "text/html");

        assertThat(PageChange.read(sent.get(0))).isInstanceOfSatisfying(PageChange.Show.class, show -> {
            assertThat(show.update()).isTrue();
            assertThat(show.content().getAsJsonObject("data").get("application/json"))
                    .hasToString("{\"a\":[\"\u00fc\"]}");
            assertThat(show.content().getAsJsonObject("data").get("text/html").getAsString())
                    .isEqualTo("{\"a\": [\"\u00fc\"]}");
            assertThat(show.content()
                            .getAsJsonObject("transient")
                            .get("display_id")
                            .getAsString())
                    .isEqualTo("id-1");
        });
    }

    private record Own() {}

    @Test
    void show_namesTheTypesOfAValueThatHasNoLookHere() {
        frontEnd.show("id-1", false, new Own());
        frontEnd.show("id-2", false, 1);
        frontEnd.show("id-3", false, null);
        frontEnd.register(Own.class, "", own -> "own");
        frontEnd.show("id-4", false, new Own());

        assertThat(sent.stream().map(change -> ((PageChange.Show) PageChange.read(change)).types()))
                .containsExactly(List.of(Own.class.getName()), List.of(), List.of(), List.of());
    }

    @Test
    void clear_keepsWhetherItWaits() {
        frontEnd.clear(true);
        frontEnd.clear(false);

        assertThat(sent.stream().map(PageChange::read))
                .containsExactly(new PageChange.Clear(true), new PageChange.Clear(false));
    }

    @Test
    void read_whatIsCutOffOrSomethingElse_isRefused() {
        frontEnd.show("id-1", false, "x");
        byte[] whole = sent.get(0);

        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> PageChange.read(cut))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("cut off");
        }
        assertThatThrownBy(() -> PageChange.read(new byte[] {'x'})).hasMessageContaining("Not a change of a page");
    }
}
