package manyjvm.kernel;

import java.io.Console;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import manyjvm.kernel.runner.KernelArchive;
import manyjvm.kernel.runner.KernelCommand;
import manyjvm.kernel.runner.NotebookRunner;
import manyjvm.kernel.session.SessionSettings;
import manyjvm.kernel.session.evaluation.JavaSession;
import manyjvm.kernel.spi.IoReason;

/** The program's entry: a kernel for Jupyter, or a runner of notebooks that needs no Jupyter. */
public final class Main {
    private static final String USAGE =
            """
            usage: manyjvm CONNECTION_FILE
                   manyjvm run NOTEBOOK.ipynb [--out FILE] [--timeout DURATION]
                   manyjvm archive FILE
                   manyjvm --help | --version

            With a connection file, which Jupyter writes: a Java kernel for Jupyter. Some front ends hand their own
            arguments on to the kernel; it ignores what follows the connection file.
            With run: runs a notebook from top to bottom and prints its cells and outputs; needs no Jupyter.
            With archive: writes a class-data sharing archive, with which kernels of this JDK and these jars start
            sooner (java -XX:SharedArchiveFile=FILE ...).

              --out FILE          write the notebook with its outputs there (it may be NOTEBOOK itself)
              --timeout DURATION  the time each cell may take, as 500ms, 10s, 2m or 1h; without it there is no limit

            exit code: 0 all went well, 1 a cell, the kernel or the archive failed, 2 wrong usage or no such file
            environment: MANYJVM_LOG=debug writes a log to the standard error
            """;

    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|)");

    private Main() {}

    /** Wrong usage; the message says what, on one line. */
    private static final class UsageException extends Exception {
        private static final long serialVersionUID = 1L;

        UsageException(String message) {
            super(message);
        }
    }

    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments)));
    }

    private static int run(List<String> arguments) {
        try {
            if (arguments.isEmpty()) {
                throw new UsageException("give a connection file, or run and a notebook");
            }
            return switch (arguments.get(0)) {
                case "--help", "-h" -> {
                    System.out.print(USAGE);
                    yield 0;
                }
                case "--version" -> {
                    System.out.println("manyjvm "
                            + Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
                                    .orElse("development")
                            + ", Java " + Runtime.version());
                    yield 0;
                }
                case "run" -> runNotebook(arguments.subList(1, arguments.size()));
                case "archive" -> makeArchive(arguments.subList(1, arguments.size()));
                default -> runKernel(arguments);
            };
        } catch (UsageException wrong) {
            System.err.println("manyjvm: " + wrong.getMessage() + " (see --help)");
            return 2;
        }
    }

    private static int runKernel(List<String> arguments) throws UsageException {
        if (arguments.get(0).startsWith("-")) {
            throw new UsageException("unknown option " + arguments.get(0));
        }
        return new KernelProgram(host -> JavaSession.create(host, SessionSettings.of(System.getenv())))
                .run(path(arguments.get(0)), arguments.subList(1, arguments.size()));
    }

    private static int runNotebook(List<String> arguments) throws UsageException {
        Optional<Path> notebook = Optional.empty();
        Optional<Path> executed = Optional.empty();
        Optional<Duration> timeout = Optional.empty();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            int equals = argument.startsWith("--") ? argument.indexOf('=') : -1;
            String option = equals < 0 ? argument : argument.substring(0, equals);
            switch (option) {
                case "--out", "--timeout" -> {
                    if (equals < 0 && i + 1 == arguments.size()) {
                        throw new UsageException(option + " needs a value");
                    }
                    String value = equals < 0 ? arguments.get(++i) : argument.substring(equals + 1);
                    if (option.equals("--out")) {
                        executed = Optional.of(path(value));
                    } else {
                        timeout = Optional.of(duration(value));
                    }
                }
                default -> {
                    if (argument.startsWith("-")) {
                        throw new UsageException("unknown option " + argument);
                    }
                    if (notebook.isPresent()) {
                        throw new UsageException("only one notebook can be run at a time: remove " + argument);
                    }
                    notebook = Optional.of(path(argument));
                }
            }
        }
        if (notebook.isEmpty()) {
            throw new UsageException("run needs a notebook");
        }
        boolean colours = atTerminal() && System.getenv("NO_COLOR") == null;
        return new NotebookRunner(KernelCommand.ofThisInstallation(), System.out, System.err, colours)
                .run(notebook.get(), executed, timeout);
    }

    /** Whether people read what this prints. From JDK 22 on there may be a console where there is no terminal. */
    @SuppressWarnings("SystemConsoleNull") // isTerminal() is asked where there is one
    private static boolean atTerminal() {
        Console console = System.console();
        if (console == null || Runtime.version().feature() < 22) {
            return console != null;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException("Console has isTerminal since JDK 22", impossible);
        }
    }

    private static int makeArchive(List<String> arguments) throws UsageException {
        if (arguments.size() != 1) {
            throw new UsageException("archive needs the name of one file");
        }
        try {
            KernelArchive.make(path(arguments.get(0)));
            return 0;
        } catch (IOException failure) {
            System.err.println("manyjvm: no archive was made: "
                    + (failure instanceof FileSystemException file ? file.getFile() + ": " : "")
                    + IoReason.of(failure));
        } catch (InterruptedException ended) {
            // Nobody but the end of the program interrupts its main thread.
            Thread.currentThread().interrupt();
        }
        return 1;
    }

    private static Path path(String text) throws UsageException {
        try {
            return Path.of(text);
        } catch (InvalidPathException invalid) {
            throw new UsageException("'" + text + "' is not a valid file name");
        }
    }

    private static Duration duration(String text) throws UsageException {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches() || Long.parseLong(matcher.group(1)) == 0) {
            throw new UsageException("'" + text + "' is not a duration: write 500ms, 10s, 2m or 1h");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofSeconds(amount);
        };
    }
}
