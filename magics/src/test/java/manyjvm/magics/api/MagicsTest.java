package manyjvm.magics.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import manyjvm.parallel.ParallelException;
import org.junit.jupiter.api.Test;

class MagicsTest {
    @Test
    void pool_unknownName_saysHowToMakeIt() {
        assertThatThrownBy(() -> Magics.pool("nowhere"))
                .isInstanceOf(ParallelException.class)
                .hasMessageContaining("%pool start --name nowhere");
    }

    @Test
    void status_noPools_saysSo() {
        assertThat(Magics.status().toString()).startsWith("no pools");
    }
}
