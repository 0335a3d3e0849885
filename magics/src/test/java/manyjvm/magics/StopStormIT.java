package manyjvm.magics;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import manyjvm.kernel.protocol.ConnectionFile;
import manyjvm.kernel.protocol.JupyterMessage;
import manyjvm.kernel.runner.ExecuteRequest;
import manyjvm.kernel.runner.Execution;
import manyjvm.kernel.runner.JupyterClient.Channel;
import manyjvm.kernel.runner.JupyterClient.Conversation;
import manyjvm.kernel.runner.JupyterClient.Received;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Stops, shutdowns and restarts at random moments of random cells, over the real protocol. A stop ends the cell or comes too
 * late for it, and whatever it met, variables, methods, imports, jars and pools are what they were. After a shutdown nothing is
 * left. The last line says how many moments were tried, and how long the slowest stop took.
 *
 * <p>{@code -Dmanyjvm.storm.seconds=600} for longer, {@code -Dmanyjvm.storm.seed=N} for the same cells and the same moments
 * again; what a moment meets is up to the machine.
 */
@Timeout(value = 1, unit = TimeUnit.HOURS) // the property says how long it works
class StopStormIT {
    private static final Duration SPAN = Duration.ofSeconds(Integer.getInteger("manyjvm.storm.seconds", 20));
    private static final long SEED = Long.getLong("manyjvm.storm.seed", System.nanoTime() & 0xffff_ffffL);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration OVERTAKEN = Duration.ofSeconds(5);
    private static final int CLASSES = 2000;

    /** {@code #} stands for a number that is another one each time. */
    private static final List<String> CELLS = List.of(
            "var p = new Pool(1); p.close();",
            "Pool p = new Pool(1);\np.apply(() -> 1)",
            "pool.map(x -> x * x, range(50))",
            "pool.map(x -> { Thread.sleep(20); return x; }, range(20))",
            "pool.imap(x -> x + kept, range(9)).forEach(x -> System.out.println(x));",
            "%pool map (x -> x + #) 0..20",
            "%process System.out.println(#)",
            "%process Thread.sleep(50)",
            "%classpath JAR",
            "%who",
            "1 + 1",
            "kept",
            "long sum = 0;\nwhile (true) { sum++; }",
            "Thread.sleep(10_000);",
            "for (int i = 0; ; i++) { System.out.println(i); }",
            "class Slow { public String toString() { while (true) { } } }\nnew Slow()",
            "class Sleepy { public String toString() { try { Thread.sleep(9_000); } catch (InterruptedException e) { } return \"\"; } }\n"
                    + "new Sleepy()",
            "throw new RuntimeException() { public String getMessage() { while (true) { } } };",
            "int twice(int x) { return 2 * x + 0 * #; }",
            "class Corner { int x = 3; int y = #; }\nint corner() { return new Corner().x; }",
            "int kept = 41;",
            "var list = new ArrayList<>(List.of(1, 2, 3));",
            "Object other = Map.of(\"n\", #);",
            "String other = \"n #\";",
            "import java.util.concurrent.atomic.*;\nnew AtomicInteger(#).get()",
            "import java.time.*;\nDuration.ofSeconds(#)",
            "import static java.lang.Math.*;\nmax(1, #)",
            "new Queue<Integer>(3).put(#);",
            "Value.of(0.5).get()",
            "lib.p#.C#.n()",
            "var d = IntStream.range(0, 5000).boxed().collect(Collectors.groupingBy(x -> x % 7, TreeMap::new, Collectors.counting()));\nd",
            "Thread t = new Thread(() -> { while (true) { } });\nt.start();\nt.join();",
            "Thread.currentThread().interrupt();\nint a# = #;",
            "Thread me = Thread.currentThread();\nnew Thread(() -> { for (int i = 0; i < 60; i++) { try { Thread.sleep(1); } catch (InterruptedException e) { } me.interrupt(); } }, \"late timer\").start();",
            heavy());

