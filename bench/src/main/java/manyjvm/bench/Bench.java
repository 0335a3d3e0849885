package manyjvm.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import manyjvm.kernel.runner.KernelCommand;

/**
 * Measures an installed kernel and its peers, in turns, so that a machine that is busy for a while is so for all of them.
 * {@code bench/run.sh --help} tells the arguments.
 */
public final class Bench {
    private final Systems systems;
    private final Kernels kernels;
    private final Samples samples = new Samples();
    private final Set<String> missing = new LinkedHashSet<>();

    private Bench(KernelCommand kernel, Path folder) {
        systems = new Systems(kernel, folder.resolve("peers"));
        kernels = new Kernels(kernel);
    }

    /** @param arguments the {@code kernel.json}, the folder of the bench, rounds, then names of workloads; none for all */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[1]);
        int rounds = Integer.parseInt(arguments[2]);
        Set<String> wanted = new LinkedHashSet<>(List.of(arguments).subList(3, arguments.length));
        boolean all = wanted.isEmpty();
        List<Workload> workloads = Workloads.ALL.stream()
                .filter(workload -> all || wanted.remove(workload.name()))
                .toList();
        boolean kernel = all || wanted.remove(Kernels.NAME);
        if (!wanted.isEmpty()) {
            System.err.println("there is no workload " + String.join(", ", wanted) + ": there are " + names());
            System.exit(2);
        }
        Bench bench = new Bench(KernelCommand.installed(Path.of(arguments[0])), folder);
        bench.measure(workloads, kernel, rounds);
        String report = bench.report(workloads, kernel, rounds);
        System.out.println(report);
        if (all) {
            Files.writeString(folder.resolve("FIGURES.md"), report);
        }
    }

    private static String names() {
        List<String> names =
                new ArrayList<>(Workloads.ALL.stream().map(Workload::name).toList());
        names.add(Kernels.NAME);
        return String.join(" ", names);
    }

    private void measure(List<Workload> workloads, boolean kernel, int rounds)
            throws IOException, InterruptedException, TimeoutException {
        for (int round = 1; round <= rounds; round++) {
            for (Workload workload : workloads) {
                System.err.printf(Locale.ROOT, "round %d of %d: %s%n", round, rounds, workload.name());
                systems.ours(workload, samples);
                for (String peer : Systems.PEERS) {
                    systems.peer(peer, workload, samples).ifPresent(missing::add);
                }
            }
            if (kernel) {
                System.err.printf(Locale.ROOT, "round %d of %d: %s%n", round, rounds, Kernels.NAME);
                kernels.measure(samples);
            }
        }
    }

    private String report(List<Workload> workloads, boolean kernel, int rounds) {
        Report report = new Report(samples);
        StringBuilder text = new StringBuilder("# Figures of one run\n\n")
                .append(machine())
                .append("; ")
                .append(rounds)
                .append(rounds == 1 ? " round" : " rounds")
                .append(". Made by `bench/run.sh`; what is in the columns says [README.md](README.md).\n\n");
        List<Figure> figures = workloads.stream()
                .flatMap(workload -> workload.figures().stream())
                .toList();
        if (!figures.isEmpty()) {
            text.append("## Pools\n\n")
                    .append(report.table(figures, Systems.PEERS))
                    .append('\n');
        }
        if (kernel) {
            text.append("## Kernels\n\n")
                    .append(report.table(Kernels.FIGURES, List.of(Kernels.PYTHON)))
                    .append('\n');
        }
        text.append(report.goals());
        missing.forEach(reason -> text.append("\nNot measured: ").append(reason).append('\n'));
        return text.toString();
    }

    private static String machine() {
        return Runtime.getRuntime().availableProcessors() + " processors, " + System.getProperty("os.name") + " "
                + System.getProperty("os.version") + ", " + System.getProperty("java.vm.name") + " "
                + Runtime.version().feature();
    }
}
