package manyjvm.kernel.session.command;

import java.lang.reflect.Field;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jdk.jshell.VarSnippet;
import manyjvm.kernel.session.execution.CellRun;
import manyjvm.kernel.session.shell.Shell;
import manyjvm.kernel.session.source.Syntax;
import manyjvm.kernel.session.text.ShortText;

/** {@code %who}: what the session knows. */
final class WhoCommand implements SessionCommand {
    private static final Pattern INTERNAL = Pattern.compile("\\bmanyjvm\\.(?:[a-z]\\w*\\.)*([A-Z]\\w*)");

    @Override
    public String name() {
        return "who";
    }

    @Override
    public String usage() {
        return "%who   lists the variables, with types and short values, and the methods and types of the session";
    }

    @Override
    public void run(String arguments, Shell shell, CellRun run) {
        shell.variables().ofUsers().forEach(variable -> System.out.println(line(variable, shell)));
        shell.jshell()
                .methods()
                .forEach(method -> System.out.println(
                        method.name() + shell.plain(method.signature().replaceFirst("^(\\(.*\\))(.*)$", "$1 : $2"))));
        shell.jshell()
                .types()
                .flatMap(type -> shell.familyMembers().isAround(type.name())
                        ? firstLines(shell.source(type))
                        : shell.source(type).lines().limit(1))
                .forEach(System.out::println);
    }

    private static Stream<String> firstLines(String family) {
        return Syntax.types(family).stream()
                .filter(type -> !type.isMember())
                .flatMap(type -> family.substring(type.start()).lines().limit(1));
    }

    /** Types that nobody can name in a cell go by their simple names. */
    private static String withoutInternals(String type, Shell shell) {
        return INTERNAL.matcher(type)
                .replaceAll(found -> Matcher.quoteReplacement(
                        shell.imports().qualified(found.group(1)).equals(Optional.of(found.group()))
                                ? found.group()
                                : found.group(1)));
    }

    private static String line(VarSnippet variable, Shell shell) {
        Field field = shell.variables().field(variable);
        return withoutInternals(shell.plain(variable.typeName()), shell) + " " + variable.name()
                + (field == null ? "" : " = " + ShortText.of(field));
    }
}
