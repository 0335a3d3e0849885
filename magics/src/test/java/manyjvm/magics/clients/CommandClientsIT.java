package manyjvm.magics.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import manyjvm.magics.clients.JupyterHome.Output;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jupyter without a browser: the console in a terminal, {@code jupyter run}, and nbconvert. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class CommandClientsIT {
    @TempDir
    Path folder;

    private JupyterHome home;

    @BeforeEach
    void makeHome() throws Exception {
        home = new JupyterHome(folder);
    }

    @Test
    void console_runsCompletesAsksAndEnds_alsoWhileACellRuns() throws Exception {
        Path console = Programs.need("Jupyter's console", "jupyter-console", "jupyter-console");
        Path tmux = Programs.need("Jupyter's console", "tmux", "tmux");
        // How long the console waits for an answer to is_complete: 1 s of itself, and then it takes that for the next
        // reply.
        String patience = "--ZMQTerminalInteractiveShell.kernel_is_complete_timeout=60";
        try (Terminal terminal = new Terminal(tmux, home, folder, console.toString(), "--kernel=manyjvm", patience)) {
            try {
                terminal.enter("In \\[1\\]:", "1 + 1");
                terminal.await("^Out\\[1\\]: 2");

                terminal.enter("In \\[2\\]:", "int next(int x) {");
                terminal.enter(" +\\.\\.\\.:", "return x + 1;");
                terminal.enter(" +\\.\\.\\.:", "}");
                terminal.enter("In \\[3\\]:", "%pool map next 0..4");
                terminal.await("^Out\\[3\\]: \\[1, 2, 3, 4, 5\\]");
                assertThat(terminal.screen())
                        .containsPattern("\\.\\.\\.: {5}return x \\+ 1;"); // by four, behind the prompt's one

                terminal.await("^In \\[4\\]:");
                terminal.type("Math.floorM");
                terminal.press("Tab");
                terminal.await("^In \\[4\\]: Math\\.floorMod\\(");
                terminal.type("7, 4)");
                terminal.await("floorMod\\(7, 4\\)");
                terminal.press("Enter");
                terminal.await("^Out\\[4\\]: 3");

                terminal.enter("In \\[5\\]:", "String name = input(\"Your name? \");");
                terminal.enter("Your name\\?", "Ada");
                terminal.enter("In \\[6\\]:", "name + \"!\"");
                terminal.await("^Out\\[6\\]: Ada!");

                // This console gives no Ctrl-C to any kernel (jupyter_console, issue 296): what it must not do is end
                // this one.
                terminal.enter("In \\[7\\]:", "System.out.println(\"be\" + \"gins\"); while (true) {}");
                terminal.await("^begins");
                terminal.press("C-c");
                terminal.await("^In \\[8\\]:");
            } finally {
                Files.createDirectories(Pictures.file("console").getParent());
                Files.writeString(Pictures.file("console").resolveSibling("console.txt"), terminal.screen());
            }
            List<ProcessHandle> processes = terminal.processes();
            assertThat(processes).as("console and kernel").hasSizeGreaterThan(1);
            terminal.press("C-d");
            terminal.await("Do you really want to exit");
            terminal.type("y");
            terminal.press("Enter");
            boolean ended = Programs.allEnd(processes);
            assertThat(ended)
                    .as(() -> "console and kernel end: "
                            + processes.stream()
                                    .filter(ProcessHandle::isAlive)
                                    .map(ProcessHandle::info)
                                    .toList())
                    .isTrue();
        }
    }

    @Test
    void run_takesAFile_orWhatIsPipedIn() throws Exception {
        Path jupyter = Programs.need("jupyter run", "jupyter-client", "jupyter-run");
        Path program = home.workFolder().resolve("program.java");
        Files.writeString(
                program,
                """
                int square(int x) {
                    return x * x;
                }
                System.out.println("printed " + square(9));
                %pool map square 0..4
                """);

        Output file = home.run("", jupyter.toString(), "--kernel=manyjvm", program.toString());
        assertThat(file.exitCode()).as(file.errors()).isZero();
        assertThat(file.text()).contains("[0, 1, 4, 9, 16]", "printed 81");

        Output piped = home.run("6 * 7", jupyter.toString(), "--kernel=manyjvm");
        assertThat(piped.exitCode()).as(piped.errors()).isZero();
        assertThat(piped.text()).contains("42");
    }

    @Test
    void nbconvert_executesToAPage() throws Exception {
        Path converter = Programs.need("nbconvert", "jupyter-nbconvert", "jupyter-nbconvert");
        Path browser = Chromium.needed("a page made by nbconvert");
        Path notebook = home.workFolder().resolve("page.ipynb");
        Files.writeString(
                notebook,
                NotebookServer.notebookOf(
                        "int slow(int x) throws Exception { Thread.sleep(200); System.out.println(\"x=\" + x); return x; }",
                        "%pool map slow 0..15",
                        "%pool status",
                        "%pool timeline"));

        Output output = home.run(
                "",
                converter.toString(),
                "--to=html",
                "--execute",
                "--HTMLExporter.mathjax_url=",
                "--HTMLExporter.require_js_url=",
                notebook.toString());
        assertThat(output.exitCode()).as(output.errors()).isZero();

        try (Chromium chromium = new Chromium(browser, folder)) {
            Page page = chromium.open();
            page.go(home.workFolder().resolve("page.html").toUri().toString());
            page.picture(Pictures.file("nbconvert"), 1000, 1800);
            assertThat(page.evaluate("document.body.innerText").getAsString())
                    .contains("x=15", "map: done in", "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]");
            assertThat(page.problems()).isEqualTo(List.of());
        }
    }
}
