package manyjvm.kernel.session.command;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import manyjvm.kernel.api.Command;
import manyjvm.kernel.session.execution.CellRun;
import manyjvm.kernel.session.shell.Shell;
import manyjvm.kernel.spi.Magic;
import manyjvm.kernel.spi.Magic.MagicUsageException;
import manyjvm.kernel.spi.Spelling;

/** {@code %env}: the environment of commands. That of a JVM cannot change; whoever needs it so starts the kernel with it. */
final class EnvCommand implements SessionCommand {
    private static final Pattern ASSIGNMENT = Pattern.compile("([A-Za-z_]\\w*)\\s*=\\s*(.*)");
    private static final Pattern SECRET = Pattern.compile("(?i).*(?:key|token|secret|passw|credential).*");

    @Override
    public String name() {
        return "env";
    }

    @Override
    public String usage() {
        return "%env              lists the environment of commands (!, %%bash, %sx)\n"
                + "%env NAME         shows one variable\n"
                + "%env NAME=VALUE   sets one for the commands that follow; %env NAME= empties it\n"
                + "System.getenv in this JVM, and in its workers, stays what the kernel was started with: no JVM can change its own.\n"
                + "For Java, System.setProperty(\"name\", \"value\") travels to workers.";
    }

    @Override
    public void run(String arguments, Shell shell, CellRun run) throws MagicUsageException {
        Map<String, String> environment = Command.environment();
        if (arguments.isBlank()) {
            environment.forEach((name, value) ->
                    System.out.println(name + "=" + (SECRET.matcher(name).matches() ? "<hidden>" : value)));
            return;
        }
        Matcher assignment = ASSIGNMENT.matcher(arguments);
        if (assignment.matches()) {
            Command.setEnvironment(assignment.group(1), Optional.of(unquoted(assignment.group(2))));
            System.out.println("env: " + assignment.group(1) + "=" + unquoted(assignment.group(2))
                    + " for !, %%bash and %sx; System.getenv stays as it is, here and in workers");
            return;
        }
        if (arguments.matches(".*\\s.*")) {
            throw new MagicUsageException("%env takes one name, or NAME=VALUE, not '" + arguments + "'");
        }
        String value = environment.get(arguments);
        if (value == null) {
            throw new MagicUsageException("there is no " + arguments + " in the environment"
                    + Spelling.hint(arguments, environment.keySet()));
        }
        System.out.println(value);
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() > 1
                && (value.startsWith("\"") && value.endsWith("\"") || value.startsWith("'") && value.endsWith("'"));
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    @Override
    public List<String> complete(String argumentsBeforeCursor, Magic.Names names) {
        return Command.environment().keySet().stream()
                .filter(name -> name.startsWith(argumentsBeforeCursor.strip()))
                .toList();
    }
}
