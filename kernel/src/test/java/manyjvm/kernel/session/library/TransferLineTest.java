package manyjvm.kernel.session.library;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import manyjvm.kernel.api.Notebook;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TransferLineTest {
    private static final long SECOND = 1_000_000_000;

    private final List<String> shown = new ArrayList<>();
    private final AtomicLong now = new AtomicLong();
    private final TransferLine line = new TransferLine(now::get);

    @BeforeEach
    void connect() {
        Notebook.connect((Notebook.FrontEnd) Proxy.newProxyInstance(
                Notebook.FrontEnd.class.getClassLoader(),
                new Class<?>[] {Notebook.FrontEnd.class},
                (self, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("show");
                    String again = (boolean) arguments[1] ? "again: " : "";
                    shown.add(again + arguments[2] + " as " + String.join(",", (String[]) arguments[3]));
                    return null;
                }));
    }

    @AfterEach
    void disconnect() {
        Notebook.connect(null);
    }

    @Test
    void nothingDownloaded_showsNothing() {
        line.draw();
        line.end(true);
        assertThat(shown).isEmpty();
    }

    @Test
    void download_isOneLineThatIsDrawnAgain() {
        line.progressed("a.pom", "https://host/", 900, 900);
        line.ended("a.pom");
        line.progressed("a.jar", "https://host/", 0, -1);
        line.draw();
        line.progressed("a.jar", "https://host/", 1_500_000, 3_000_000);
        line.draw();
        line.draw();
        line.ended("a.jar");
        line.end(true);
        assertThat(shown)
                .containsExactly(
                        "downloading a.jar; 1 file done as text/plain",
                        "again: downloading a.jar, 1.5 MB of 3.0 MB; 1 file done as text/plain",
                        "again: downloaded 2 files, 1.5 MB as text/plain");
    }

    @Test
    void silentServer_isNamed() {
        line.progressed("a.jar", "https://host/", 10, 100);
        now.addAndGet(2 * SECOND);
        assertThat(line.state()).contains("downloading a.jar, 1 kB of 1 kB");
        now.addAndGet(5 * SECOND);
        line.progressed("a.jar", "https://host/", 10, 100);
        assertThat(line.state()).contains("downloading a.jar, 1 kB of 1 kB; https://host/ has been silent for 7 s");
        line.draw();
        line.end(false);
        assertThat(shown).last().isEqualTo("again: nothing was downloaded as text/plain");
    }

    @Test
    void missingFiles_areNotCounted() {
        line.progressed("no.pom", "https://host/", 0, -1);
        line.draw();
        line.ended("no.pom");
        line.end(true);
        assertThat(shown).last().isEqualTo("again: nothing was downloaded as text/plain");
    }

    @Test
    void withoutAFrontEnd_itIsQuiet() {
        Notebook.connect(null);
        line.progressed("a.jar", "https://host/", 1, 2);
        line.draw();
        line.end(true);
        assertThat(shown).isEmpty();
    }
}
