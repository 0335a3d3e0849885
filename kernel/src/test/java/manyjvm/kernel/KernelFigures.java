package manyjvm.kernel;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import jdk.jshell.JShell;
import manyjvm.kernel.runner.JupyterClient;
import manyjvm.kernel.runner.JupyterClient.Channel;
import manyjvm.kernel.runner.KernelCommand;

/**
 * Prints how quick the kernel feels, one JSON object a line. Arguments {@code NAME=KERNEL_JSON} measure installed kernels, in
 * turns, so that a machine that is busy for a while is so for all of them; without one the kernel of this class path is
 * measured. {@code jshell} is JShell alone in this JVM: less than that no kernel over JShell can take. On JDK 17 its loops carry
 * no checks.
 */
public final class KernelFigures {
    private static final int ROUNDS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String STATEMENTS =
            """
            int a = 1;
            int b = a + 1;
            for (int i = 0; i < 3; i++) { b += i; }
            String text = "b" + b;
            text.length() + a
            """;

    private static final String BUSY_LOOP =
            "{ int sum = 0; for (int i = 0; i < 1_000_000_000; i++) { sum += i * i; } System.setProperty(\"sum\", \"\" + sum); }";

    private final Map<String, Map<String, List<Double>>> figures = new LinkedHashMap<>();

    private KernelFigures() {}

    public static void main(String[] arguments) throws Exception {
        KernelFigures figures = new KernelFigures();
        Map<String, KernelCommand> kernels = new LinkedHashMap<>();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            kernels.put(
                    argument.substring(0, equals), KernelCommand.installed(Path.of(argument.substring(equals + 1))));
        }
        if (kernels.isEmpty()) {
            kernels.put("manyjvm", KernelCommand.ofThisJvm());
        }
        for (int round = 0; round < ROUNDS; round++) {
            for (Map.Entry<String, KernelCommand> kernel : kernels.entrySet()) {
                figures.start(kernel.getKey(), kernel.getValue());
                figures.cells(kernel.getKey(), kernel.getValue());
            }
        }
        figures.jshell();
        figures.print();
    }

    /** The user is there before the kernel: the first cell is sent as soon as the kernel listens. */
    private void start(String kernel, KernelCommand command) throws Exception {
        long start = System.nanoTime();
        try (JupyterClient client = JupyterClient.start(command)) {
            client.execute("1 + 1", PATIENCE);
            add(kernel, "start_to_first_result_ms", start);
            for (int i = 0; i < 10; i++) {
                time(kernel, "next_cells_ms", () -> client.execute("1 + 1", PATIENCE));
            }
        }
    }

    /** The user comes a few seconds after the kernel, as people do. */
    private void cells(String kernel, KernelCommand command) throws Exception {
        try (JupyterClient client = JupyterClient.start(command)) {
            while (client.nextUnclaimed(Duration.ofSeconds(5)).isPresent()) {
                // What a kernel says of its own at the start.
            }
            time(kernel, "first_cell_ms", () -> client.execute("1 + 1", PATIENCE));
            for (int i = 0; i < 20; i++) {
                time(kernel, "early_1_plus_1_ms", () -> client.execute("1 + 1", PATIENCE));
            }
            for (int i = 0; i < 3; i++) {
                time(kernel, "busy_loop_ms", () -> client.execute(BUSY_LOOP, PATIENCE));
            }
            repeat(client, kernel, "redefine_method", i -> "int f(int x) { return x + " + i + "; }");
            repeat(client, kernel, "five_statements", i -> STATEMENTS);
            repeat(client, kernel, "println", i -> "System.out.println(" + i + ");");
            JsonObject member = question("Math.ma", 7);
            JsonObject loop = question("for (int i = 0; i < 3; i++) {", 0);
            for (int i = 0; i < 20; i++) {
                time(kernel, "complete_ms", () -> client.request(Channel.SHELL, "complete_request", member, PATIENCE));
                time(
                        kernel,
                        "is_complete_ms",
                        () -> client.request(Channel.SHELL, "is_complete_request", loop, PATIENCE));
            }
            for (int i = 0; i < 160; i++) {
                client.execute("1 + 1", PATIENCE);
            }
            repeat(client, kernel, "1_plus_1_after_250_cells", i -> "1 + 1");
        }
    }

    private void repeat(JupyterClient client, String kernel, String workload, IntFunction<String> code)
            throws Exception {
        for (int i = 0; i < 20; i++) {
            String cell = code.apply(i);
            time(kernel, workload + "_ms", () -> client.execute(cell, PATIENCE));
        }
    }

    private static JsonObject question(String code, int cursor) {
        JsonObject content = new JsonObject();
        content.addProperty("code", code);
        content.addProperty("cursor_pos", cursor);
        return content;
    }

    private void jshell() throws Exception {
        try (JShell shell = JShell.builder().executionEngine("local").build()) {
            for (int i = 0; i < 300; i++) {
                // Each value that is kept makes the next snippet slower.
                Callable<?> evaluation = () -> {
                    shell.eval("1 + 1").forEach(event -> shell.drop(event.snippet()));
                    return null;
                };
                if (i < 20) {
                    time("jshell", "early_1_plus_1_ms", evaluation);
                } else if (i >= 250) {
                    time("jshell", "1_plus_1_after_250_cells_ms", evaluation);
                } else {
                    evaluation.call();
                }
            }
            for (int i = 0; i < 3; i++) {
                time("jshell", "busy_loop_ms", () -> shell.eval(BUSY_LOOP));
            }
        }
    }

    private void time(String system, String workload, Callable<?> work) throws Exception {
        long start = System.nanoTime();
        work.call();
        add(system, workload, start);
    }

    private void add(String system, String workload, long start) {
        figures.computeIfAbsent(workload, name -> new LinkedHashMap<>())
                .computeIfAbsent(system, name -> new ArrayList<>())
                .add((System.nanoTime() - start) / 1e6);
    }

    private void print() {
        figures.forEach((workload, systems) -> systems.forEach((system, values) -> {
            Collections.sort(values);
            System.out.printf(
                    Locale.ROOT,
                    "{\"sys\": \"%s\", \"w\": \"%s\", \"v\": %.1f}%n",
                    system,
                    workload,
                    values.get(values.size() / 2));
        }));
    }
}
