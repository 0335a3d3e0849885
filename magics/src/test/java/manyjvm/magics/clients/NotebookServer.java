package manyjvm.magics.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Jupyter Notebook's server, on the loopback address, with a token. {@link #close} ends it with its kernels, and fails where one
 * of them did not end by itself.
 */
public final class NotebookServer implements AutoCloseable {
    private final Process process;
    private final Path log;
    private final String token = UUID.randomUUID().toString();
    private final String address;

    /** Returns when it answers. */
    public NotebookServer(Path program, JupyterHome home) throws IOException, InterruptedException {
        int port = freePort();
        address = "http://127.0.0.1:" + port + "/";
        Path work = home.workFolder();
        log = Files.createTempFile(work.getParent(), "server", ".log");
        ProcessBuilder builder = home.program(List.of(
                program.toString(),
                "--no-browser",
                "--allow-root",
                "--ip=127.0.0.1",
                "--port=" + port,
                "--port-retries=0",
                "--notebook-dir=" + work));
        builder.environment().put("JUPYTER_TOKEN", token);
        process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        process.getOutputStream().close();
        try {
            awaitAnswer();
        } catch (AssertionError | IOException | InterruptedException failure) {
            Programs.end(process);
            throw failure;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitAnswer() throws IOException, InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(URI.create(address + "api/status?token=" + token))
                .build();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (System.nanoTime() < end && process.isAlive()) {
            try {
                if (client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode() == 200) {
                    return;
                }
            } catch (java.net.ConnectException notYet) {
                process.waitFor(50, TimeUnit.MILLISECONDS);
            }
        }
        throw new AssertionError("Jupyter's server does not answer:\n" + Files.readString(log, UTF_8));
    }

    /** The page on which a notebook of the work folder is edited. */
    public String pageOf(String notebook) {
        return address + "notebooks/" + notebook + "?token=" + token;
    }

    /** The processes of its kernels, and of theirs. */
    List<ProcessHandle> kernels() {
        return process.descendants().toList();
    }

    @Override
    public void close() {
        List<ProcessHandle> kernels = kernels();
        assertThat(Programs.end(process))
                .as(() -> "server and kernels ended by themselves: " + kernels)
                .isTrue();
    }

    /** A notebook file of code cells. */
    public static String notebookOf(String... cells) {
        JsonObject root = JsonParser.parseString(
                        """
                        {"cells": [], "nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec":
                            {"name": "manyjvm", "display_name": "Java (manyjvm)", "language": "java"}}}""")
                .getAsJsonObject();
        for (int i = 0; i < cells.length; i++) {
            JsonObject cell = JsonParser.parseString(
                            """
                            {"cell_type": "code", "execution_count": null, "metadata": {}, "outputs": []}""")
                    .getAsJsonObject();
            cell.addProperty("id", "cell-" + i);
            cell.addProperty("source", cells[i]);
            root.getAsJsonArray("cells").add(cell);
        }
        return root.toString();
    }
}
