package manyjvm.parallel.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What a worker is thought to have: all that is used, and as much as was said of the rest. */
class SentContentsTest {
    private final SentContents contents = new SentContents(100);

    @Test
    void contentInUse_isSentOnceAndNeverDropped() {
        assertThat(contents.use("a", 1000)).isTrue();
        assertThat(contents.use("a", 1000)).isFalse();
        assertThat(contents.release(List.of("a"))).as("another one uses it").isEmpty();
        assertThat(contents.release(List.of("a"))).containsExactly("a");
        assertThat(contents.use("a", 1000)).as("it was dropped").isTrue();
    }

    @Test
    void unusedContents_areKeptUpToTheBound_theLastUsedLongest() {
        for (String each : List.of("a", "b", "c")) {
            contents.use(each, 40);
        }
        assertThat(contents.release(List.of("a"))).isEmpty();
        assertThat(contents.release(List.of("b"))).isEmpty();
        assertThat(contents.use("a", 40)).as("still there").isFalse();
        assertThat(contents.release(List.of("a"))).isEmpty();

        assertThat(contents.release(List.of("c"))).containsExactly("b");
        assertThat(contents.use("a", 40)).isFalse();
        assertThat(contents.use("b", 40)).isTrue();
    }

    @Test
    void manySubmissions_holdNoMoreThanTheBound() {
        for (int i = 0; i < 10_000; i++) {
            contents.use("blob " + i, 30);
            contents.use("class " + i, 3);
            contents.release(List.of("blob " + i, "class " + i));
            assertThat(contents.size()).isLessThanOrEqualTo(8);
        }
    }
}
