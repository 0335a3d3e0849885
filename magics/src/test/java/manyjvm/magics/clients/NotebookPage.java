package manyjvm.magics.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;

/** A notebook that is open in Jupyter Notebook. Cells are counted from 0, those of text, too. */
public final class NotebookPage {
    private static final String MODAL = ".modal.in .modal-footer ";

    private final Page page;

    /** Opens it, and returns when its kernel is ready. */
    public NotebookPage(Page page, NotebookServer server, String file) throws Exception {
        this.page = page;
        page.go(server.pageOf(file));
        page.await("window.Jupyter && Jupyter.notebook && Jupyter.notebook._fully_loaded");
        awaitIdle();
        page.forgetProblems(); // Jupyter's own: Debian's looks for an extension that another package has
    }

    public void awaitIdle() {
        page.await("Jupyter.notebook.kernel && Jupyter.notebook.kernel.is_connected()"
                + " && document.querySelector('#kernel_indicator_icon.kernel_idle_icon')?.title");
    }

    /** So that what is shown afterwards is new; the numbers of the cells, too. */
    public void clearOutputs() {
        page.evaluate("Jupyter.notebook.get_cells().forEach(cell => { if (cell.cell_type == 'code') {"
                + " cell.clear_output(false, true); cell.set_input_prompt(); } })");
    }

    /** Chooses Run All in the menu, and returns when each code cell has its number. */
    public void runAll() {
        page.click("#celllink");
        page.click("#run_all_cells a");
        page.await("Jupyter.notebook.get_cells().every(cell => cell.cell_type != 'code'"
                + " || Number.isInteger(cell.input_prompt_number))");
    }

    /** Adds a code cell at the end, with the cursor behind its text. */
    int add(String code) {
        String add =
                """
                (() => {
                  const notebook = Jupyter.notebook;
                  const cell = notebook.insert_cell_at_bottom('code');
                  cell.set_text(%s);
                  const index = notebook.find_cell_index(cell);
                  notebook.select(index);
                  notebook.edit_mode();
                  cell.code_mirror.execCommand('goDocEnd');
                  cell.element[0].scrollIntoView();
                  return index;
                })()""";
        return page.evaluate(add.formatted(Page.quoted(code))).getAsInt();
    }

    /** Adds a cell, and presses what runs it. */
    int start(String code) {
        int cell = add(code);
        page.pressEnter(Page.CONTROL);
        return cell;
    }

    /** Runs a cell that is added, and gives what it shows. */
    String run(String code) {
        int cell = start(code);
        awaitEnd(cell);
        return output(cell);
    }

    private static String cell(int cell) {
        return "Jupyter.notebook.get_cell(" + cell + ")";
    }

    private static String outputOf(int cell) {
        return cell(cell) + ".element[0].querySelector('.output').innerText";
    }

    boolean isRunning(int cell) {
        return page.evaluate(cell(cell) + ".input_prompt_number === '*'").getAsBoolean();
    }

    void awaitEnd(int cell) {
        page.await("Number.isInteger(" + cell(cell) + ".input_prompt_number)");
        awaitIdle();
    }

    /** Waits until a cell shows what an expression of JavaScript finds. */
    void awaitOutput(int cell, String expression) {
        page.await("new RegExp(" + Page.quoted(expression) + ").test(" + outputOf(cell) + ")");
    }

    String output(int cell) {
        return page.evaluate(outputOf(cell)).getAsString();
    }

    String code(int cell) {
        return page.evaluate(cell(cell) + ".get_text()").getAsString();
    }

    int executionCount(int cell) {
        return page.evaluate(cell(cell) + ".input_prompt_number").getAsInt();
    }

    void pressInterruptButton() {
        page.click("button[data-jupyter-action='jupyter-notebook:interrupt-kernel']");
    }

    /** Presses the button, confirms, and returns when the new kernel is ready. */
    void restart() {
        page.evaluate("Jupyter.notebook.events.one('kernel_ready.Kernel', () => { window.restarted = true; })");
        page.click("button[data-jupyter-action='jupyter-notebook:confirm-restart-kernel']");
        page.click(MODAL + ".btn-danger");
        page.await("window.restarted && !document.querySelector('.modal')");
        page.evaluate("delete window.restarted");
        awaitIdle();
    }

    /** Saves, and returns when the file is written. */
    public void save() {
        page.evaluate("Jupyter.notebook.events.one('notebook_saved.Notebook', () => { window.saved = true; })");
        page.pressSave();
        page.await("window.saved");
        page.evaluate("delete window.saved");
    }

    public void picture(Path file) throws Exception {
        page.picture(file);
    }

    /** All cells in one picture. */
    public void wholePicture(Path file) throws Exception {
        int height = page.evaluate("document.querySelector('#notebook-container').scrollHeight + 200")
                .getAsInt();
        page.evaluate("document.querySelector('#site').scrollTop = 0");
        page.picture(file, 1000, Math.min(height, 15_000));
    }

    public void assertNoProblems() {
        assertThat(page.problems()).as("errors of JavaScript").isEqualTo(List.of());
    }
}
