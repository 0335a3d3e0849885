package manyjvm.kernel.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.spencerpark.jupyter.kernel.KernelConnectionProperties;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConnectionFileTest {
    @TempDir
    Path folder;

    private static ConnectionFile connection(String transport, String scheme) {
        return new ConnectionFile(
                new KernelConnectionProperties("127.0.0.1", 1, 2, 3, 4, 5, transport, scheme, "secret"));
    }

    @Test
    void write_always_makesAFileForItsOwnerOnly() throws Exception {
        Path file = folder.resolve("connection.json");
        connection("tcp", "hmac-sha256").write(file);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        ConnectionFile read = ConnectionFile.read(file);
        assertThat(read.properties().getKey()).isEqualTo("secret");
        assertThat(read.address(read.properties().getShellPort())).isEqualTo("tcp://127.0.0.1:2");
    }

    @Test
    void read_withATransportThatWeDoNotSpeak_saysSo() throws Exception {
        Path file = folder.resolve("connection.json");
        connection("ipc", "hmac-sha256").write(file);

        assertThatThrownBy(() -> ConnectionFile.read(file))
                .isInstanceOf(ConnectionFile.ConnectionFileException.class)
                .hasMessageContaining("transport other than tcp");
    }

    @Test
    void codec_ofAnUnknownScheme_saysWhich() {
        assertThatThrownBy(() -> connection("tcp", "hmac-rot13").codec())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("hmac-rot13");
    }
}
