package manyjvm.kernel.session.command;

import java.lang.reflect.Field;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jshell.VarSnippet;
import manyjvm.kernel.api.Command;
import manyjvm.kernel.api.CommandException;
import manyjvm.kernel.session.execution.CellRun;
import manyjvm.kernel.session.shell.Shell;
import manyjvm.kernel.session.source.MagicScanner;
import manyjvm.kernel.spi.Magic.MagicUsageException;

/**
 * {@code !command}, {@code %%bash}, {@code %%sh}: text for a shell of the system, not for Java. The shell is given the
 * notebook's variables that the text names as {@code $name}, so that they are quoted as all variables of a shell are;
 * IPython writes them into the text, where a blank in a file's name makes two words of it.
 */
final class ShellCommand implements SessionCommand {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{?([a-zA-Z_]\\w*)");
    private static final String ABOUT =
            "What it prints appears at once; it has no input; an exit code other than 0 stops the cell. A Stop ends it, and all that it\n"
                    + "has started. What it leaves running is ended, too. $name is the notebook's variable (text, numbers, truth values, paths),\n"
                    + "unless the environment has that name; %env NAME=VALUE sets one there.";

    private final String name;
    private final String shell;

    private ShellCommand(String name, String shell) {
        this.name = name;
        this.shell = shell;
    }

    static ShellCommand ofLine() {
        return new ShellCommand(MagicScanner.COMMAND, "sh");
    }

    static ShellCommand ofCell(String shell) {
        return new ShellCommand(shell, shell);
    }

    private boolean isOfLine() {
        return name.equals(MagicScanner.COMMAND);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String usage() {
        return isOfLine()
                ? "!COMMAND   runs a command by the system's shell, sh; var lines = %sx COMMAND takes what it prints\n"
                        + ABOUT
                : "%%" + name + "   runs the rest of the cell as a script of " + shell + "\n" + ABOUT;
    }

    @Override
    public boolean takesBody() {
        return !isOfLine();
    }

    @Override
    public void run(String arguments, Shell session, CellRun run) throws MagicUsageException {
        if (!isOfLine()) {
            throw new MagicUsageException("%%" + name + " takes the rest of the cell, with two %; one line is run by !"
                    + (arguments.isBlank() ? "COMMAND" : arguments));
        }
        start(arguments, session, run);
    }

    @Override
    public void runCell(String arguments, String text, Shell session, CellRun run) throws MagicUsageException {
        if (!arguments.isBlank()) {
            throw new MagicUsageException("%%" + name + " takes no arguments, and '" + arguments
                    + "' is one: the script begins on the next line");
        }
        start(text, session, run);
    }

    private void start(String script, Shell session, CellRun run) throws MagicUsageException {
        Command command = Command.of(shell, script);
        for (String variable : named(script)) {
            Field field = session.variables().all().stream()
                    .filter(one -> one.name().equals(variable))
                    .findFirst()
                    .map((VarSnippet one) -> session.variables().field(one))
                    .orElse(null);
            if (field != null) {
                command.with(variable, value(field));
            }
        }
        try {
            session.engine().asCell(run, () -> {
                command.run();
                return "";
            });
        } catch (CommandException failure) {
            throw new MagicUsageException(Objects.requireNonNull(failure.getMessage(), "it says what failed"));
        }
    }

    /** The names of variables in the text of a script. */
    static Set<String> named(String script) {
        Set<String> names = new HashSet<>();
        Matcher variable = VARIABLE.matcher(script);
        while (variable.find()) {
            names.add(variable.group(1));
        }
        return names;
    }

    private static Object value(Field field) {
        try {
            return Optional.ofNullable(field.get(null)).orElse(Optional.empty());
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(field + " was made accessible", impossible);
        }
    }
}
