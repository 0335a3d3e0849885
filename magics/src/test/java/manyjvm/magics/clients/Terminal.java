package manyjvm.magics.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** A terminal of 100 columns in which one program runs, seen and typed into by way of tmux. */
final class Terminal implements AutoCloseable {
    private final Path tmux;
    private final Path socket;
    private final JupyterHome home;
    private final Process server;
    private final ProcessHandle program;

    /** Starts the words, which must need no quotes. */
    Terminal(Path tmux, JupyterHome home, Path folder, String... words) throws IOException, InterruptedException {
        this.tmux = tmux;
        this.home = home;
        socket = folder.resolve("tmux");
        // In the foreground: a child of ours, as all that it starts.
        server = home.program(List.of(tmux.toString(), "-D", "-S", socket.toString(), "-f", "/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            program = start(words);
        } catch (AssertionError | IOException | InterruptedException | RuntimeException failure) {
            Programs.end(server);
            throw failure;
        }
    }

    private ProcessHandle start(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "new-session", "-d", "-x", "100", "-y", "50", "-P", "-F", "#{pane_pid}", String.join(" ", words)));
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (true) {
            Answer answer = ask(command);
            if (answer.exitCode() == 0) {
                return ProcessHandle.of(Long.parseLong(answer.text().strip())).orElseThrow();
            }
            if (System.nanoTime() > end || server.waitFor(50, TimeUnit.MILLISECONDS)) {
                throw new IOException("tmux did not start: " + answer.text());
            }
        }
    }

    private record Answer(int exitCode, String text) {}

    private Answer ask(List<String> command) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(tmux.toString(), "-S", socket.toString()));
        words.addAll(command);
        Process process = home.program(words).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Answer(process.waitFor(), text);
    }

    private String tell(String... command) throws IOException, InterruptedException {
        Answer answer = ask(List.of(command));
        assertThat(answer.exitCode()).as(answer.text()).isZero();
        return answer.text();
    }

    void type(String text) throws Exception {
        // At the end of an argument a semicolon would part it from a next command.
        tell("send-keys", "-l", "--", text.replaceFirst(";$", "\\\\;"));
    }

    /** A key as tmux names it: {@code Enter}, {@code Tab}, {@code C-c}. */
    void press(String key) throws Exception {
        tell("send-keys", key);
    }

    /** Types a line where this prompt stands, and ends it once it is seen: the console bears no keys while it is busy. */
    void enter(String prompt, String line) throws Exception {
        await("^" + prompt + " *$");
        type(line);
        await("^" + prompt + " *" + Pattern.quote(line));
        press("Enter");
    }

    /** All lines so far, without colours. */
    String screen() throws Exception {
        return tell("capture-pane", "-p", "-S", "-");
    }

    /** Waits until an expression is found on the screen; {@code ^} and {@code $} are those of a line. */
    String await(String expression) throws Exception {
        Pattern pattern = Pattern.compile(expression, Pattern.MULTILINE);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            String screen = screen();
            if (pattern.matcher(screen).find()) {
                return screen;
            }
            assertThat(System.nanoTime() < end && program.isAlive())
                    .as(() -> "waiting for " + expression + " in\n" + screen)
                    .isTrue();
            server.waitFor(20, TimeUnit.MILLISECONDS); // it runs on: this is the time between two looks
        }
    }

    /** The program, and what it has started. */
    List<ProcessHandle> processes() {
        List<ProcessHandle> all = new ArrayList<>(List.of(program));
        all.addAll(program.descendants().toList());
        return all;
    }

    @Override
    public void close() {
        Programs.end(server);
    }
}
