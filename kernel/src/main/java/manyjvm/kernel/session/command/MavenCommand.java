package manyjvm.kernel.session.command;

import java.nio.file.Path;
import java.util.List;
import manyjvm.kernel.session.execution.CellRun;
import manyjvm.kernel.session.shell.Shell;
import manyjvm.kernel.spi.Magic.MagicUsageException;

/** {@code %maven}: libraries by their coordinates. */
final class MavenCommand implements SessionCommand {
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
        List<Path> added = shell.engine().withoutLock(run, () -> Maven.resolve(SessionCommands.words(arguments)));
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
