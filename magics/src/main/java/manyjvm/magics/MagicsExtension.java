package manyjvm.magics;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.Logger;
import manyjvm.kernel.spi.Cell;
import manyjvm.kernel.spi.CellOutput;
import manyjvm.kernel.spi.KernelExtension;
import manyjvm.kernel.spi.KernelServices;
import manyjvm.magics.api.Magics;
import manyjvm.magics.lesson.Run;
import manyjvm.parallel.Parallel;
import manyjvm.parallel.Pool;
import manyjvm.parallel.code.lambda.LambdaTransform;
import manyjvm.parallel.driver.Driver;
import manyjvm.parallel.spi.ParallelRuntime;
import org.jspecify.annotations.Nullable;

/**
 * Brings the library into the kernel: the API and its names, the magics, the notebook's classes for workers, and a cell for
 * each worker's text. Its driver is the JVM's own from the start on, so that a cell's first {@code new Pool(2)} finds it.
 * Workers start when asked for; while the user thinks, a few JVMs get ready for that.
 */
public final class MagicsExtension implements KernelExtension {
    /** The public types, those that their signatures need, and what transformed lambdas call. */
    private static final List<String> API = List.of(
            "manyjvm.parallel",
            "manyjvm.parallel.base",
            "manyjvm.parallel.combine",
            "manyjvm.parallel.insight",
            "manyjvm.parallel.spi");

    private static final String STANDBY_VARIABLE = "MANYJVM_STANDBY";
    private static final String PROGRESS_VARIABLE = "MANYJVM_PROGRESS";
    private static final int MOST_STANDBYS = 4;
    private static final Duration SETTLED_AFTER = Duration.ofSeconds(1);
    private static final Logger LOGGER = Logger.getLogger("manyjvm.magics");

    /** The source of what is said here, among those that write into a cell. */
    private static final Object NOTES = "notes";

    /** What {@link #start} has made. */
    private record Started(CellOutput output, CellSink sink, Driver driver) {}

    private @Nullable Started started;

    @Override
    public void start(KernelServices kernel) {
        register(kernel);
        TableLook.register(kernel.renderer());
        RaceLook.register(kernel.renderer());
        InsightLook.register(kernel.renderer());
        CompareLook.register(kernel.renderer());
        PoolsLook.register(kernel.renderer());
        ProgressLook.register(kernel.renderer());
        CellOutput output = kernel.output();
        CellSink sink = new CellSink(output);
        Driver driver = Driver.builder()
                .classSource(new SessionSource(kernel.classes()))
                .outputSink(sink)
                .workerApi(WorkerNotebook.api())
                // A notebook's processes end with it: nobody is left who could read what they do.
                .processesDeadline(Duration.ZERO)
                .standbys(standbys(System.getenv(STANDBY_VARIABLE)))
                .open();
        started = new Started(output, sink, driver);
        ParallelRuntime.install(driver);
    }

    static void register(KernelServices kernel) {
        kernel.addApi(Pool.class, API);
        kernel.addApi(Magics.class, List.of(Magics.class.getPackageName(), Run.class.getPackageName()));
        kernel.addClassTransform(LambdaTransform::apply);
        kernel.addImports(Imports.declarations());
        kernel.addMagic(new PoolMagic(Magics::pools));
        kernel.addMagic(new ProcessMagic(Magics::processNames, Magics::workerNames));
        kernel.addMagic(new QueueMagic());
        kernel.addMagic(new RaceMagic());
        kernel.addMagic(new CompareMagic(!"off".equalsIgnoreCase(System.getenv(PROGRESS_VARIABLE))));
    }

    /** How many worker JVMs stand by: what the environment says, or one a processor, up to a few. */
    static int standbys(@Nullable String setting) {
        int usual = Math.min(MOST_STANDBYS, Parallel.cpuCount());
        if (setting == null || setting.isBlank()) {
            return usual;
        }
        try {
            return Math.max(0, Integer.parseInt(setting.strip()));
        } catch (NumberFormatException noNumber) {
            LOGGER.warning(STANDBY_VARIABLE + "=" + setting + " is not a number of JVMs: " + usual + " stand by");
            return usual;
        }
    }

    /** On the control thread, which works for the latest cell, so the sink's place is the running one. */
    @Override
    public void interrupted() {
        started().driver().interruptPlace(started().sink().place());
    }

    @Override
    public void settle(Cell cell) {
        Started parts = started();
        if (!parts.driver().settle(cell, SETTLED_AFTER)) {
            // Many front ends take nothing more for a cell that has ended: it must say so itself.
            parts.output()
                    .write(
                            cell,
                            CellOutput.Stream.STDERR,
                            NOTES,
                            "note: output of workers may still be missing here, because the machine is very busy.\n");
            LOGGER.log(Level.WARNING, "The text of cell {0} was not complete within a second", cell.count());
        }
        parts.driver().idle();
    }

    @Override
    public void close() {
        if (started != null) {
            started.driver().close();
        }
    }

    private Started started() {
        return Objects.requireNonNull(started, "start comes first");
    }
}
