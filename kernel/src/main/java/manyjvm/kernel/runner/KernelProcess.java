package manyjvm.kernel.runner;

import io.github.spencerpark.jupyter.kernel.KernelConnectionProperties;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import manyjvm.kernel.protocol.ConnectionFile;
import manyjvm.kernel.spi.IoReason;

/**
 * A kernel's process, its connection file in a private folder, and what it prints of its own. The thread {@code
 * kernel-log} copies that and keeps the end of it for error messages.
 */
final class KernelProcess implements AutoCloseable {
    private static final int KEPT_CHARACTERS = 4_000;

    private final ConnectionFile connection;
    private final Path folder;
    private final Process process;
    private final Thread copier;

    /** Guarded by itself. */
    private final StringBuilder lastWords = new StringBuilder();

    private KernelProcess(ConnectionFile connection, Path folder, Process process, PrintStream log) {
        this.connection = connection;
        this.folder = folder;
        this.process = process;
        this.copier = new Thread(() -> copy(process.getInputStream(), log), "kernel-log");
        copier.setDaemon(true);
        copier.start();
    }

    /** @param log gets what the process itself prints, as opposed to its cells */
    static KernelProcess start(KernelCommand command, Path directory, Map<String, String> environment, PrintStream log)
            throws IOException {
        // Created with permissions for its owner alone.
        Path folder = Files.createTempDirectory("manyjvm-run-");
        try {
            ConnectionFile connection = freshConnection();
            Path file = folder.resolve("connection.json");
            connection.write(file);
            List<String> words = new ArrayList<>(command.words());
            words.add(file.toString());
            ProcessBuilder builder =
                    new ProcessBuilder(words).directory(directory.toFile()).redirectErrorStream(true);
            builder.environment()
                    .put(
                            "JPY_PARENT_PID",
                            String.valueOf(ProcessHandle.current().pid()));
            // What a program runs is nothing that a person typed, and would like to find again.
            builder.environment().put("MANYJVM_HISTORY", "off");
            builder.environment().putAll(environment);
            Process process = builder.start();
            process.getOutputStream().close();
            return new KernelProcess(connection, folder, process, log);
        } catch (IOException | RuntimeException failure) {
            delete(folder);
            throw failure;
        }
    }

    /** Free ports. Another program may take one before the kernel does; whoever starts a kernel then tries again. */
    private static ConnectionFile freshConnection() throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < 5; i++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            byte[] key = new byte[32];
            new SecureRandom().nextBytes(key);
            return new ConnectionFile(new KernelConnectionProperties(
                    "127.0.0.1",
                    sockets.get(0).getLocalPort(),
                    sockets.get(1).getLocalPort(),
                    sockets.get(2).getLocalPort(),
                    sockets.get(3).getLocalPort(),
                    sockets.get(4).getLocalPort(),
                    "tcp",
                    "hmac-sha256",
                    HexFormat.of().formatHex(key)));
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
    }

    ConnectionFile connection() {
        return connection;
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    int exitCode() {
        return process.exitValue();
    }

    CompletionStage<Process> onExit() {
        return process.onExit();
    }

    /** The end of what the process printed; waits a moment for the last of it when the process is dead. */
    String lastWords() {
        if (!process.isAlive()) {
            join(Duration.ofSeconds(1));
        }
        synchronized (lastWords) {
            return lastWords.toString().strip();
        }
    }

    /** Waits for the process to end. */
    boolean awaitExit(Duration timeout) throws InterruptedException {
        return process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Kills what is left of the process and of the processes that it started, and removes the folder. */
    @Override
    public void close() {
        List<ProcessHandle> family = new ArrayList<>(process.descendants().toList());
        family.add(process.toHandle());
        family.forEach(ProcessHandle::destroyForcibly);
        process.onExit().join();
        join(Duration.ofSeconds(1));
        delete(folder);
    }

    private void join(Duration timeout) {
        try {
            copier.join(timeout.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void copy(InputStream from, PrintStream log) {
        byte[] buffer = new byte[8192];
        try {
            for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
                log.write(buffer, 0, count);
                log.flush();
                synchronized (lastWords) {
                    lastWords.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
                    lastWords.delete(0, Math.max(0, lastWords.length() - KEPT_CHARACTERS));
                }
            }
        } catch (IOException closed) {
            // The process is gone and its pipe with it: there is nothing more to copy.
        }
    }

    private static void delete(Path folder) {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot remove " + folder + ": " + IoReason.of(e), e);
        }
    }
}
