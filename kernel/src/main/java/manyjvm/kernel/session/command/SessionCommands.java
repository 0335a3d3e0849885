package manyjvm.kernel.session.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import manyjvm.kernel.session.SessionHost;
import manyjvm.kernel.session.library.Libraries;
import manyjvm.kernel.session.source.CellSources;
import manyjvm.kernel.session.source.MagicScanner;
import manyjvm.kernel.spi.Magic;
import manyjvm.kernel.spi.Spelling;

/** The magics of the session itself, beside those that extensions bring. */
public final class SessionCommands {
    private final Map<String, SessionCommand> commands = new TreeMap<>();
    private final SessionHost host;
    private final Libraries libraries = new Libraries();
    private final ShowCommand show = new ShowCommand();
    private final TimeMagic time = new TimeMagic();
    /** Magics that are rewritten, as those of extensions are. */
    private final List<Magic> magics = List.of(time, new TimeitMagic(), new LinesMagic());
    /** Magics that run code of the user's. */
    private final List<CodeCommand> ofCode = List.of(time, new RunCommand());

    /** @param sources what the session has been given to run */
    public SessionCommands(SessionHost host, CellSources sources) {
        this.host = host;
        ClassPathCommand classPath = new ClassPathCommand();
        add(classPath);
        add(new JarsCommand(classPath));
        add(new MavenCommand(libraries));
        add(new MavenRepoCommand(libraries));
        add(new LoadFromPomCommand(libraries));
        add(new CompileCommand());
        add(new EnvCommand());
        add(new FolderCommand("cd"));
        add(new FolderCommand("pwd"));
        add(new HelpCommand(this));
        add(new HistoryCommand(sources));
        add(new LoadCommand());
        add(new ResetCommand());
        add(ShellCommand.ofLine());
        add(ShellCommand.ofCell("bash"));
        add(ShellCommand.ofCell("sh"));
        add(new WriteFileCommand());
        add(show);
        add(new WhoCommand());
        add(new ListCommand(this));
    }

    private void add(SessionCommand command) {
        commands.put(command.name(), command);
    }

    /** Whether the value of each expression of a cell is shown, or that of the last alone. */
    public boolean showsAll() {
        return show.showsAll();
    }

    public Map<String, SessionCommand> byName() {
        return commands;
    }

    /** Those that {@code %maven} and its kin have added. */
    public Libraries libraries() {
        return libraries;
    }

    /** How to use the magic or command of this name. */
    public Optional<String> usage(String name) {
        return Optional.ofNullable(magics().get(name))
                .map(Magic::usage)
                .or(() -> Optional.ofNullable(commands.get(name)).map(SessionCommand::usage))
                .or(() -> ofCode(name).map(CodeCommand::usage));
    }

    /** Whether the arguments of this magic are code, in which another magic may stand. */
    public boolean takesCode(String name) {
        return name.equals("time") || name.equals("timeit");
    }

    /** What is known of the names in a cell. */
    public MagicScanner.Known known(Supplier<Magic.Names> session) {
        Map<String, Magic> rewritten = magics();
        return new MagicScanner.Known() {
            @Override
            public boolean isMagic(String name) {
                return rewritten.containsKey(name)
                        || commands.containsKey(name)
                        || ofCode.stream().anyMatch(one -> one.name().equals(name));
            }

            @Override
            public boolean takesText(String name) {
                SessionCommand command = commands.get(name);
                return command != null && command.takesBody() && !rewritten.containsKey(name);
            }

            @Override
            public boolean isName(String name) {
                Magic.Names names = session.get();
                return names.variables().contains(name)
                        || names.methods().contains(name)
                        || names.types().contains(name);
            }
        };
    }

    /** The magic of this name, unless an extension has one. */
    public Optional<CodeCommand> ofCode(String name) {
        return host.magics().stream().anyMatch(magic -> magic.name().equals(name))
                ? Optional.empty()
                : ofCode.stream().filter(one -> one.name().equals(name)).findFirst();
    }

    /** The magics by name; a later one of the same name wins. */
    public Map<String, Magic> magics() {
        return Stream.concat(magics.stream(), host.magics().stream())
                .collect(Collectors.toMap(Magic::name, Function.identity(), (first, second) -> second, TreeMap::new));
    }

    /** The words after {@code %}, in order. */
    public List<String> names() {
        Set<String> names = new TreeSet<>(magics().keySet());
        names.addAll(commands.keySet());
        ofCode.forEach(one -> names.add(one.name()));
        names.remove(MagicScanner.COMMAND);
        return List.copyOf(names);
    }

    /** {@code ": did you mean %x?"} or nothing. */
    public String nearest(String name) {
        return Spelling.nearest(name, names())
                .map(near -> ": did you mean %" + near + "?")
                .orElse("; %lsmagic lists them");
    }

    /** The first line of each one's usage. */
    void printAll() {
        System.out.println(
                usage(MagicScanner.COMMAND).orElseThrow().lines().findFirst().orElseThrow());
        for (String name : names()) {
            System.out.println(
                    usage(name).flatMap(usage -> usage.lines().findFirst()).orElse("%" + name));
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
