package manyjvm.kernel.session.command;

import java.util.stream.Collectors;
import manyjvm.kernel.spi.Magic;

/** {@code %sx}: what a command of the system prints, as a value; IPython's {@code %sx} and {@code lines = !command}. */
final class LinesMagic implements Magic {
    @Override
    public String name() {
        return "sx";
    }

    @Override
    public String usage() {
        return "var lines = %sx COMMAND   runs a command by the system's shell, sh, and gives the lines that it prints (a List<String>)\n"
                + "All else is as with !COMMAND.";
    }

    @Override
    public Rewritten rewrite(Call call) throws MagicUsageException {
        if (call.arguments().isBlank()) {
            throw new MagicUsageException("%sx needs a command: var lines = %sx ls");
        }
        String variables = ShellCommand.named(call.arguments()).stream()
                .filter(call.names().variables()::contains)
                .sorted()
                .map(name -> ".with(\"" + name + "\", " + name + ")")
                .collect(Collectors.joining());
        return Rewritten.expression(
                "manyjvm.kernel.api.Command.of(\"sh\", " + literal(call.arguments()) + ")" + variables + ".lines()");
    }

    /** Text as Java has it. */
    static String literal(String text) {
        StringBuilder literal = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            switch (c) {
                case '"', '\\' -> literal.append('\\').append(c);
                case '\n' -> literal.append("\\n");
                case '\r' -> literal.append("\\r");
                default -> literal.append(c);
            }
        }
        return literal.append('"').toString();
    }
}
