package manyjvm.bench;

import static manyjvm.bench.Figure.time;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import manyjvm.kernel.runner.JupyterClient;
import manyjvm.kernel.runner.KernelCommand;

/** How quick a kernel feels, seen by its client: ours, and Python's. */
final class Kernels {
    static final String NAME = "kernel";
    static final String PYTHON = "ipykernel";

    static final List<Figure> FIGURES = List.of(
            time("kernel.start", "kernel, from its start to the first result", "ms")
                    .goal(700, 850),
            time("kernel.cell", "1+1, cells 5 to 25", "ms").goal(13, 4.6),
            time("kernel.later", "1+1, after 2,000 cells", "ms").goal(15, 4.6),
            time("kernel.lines", "20,000 printed lines, the first time", "ms").goal(60, 60),
            time("kernel.memory", "kernel's memory after 25 cells", "MiB").goal(190, 0));

    private static final int MANY_CELLS = 2000;

    private final Map<String, KernelCommand> kernels = new LinkedHashMap<>();

    Kernels(KernelCommand ours) {
        kernels.put(Systems.OURS, ours);
        kernels.put(PYTHON, new KernelCommand(List.of(Systems.PYTHON, "-m", "ipykernel_launcher", "-f")));
    }

    void measure(Samples samples) throws IOException, InterruptedException, TimeoutException {
        for (Map.Entry<String, KernelCommand> kernel : kernels.entrySet()) {
            measure(kernel.getKey(), kernel.getValue(), samples);
        }
    }

    private static void measure(String name, KernelCommand command, Samples samples)
            throws IOException, InterruptedException, TimeoutException {
        long start = System.nanoTime();
        try (JupyterClient client = JupyterClient.start(command)) {
            Systems.run(client, "1+1");
            samples.add("kernel.start", name, ms(start));
            for (int cell = 2; cell <= 25; cell++) {
                long begun = System.nanoTime();
                Systems.run(client, "1+1");
                if (cell >= 5) {
                    samples.add("kernel.cell", name, ms(begun));
                }
                Thread.sleep(20); // nobody types faster
            }
            samples.add("kernel.memory", name, residentMiB(client.kernel().pid()));
            long printing = System.nanoTime();
            Systems.run(
                    client,
                    name.equals(PYTHON)
                            ? "for i in range(20000): print('line', i)"
                            : "for (int i = 0; i < 20_000; i++) System.out.println(\"line \" + i);");
            samples.add("kernel.lines", name, ms(printing));
            for (int cell = 0; cell < MANY_CELLS; cell++) {
                Systems.run(client, "1+1");
            }
            for (int cell = 0; cell < 20; cell++) {
                Thread.sleep(20);
                long begun = System.nanoTime();
                Systems.run(client, "1+1");
                samples.add("kernel.later", name, ms(begun));
            }
        }
    }

    private static double ms(long start) {
        return (System.nanoTime() - start) / 1e6;
    }

    /** Linux only; elsewhere not a number. */
    private static double residentMiB(long pid) throws IOException {
        Path status = Path.of("/proc", Long.toString(pid), "status");
        if (!Files.exists(status)) {
            return Double.NaN;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElse(Double.NaN);
    }
}
