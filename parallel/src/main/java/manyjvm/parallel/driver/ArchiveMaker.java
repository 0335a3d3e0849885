package manyjvm.parallel.driver;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import manyjvm.parallel.OutputMode;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.spi.CallKind;
import manyjvm.parallel.spi.Job;
import manyjvm.parallel.spi.JobListener;
import manyjvm.parallel.spi.JobSettings;
import manyjvm.parallel.spi.JvmSettings;
import manyjvm.parallel.spi.PoolSettings;
import manyjvm.parallel.spi.WorkerPool;

/** Has the archive of workers' classes made once it is worth it. */
final class ArchiveMaker {
    private static final String NAME = "archive of workers' classes";

    /** By then the work that started the first worker is under way, or done. */
    private static final Duration DELAY = Duration.ofSeconds(2);

    private final Driver driver;
    private final Optional<WorkerArchive> archive;
    private boolean wanted; // the driver's thread

    /** @param archive empty where none is wanted */
    ArchiveMaker(Driver driver, Optional<WorkerArchive> archive) {
        this.driver = driver;
        this.archive = archive;
        wanted = archive.isPresent() && !archive.get().isReady();
    }

    /** On the driver's thread: a worker has come in. The first one shows that workers start here, and then an archive is worth its making. */
    void cameIn() {
        if (wanted) {
            wanted = false;
            driver.loop().after(DELAY, () -> {
                Thread maker = new Thread(this::makeArchive, "archive");
                maker.setDaemon(true);
                maker.start();
            });
        }
    }

    /** Has a worker of its own start, load an object graph and end, and write what it loaded to the archive. */
    private void makeArchive() {
        Optional<Path> begun = archive.orElseThrow().begin();
        if (begun.isEmpty() || driver.isClosing() || archive.get().isReady()) {
            return; // ready: another driver of this user has been quicker
        }
        Path draft = begun.get();
        JvmSettings jvm = new JvmSettings(
                Optional.empty(),
                List.of("-XX:ArchiveClassesAtExit=" + draft, "-Xlog:disable"),
                Optional.empty(),
                List.of());
        PoolSettings settings = new PoolSettings(
                NAME,
                1,
                driver.processBackend().name(),
                jvm,
                Optional.empty(),
                Optional.empty(),
                0,
                0,
                Optional.empty(),
                0,
                Optional.empty(),
                OutputMode.RAW,
                Optional.of(false));
        try {
            WorkerPool pool = driver.open(settings, true);
            JobListener ignored = new JobListener() {
                @Override
                public void arrived(Batch batch) {
                    // loading the classes was the point
                }

                @Override
                public void ended(Optional<Throwable> reason) {
                    // as above
                }
            };
            // Any function that every JVM has: that it is none to be called so exercises the way of failures as well.
            Job job = pool.open(String.CASE_INSENSITIVE_ORDER, CallKind.CALLABLE, JobSettings.of(NAME), ignored);
            job.add(List.of(List.of(1, "a"), Map.of("a", 1.5)));
            job.finish();
            pool.close();
            if (pool.await(Launcher.START_DEADLINE)) {
                archive.get().finish(draft);
            }
        } catch (ParallelException closed) {
            return; // the driver closes meanwhile; the next one makes the archive
        } catch (InterruptedException impossible) {
            Thread.currentThread().interrupt(); // nobody knows this thread
        } finally {
            archive.get().discard(draft);
        }
    }
}
