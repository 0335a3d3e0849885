package manyjvm.magics.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CommandLineTest {
    @Test
    void words_quotes_keepBlanksTogether() {
        assertThat(CommandLine.words("  -Xss4m -Dname='two words'  \"-Dempty=\" '' "))
                .containsExactly("-Xss4m", "-Dname=two words", "-Dempty=", "");
        assertThat(CommandLine.words(" ")).isEmpty();
    }
}
