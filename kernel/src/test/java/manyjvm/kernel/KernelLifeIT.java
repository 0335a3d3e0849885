package manyjvm.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import manyjvm.kernel.runner.ExecuteRequest;
import manyjvm.kernel.runner.JupyterClient;
import manyjvm.kernel.runner.JupyterClient.Channel;
import manyjvm.kernel.runner.KernelCommand;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a kernel's process begins and ends. */
@Timeout(120)
final class KernelLifeIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final KernelCommand FAKE = KernelCommand.ofThisJvm("manyjvm.kernel.FakeKernelMain");

    @TempDir
    Path folder;

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    private JupyterClient start(Map<String, String> environment) throws Exception {
        return start(FAKE, environment);
    }

    private JupyterClient start(KernelCommand command, Map<String, String> environment) throws Exception {
        return JupyterClient.start(
                command, folder, environment, new PrintStream(log, true, UTF_8), Duration.ofSeconds(60));
    }

    /** A shell makes its background jobs ignore SIGINT, what they start inherits that, and a JVM then keeps to it. */
    private static KernelCommand heedingInterrupts() {
        if (!System.getProperty("os.name").equals("Linux")) {
            return FAKE;
        }
        List<String> words = new ArrayList<>(List.of("env", "--default-signal=INT"));
        words.addAll(FAKE.words());
        return new KernelCommand(words);
    }

    @Test
    void shutdownRequest_always_isAnsweredAndEndsTheProcess() throws Exception {
        try (JupyterClient client = start(Map.of())) {
            JsonObject content = new JsonObject();
            content.addProperty("restart", true);
            var reply = client.request(Channel.CONTROL, "shutdown_request", content, SOON);

            assertThat(reply.text("status", "")).isEqualTo("ok");
            assertThat(reply.flag("restart", false)).isTrue();
            client.kernel().onExit().get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void shutdownRequest_whileACellRuns_endsTheProcess() throws Exception {
        try (JupyterClient client = start(Map.of());
                var running = client.begin(new ExecuteRequest("wait"))) {
            while (!running.next(SOON).message().type().equals("execute_input")) {
                // The busy comes before it.
                continue;
            }
            assertThat(client.shutdown(SOON)).isZero();
        }
    }

    @Test
    void sigint_fromATerminal_interruptsTheCellAndNotTheKernel() throws Exception {
        try (JupyterClient client = start(heedingInterrupts(), Map.of());
                var running = client.begin(new ExecuteRequest("wait"))) {
            while (!running.next(SOON).message().type().equals("execute_input")) {
                // The busy comes before it.
                continue;
            }
            kill("-INT", client.kernel().pid());

            assertThat(running.execution(SOON, message -> {}).error())
                    .contains("Interrupted: the cell was interrupted");
            assertThat(client.execute("value 1", SOON).result()).contains("1");
        }
    }

    @Test
    void sigterm_always_endsTheProcess() throws Exception {
        try (JupyterClient client = start(Map.of())) {
            kill("-TERM", client.kernel().pid());
            client.kernel().onExit().get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void parentsDeath_always_endsTheKernel() throws Exception {
        Process parent = new ProcessBuilder("sleep", "600").start();
        try (JupyterClient client = start(Map.of("JPY_PARENT_PID", String.valueOf(parent.pid())))) {
            parent.destroyForcibly();
            client.kernel().onExit().get(30, TimeUnit.SECONDS);
        } finally {
            parent.destroyForcibly();
        }
    }

    @Test
    void foreignSignature_always_isDroppedAndLogged() throws Exception {
        try (JupyterClient client = start(Map.of())) {
            client.sendForged(Channel.SHELL, "execute_request", new ExecuteRequest("print forged"));

            assertThat(client.execute("value 1", SOON).result()).contains("1");
            for (var more = client.nextUnclaimed(Duration.ofMillis(200));
                    more.isPresent();
                    more = client.nextUnclaimed(Duration.ofMillis(200))) {
                assertThat(more.get().message().type()).isNotEqualTo("stream");
            }
            client.shutdown(SOON);
        }
        assertThat(log.toString(UTF_8)).contains("its signature does not fit");
    }

    @Test
    void foreignSignatures_onEveryChannelWhileACellRuns_harmNothing() throws Exception {
        try (JupyterClient client = start(Map.of());
                var running = client.begin(new ExecuteRequest("wait"))) {
            while (!running.next(SOON).message().type().equals("execute_input")) {
                // The busy comes before it.
                continue;
            }
            for (int i = 0; i < 100; i++) {
                client.sendForged(Channel.SHELL, "execute_request", new ExecuteRequest("print forged"));
                client.sendForged(Channel.CONTROL, "interrupt_request", new ExecuteRequest(""));
                client.sendForged(Channel.CONTROL, "shutdown_request", new ExecuteRequest(""));
                client.sendForged(Channel.STDIN, "input_reply", new ExecuteRequest(""));
            }
            client.interrupt(SOON); // answered after what came before it, and obeyed

            assertThat(running.execution(SOON, message -> {}).error())
                    .contains("Interrupted: the cell was interrupted");
            assertThat(client.execute("value 1", SOON).result()).contains("1");
            client.shutdown(SOON);
        }
    }

    @Test
    void garbageOnEveryPort_andConnectionsThatHangOn_harmNothing() throws Exception {
        List<java.net.Socket> strangers = new ArrayList<>();
        try (JupyterClient client = start(Map.of())) {
            Random random = new Random(1);
            for (int port : portsOf(client)) {
                for (int i = 0; i < 20; i++) {
                    java.net.Socket stranger = new java.net.Socket(InetAddress.getLoopbackAddress(), port);
                    strangers.add(stranger);
                    if (i % 2 == 0) {
                        byte[] garbage = new byte[1 + random.nextInt(500)];
                        random.nextBytes(garbage);
                        stranger.getOutputStream().write(garbage);
                    }
                }
            }

            assertThat(client.execute("value 1", SOON).result()).contains("1");
            client.interrupt(SOON);
            assertThat(client.execute("value 2", SOON).result()).contains("2");
            assertThat(client.shutdown(SOON)).isZero();
        } finally {
            for (java.net.Socket stranger : strangers) {
                stranger.close();
            }
        }
    }

    /** The ports that the kernel's process listens on, as the system knows them. */
    private static Set<Integer> portsOf(JupyterClient client) throws Exception {
        Set<String> sockets = new TreeSet<>();
        Path descriptors = Path.of("/proc", String.valueOf(client.kernel().pid()), "fd");
        try (Stream<Path> all = Files.list(descriptors)) {
            for (Path descriptor : all.toList()) {
                try {
                    String target = Files.readSymbolicLink(descriptor).toString();
                    if (target.startsWith("socket:[")) {
                        sockets.add(target.substring("socket:[".length(), target.length() - 1));
                    }
                } catch (java.nio.file.NoSuchFileException closed) {
                    // between the listing and the look
                }
            }
        }
        Set<Integer> ports = new TreeSet<>();
        for (String file : List.of("tcp", "tcp6")) {
            for (String line : Files.readAllLines(Path.of("/proc/net", file))) {
                String[] words = line.strip().split("\\s+");
                if (words[3].equals("0A") && sockets.contains(words[9])) { // listening
                    ports.add(Integer.parseInt(words[1].substring(words[1].lastIndexOf(':') + 1), 16));
                }
            }
        }
        assertThat(ports).hasSizeGreaterThanOrEqualTo(5);
        return ports;
    }

    @Test
    void start_ofManyKernels_neverMissesAnAnswer() throws Exception {
        for (int i = 0; i < 7; i++) {
            try (JupyterClient client = start(Map.of())) {
                assertThat(client.execute("value 1", SOON).result()).contains("1");
            }
        }
    }

    @Test
    void badConnectionFile_always_isOneLineAndExitCode2() throws Exception {
        Path noPorts = Files.writeString(folder.resolve("no-ports.json"), "{\"transport\": \"tcp\"}");
        Path noJson = Files.writeString(folder.resolve("no-json.json"), "hello");
        for (Path file : List.of(noPorts, noJson, folder.resolve("missing.json"))) {
            Output output = run(file.toString());
            assertThat(output.exitCode()).isEqualTo(2);
            assertThat(output.text().lines()).hasSize(1).first().asString().contains("connection file");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"shell_port", "iopub_port", "stdin_port", "control_port", "hb_port"})
    void takenPort_whicheverItIs_isOneLineAndItsOwnExitCode(String port) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Output output = run(FAKE, connectionFile(Map.of(port, taken.getLocalPort())));
            assertThat(output.exitCode()).isEqualTo(JupyterClient.EXIT_ADDRESS_IN_USE);
            assertThat(output.text().lines()).hasSize(1).first().asString().contains("cannot listen");
        }
    }

    @Test
    void kernelThatCannotStart_saysWhyOnOneLine_andEnds() throws Exception {
        Output output = run(with(FAKE, "-Dfake.session.fails=true"), connectionFile(Map.of()));
        assertThat(output.exitCode()).isEqualTo(1);
        assertThat(output.text().lines())
                .singleElement()
                .isEqualTo("manyjvm: The kernel cannot start: Cannot write it: No space left on device");
    }

    @Test
    void unknownSignatureScheme_isToldInItsOwnWords() throws Exception {
        Path file = Path.of(connectionFile(Map.of()));
        Files.writeString(file, Files.readString(file).replace("hmac-sha256", "hmac-none"));
        Output output = run(FAKE, file.toString());
        assertThat(output.exitCode()).isEqualTo(1);
        assertThat(output.text().lines())
                .singleElement()
                .asString()
                .startsWith("manyjvm: The connection file asks for");
    }

    @Test
    void extensionThatCannotStart_isToldOnOneLine_andEndsTheKernel() throws Exception {
        Output output = run(with(FAKE, "-Dfake.extension.fails=true"), connectionFile(Map.of()));
        assertThat(output.exitCode()).isEqualTo(1);
        assertThat(output.text().lines())
                .singleElement()
                .isEqualTo(
                        "manyjvm: The extension manyjvm.kernel.FakeExtension did not start: cannot make it: disk full");
    }

    @Test
    void temporaryFolder_thatIsNotThere_isToldInTheCell() throws Exception {
        Path nowhere = folder.resolve("nowhere");
        try (JupyterClient client = start(with(KernelCommand.ofThisJvm(), "-Djava.io.tmpdir=" + nowhere), Map.of())) {
            assertThat(client.execute("1 + 1", SOON).error().orElseThrow())
                    .contains(nowhere + ": there is no such file or folder. Make room there, or set java.io.tmpdir")
                    .doesNotContain("report");
        }
    }

    @Test
    void displayThatDoesNotFitIntoTheMemory_isToldInItsCell_andCostsNoOther() throws Exception {
        try (JupyterClient client = start(with(FAKE, "-Xmx48m"), Map.of())) {
            var large = client.execute("print before\ndisplay-large 20000000\nprint after", SOON);
            assertThat(large.error()).isEmpty();
            assertThat(large.stdout()).isEqualTo("before\nafter\n");
            assertThat(large.stderr()).contains("could not be shown: the kernel ran out of memory. Show less at once.");
            assertThat(client.execute("value 1", SOON).result()).contains("1");
        }
    }

    private static KernelCommand with(KernelCommand command, String jvmOption) {
        List<String> words = new ArrayList<>(command.words());
        words.add(1, jvmOption);
        return new KernelCommand(words);
    }

    /** With ports that are free, but for those given. */
    private String connectionFile(Map<String, Integer> given) throws Exception {
        JsonObject json = new JsonObject();
        json.addProperty("ip", "127.0.0.1");
        json.addProperty("transport", "tcp");
        json.addProperty("key", "k");
        json.addProperty("signature_scheme", "hmac-sha256");
        List<ServerSocket> free = new ArrayList<>();
        for (String name : List.of("shell_port", "iopub_port", "stdin_port", "control_port", "hb_port")) {
            ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            free.add(socket);
            json.addProperty(name, given.getOrDefault(name, socket.getLocalPort()));
        }
        for (ServerSocket socket : free) {
            socket.close();
        }
        return Files.writeString(folder.resolve("connection.json"), json.toString())
                .toString();
    }

    private record Output(int exitCode, String text) {}

    private static Output run(String... arguments) throws Exception {
        return run(FAKE, arguments);
    }

    private static Output run(KernelCommand command, String... arguments) throws Exception {
        List<String> words = new ArrayList<>(command.words());
        words.addAll(List.of(arguments));
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Output(process.waitFor(), text);
    }

    private static void kill(String signal, long pid) throws Exception {
        int code = new ProcessBuilder("sh", "-c", "kill " + signal + " " + pid)
                .inheritIO()
                .start()
                .waitFor();
        assertThat(code).as("kill %s %d", signal, pid).isZero();
    }
}
