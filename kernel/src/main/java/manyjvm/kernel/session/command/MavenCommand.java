package manyjvm.kernel.session.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import manyjvm.kernel.session.execution.CellRun;
import manyjvm.kernel.session.library.Libraries;
import manyjvm.kernel.session.shell.Shell;
import manyjvm.kernel.spi.LibraryResolver.Request;
import manyjvm.kernel.spi.LibraryResolver.Resolution;
import manyjvm.kernel.spi.Magic;
import manyjvm.kernel.spi.Magic.MagicUsageException;

/** {@code %maven}: libraries by their coordinates. */
final class MavenCommand implements SessionCommand {
    private static final int NAMED = 4;
    private static final List<String> OPTIONS = List.of("--bom", "--update");

    private final Libraries libraries;

    MavenCommand(Libraries libraries) {
        this.libraries = libraries;
    }

    @Override
    public String name() {
        return "maven";
    }

    @Override
    public String usage() {
        return "%maven GROUP:ARTIFACT:VERSION...   adds libraries and all they depend on, in running workers too\n"
                + "%maven G:A:TYPE:V  %maven G:A:TYPE:CLASSIFIER:V   another file of a library, such as G:A:jar:tests:1.0\n"
                + "%maven --bom G:A:VERSION G:A...    takes versions from a platform (BOM), now and in later lines\n"
                + "%maven --update G:A:1.0-SNAPSHOT   looks for newer snapshots than today's, before the first use\n"
                + "%maven                             lists what was added\n"
                + "VERSION may be a range, [1.0,2.0), or RELEASE or LATEST. All lines of a session are resolved as one: what is\n"
                + "on the class path keeps its version until the kernel restarts, and a line that asks for another one says so.\n"
                + "Mirrors, proxies, passwords, repositories and the local repository are those of ~/.m2/settings.xml;\n"
                + "%mavenRepo adds repositories. No mvn command is needed.";
    }

    @Override
    public void run(String arguments, Shell shell, CellRun run) throws MagicUsageException {
        List<String> asked = new ArrayList<>();
        List<String> platforms = new ArrayList<>();
        boolean update = false;
        List<String> words = SessionCommands.words(arguments);
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("--update")) {
                update = true;
            } else if (word.equals("--bom")) {
                if (i + 1 == words.size()) {
                    throw new MagicUsageException("--bom needs a platform: %maven --bom GROUP:ARTIFACT:VERSION");
                }
                platforms.add(words.get(++i));
            } else if (word.startsWith("-")) {
                throw new MagicUsageException(
                        "%maven has no option " + word + ": there are " + String.join(", ", OPTIONS));
            } else {
                asked.add(word);
            }
        }
        if (asked.isEmpty() && platforms.isEmpty()) {
            if (update) {
                throw new MagicUsageException("--update needs libraries: %maven --update GROUP:ARTIFACT:VERSION");
            }
            List<String> known = libraries.libraries();
            (known.isEmpty() ? usage().lines() : known.stream()).forEach(System.out::println);
            return;
        }
        add(libraries, new Request(run.label(), asked, platforms, Optional.empty(), Set.of(), update), shell, run);
    }

    /** Resolves, puts what is new on the class path, and says what came of it. */
    static void add(Libraries libraries, Request request, Shell shell, CellRun run) throws MagicUsageException {
        Resolution resolution = shell.engine().withoutLock(run, () -> libraries.resolve(request));
        while (!resolution.isCurrent()) {
            // A cell of another shell has added some meanwhile, which this one has to fit.
            resolution = shell.engine().withoutLock(run, () -> libraries.resolve(request));
        }
        List<Path> before = shell.userClassPath();
        List<Path> added =
                resolution.added().stream().filter(jar -> !before.contains(jar)).toList();
        for (Path jar : added) {
            ClassPathEntry.check(jar);
        }
        added.forEach(shell::addToClassPath);
        resolution.keep();
        resolution.notes().forEach(note -> System.err.println("note: " + note));
        if (!added.isEmpty()) {
            System.out.println("added " + names(added));
        } else if (resolution.notes().isEmpty() && !request.libraries().isEmpty()) {
            System.out.println("nothing to add: all of it is on the class path");
        }
    }

    /** {@code 2 jars: asm-tree-9.9.jar, asm-9.9.jar}; of many, some. */
    static String names(List<Path> jars) {
        List<String> names = jars.stream()
                .limit(jars.size() == NAMED + 1 ? jars.size() : NAMED)
                .map(jar -> jar.getFileName().toString())
                .toList();
        return jars.size()
                + (jars.size() == 1 ? " jar: " : " jars: ")
                + String.join(", ", names)
                + (names.size() < jars.size() ? " and " + (jars.size() - names.size()) + " more" : "");
    }

    @Override
    public List<String> complete(String argumentsBeforeCursor, Magic.Names names) {
        String word = argumentsBeforeCursor.substring(argumentsBeforeCursor.lastIndexOf(' ') + 1);
        if (word.startsWith("-")) {
            return OPTIONS.stream().filter(option -> option.startsWith(word)).toList();
        }
        return Stream.concat(libraries.complete(word).stream(), word.isEmpty() ? OPTIONS.stream() : Stream.of())
                .toList();
    }
}
