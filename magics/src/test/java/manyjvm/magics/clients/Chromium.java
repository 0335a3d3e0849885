package manyjvm.magics.clients;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Chromium without a window, driven over its DevTools protocol: one WebSocket, JSON, each command answered under its number. So
 * no driver of another version is needed, and no library. It reaches nothing but this machine.
 */
public final class Chromium implements AutoCloseable {
    static final int PATIENCE_SECONDS = 60;

    private final Process process;
    private final WebSocket socket;
    private final Map<Integer, CompletableFuture<JsonObject>> questions = new ConcurrentHashMap<>();
    private final Map<String, Page> pages = new ConcurrentHashMap<>();
    private int last; // guarded by this

    /** Skips the tests where there is none. */
    public static Path needed(String what) {
        return Programs.need(what, "chromium", "chromium", "chromium-browser", "google-chrome");
    }

    /** @param folder for its profile and its log */
    public Chromium(Path program, Path folder) throws IOException, InterruptedException {
        Path profile = folder.resolve("chromium");
        Path log = folder.resolve("chromium.log");
        ProcessBuilder builder = new ProcessBuilder(
                        program.toString(),
                        "--headless",
                        "--no-sandbox", // which root cannot have; the pages are ours
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--disable-background-networking",
                        "--hide-scrollbars",
                        "--no-first-run",
                        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
                        "--window-size=1200,1000",
                        "--remote-debugging-port=0", // a free one, of the loopback address
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("TMPDIR", folder.toString()); // for a folder with a socket, which it may leave
        process = builder.start();
        process.getOutputStream().close();
        try {
            socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(address(profile.resolve("DevToolsActivePort"), log), new Answers())
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (IOException | InterruptedException | RuntimeException failure) {
            Programs.end(process);
            throw failure;
        } catch (ExecutionException | TimeoutException failure) {
            Programs.end(process);
            throw new IOException("Chromium does not answer: " + Files.readString(log), failure);
        }
    }

    /** The file is written when it listens: the port, then the path. */
    private URI address(Path file, Path log) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (System.nanoTime() < end && !process.waitFor(20, TimeUnit.MILLISECONDS)) {
            List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
            if (lines.size() == 2) {
                return URI.create("ws://127.0.0.1:" + lines.get(0) + lines.get(1));
            }
        }
        throw new IOException("Chromium did not start: " + Files.readString(log));
    }

    /** A new tab. */
    public Page open() {
        JsonObject blank = new JsonObject();
        blank.addProperty("url", "about:blank");
        JsonObject target = command(null, "Target.createTarget", blank);
        target.addProperty("flatten", true);
        String session =
                command(null, "Target.attachToTarget", target).get("sessionId").getAsString();
        Page page = new Page(this, session);
        pages.put(session, page);
        page.start();
        return page;
    }

    /** Sends a command, and waits for what it gives. */
    JsonObject command(String session, String method, JsonObject parameters) {
        CompletableFuture<JsonObject> answer = new CompletableFuture<>();
        synchronized (this) {
            JsonObject message = new JsonObject();
            message.addProperty("id", ++last);
            message.addProperty("method", method);
            message.add("params", parameters);
            if (session != null) {
                message.addProperty("sessionId", session);
            }
            questions.put(last, answer);
            socket.sendText(message.toString(), true)
                    .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .join();
        }
        // Longer than what a page may be asked to wait for.
        JsonObject message =
                answer.orTimeout(2 * PATIENCE_SECONDS, TimeUnit.SECONDS).join();
        if (message.has("error")) {
            throw new IllegalStateException(method + ": " + message.get("error"));
        }
        return message.getAsJsonObject("result");
    }

    private final class Answers implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean complete) {
            text.append(part);
            if (complete) {
                JsonObject message = JsonParser.parseString(text.toString()).getAsJsonObject();
                text.setLength(0);
                receive(message);
            }
            from.request(1);
            return null;
        }

        private void receive(JsonObject message) {
            if (message.has("id")) {
                questions.remove(message.get("id").getAsInt()).complete(message);
            } else if (message.has("sessionId")) {
                Page page = pages.get(message.get("sessionId").getAsString());
                if (page != null) {
                    page.event(message.get("method").getAsString(), message.getAsJsonObject("params"));
                }
            }
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
            failAll(new IOException("Chromium is gone: " + reason));
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable failure) {
            failAll(failure);
        }

        private void failAll(Throwable failure) {
            questions.values().forEach(question -> question.completeExceptionally(failure));
        }
    }

    @Override
    public void close() {
        socket.abort();
        Programs.end(process);
    }
}
