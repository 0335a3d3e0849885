package manyjvm.kernel.api;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A command for the system's shell: what {@code !command}, {@code %%bash}, {@code %%sh} and {@code %sx} run. It has no standard
 * input. An interrupt of the calling thread ends it, with all processes that it has started.
 *
 * <p><b>Nothing stays behind.</b> What the command leaves running in the background is ended when the shell has ended, and
 * named: it would hold the output open, and outlive the notebook unseen. (A process that is to stay can be started by a
 * {@code ProcessBuilder}.) Processes whose parent has ended belong to the system's first process and are no descendants any
 * more; so each command has a variable of its own in its environment, by which Linux finds them in {@code /proc}. Elsewhere
 * descendants alone are found.
 */
public final class Command {
    private static final Map<String, Optional<String>> CHANGES = new ConcurrentHashMap<>();
    /** Bytes: a script in the arguments of a process, and each variable, may have 128 kB on Linux. */
    private static final int LONGEST = 100_000;

    private static final long PATIENCE_MILLIS = 300;
    private static final int MOST_NAMED = 3;

    private final String shell;
    private final String script;
    private final Map<String, String> variables = new LinkedHashMap<>();

    private Command(String shell, String script) {
        this.shell = shell;
        this.script = script;
    }

    /** @param shell {@code bash}, {@code sh}; found by the PATH */
    public static Command of(String shell, String script) {
        return new Command(shell, script);
    }

    /**
     * Sets a variable of the environment of all commands to come, as {@code %env NAME=VALUE} does; {@link System#getenv}
     * cannot change.
     *
     * @param value empty for none
     */
    public static void setEnvironment(String name, Optional<String> value) {
        CHANGES.put(name, value);
    }

    /** The environment of commands: this JVM's with what was set here, in the order of the names. */
    public static Map<String, String> environment() {
        Map<String, String> all = new TreeMap<>(System.getenv());
        CHANGES.forEach((name, value) -> value.ifPresentOrElse(set -> all.put(name, set), () -> all.remove(name)));
        return all;
    }

    /**
     * Gives the command a variable, unless its environment has one of this name.
     *
     * @param value text, a number, a truth value, a path or the like; anything else is not passed on
     */
    public Command with(String name, @Nullable Object value) {
        boolean isPlain = value instanceof String
                || value instanceof Number
                || value instanceof Boolean
                || value instanceof Character
                || value instanceof Path
                || value instanceof File;
        // Of the JDK's own classes alone: another's toString() is users' code.
        if (value != null
                && isPlain
                && value.getClass().getClassLoader() == null
                && !environment().containsKey(name)) {
            variables.put(name, String.valueOf(value));
        }
        return this;
    }

    /**
     * Runs it; what it prints appears as it comes.
     *
     * @throws CommandException when it does not end well, or when the thread is interrupted
     */
    public void run() {
        PrintStream out = System.out;
        PrintStream err = System.err;
        int exitCode = run(out::print, err::print);
        if (exitCode != 0) {
            throw failed(exitCode);
        }
    }

    /**
     * Runs it and returns the lines of its standard output.
     *
     * @throws CommandException as {@link #run()}
     */
    public List<String> lines() {
        StringBuilder output = new StringBuilder();
        PrintStream err = System.err;
        int exitCode = run(output::append, err::print);
        if (exitCode != 0) {
            throw failed(exitCode);
        }
        return output.toString().lines().toList();
    }

    private CommandException failed(int exitCode) {
        // As shells have it: 128 and the number of the signal.
        String signal = exitCode > 128 && exitCode < 160 ? " (signal " + (exitCode - 128) + ")" : "";
        return new CommandException(title() + " ended with exit code " + exitCode + signal, exitCode);
    }

    private String title() {
        List<String> lines = script.strip().lines().toList();
        return lines.size() == 1 && lines.get(0).length() <= 60 ? "'" + lines.get(0) + "'" : "the " + shell + " script";
    }

    private int run(Consumer<String> out, Consumer<String> err) {
        check("the script", script, "a command", "write it into a file with %%writefile, and run that");
        Map<String, String> all = new TreeMap<>(variables);
        CHANGES.forEach((name, value) -> value.ifPresent(set -> all.put(name, set)));
        all.forEach((name, value) -> check(
                "$" + name, value, "a variable of a command", "write it into a file, and let the command read that"));
        String mark = "MANYJVM_COMMAND_" + ProcessHandle.current().pid() + "_" + System.nanoTime();
        Process process = start(mark);
        Thread outPump = pump(process.getInputStream(), out);
        Thread errPump = pump(process.getErrorStream(), err);
        try {
            int exitCode = process.waitFor();
            List<ProcessHandle> left = leftAfter(process, mark);
            if (!left.isEmpty()) {
                List<String> names = left.stream().map(Command::name).toList();
                end(process, mark);
                err.accept("note: " + title() + " left " + left.size()
                        + (left.size() == 1 ? " process running, which was" : " processes running, which were")
                        + " ended with it: "
                        + String.join(", ", names.subList(0, Math.min(MOST_NAMED, names.size())))
                        + (names.size() > MOST_NAMED ? " ..." : "") + "\n");
            }
            outPump.join();
            errPump.join();
            return exitCode;
        } catch (InterruptedException interrupted) {
            end(process, mark);
            Thread.currentThread().interrupt();
            throw new CommandException(title() + " was interrupted", -1);
        }
    }

