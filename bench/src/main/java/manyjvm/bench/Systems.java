package manyjvm.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import manyjvm.kernel.runner.Execution;
import manyjvm.kernel.runner.JupyterClient;
import manyjvm.kernel.runner.KernelCommand;

/** What is measured: this project's kernel, and Python with its pools. Each workload gets a fresh process. */
final class Systems {
    static final String OURS = "manyjvm";

    /** As {@code pools.py} names them. */
    static final List<String> PEERS = List.of("fork", "spawn", "forkserver", "loky", "ipyparallel");

    /** The interpreter that has the peers. */
    static final String PYTHON = Optional.ofNullable(System.getenv("PYTHON")).orElse("python3");

    static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final int NEW_LAMBDAS = 15;

    private final KernelCommand kernel;
    private final Path peers;

    /** @param peers the folder of {@code pools.py} */
    Systems(KernelCommand kernel, Path peers) {
        this.kernel = kernel;
        this.peers = peers;
    }

    static String run(JupyterClient client, String code) throws InterruptedException, TimeoutException {
        Execution execution = client.execute(code, PATIENCE);
        Optional<String> error = execution.error();
        if (error.isPresent()) {
            throw new IllegalStateException("a cell failed: " + error.get() + "\n" + code);
        }
        return execution.stdout();
    }

    void ours(Workload workload, Samples samples) throws IOException, InterruptedException, TimeoutException {
        try (JupyterClient client = JupyterClient.start(kernel)) {
            run(client, Workloads.HELPERS);
            StringBuilder printed = new StringBuilder(run(client, workload.cell()));
            for (int i = 0; workload.name().equals("lambda") && i < NEW_LAMBDAS; i++) {
                printed.append(run(client, Workloads.newLambda(i)));
            }
            Samples.read(printed.toString(), (figure, value) -> samples.add(figure, OURS, value));
        }
    }

    /**
     * @return why there are no figures; empty when all went well, or the peer has nothing of the kind
     */
    Optional<String> peer(String peer, Workload workload, Samples samples) throws IOException, InterruptedException {
        Path printed = Files.createTempFile("bench", ".txt");
        Process python = new ProcessBuilder(PYTHON, peers.resolve("pools.py").toString(), peer, workload.name())
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .start();
        try {
            boolean ended = python.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            String text = Files.readString(printed);
            if (!ended || python.exitValue() != 0) {
                return Optional.of(
                        peer + ", " + workload.name() + ": " + (ended ? lastLine(text) : "no end within " + PATIENCE));
            }
            Samples.read(text, (figure, value) -> samples.add(figure, peer, value));
            return Optional.empty();
        } finally {
            python.descendants().forEach(ProcessHandle::destroyForcibly);
            python.destroyForcibly();
            Files.delete(printed);
        }
    }

    private static String lastLine(String printed) {
        return printed.strip().lines().reduce("", (before, line) -> line);
    }
}
