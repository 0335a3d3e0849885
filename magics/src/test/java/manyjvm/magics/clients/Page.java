package manyjvm.magics.clients;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A tab: looked at by JavaScript, used by mouse and keys. Remembers what went wrong on it. */
public final class Page {
    static final int ALT = 1;
    static final int CONTROL = 2;
    static final int SHIFT = 8;

    private static final Gson GSON = new Gson();

    private final Chromium browser;
    private final String session;
    private final List<String> problems = Collections.synchronizedList(new ArrayList<>());
    private volatile CompletableFuture<Void> loaded = new CompletableFuture<>();

    Page(Chromium browser, String session) {
        this.browser = browser;
        this.session = session;
    }

    void start() {
        for (String domain : List.of("Page", "Runtime", "Log")) {
            command(domain + ".enable");
        }
    }

    private JsonObject command(String method, Object... namesAndValues) {
        JsonObject parameters = new JsonObject();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            parameters.add((String) namesAndValues[i], GSON.toJsonTree(namesAndValues[i + 1]));
        }
        return browser.command(session, method, parameters);
    }

    /** Called by the thread that reads. */
    void event(String method, JsonObject event) {
        switch (method) {
            case "Page.loadEventFired" -> loaded.complete(null);
            // A page that asks whether to leave it: yes. The answer is not waited for, by the thread that would read
            // it.
            case "Page.javascriptDialogOpening" ->
                CompletableFuture.runAsync(() -> command("Page.handleJavaScriptDialog", "accept", true));
            case "Runtime.exceptionThrown" -> problems.add("exception: " + event.get("exceptionDetails"));
            case "Runtime.consoleAPICalled" -> {
                if (event.get("type").getAsString().equals("error")) {
                    problems.add("console.error: " + event.get("args"));
                }
            }
            case "Log.entryAdded" -> {
                JsonObject entry = event.getAsJsonObject("entry");
                if (entry.get("level").getAsString().equals("error")) {
                    problems.add("log: " + entry);
                }
            }
            default -> {
                // Nothing else is asked for by the tests.
            }
        }
    }

    /** What JavaScript threw, and the errors on the console. */
    public List<String> problems() {
        return List.copyOf(problems);
    }

    void forgetProblems() {
        problems.clear();
    }

    public void go(String address) throws Exception {
        loaded = new CompletableFuture<>();
        command("Page.navigate", "url", address);
        loaded.get(Chromium.PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** The value of an expression; of a promise, what it is settled with. */
    public JsonElement evaluate(String expression) {
        JsonObject answer =
                command("Runtime.evaluate", "expression", expression, "returnByValue", true, "awaitPromise", true);
        if (answer.has("exceptionDetails")) {
            throw new IllegalStateException(expression + ": " + answer.get("exceptionDetails"));
        }
        JsonElement value = answer.getAsJsonObject("result").get("value");
        return value == null ? com.google.gson.JsonNull.INSTANCE : value;
    }

    /** Waits until an expression is true, or something else than null, 0 and "", and gives that. */
    public JsonElement await(String expression) {
        JsonElement value = evaluate(String.format(
                Locale.ROOT,
                """
                new Promise((done, failed) => {
                  const end = Date.now() + %d;
                  (function look() {
                    let value;
                    try { value = (%s); } catch (failure) { return failed(failure); }
                    if (value) done(value); else if (Date.now() > end) done(null); else setTimeout(look, 20);
                  })();
                })""",
                TimeUnit.SECONDS.toMillis(Chromium.PATIENCE_SECONDS),
                expression));
        if (value.isJsonNull()) {
            throw new AssertionError("has not come true: " + expression + "\nThe page's text:\n"
                    + evaluate("document.body.innerText").getAsString() + "\n" + problems());
        }
        return value;
    }

    /** A string as JavaScript has it. */
    static String quoted(String text) {
        return GSON.toJson(text);
    }

    /** Presses the mouse in the middle of the first element that a selector finds, once it is there and moves no more. */
    void click(String selector) {
        String find =
                """
                (() => {
                  const found = document.querySelector(%s);
                  if (!found) return null;
                  found.scrollIntoViewIfNeeded();
                  const box = found.getBoundingClientRect();
                  const place = {x: box.x + box.width / 2, y: box.y + box.height / 2};
                  const before = window.placeBefore;
                  window.placeBefore = place;
                  return box.width && before && before.x == place.x && before.y == place.y && place;
                })()""";
        JsonObject place = await(find.formatted(quoted(selector))).getAsJsonObject();
        for (String type : List.of("mousePressed", "mouseReleased")) {
            command(
                    "Input.dispatchMouseEvent",
                    "type",
                    type,
                    "button",
                    "left",
                    "clickCount",
                    1,
                    "x",
                    place.get("x"),
                    "y",
                    place.get("y"));
        }
    }

    /** Puts text where the cursor is. */
    void type(String text) {
        command("Input.insertText", "text", text);
    }

    /**
     * Presses a key that writes nothing, or Enter.
     *
     * @param number the one that Windows gives it, by which pages know keys
     */
    private void press(String key, int number, int modifiers) {
        List<Object> event = new ArrayList<>(List.of(
                "key",
                key,
                "code",
                key.length() == 1 ? "Key" + key.toUpperCase(Locale.ROOT) : key,
                "windowsVirtualKeyCode",
                number,
                "modifiers",
                modifiers));
        List<Object> down = new ArrayList<>(event);
        if (key.equals("Enter") && modifiers == 0) {
            down.addAll(List.of("type", "keyDown", "text", "\r"));
        } else {
            down.addAll(List.of("type", "rawKeyDown"));
        }
        command("Input.dispatchKeyEvent", down.toArray());
        event.addAll(List.of("type", "keyUp"));
        command("Input.dispatchKeyEvent", event.toArray());
    }

    void pressEnter(int modifiers) {
        press("Enter", 13, modifiers);
    }

    void pressTab(int modifiers) {
        press("Tab", 9, modifiers);
    }

    void pressEscape() {
        press("Escape", 27, 0);
    }

    void pressSave() {
        press("s", 'S', CONTROL);
    }

    /** Takes a picture of what a user sees. */
    public void picture(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(
                file,
                Base64.getDecoder()
                        .decode(command("Page.captureScreenshot").get("data").getAsString()));
    }

    /** The same of a window so high, for what would be scrolled away. */
    public void picture(Path file, int width, int height) throws IOException {
        command(
                "Emulation.setDeviceMetricsOverride",
                "width",
                width,
                "height",
                height,
                "deviceScaleFactor",
                1,
                "mobile",
                false);
        try {
            picture(file);
        } finally {
            command("Emulation.clearDeviceMetricsOverride");
        }
    }
}
