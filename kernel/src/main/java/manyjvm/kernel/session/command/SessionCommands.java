package manyjvm.kernel.session.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import manyjvm.kernel.session.SessionHost;
import manyjvm.kernel.session.library.Libraries;
import manyjvm.kernel.spi.Magic;

/** The magics of the session itself, beside those that extensions bring. */
public final class SessionCommands {
    private final Map<String, SessionCommand> commands = new TreeMap<>();
    private final SessionHost host;
    private final ShowCommand show = new ShowCommand();

    public SessionCommands(SessionHost host) {
        this.host = host;
        ClassPathCommand classPath = new ClassPathCommand();
        Libraries libraries = new Libraries();
        add(classPath);
        add(new JarsCommand(classPath));
        add(new MavenCommand(libraries));
        add(new MavenRepoCommand(libraries));
        add(new LoadFromPomCommand(libraries));
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