    /** Compiled while the timers interrupt the thread that its code will run on; after it they hit no other cell. */
    private static final String AWAIT_TIMERS =
            """
            for (Thread one : Thread.getAllStackTraces().keySet()) {
                while (one.getName().equals("late timer") && one.isAlive()) { Thread.onSpinWait(); }
            }
            """;

    @TempDir
    Path folder;

    private final Random random = new Random(SEED);
    private final Map<String, Integer> outcomes = new TreeMap<>();
    private int number;
    private int overtaking;

    @Test
    void stops_atRandomMoments_leaveTheSessionWhole() throws Exception {
        System.out.println("stops for " + SPAN.toSeconds() + " s; again with -Dmanyjvm.storm.seed=" + SEED);
        Path jar = jar(folder.resolve("lib.jar"));
        long slowest = 0;
        String slowestCell = "";
        int moments = 0;
        try (NotebookKernel notebook = new NotebookKernel()) {
            notebook.run("%classpath " + jar + "\nint kept = 41;\nvar list = new ArrayList<>(List.of(1, 2, 3));\n"
                    + "int twice(int x) { return 2 * x; }\nclass Point { int x = 3; }\nPoint point = new Point();\n"
                    + "Pool pool = new Pool(2);\nPool p = new Pool(1);\np.close();");
            long end = System.nanoTime() + SPAN.toNanos();
            while (System.nanoTime() < end) {
                String code = next(jar);
                Duration moment = moment();
                String where = "-Dmanyjvm.storm.seed=" + SEED + ", stop " + moments + " after "
                        + moment.toNanos() / 1000 + " us of\n" + code + "\n";
                try (Conversation cell = notebook.client().begin(new ExecuteRequest(code))) {
                    LockSupport.parkNanos(moment.toNanos());
                    List<JupyterMessage> before =
                            cell.arrived().stream().map(Received::message).toList();
                    long stopped = System.nanoTime();
                    notebook.client().interrupt(PATIENCE);
                    Execution execution = ended(notebook, cell, before, where);
                    long took = System.nanoTime() - stopped;
                    if (took > slowest) {
                        slowest = took;
                        slowestCell = code;
                    }
                    assertThat(execution.error().orElse(""))
                            .as(() -> where + NotebookKernel.traceback(execution) + execution.stderr())
                            .isIn("", "Interrupted: the cell was interrupted");
                    outcomes.merge(execution.status(), 1, Integer::sum);
                }
                if (code.contains("late timer")) {
                    notebook.run(AWAIT_TIMERS);
                }
                checkWhole(notebook, where);
                moments++;
            }
            assertThat(notebook.value("pool.map(x -> x + 1, range(3))")).isEqualTo("[1, 2, 3]");
        }
        System.out.printf(
                "%d stops %s, %d of them overtook their cell; the slowest took %d ms: %s%n",
                moments,
                outcomes,
                overtaking,
                slowest / 1_000_000,
                slowestCell.lines().findFirst().orElse(""));
        assertThat(moments).isPositive();
    }

    /**
     * The two requests come by different sockets. A stop that overtook its cell was for none; the cell goes on, and another stop
     * ends it. Once the kernel has said that it is busy with the cell, none can overtake it.
     */
    private Execution ended(NotebookKernel notebook, Conversation cell, List<JupyterMessage> before, String where)
            throws Exception {
        List<JupyterMessage> messages = new ArrayList<>(before);
        boolean busy = has(messages, "busy");
        try {
            awaitEnd(cell, messages, busy ? PATIENCE : OVERTAKEN);
        } catch (TimeoutException goesOn) {
            assertThat(busy).as(() -> where + stacks(notebook)).isFalse();
            overtaking++;
            notebook.client().interrupt(PATIENCE);
            awaitEnd(cell, messages, PATIENCE);
        }
        return new Execution(reply(messages).orElseThrow(), messages);
    }

