package manyjvm.kernel.protocol;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.spencerpark.jupyter.kernel.KernelConnectionProperties;
import io.github.spencerpark.jupyter.messages.HMACGenerator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.Set;
import manyjvm.kernel.spi.IoReason;

/** Where a kernel listens, and the key that both sides sign with (jupyter-client docs, "Connection files"). */
public record ConnectionFile(KernelConnectionProperties properties) {
    private static final String HINT =
            " The file is written by Jupyter; start the kernel from there, or run a notebook with: run NOTEBOOK.ipynb";

    /** A connection file that cannot be used; the message says which and why, on one line. */
    public static final class ConnectionFileException extends Exception {
        private static final long serialVersionUID = 1L;

        ConnectionFileException(String message) {
            super(message);
        }
    }

    public static ConnectionFile read(Path file) throws ConnectionFileException {
        String text;
        try {
            text = Files.readString(file);
        } catch (NoSuchFileException missing) {
            throw new ConnectionFileException("There is no connection file " + file + "." + HINT);
        } catch (IOException unreadable) {
            throw new ConnectionFileException(
                    "Cannot read the connection file " + file + ": " + IoReason.of(unreadable) + "." + HINT);
        }
        try {
            JsonElement json = JsonParser.parseString(text);
            if (!json.isJsonObject()) {
                throw new ConnectionFileException("The connection file " + file + " is not a JSON object." + HINT);
            }
            check(file, json.getAsJsonObject());
            return new ConnectionFile(KernelConnectionProperties.parse(text));
        } catch (JsonParseException notJson) {
            throw new ConnectionFileException("The connection file " + file + " is not JSON." + HINT);
        }
    }

    private static void check(Path file, JsonObject json) throws ConnectionFileException {
        for (String port : Set.of("shell_port", "iopub_port", "stdin_port", "control_port", "hb_port")) {
            JsonElement value = json.get(port);
            if (value == null
                    || !value.isJsonPrimitive()
                    || !value.getAsString().matches("[1-9][0-9]{0,4}")) {
                throw new ConnectionFileException(
                        "The connection file " + file + " has no usable " + port + "." + HINT);
            }
        }
        if (!"tcp".equals(JupyterMessage.text(json, "transport", "tcp"))) {
            throw new ConnectionFileException("The connection file " + file
                    + " asks for a transport other than tcp, which a JVM's ZeroMQ cannot speak to other programs."
                    + " Start Jupyter with its transport set to tcp.");
        }
    }

    /** Writes it, readable by its owner only: it holds the key. */
    public void write(Path file) throws IOException {
        var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        byte[] json = properties.toJsonString().getBytes(StandardCharsets.UTF_8);
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        var attributes = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        try (var channel = Files.newByteChannel(file, options, attributes)) {
            channel.write(ByteBuffer.wrap(json));
        }
    }

    public String address(int port) {
        String ip = properties.getIp() == null ? "127.0.0.1" : properties.getIp();
        return "tcp://" + ip + ":" + port;
    }

    /** @throws IllegalStateException for a signature scheme that this JVM does not know */
    public JupyterCodec codec() {
        try {
            HMACGenerator signer = properties.createHMACGenerator();
            return new JupyterCodec(signer);
        } catch (GeneralSecurityException | RuntimeException unknown) {
            throw new IllegalStateException(
                    "The connection file asks for the signature scheme '" + properties.getSignatureScheme()
                            + "', which this JVM does not know; hmac-sha256 is the usual one.",
                    unknown);
        }
    }
}
