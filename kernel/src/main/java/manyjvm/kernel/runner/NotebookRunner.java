package manyjvm.kernel.runner;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import manyjvm.kernel.runner.JupyterClient.Channel;
import manyjvm.kernel.runner.JupyterClient.Conversation;
import manyjvm.kernel.runner.NotebookFile.Cell;
import manyjvm.kernel.spi.IoReason;

/**
 * Runs a notebook from the first cell to the last in a kernel of its own, as {@code jupyter nbconvert --execute} does,
 * and stops at the first cell that fails unless its tag {@code raises-exception} says that it should. Needs no Jupyter.
 */
public final class NotebookRunner {
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration GRACE = Duration.ofSeconds(5);

    /** No limit, in practice. */
    private static final Duration FOREVER = Duration.ofDays(365);

    private final KernelCommand command;
    private final PrintStream out;
    private final PrintStream errors;
    private final boolean colours;

    /**
     * @param out gets the cells and their outputs
     * @param errors gets what goes wrong, and what the kernel's process prints itself
     */
    public NotebookRunner(KernelCommand command, PrintStream out, PrintStream errors, boolean colours) {
        this.command = command;
        this.out = out;
        this.errors = errors;
        this.colours = colours;
    }

    /**
     * @param executed where to write the notebook with its outputs, also when a cell has failed
     * @param cellTimeout how long each cell may take
     * @return 0 when all cells ran, 1 when one failed or the kernel did, 2 when there is no such notebook
     */
    public int run(Path notebook, Optional<Path> executed, Optional<Duration> cellTimeout) {
        NotebookFile file;
        try {
            file = NotebookFile.read(notebook);
            if (executed.isPresent()) {
                checkWritable(executed.get());
            }
        } catch (NotebookFile.NotebookFileException noNotebook) {
            errors.println("manyjvm: " + noNotebook.getMessage());
            return 2;
        }
        Path folder = Objects.requireNonNull(notebook.toAbsolutePath().getParent(), "what has been read is no root");
        int code;
        try (JupyterClient client = JupyterClient.start(command, folder, Map.of(), errors, START)) {
            Thread hook = new Thread(client::close, "shutdown");
            Runtime.getRuntime().addShutdownHook(hook);
            try {
                code = new Run(file, client, cellTimeout.orElse(FOREVER)).cells();
            } finally {
                removeHook(hook);
            }
        } catch (IOException | IllegalStateException failure) {
            errors.println("manyjvm: " + failure.getMessage());
            code = 1;
        } catch (TimeoutException late) {
            errors.println("manyjvm: the kernel does not answer: " + late.getMessage());
            code = 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            errors.println("manyjvm: interrupted");
            code = 1;
        }
        return write(file, executed) ? code : 2;
    }

    private static void checkWritable(Path executed) throws NotebookFile.NotebookFileException {
        Path folder = executed.toAbsolutePath().getParent();
        if (folder == null || Files.isDirectory(executed) || !Files.isDirectory(folder) || !Files.isWritable(folder)) {
            throw new NotebookFile.NotebookFileException(
                    "Cannot write " + executed + ": name a file in a folder that exists.");
        }
    }

    private boolean write(NotebookFile file, Optional<Path> executed) {
        try {
            if (executed.isPresent()) {
                file.write(executed.get());
            }
            return true;
        } catch (IOException failure) {
            errors.println("manyjvm: cannot write " + executed.get() + ": " + IoReason.of(failure));
            return false;
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            // The JVM is shutting down already, and the hook does its work.
        }
    }

    /** One run; confined to the thread that calls {@link #cells}. */
    private final class Run {
        private final NotebookFile file;
        private final JupyterClient client;
        private final Duration timeout;
        private final TerminalPage page = new TerminalPage(out, colours);
        private final NotebookOutputs outputs = new NotebookOutputs();

        /** They stay open to the end: a cell's threads may print after it. */
        private final Map<Cell, Conversation> conversations = new LinkedHashMap<>();

        Run(NotebookFile file, JupyterClient client, Duration timeout) {
            this.file = file;
            this.client = client;
            this.timeout = timeout;
        }

        int cells() throws InterruptedException, TimeoutException {
            file.setLanguage(client.request(Channel.SHELL, "kernel_info_request", new JsonObject(), START)
                    .object("language_info"));
            file.cells().stream().filter(Cell::isCode).forEach(Cell::clear);
            boolean well = true;
            int number = 0;
            for (Cell cell : file.cells()) {
                String source = cell.source();
                if (!cell.isCode()) {
                    page.text(source);
                } else if (!source.isBlank() && !cell.hasTag("skip-execution")) {
                    number++;
                    page.code(number, source);
                    well = run(cell, source);
                    page.endCell();
                }
                if (!well) {
                    page.note("Cell " + number + " failed; the cells after it were not run.");
                    break;
                }
            }
            collectLateOutput();
            return well ? 0 : 1;
        }

        private static String seconds(Duration duration) {
            return BigDecimal.valueOf(duration.toMillis(), 3)
                    .stripTrailingZeros()
                    .toPlainString();
        }

        /** @return whether the notebook may go on */
        private boolean run(Cell cell, String source) throws InterruptedException, TimeoutException {
            Conversation conversation = client.begin(new ExecuteRequest(source));
            conversations.put(cell, conversation);
            Execution execution;
            try {
                execution = conversation.execution(timeout, received -> show(cell, received));
            } catch (TimeoutException late) {
                page.note("The cell took longer than " + seconds(timeout) + " s and is being interrupted.");
                client.interrupt(GRACE);
                conversation.execution(GRACE, received -> show(cell, received));
                return false;
            }
            cell.setExecutionCount(execution.reply().number("execution_count", 0));
            return execution.status().equals("ok") || cell.hasTag("raises-exception");
        }

        private void show(Cell cell, JupyterClient.Received received) {
            if (received.channel() == Channel.IOPUB) {
                outputs.add(cell, received.message());
                page.output(received.message());
            }
        }

        private boolean isEnd(JupyterClient.Received received) {
            return received.channel() == Channel.IOPUB
                    && received.message().type().equals("shutdown_reply");
        }

        /** The kernel sends all output that it has before it tells the end on IOPub. */
        private void collectLateOutput() throws InterruptedException, TimeoutException {
            JsonObject end = new JsonObject();
            end.addProperty("restart", false);
            try (Conversation shutdown = client.open(Channel.CONTROL, "shutdown_request", end)) {
                while (!isEnd(shutdown.next(GRACE))) {
                    // The reply on control, and statuses.
                    continue;
                }
            }
            for (Map.Entry<Cell, Conversation> entry : conversations.entrySet()) {
                try (Conversation conversation = entry.getValue()) {
                    conversation.arrived().forEach(received -> show(entry.getKey(), received));
                }
            }
        }
    }
}
