package manyjvm.magics.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void toString_rows_areAlignedUnderTheirHeadings() {
        Table table = new Table(
                List.of("pool", "pid", "state"),
                List.of(List.of("default", "4711", ""), List.of("", "5", "busy")),
                "none");

        assertThat(table).hasToString("pool     pid   state\ndefault  4711\n         5     busy");
    }

    @Test
    void toString_noRows_saysSo() {
        assertThat(new Table(List.of("pool"), List.of(), "no pools")).hasToString("no pools");
    }
}
