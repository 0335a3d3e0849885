package manyjvm.kernel.session.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ObjectNamesTest {
    @Test
    void plain_namesOfAnyLetters_areThoseOfTheCells() {
        assertThat(ObjectNames.plain("REPL.$JShell$12$Übung$Größe@1b2c")).isEqualTo("Übung.Größe@1b2c");
        assertThat(ObjectNames.plain("[REPL.$JShell$12B$Übung$$Lambda/0x00007f@1b2c]"))
                .isEqualTo("[lambda@1b2c]");
        assertThat(ObjectNames.plainIdentities("a REPL.$JShell$3$Größe@1b2c, b"))
                .isEqualTo("a Größe@1b2c, b");
    }

    @Test
    void plain_typeAroundAFamily_isNotThere() {
        assertThat(ObjectNames.plain("REPL.$JShell$1$_Family_Shape_$Sq@1b2c")).isEqualTo("Sq@1b2c");
        assertThat(ObjectNames.plain("REPL.$JShell$1$_Family_Größe_$Sq$In@1b2c"))
                .isEqualTo("Sq.In@1b2c");
        assertThat(ObjectNames.plainIdentities("REPL.$JShell$1$_Family_My_Shape_$Sq@1b2c"))
                .isEqualTo("Sq@1b2c");
        assertThat(ObjectNames.nested("_Family_")).isEqualTo("_Family_");
    }
}
