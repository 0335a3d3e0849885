package manyjvm.kernel.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HistoryTest {
    @ParameterizedTest
    @CsvSource({
        "int*, int x = 1, true",
        "int*, print, false",
        "'*', 'a\nb', true",
        "a?c, abc, true",
        "a?c, ac, false",
        "[a-c]x, bx, true",
        "[^a-c]x, bx, false",
        "[^a-c]x, dx, true",
        "a.b, axb, false",
        "a[, a[, true",
        "[]]x, ]x, true",
        "'[\\]', '\\', true",
    })
    void glob_likeSqlites_matches(String glob, String text, boolean matches) {
        assertThat(History.glob(glob).matcher(text).matches()).isEqualTo(matches);
    }
}
