package manyjvm.parallel.code;

import java.util.Locale;
import java.util.function.Supplier;

/** What packing and loading a submission costs when warm; run it by its main method. One JSON line a figure. */
public final class PackingFigures {
    private static final int ROUNDS = 50_000;

    private PackingFigures() {}

    public static void main(String[] arguments) {
        try (NotebookSession notebook = new NotebookSession()) {
            CodePacker packer = WorkerSide.packer(notebook);
            WorkerSide worker = new WorkerSide(packer);
            notebook.run("int f(int x) { return x * x; } int rate = 3; int g(int x) { return x * rate; }");
            notebook.run("double[] big = new double[8_000_000]; Function<Integer, Integer> fun = x -> x + rate;");
            Object plain = notebook.run("(Callable<Integer>) () -> f(20)");
            Object withVariable = notebook.run("(Callable<Integer>) () -> g(20)");
            Object throughFunction = notebook.run("(Callable<Integer>) () -> fun.apply(20)");
            Object withArray = notebook.run("(Callable<Double>) () -> big[0]");

            Bundle bundle = packer.pack(plain);
            figure("pack_no_variables_us", ROUNDS, () -> packer.pack(plain));
            figure("load_no_variables_us", ROUNDS, () -> worker.load(bundle));
            figure("pack_one_variable_us", ROUNDS, () -> packer.pack(withVariable));
            figure("pack_function_variable_us", ROUNDS, () -> packer.pack(throughFunction));
            figure("pack_64_MB_array_us", 10, () -> packer.pack(withArray));
            figure("pack_first_time_us", 1, () -> WorkerSide.packer(notebook).pack(plain));
        }
    }

    private static void figure(String name, int rounds, Supplier<Object> work) {
        Object last = null;
        for (int warming = 0; rounds > 1 && warming < rounds; warming++) {
            last = work.get();
        }
        long start = System.nanoTime();
        for (int i = 0; i < rounds; i++) {
            last = work.get();
        }
        double micros = (System.nanoTime() - start) / 1e3 / rounds;
        System.out.println(String.format(
                Locale.ROOT, "{\"figure\": \"%s\", \"value\": %.1f, \"made\": %b}", name, micros, last != null));
    }
}
