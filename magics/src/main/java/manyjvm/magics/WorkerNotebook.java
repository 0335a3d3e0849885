package manyjvm.magics;

import com.google.gson.Gson;
import io.github.spencerpark.jupyter.kernel.display.DisplayDataRenderable;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import manyjvm.kernel.api.Notebook;
import manyjvm.kernel.display.RemoteFrontEnd;
import manyjvm.magics.lesson.Racer;
import manyjvm.parallel.spi.ParallelRuntime;
import manyjvm.parallel.spi.WorkerApi;

/**
 * The kernel's {@link Notebook} in workers: {@code display} and {@code clearOutput} change the output of the cell that
 * submitted the work. Run in a worker when its code first names a class of {@link #api}.
 */
public final class WorkerNotebook implements Runnable {
    /** What cells see of the kernel, but for the magics' own; and what the magics for teaching run in workers. */
    private static final List<String> PACKAGES = List.of(
            Notebook.class.getPackageName(),
            DisplayDataRenderable.class.getPackageName(),
            DisplayDataRenderable.class.getPackageName() + ".mime",
            Racer.class.getPackageName());

    /** One class of each jar. */
    private static final List<Class<?>> ANCHORS =
            List.of(WorkerNotebook.class, Notebook.class, DisplayDataRenderable.class, Gson.class);

    static WorkerApi api() {
        List<Path> jars =
                ANCHORS.stream().map(WorkerNotebook::origin).distinct().toList();
        return new WorkerApi(jars, PACKAGES, WorkerNotebook.class.getName());
    }

    private static Path origin(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toAbsolutePath();
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public void run() {
        Notebook.connect(new RemoteFrontEnd(change -> ParallelRuntime.current().show(change)));
    }
}
