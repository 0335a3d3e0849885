package manyjvm.kernel.spi;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/**
 * Why input or output failed, in words. The message of such an exception is often its path alone, or null, and its {@code
 * toString()} begins with the name of a class. The kernel and the library have each their own, since neither knows the other.
 */
public final class IoReason {
    private IoReason() {}

    /** Without the path, which whoever tells of it has named: {@code permission denied}, {@code No space left on device}. */
    public static String of(IOException failure) {
        if (failure instanceof NoSuchFileException) {
            return "there is no such file or folder";
        }
        if (failure instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (failure instanceof NotDirectoryException) {
            return "it is not a folder";
        }
        if (failure instanceof CharacterCodingException) {
            return "it is not text in UTF-8";
        }
        String message = failure instanceof FileSystemException file ? file.getReason() : failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
    }

    /** Any failure in a few words: what one of input or output says, without the name of its class. */
    public static String ofAny(Throwable failure) {
        if (failure instanceof UncheckedIOException told && told.getMessage() != null) {
            return told.getMessage();
        }
        return failure instanceof IOException io ? of(io) : failure.toString();
    }
}