    private static void check(String what, String text, String of, String cure) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > LONGEST) {
            throw new CommandException(
                    what + " has " + bytes + " bytes, and " + of + " may have " + LONGEST + ": " + cure, -1);
        }
        if (text.indexOf('\0') >= 0) {
            throw new CommandException(
                    what + " contains a character 0, which the system cannot hand to a command: " + cure, -1);
        }
    }

    private Process start(String mark) {
        ProcessBuilder builder = new ProcessBuilder(shell, "-c", script);
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.putAll(variables);
        environment.putAll(environment());
        environment.put(mark, "1");
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            return process;
        } catch (IOException failure) {
            if (String.valueOf(failure.getMessage()).matches("(?s).*\\berror[=:] ?7\\b.*")) { // E2BIG, of all together
                throw new CommandException(
                        title() + " and its variables are more than the system hands to a command: write some of them"
                                + " into files, and let the command read those",
                        -1);
            }
            throw new CommandException(
                    shell + " could not be started: " + failure.getMessage() + ". Is it installed, and on the PATH?",
                    -1);
        }
    }

    /** The thread works for the cell of the calling one, which it inherits. */
    private static Thread pump(InputStream from, Consumer<String> to) {
        Thread pump = new Thread(
                () -> {
                    char[] part = new char[8192];
                    try (Reader reader = new InputStreamReader(from, charset())) {
                        for (int count = reader.read(part); count >= 0; count = reader.read(part)) {
                            to.accept(new String(part, 0, count));
                        }
                    } catch (IOException ended) {
                        // The process was ended, and what it had not said is lost with it.
                        return;
                    }
                },
                "command");
        pump.setDaemon(true);
        pump.start();
        return pump;
    }

    /** That of the system, but for a bare ASCII: programs print UTF-8 there all the same. */
    private static Charset charset() {
        String name = System.getProperty("native.encoding", "UTF-8");
        Charset charset = Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.UTF_8;
        return charset.equals(StandardCharsets.US_ASCII) ? StandardCharsets.UTF_8 : charset;
    }

    private static String name(ProcessHandle process) {
        return process.info().commandLine().or(() -> process.info().command()).orElse("process " + process.pid());
    }

    /** Those that go on when the shell has ended, and do not end soon: what it had piped into may still be writing. */
    private static List<ProcessHandle> leftAfter(Process process, String mark) throws InterruptedException {
        long patient = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        List<ProcessHandle> left = living(process, mark);
        while (!left.isEmpty() && System.nanoTime() < patient) {
            TimeUnit.MILLISECONDS.sleep(20);
            left = living(process, mark);
        }
        return left;
    }

    /** Asks all to end, and soon makes them; whoever starts another one meanwhile is found in the next round. */
    private static void end(Process process, String mark) {
        process.destroy();
        living(process, mark).forEach(ProcessHandle::destroy);
        long patient = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        long atMost = patient + TimeUnit.SECONDS.toNanos(2);
        while (true) {
            List<ProcessHandle> left = living(process, mark);
            long now = System.nanoTime();
            if (left.isEmpty() && !process.isAlive() || now > atMost) {
                return;
            }
            if (now > patient) {
                process.destroyForcibly();
                left.forEach(ProcessHandle::destroyForcibly);
            }
            try {
                process.onExit().get(10, TimeUnit.MILLISECONDS);
                TimeUnit.MILLISECONDS.sleep(10);
            } catch (InterruptedException again) {
                // Asked to hurry: no more patience.
                patient = now;
            } catch (ExecutionException | TimeoutException goesOn) {
                continue;
            }
        }
    }

    /**
     * The processes of the command that live, without the shell itself. Parents come before their children: a script whose
     * command was ended before itself would go on with the next one.
     */
    private static List<ProcessHandle> living(Process process, String mark) {
        Map<Long, ProcessHandle> found = new LinkedHashMap<>();
        process.descendants().forEach(one -> found.put(one.pid(), one));
        for (Path folder : processFolders()) {
            long pid = Long.parseLong(folder.getFileName().toString());
            if (pid != process.pid() && !found.containsKey(pid) && isMarked(folder, mark)) {
                ProcessHandle.of(pid).ifPresent(one -> found.put(pid, one));
            }
        }
        return found.values().stream()
                .filter(ProcessHandle::isAlive)
                .sorted(Comparator.comparing(
                                (ProcessHandle one) -> one.info().startInstant().orElse(Instant.MAX))
                        .thenComparingLong(ProcessHandle::pid))
                .toList();
    }

    private static List<Path> processFolders() {
        List<Path> folders = new ArrayList<>();
        if (Files.isReadable(Path.of("/proc/self/environ"))) {
            try (var entries = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
                entries.forEach(folders::add);
            } catch (IOException | DirectoryIteratorException hidden) {
                return List.of(); // then descendants must do
            }
        }
        return folders;
    }

    private static boolean isMarked(Path folder, String mark) {
        try {
            return new String(Files.readAllBytes(folder.resolve("environ")), StandardCharsets.ISO_8859_1)
                    .contains(mark + "=");
        } catch (IOException another) {
            return false; // it has ended, or is another user's
        }
    }
}
