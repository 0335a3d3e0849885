package manyjvm.magics.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Jupyter Notebook as a student uses it, with mouse and keys, in a browser: one server, one kernel, one page. Pictures of what is
 * seen are left in the build's folder, {@code target/pictures}.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class NotebookClientIT {
    @TempDir
    static Path folder;

    private static NotebookServer server;
    private static Chromium chromium;
    private static Path work;
    private static Page page;
    private static NotebookPage notebook;

    @BeforeAll
    static void open() throws Exception {
        Path browser = Chromium.needed("Jupyter Notebook");
        Path program = Programs.need("Jupyter Notebook", "jupyter-notebook", "jupyter-notebook");
        JupyterHome home = new JupyterHome(folder);
        work = home.workFolder();
        Files.writeString(
                work.resolve("desk.ipynb"),
                NotebookServer.notebookOf(
                        """
                        int square(int x) {
                            System.out.println("x=" + x);
                            return x * x;
                        }""",
                        "%pool map square 0..4",
                        "record Point(int x, double y) {}\nList.of(new Point(1, 0.5), new Point(2, 2.25))",
                        "display(new StringBuilder(\"shown\"));\n1 + 1"));
        Files.writeString(work.resolve("scratch.ipynb"), NotebookServer.notebookOf());
        server = new NotebookServer(program, home);
        chromium = new Chromium(browser, folder);
        page = chromium.open();
        notebook = new NotebookPage(page, server, "scratch.ipynb");
    }

    @AfterAll
    static void close() throws Exception {
        try {
            if (page != null) {
                picture("notebook-end");
            }
        } finally {
            if (chromium != null) {
                chromium.close();
            }
            if (server != null) {
                server.close();
            }
        }
    }

    @AfterEach
    void assertNoProblems() {
        notebook.assertNoProblems();
    }

    private static void picture(String name) throws Exception {
        notebook.picture(Pictures.file(name));
    }

    @Test
    void runAll_showsWhatEachCellShows() throws Exception {
        NotebookPage desk = new NotebookPage(chromium.open(), server, "desk.ipynb");
        desk.runAll();

        assertThat(desk.output(0)).isBlank();
        assertThat(desk.output(1)).contains("x=4", "[0, 1, 4, 9, 16]");
        assertThat(desk.output(2)).contains("0.5", "2.25");
        assertThat(desk.output(3)).contains("shown", "2");
        desk.picture(Pictures.file("notebook-run-all"));
        desk.save();
        desk.assertNoProblems();
        assertThat(Files.readString(work.resolve("desk.ipynb"))).contains("[0, 1, 4, 9, 16]");
    }

    @Test
    void map_whileItRuns_showsLinesAndProgress() throws Exception {
        notebook.run(
                """
                int patient(int x) throws Exception {
                    System.out.println("item " + x + " runs");
                    while (!Files.exists(Path.of("%s", "go" + x))) { Thread.sleep(5); }
                    return x;
                }"""
                        .formatted(work));
        int cell = notebook.start("%pool map patient 0..3");

        notebook.awaitOutput(cell, "item 0 runs");
        notebook.awaitOutput(cell, "\\b0/4");
        picture("notebook-map-runs");
        Files.createFile(work.resolve("go0"));
        notebook.awaitOutput(cell, "\\b1/4");
        assertThat(notebook.isRunning(cell)).isTrue();
        for (int i = 1; i < 4; i++) {
            Files.createFile(work.resolve("go" + i));
        }
        notebook.awaitEnd(cell);

        assertThat(notebook.output(cell))
                .contains("item 3 runs", "[0, 1, 2, 3]")
                .containsPattern("map: done in [\\d.]+ s, 4 items")
                .doesNotContain("1/4");
        picture("notebook-map-done");
    }

    @Test
    void tab_completesNamesAndMagics() throws Exception {
        int cell = notebook.add("Math.m");
        page.pressTab(0);
        page.await(
                "[...document.querySelectorAll('.completions option')].some(each => /^min\\b/.test(each.innerText))");
        picture("notebook-completion");
        page.pressEnter(0);
        page.await("!document.querySelector('.completions')");
        assertThat(notebook.code(cell)).startsWith("Math.max");

        int magic = notebook.add("%pool sta");
        page.pressTab(0);
        page.await("[...document.querySelectorAll('.completions option')].some(each => each.innerText == 'status')");
        page.pressEscape();
        assertThat(notebook.code(magic)).startsWith("%pool sta");
    }

    @Test
    void shiftTab_showsTheSignature() throws Exception {
        notebook.run("/** Adds. */ int sum(int left, int right) { return left + right; }");
        notebook.add("sum(");
        page.pressTab(Page.SHIFT);

        page.await(
                "/sum\\(int left, int right\\)/.test(document.querySelector('.ipython_tooltip .tooltiptext')?.innerText)");
        page.await("getComputedStyle(document.querySelector('.ipython_tooltip')).opacity == 1");
        picture("notebook-tooltip");
        page.pressEscape();
        page.await("getComputedStyle(document.querySelector('.ipython_tooltip')).display == 'none'");
    }

    @Test
    void input_isAskedForInTheCell() throws Exception {
        int cell = notebook.start("String name = input(\"Your name? \");\n\"Hello, \" + name");

        page.click("input.raw_input");
        assertThat(notebook.output(cell)).contains("Your name? ");
        page.type("Jürgen 🚀");
        picture("notebook-input");
        page.pressEnter(0);
        notebook.awaitEnd(cell);

        assertThat(notebook.output(cell)).contains("Hello, Jürgen 🚀");
    }

    @Test
    void interruptButton_endsTheCell_andTheKernelGoesOn() throws Exception {
        notebook.run("int kept = 41;");
        int loop = notebook.start("System.out.println(\"begins\");\nwhile (true) {}");
        notebook.awaitOutput(loop, "begins");
        notebook.pressInterruptButton();
        notebook.awaitEnd(loop);
        picture("notebook-interrupted");
        assertThat(notebook.output(loop)).contains("nterrupt");

        notebook.run("int endless(int x) { System.out.println(\"works\"); while (true) {} }");
        int map = notebook.start("%pool map endless 0..3");
        notebook.awaitOutput(map, "works");
        notebook.pressInterruptButton();
        notebook.awaitEnd(map);
        assertThat(notebook.output(map)).contains("nterrupt");

        assertThat(notebook.run("kept + 1")).contains("42");
    }

    @Test
    void errors_areShownWithTheirLine() throws Exception {
        int cell = notebook.start("int divide(int x) {\n    return 10 / x;\n}\ndivide(0)");
        notebook.awaitEnd(cell);
        int wrong = notebook.start("int x = \"text\";");
        notebook.awaitEnd(wrong);
        int remote = notebook.start("%pool map divide 0..1");
        notebook.awaitEnd(remote);

        assertThat(notebook.output(cell))
                .contains("ArithmeticException: / by zero")
                .containsPattern("In\\[\\d+\\]:2");
        assertThat(notebook.output(wrong)).contains("String");
        assertThat(notebook.output(remote)).contains("ArithmeticException: / by zero", "item 0 of map");
        picture("notebook-errors");
    }

    @Test
    void restartButton_beginsAnew() throws Exception {
        notebook.run("int forgotten = 1;");
        notebook.restart();

        int cell = notebook.start("forgotten");
        notebook.awaitEnd(cell);
        assertThat(notebook.executionCount(cell)).isEqualTo(1);
        assertThat(notebook.output(cell)).contains("forgotten");
        assertThat(notebook.run("6 * 7")).contains("42");
        picture("notebook-restarted");
    }

    @Test
    void kernelThatDies_isStartedAnew_andThatIsSaid() throws Exception {
        int cell = notebook.start("ProcessHandle.current().pid()");
        notebook.awaitOutput(cell, "\\d");
        long kernel = Long.parseLong(notebook.output(cell).replaceAll("(?s).*\\D(\\d+)\\s*", "$1"));
        ProcessHandle.of(kernel).orElseThrow().destroyForcibly();
        page.await("/appears to have died/.test(document.querySelector('.modal.in')?.innerText)");
        picture("notebook-kernel-died");
        page.click(".modal.in .btn-primary");
        page.await("!document.querySelector('.modal')");
        notebook.awaitIdle();

        assertThat(notebook.run("6 * 7")).contains("42");
    }
}
