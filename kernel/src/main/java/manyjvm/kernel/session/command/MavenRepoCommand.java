package manyjvm.kernel.session.command;

import java.util.List;
import manyjvm.kernel.session.execution.CellRun;
import manyjvm.kernel.session.library.Libraries;
import manyjvm.kernel.session.shell.Shell;
import manyjvm.kernel.spi.Magic.MagicUsageException;

/** {@code %mavenRepo}: where else libraries are looked for. The name is that of other Java kernels. */
final class MavenRepoCommand implements SessionCommand {
    private final Libraries libraries;

    MavenRepoCommand(Libraries libraries) {
        this.libraries = libraries;
    }

    @Override
    public String name() {
        return "mavenRepo";
    }

    @Override
    public String usage() {
        return "%mavenRepo ID URL   libraries are also looked for there: https://..., http://..., file:... or a folder\n"
                + "%mavenRepo          lists the repositories asked, in order\n"
                + "A user and password for it are those of the <server> with this ID in ~/.m2/settings.xml.";
    }

    @Override
    public void run(String arguments, Shell shell, CellRun run) throws MagicUsageException {
        List<String> words = SessionCommands.words(arguments);
        if (words.isEmpty()) {
            libraries.repositories().forEach(System.out::println);
            return;
        }
        if (words.size() != 2) {
            throw new MagicUsageException("%mavenRepo takes a name and a URL, as in: %mavenRepo snapshots "
                    + "https://central.sonatype.com/repository/maven-snapshots/");
        }
        libraries.addRepository(words.get(0), words.get(1));
    }
}