    /** Reply and idle come by different sockets, in any order, and one of them may be among those that came before the stop. */
    private static void awaitEnd(Conversation cell, List<JupyterMessage> messages, Duration patience) throws Exception {
        long end = System.nanoTime() + patience.toNanos();
        while (reply(messages).isEmpty() || !has(messages, "idle")) {
            messages.add(cell.next(Duration.ofNanos(end - System.nanoTime())).message());
        }
    }

    private static boolean has(List<JupyterMessage> messages, String state) {
        return messages.stream()
                .anyMatch(message -> message.text("execution_state", "").equals(state));
    }

    private static Optional<JupyterMessage> reply(List<JupyterMessage> messages) {
        return messages.stream()
                .filter(message -> message.type().equals("execute_reply"))
                .findFirst();
    }

    private static String stacks(NotebookKernel notebook) {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        try {
            Process dump = new ProcessBuilder(
                            jcmd.toString(),
                            String.valueOf(notebook.client().kernel().pid()),
                            "Thread.print")
                    .redirectErrorStream(true)
                    .start();
            return new String(dump.getInputStream().readAllBytes(), ISO_8859_1);
        } catch (IOException noDump) {
            return noDump.toString();
        }
    }

    /** What is asked names a class of the jar, and at times one of ours, that nobody has used before: it is read now. */
    private void checkWhole(NotebookKernel notebook, String where) throws Exception {
        int fresh = number++ % CLASSES;
        boolean all = number % 4 == 0;
        String check = "kept + \" \" + list + \" \" + twice(point.x) + \" \" + lib.p" + fresh + ".C" + fresh + ".n()"
                + (all
                        ? " + " + Imports.TYPES.get(number / 4 % Imports.TYPES.size())
                                + ".class.getSimpleName().length()" + " * 0 + pool.apply(() -> kept + lib.p" + fresh
                                + ".C" + fresh + ".n())"
                        : "");
        Execution execution = notebook.client().execute(all ? "p.close();\n" + check : check, PATIENCE);
        assertThat(execution.result())
                .as(() -> where + check + "\n" + NotebookKernel.traceback(execution) + execution.stderr())
                .contains("41 [1, 2, 3] 6 " + fresh + (all ? "0" + (41 + fresh) : ""));
        assertThat(execution.stderr()).as(where).isEmpty();
    }

    private String next(Path jar) {
        String cell = CELLS.get(random.nextInt(CELLS.size()));
        return cell.replace("#", String.valueOf(random.nextInt(CLASSES))).replace("JAR", jar.toString());
    }

    /** Mostly within the first 60 ms, where a cell goes through all its phases. */
    private Duration moment() {
        int span = random.nextInt(5) == 0 ? 400_000 : 60_000;
        return Duration.ofNanos(1000L * random.nextInt(span));
    }

