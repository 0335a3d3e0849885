package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import manyjvm.kernel.runner.Execution;
import manyjvm.kernel.runner.JupyterClient;
import manyjvm.kernel.runner.KernelCommand;

/** A real kernel in a process of its own, spoken to by the real protocol; for tests that think in cells. */
final class NotebookKernel implements AutoCloseable {
    static final Duration LONG = Duration.ofSeconds(120);

    private final JupyterClient client;

    NotebookKernel() throws IOException, InterruptedException {
        this(JupyterClient.start(KernelCommand.ofThisJvm()));
    }

    NotebookKernel(JupyterClient client) {
        this.client = client;
    }

    JupyterClient client() {
        return client;
    }

    /** Runs a cell that must end well. */
    Execution run(String code) throws InterruptedException, TimeoutException {
        Execution execution = client.execute(code, LONG);
        assertThat(execution.status())
                .as(() -> code + "\n" + traceback(execution) + execution.stderr())
                .isEqualTo("ok");
        return execution;
    }

    /** Runs a cell that must end well, and gives its result's text. */
    String value(String code) throws InterruptedException, TimeoutException {
        return run(code).result().orElse("");
    }

    /** Runs a cell that must fail, and gives the error as {@code name: message}. */
    String error(String code) throws InterruptedException, TimeoutException {
        Execution execution = client.execute(code, LONG);
        assertThat(execution.status())
                .as(() -> code + " printed " + execution.stdout())
                .isEqualTo("error");
        return execution.error().orElseThrow();
    }

    /** What the front end shows of a failed cell, without colours. */
    static String traceback(Execution execution) {
        return execution.outputs("error").stream()
                .flatMap(message -> message.content().getAsJsonArray("traceback").asList().stream())
                .map(line -> line.getAsString().replaceAll("\u001b\\[[0-9;]*m", ""))
                .collect(Collectors.joining("\n"));
    }

    /** The processes that the kernel has started and that live. */
    List<ProcessHandle> workers() {
        return client.kernel().descendants().toList();
    }

    @Override
    public void close() {
        client.close();
    }
}
