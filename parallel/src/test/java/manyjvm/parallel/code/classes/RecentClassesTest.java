package manyjvm.parallel.code.classes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecentClassesTest {
    private final List<Class<?>> made = new ArrayList<>();
    private final RecentClasses<String> recent = new RecentClasses<>(3, type -> {
        made.add(type);
        return type.getName();
    });

    @Test
    void value_isMadeOnce_whileItIsAmongTheLast() {
        for (int i = 0; i < 5; i++) {
            assertThat(recent.get(String.class)).isEqualTo("java.lang.String");
        }
        assertThat(made).containsExactly(String.class);
    }

    @Test
    void oldest_goes_butNotWhatIsAskedForAgainAndAgain() {
        for (Class<?> each : List.of(int.class, long.class, byte.class, char.class, short.class, float.class)) {
            recent.get(String.class);
            recent.get(each);
        }
        assertThat(recent.size()).isEqualTo(3);
        recent.get(String.class);
        assertThat(made).containsOnlyOnce(String.class);
        assertThat(recent.get(int.class)).isEqualTo("int");
        assertThat(made.stream().filter(type -> type == int.class)).hasSize(2);
    }
}
