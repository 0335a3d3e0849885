package manyjvm.kernel.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class CodePointsTest {
    @Test
    void toUtf16_behindAnEmoji_countsItTwice() {
        assertThat(CodePoints.toUtf16("a😀b", 2)).isEqualTo(3);
        assertThat(CodePoints.fromUtf16("a😀b", 3)).isEqualTo(2);
    }

    @Test
    void toUtf16_outsideTheText_isItsNearestEnd() {
        assertThat(CodePoints.toUtf16("ab", 99)).isEqualTo(2);
        assertThat(CodePoints.toUtf16("ab", -1)).isZero();
        assertThat(CodePoints.fromUtf16("ab", 99)).isEqualTo(2);
    }
}
