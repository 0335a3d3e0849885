package manyjvm.kernel.session.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import manyjvm.kernel.session.execution.CellRun;
import manyjvm.kernel.session.library.Libraries;
import manyjvm.kernel.session.shell.Shell;
import manyjvm.kernel.spi.IoReason;
import manyjvm.kernel.spi.LibraryResolver.Pom;
import manyjvm.kernel.spi.LibraryResolver.Request;
import manyjvm.kernel.spi.Magic.MagicUsageException;

/** {@code %loadFromPOM}: the libraries of a pom. The name is that of other Java kernels. */
final class LoadFromPomCommand implements SessionCommand {
    /** A notebook has no container that would provide a library, nor anybody else who would. */
    private static final Set<String> SCOPES = Set.of("compile", "runtime", "provided");

    private static final List<String> ALL_SCOPES = List.of("compile", "runtime", "provided", "test");

    private final Libraries libraries;

    LoadFromPomCommand(Libraries libraries) {
        this.libraries = libraries;
    }

    @Override
    public String name() {
        return "loadFromPOM";
    }

    @Override
    public String usage() {
        return "%loadFromPOM FILE [SCOPE...]   adds the dependencies of a pom.xml, as %maven does, and its repositories\n"
                + "%%loadFromPOM [SCOPE...]       those of the pom in the cell below: a whole <project>, or parts such as\n"
                + "                               <dependency>, <repository>, <dependencyManagement>, <properties>\n"
                + "SCOPE is compile, runtime, provided or test; without any, all but test.";
    }

    @Override
    public void run(String arguments, Shell shell, CellRun run) throws MagicUsageException {
        List<String> words = SessionCommands.words(arguments);
        if (words.isEmpty()) {
            throw new MagicUsageException(usage());
        }
        Path file = file(words.get(0));
        try {
            add(new Pom(Files.readString(file), Optional.of(file)), words.subList(1, words.size()), shell, run);
        } catch (IOException unreadable) {
            throw new MagicUsageException(file + " cannot be read: " + IoReason.of(unreadable));
        }
    }

    private static Path file(String word) throws MagicUsageException {
        try {
            Path file = ClassPathCommand.inHome(word);
            return Files.isDirectory(file) ? file.resolve("pom.xml") : file;
        } catch (InvalidPathException failure) {
            throw new MagicUsageException(word + " cannot be read: " + failure.getMessage());
        }
    }

    @Override
    public boolean takesBody() {
        return true;
    }

    @Override
    public void runCell(String arguments, String body, Shell shell, CellRun run) throws MagicUsageException {
        if (body.isBlank()) {
            throw new MagicUsageException(usage());
        }
        add(new Pom(body, Optional.empty()), SessionCommands.words(arguments), shell, run);
    }

    private void add(Pom pom, List<String> scopes, Shell shell, CellRun run) throws MagicUsageException {
        for (String scope : scopes) {
            if (!ALL_SCOPES.contains(scope)) {
                throw new MagicUsageException(
                        "there is no scope " + scope + ": %loadFromPOM knows " + String.join(", ", ALL_SCOPES));
            }
        }
        Set<String> chosen = scopes.isEmpty() ? SCOPES : Set.copyOf(scopes);
        MavenCommand.add(
                libraries, new Request(run.label(), List.of(), List.of(), Optional.of(pom), chosen, false), shell, run);
    }
}
