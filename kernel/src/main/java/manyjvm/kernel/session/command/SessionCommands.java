package manyjvm.kernel.session.command;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jshell.VarSnippet;
import manyjvm.kernel.session.SessionHost;
import manyjvm.kernel.session.execution.CellRun;
import manyjvm.kernel.session.shell.Shell;
import manyjvm.kernel.session.source.Syntax;
import manyjvm.kernel.session.text.ShortText;
import manyjvm.kernel.spi.Magic;
import manyjvm.kernel.spi.Magic.MagicUsageException;

/** {@code %classpath}, {@code %maven}, {@code %show}, {@code %who} and {@code %lsmagic}. */
public final class SessionCommands {
    private static final Pattern INTERNAL = Pattern.compile("\\bmanyjvm\\.(?:[a-z]\\w*\\.)*([A-Z]\\w*)");

    private final Map<String, SessionCommand> commands = new TreeMap<>();
    private final SessionHost host;
    private volatile boolean showsAll;

    public SessionCommands(SessionHost host) {
        this.host = host;
        add(new ClassPathCommand());
        add(new MavenCommand());
        add(new ShowCommand());
        add(new WhoCommand());
        add(new ListCommand());
    }

    private void add(SessionCommand command) {
        commands.put(command.name(), command);
    }

    /** Whether the value of each expression of a cell is shown, or that of the last alone. */
    public boolean showsAll() {
        return showsAll;
    }

    public Map<String, SessionCommand> byName() {
        return commands;
    }

    /** How to use the magic or command of this name. */
    public Optional<String> usage(String name) {
        return Optional.ofNullable(magics().get(name))
                .map(Magic::usage)
                .or(() -> Optional.ofNullable(commands.get(name)).map(SessionCommand::usage));
    }

    /** The magics by name; a later one of the same name wins. */
    public Map<String, Magic> magics() {
        return host.magics().stream()
                .collect(Collectors.toMap(Magic::name, Function.identity(), (first, second) -> second, TreeMap::new));
    }

    public List<String> names() {
        List<String> names = new ArrayList<>(magics().keySet());
        commands.keySet().stream().filter(name -> !names.contains(name)).forEach(names::add);
        names.sort(null);
        return names;
    }

    private static final class ClassPathCommand implements SessionCommand {
        @Override
        public String name() {
            return "classpath";
        }

        @Override
        public String usage() {
            return "%classpath PATH...   adds jars and class folders; their classes travel to workers too\n"
                    + "%classpath           lists what was added\n"
                    + "A path ending in /* stands for all jars of that folder. Quote a path that contains spaces.";
        }

        @Override
        public void run(String arguments, Shell shell, CellRun run) throws MagicUsageException {
            if (arguments.isBlank()) {
                shell.userClassPath().forEach(System.out::println);
                return;
            }
            List<Path> paths = new ArrayList<>();
            for (String word : words(arguments)) {
                paths.addAll(expand(word));
            }
            paths.forEach(shell::addToClassPath);
        }

        private static List<Path> expand(String word) throws MagicUsageException {
            String inHome =
                    word.startsWith("~" + File.separator) ? System.getProperty("user.home") + word.substring(1) : word;
            boolean allJars = inHome.endsWith("/*");
            try {
                Path path = Path.of(allJars ? inHome.substring(0, inHome.length() - 2) : inHome)
                        .toAbsolutePath()
                        .normalize();
                List<Path> found = allJars && Files.isDirectory(path) ? ClassPathEntry.jars(path) : List.of(path);
                for (Path entry : found) {
                    ClassPathEntry.check(entry);
                }
                return found;
            } catch (InvalidPathException failure) {
                throw new MagicUsageException(word + " cannot be read: " + failure.getMessage());
            }
        }

        @Override
        public List<String> complete(String argumentsBeforeCursor, Magic.Names names) {
            String word = argumentsBeforeCursor.substring(argumentsBeforeCursor.lastIndexOf(' ') + 1);
            int cut = word.lastIndexOf('/') + 1;
            List<String> found = new ArrayList<>();
            try (var entries = Files.newDirectoryStream(Path.of(cut == 0 ? "." : word.substring(0, cut)))) {
                for (Path entry : entries) {
                    String name = entry.getFileName().toString();
                    if (name.startsWith(word.substring(cut)) && (name.endsWith(".jar") || Files.isDirectory(entry))) {
                        found.add(word.substring(0, cut) + name + (Files.isDirectory(entry) ? "/" : ""));
                    }
                }
            } catch (InvalidPathException | IOException ignored) {
                // No such folder: nothing to propose.
            }
            found.sort(null);
            return found;
        }
    }

    private static final class MavenCommand implements SessionCommand {
        @Override
        public String name() {
            return "maven";
        }

        @Override
        public String usage() {
            return "%maven GROUP:ARTIFACT:VERSION...   adds libraries and all they depend on, by the mvn command";
        }

        @Override
        public void run(String arguments, Shell shell, CellRun run) throws MagicUsageException {
            if (arguments.isBlank()) {
                throw new MagicUsageException(usage());
            }
            List<Path> added = shell.engine().withoutLock(run, () -> Maven.resolve(words(arguments)));
            List<Path> before = shell.userClassPath();
            added.forEach(shell::addToClassPath);
            long count = added.stream().filter(jar -> !before.contains(jar)).count();
            if (added.isEmpty()) {
                throw new MagicUsageException(
                        arguments.strip()
                                + " brings no jar: it only names versions of others, or their parent. Add the libraries themselves");
            }
            System.out.println("added " + count + (count == 1 ? " jar" : " jars"));
        }
    }

    private final class ShowCommand implements SessionCommand {
        @Override
        public String name() {
            return "show";
        }

        @Override
        public String usage() {
            return "%show all    cells show the value of each of their expressions\n"
                    + "%show last   cells show the value of their last expression (as at the start)";
        }

        @Override
        public void run(String arguments, Shell shell, CellRun run) throws MagicUsageException {
            switch (arguments) {
                case "all" -> showsAll = true;
                case "last" -> showsAll = false;
                case "" -> System.out.println("%show " + (showsAll ? "all" : "last"));
                default -> throw new MagicUsageException("%show takes 'all' or 'last', not '" + arguments + "'");
            }
        }

        @Override
        public List<String> complete(String argumentsBeforeCursor, Magic.Names names) {
            return List.of("all", "last").stream()
                    .filter(word -> word.startsWith(argumentsBeforeCursor.strip()))
                    .toList();
        }
    }

    private static final class WhoCommand implements SessionCommand {
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
                    .forEach(method -> System.out.println(method.name()
                            + shell.plain(method.signature().replaceFirst("^(\\(.*\\))(.*)$", "$1 : $2"))));
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

    private final class ListCommand implements SessionCommand {
        @Override
        public String name() {
            return "lsmagic";
        }

        @Override
        public String usage() {
            return "%lsmagic   lists the magics; %NAME? tells how to use one";
        }

        @Override
        public void run(String arguments, Shell shell, CellRun run) {
            for (String name : names()) {
                System.out.println(SessionCommands.this
                        .usage(name)
                        .flatMap(usage -> usage.lines().findFirst())
                        .orElse("%" + name));
            }
            System.out.println("%NAME? tells all about one.");
        }
    }

    /** Splits at blanks outside of double quotes. */
    static List<String> words(String arguments) {
        List<String> words = new ArrayList<>();
        var matcher = Pattern.compile("\"([^\"]*)\"|(\\S+)").matcher(arguments);
        while (matcher.find()) {
            words.add(matcher.group(1) != null ? matcher.group(1) : matcher.group(2));
        }
        return words;
    }
}
