package manyjvm.magics.notebooks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import manyjvm.magics.clients.Chromium;
import manyjvm.magics.clients.JupyterHome;
import manyjvm.magics.clients.NotebookPage;
import manyjvm.magics.clients.NotebookServer;
import manyjvm.magics.clients.Pictures;
import manyjvm.magics.clients.Programs;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two of the notebooks as a student runs them: opened in Jupyter Notebook, all cells run, saved. What the file has then must hold as it
 * must for a run without a browser.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class NotebooksInBrowserIT {
    @TempDir
    static Path folder;

    private static JupyterHome home;
    private static NotebookServer server;
    private static Chromium chromium;

    @BeforeAll
    static void open() throws Exception {
        Path browser = Chromium.needed("Jupyter Notebook");
        Path program = Programs.need("Jupyter Notebook", "jupyter-notebook", "jupyter-notebook");
        home = new JupyterHome(folder);
        server = new NotebookServer(program, home);
        chromium = new Chromium(browser, folder);
    }

    @AfterAll
    static void close() {
        if (chromium != null) {
            chromium.close();
        }
        if (server != null) {
            server.close();
        }
    }

    @Test
    void cookbook_isRunAndSaved() throws Exception {
        runAndSave(new CookbookNotebookIT());
    }

    @Test
    void whenThingsGoWrong_isRunAndSaved() throws Exception {
        runAndSave(new WhenThingsGoWrongNotebookIT());
    }

    private static void runAndSave(NotebookChecks checks) throws Exception {
        String name = checks.name() + ".ipynb";
        Path file = home.workFolder().resolve(name);
        Files.copy(TeachingNotebook.file(checks.name()), file);
        NotebookPage notebook = new NotebookPage(chromium.open(), server, name);

        notebook.clearOutputs();
        notebook.runAll();
        notebook.save();
        notebook.wholePicture(Pictures.file(checks.name()));

        checks.holdFor(TeachingNotebook.read(file));
        notebook.assertNoProblems();
    }
}