    @Test
    void ends_atRandomMoments_leaveNothing() throws Exception {
        System.out.println("ends for " + SPAN.toSeconds() + " s; again with -Dmanyjvm.storm.seed=" + SEED);
        Path jar = jar(folder.resolve("lib.jar"));
        long end = System.nanoTime() + SPAN.toNanos();
        int moments = 0;
        long slowest = 0;
        do {
            String code = next(jar);
            Duration moment = moment();
            boolean restart = random.nextBoolean();
            Channel channel = random.nextBoolean() ? Channel.CONTROL : Channel.SHELL;
            String where = "-Dmanyjvm.storm.seed=" + SEED + ", end " + moments + " after " + moment.toNanos() / 1000
                    + " us of\n" + code;
            try (NotebookKernel notebook = new NotebookKernel()) {
                if (random.nextBoolean()) {
                    notebook.run("%classpath " + jar + "\nint kept = 41;\nPool pool = new Pool(1);");
                }
                ProcessHandle kernel = notebook.client().kernel();
                ConnectionFile connection = connection(kernel);
                try (Conversation cell = notebook.client().begin(new ExecuteRequest(code))) {
                    LockSupport.parkNanos(moment.toNanos());
                    List<ProcessHandle> family = notebook.workers();
                    JsonObject content = new JsonObject();
                    content.addProperty("restart", restart);
                    long asked = System.nanoTime();
                    notebook.client().send(channel, "shutdown_request", content);
                    kernel.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                    slowest = Math.max(slowest, System.nanoTime() - asked);
                    CompletableFuture.allOf(
                                    family.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
                            .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                    assertThat(leftOf(kernel.pid())).as(where).isEmpty();
                    assertThat(openPorts(connection)).as(where).isEmpty();
                    assertThat(cell.arrived().stream()
                                    .filter(received ->
                                            received.message().type().equals("error"))
                                    .map(received -> received.message().text("ename", "")))
                            .as(where)
                            .isSubsetOf("Interrupted");
                }
            }
            moments++;
        } while (System.nanoTime() < end);
        System.out.printf("%d ends; the slowest took %d ms%n", moments, slowest / 1_000_000);
    }

    /** The kernel was given its connection file as its last argument. */
    private static ConnectionFile connection(ProcessHandle kernel) throws Exception {
        String[] arguments = kernel.info().arguments().orElseThrow();
        return ConnectionFile.read(Path.of(arguments[arguments.length - 1]));
    }

    private static List<Integer> openPorts(ConnectionFile connection) {
        var ports = connection.properties();
        return Stream.of(
                        ports.getShellPort(),
                        ports.getControlPort(),
                        ports.getStdinPort(),
                        ports.getHbPort(),
                        ports.getIopubPort())
                .filter(port -> {
                    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                        return socket.isConnected();
                    } catch (IOException refused) {
                        return false;
                    }
                })
                .toList();
    }

    /** Folders named after the kernel; and processes that know its folder. Waits a while for the last to go. */
    private static List<String> leftOf(long kernel) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        List<String> left = present(kernel);
        while (!left.isEmpty() && System.nanoTime() < end) {
            LockSupport.parkNanos(1_000_000);
            left = present(kernel);
        }
        return left;
    }

    private static List<String> present(long kernel) throws IOException {
        List<String> found = new ArrayList<>();
        for (Path parent : List.of(Path.of("/dev/shm"), Path.of(System.getProperty("java.io.tmpdir")))) {
            try (Stream<Path> files = Files.list(parent)) {
                files.map(Path::toString)
                        .filter(name -> name.contains("/manyjvm-" + kernel + "-")
                                || name.contains("/manyjvm-session-" + kernel + "-"))
                        .forEach(found::add);
            }
        }
        String folder = "/dev/shm/manyjvm-" + kernel + "-";
        ProcessHandle.allProcesses()
                .filter(process -> {
                    try {
                        return Files.readString(Path.of("/proc/" + process.pid() + "/maps"), ISO_8859_1)
                                .contains(folder);
                    } catch (IOException goneOrNotOurs) {
                        return false;
                    }
                })
                .forEach(process -> found.add("process " + process.pid()));
        return found;
    }

    private static String heavy() {
        return IntStream.range(0, 20)
                        .mapToObj(
                                i -> "    static int f" + i + "(List<Integer> all) { return all.stream().map(x -> x + "
                                        + i + ").filter(x -> x % 2 == 0).mapToInt(x -> x).sum(); }")
                        .collect(Collectors.joining("\n", "class Heavy {\n", "\n}\n"))
                + "Heavy.f3(List.of(1, 2, 3))";
    }

    /** {@code lib.p7.C7.n()} is 7; each class in a package of its own. */
    private static Path jar(Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out)) {
            for (int i = 0; i < CLASSES; i++) {
                String name = "lib/p" + i + "/C" + i;
                ClassWriter type = new ClassWriter(ClassWriter.COMPUTE_MAXS);
                type.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, name, null, "java/lang/Object", null);
                MethodVisitor method =
                        type.visitMethod(Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC, "n", "()I", null, null);
                method.visitCode();
                method.visitLdcInsn(i);
                method.visitInsn(Opcodes.IRETURN);
                method.visitMaxs(0, 0);
                method.visitEnd();
                type.visitEnd();
                jar.putNextEntry(new ZipEntry(name + ".class"));
                jar.write(type.toByteArray());
            }
        }
        return file;
    }
}
