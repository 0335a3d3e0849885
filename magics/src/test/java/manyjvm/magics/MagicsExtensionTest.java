package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MagicsExtensionTest {
    @Test
    void close_ofOneThatDidNotStart_doesNothing() {
        new MagicsExtension().close();
    }

    @Test
    void standbys_unsetOrNoNumber_areTheUsualFew() {
        int usual = MagicsExtension.standbys(null);
        assertThat(usual).isBetween(1, 4);
        assertThat(MagicsExtension.standbys(" ")).isEqualTo(usual);
        assertThat(MagicsExtension.standbys("many")).isEqualTo(usual);
    }

    @Test
    void standbys_set_areSoMany() {
        assertThat(MagicsExtension.standbys("0")).isZero();
        assertThat(MagicsExtension.standbys("7")).isEqualTo(7);
        assertThat(MagicsExtension.standbys("-1")).isZero();
    }
}
