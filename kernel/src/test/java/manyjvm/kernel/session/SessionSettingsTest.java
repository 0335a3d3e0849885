package manyjvm.kernel.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionSettingsTest {
    @TempDir
    private Path home;

    private SessionSettings of(String name, String value) {
        return SessionSettings.of(Map.of("XDG_CONFIG_HOME", home.toString(), name, value));
    }

    @Test
    void options_areThoseThatTheCompilerTakes() {
        assertThat(of("MANYJVM_OPTIONS", "").compilerOptions()).isEmpty();
        SessionSettings lint = of("MANYJVM_OPTIONS", "-Xlint:deprecation  -processorpath 'a b.jar'");
        assertThat(lint.compilerOptions()).containsExactly("-Xlint:deprecation", "-processorpath", "a b.jar");
        assertThat(lint.showsWarnings()).isTrue();
        assertThat(lint.notes()).isEmpty();
        SessionSettings wrong = of("MANYJVM_OPTIONS", "-Xlint --no-such");
        assertThat(wrong.compilerOptions()).isEmpty();
        assertThat(wrong.notes()).singleElement().asString().contains("MANYJVM_OPTIONS is ignored", "--no-such");
    }

    @Test
    void preview_mustHoldForTheJvm() {
        SessionSettings settings = of("MANYJVM_OPTIONS", "--enable-preview -Xlint:all");
        assertThat(settings.compilerOptions()).containsExactly("-Xlint:all");
        assertThat(settings.notes()).singleElement().asString().contains("set JDK_JAVA_OPTIONS=--enable-preview");
    }

    @Test
    void startUpFiles_areTheUsersAndThoseNamed() throws IOException {
        assertThat(of("MANYJVM_STARTUP", "").startUp()).isEmpty();
        Path own = Files.createDirectories(home.resolve("manyjvm")).resolve("startup.jsh");
        Files.writeString(own, "int x;");
        assertThat(of("MANYJVM_STARTUP", "/a/b.jsh:c.jsh").startUp())
                .containsExactly(own, Path.of("/a/b.jsh"), Path.of("c.jsh"));
        assertThat(of("MANYJVM_STARTUP", "off").startUp()).isEmpty();
    }
}
