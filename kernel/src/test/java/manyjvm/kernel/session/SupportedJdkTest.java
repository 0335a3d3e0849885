package manyjvm.kernel.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import jdk.jshell.Snippet;
import manyjvm.kernel.session.evaluation.SessionFixture;
import manyjvm.kernel.session.execution.CodeOrigin;
import manyjvm.kernel.session.execution.OpenRuns;
import manyjvm.kernel.session.shell.Shell;
import org.junit.jupiter.api.Test;

class SupportedJdkTest {
    @Test
    void supportedJdk_hasNoNoteAndNoOption() {
        assertThat(SupportedJdk.note()).isEmpty();
        assertThat(SupportedJdk.note(SupportedJdk.NEWEST)).isEmpty();
        assertThat(SupportedJdk.compilerOptions(25, 25)).isEmpty();
    }

    @Test
    void newerJdk_isNamedWithWhatToDo() {
        assertThat(SupportedJdk.note(SupportedJdk.NEWEST + 1).orElseThrow())
                .contains("JDK " + (SupportedJdk.NEWEST + 1) + " is newer", "newer manyjvm", "install.sh --jdk");
    }

    @Test
    void newerJdk_runsCellsOfTheNewestKnownJava() {
        String[] options = SupportedJdk.compilerOptions(Runtime.version().feature() + 1, 17);
        ReentrantLock lock = new ReentrantLock();
        lock.lock();
        try (SessionFixture host = new SessionFixture();
                Shell shell = new Shell(host, lock, new OpenRuns(), options)) {
            for (String cell : new String[] {
                "import java.util.stream.*;",
                "record P(int x) {}",
                "var all = IntStream.range(0, 3).mapToObj(P::new).toList();"
            }) {
                var events = shell.evaluate(cell, new CodeOrigin("In[1]", 1, cell), shell.startupRun())
                        .events();
                assertThat(events.get(0).status()).as(cell).isEqualTo(Snippet.Status.VALID);
            }
            shell.evaluate("all.size()", new CodeOrigin("In[2]", 1, "all.size()"), shell.startupRun());
            assertThat(shell.engine().value()).isEqualTo(3);
        } finally {
            lock.unlock();
        }
    }

    @Test
    void installationKnowsTheSameNumber() throws Exception {
        assertThat(Files.readAllLines(Path.of("..", "launcher", "jdk.sh")))
                .contains("newest_jdk=" + SupportedJdk.NEWEST);
    }
}
