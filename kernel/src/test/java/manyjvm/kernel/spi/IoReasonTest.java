package manyjvm.kernel.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IoReasonTest {
    @Test
    void exceptionsWhoseMessageIsAPathOrNothing_areToldInWords() {
        assertThat(IoReason.of(new NoSuchFileException("/x"))).isEqualTo("there is no such file or folder");
        assertThat(IoReason.of(new AccessDeniedException("/x"))).isEqualTo("permission denied");
        assertThat(IoReason.of(new FileSystemException("/x", null, "No space left on device")))
                .isEqualTo("No space left on device");
        assertThat(IoReason.of(new FileSystemException("/x"))).isEqualTo("FileSystemException");
        assertThat(IoReason.of(new ClosedChannelException())).isEqualTo("ClosedChannelException");
        assertThat(IoReason.of(new IOException("Connection reset"))).isEqualTo("Connection reset");
        assertThat(IoReason.of(new MalformedInputException(1))).isEqualTo("it is not text in UTF-8");
    }

    @Test
    void exceptionsOfTheFileSystem_areToldInWords(@TempDir Path folder) throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        assertThat(reason(file.resolve("in a file"))).isEqualTo("Not a directory");
        assertThat(reason(folder)).isEqualTo("Is a directory");
        assertThat(reason(folder.resolve("nothing"))).isEqualTo("there is no such file or folder");
    }

    private static String reason(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            return IoReason.of(failure);
        }
    }

    @Test
    void anyFailure_isToldWithoutTheNameOfItsClassWhereItHasWords() {
        assertThat(IoReason.ofAny(new UncheckedIOException("cannot write: disk full", new IOException("x"))))
                .isEqualTo("cannot write: disk full");
        assertThat(IoReason.ofAny(new AccessDeniedException("/x"))).isEqualTo("permission denied");
        assertThat(IoReason.ofAny(new IllegalStateException("x"))).isEqualTo("java.lang.IllegalStateException: x");
    }
}
