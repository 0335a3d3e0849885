package manyjvm.kernel.session.library;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import manyjvm.kernel.spi.IoReason;
import manyjvm.kernel.spi.LibraryResolver;
import manyjvm.kernel.spi.LibraryResolver.Request;
import manyjvm.kernel.spi.LibraryResolver.Resolution;
import manyjvm.kernel.spi.Magic.MagicUsageException;
import org.jspecify.annotations.Nullable;

/**
 * The session's way to its {@link LibraryResolver}, which is loaded with the first call. May be used from any thread.
 *
 * <p>Resolving is done on a thread of its own. A thread that reads from a network heeds no interrupt, and one that reads from a jar
 * would close it: a stop only ends the wait, and what is left of the download ends with its next bytes, or when
 * the other side has been silent for too long.
 */
public final class Libraries {
    private static final long REDRAW_MILLIS = 250;

    private @Nullable LibraryResolver resolver;

    private synchronized LibraryResolver resolver() throws MagicUsageException {
        LibraryResolver known = resolver;
        if (known == null) {
            known = ResolverLoader.load();
            resolver = known;
        }
        return known;
    }

    /**
     * Waits for the resolution, and shows what is downloaded meanwhile in the cell that the calling thread works for. The caller
     * keeps what has come of it.
     *
     * @throws MagicUsageException also when the calling thread is interrupted
     */
    public Resolution resolve(Request request) throws MagicUsageException {
        TransferLine line = new TransferLine();
        LibraryResolver ready = resolver();
        FutureTask<Resolution> task = onThreadOfItsOwn(() -> ready.resolve(request, line));
        boolean well = false;
        try {
            Resolution resolution = await(task, line);
            well = true;
            return resolution;
        } catch (InterruptedException stopped) {
            line.cancel();
            ready.close();
            Thread.currentThread().interrupt();
            throw new MagicUsageException("interrupted: nothing was added");
        } finally {
            line.end(well);
        }
    }

    private static Resolution await(FutureTask<Resolution> task, TransferLine line)
            throws InterruptedException, MagicUsageException {
        while (true) {
            try {
                return task.get(REDRAW_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException goesOn) {
                line.draw();
            } catch (ExecutionException failure) {
                Throwable cause = failure.getCause();
                if (cause instanceof MagicUsageException told) {
                    throw told;
                }
                if (cause instanceof Error error) {
                    throw error;
                }
                // What Maven Resolver did not foresee: it must not be taken for a fault of the compiler's.
                throw new MagicUsageException(
                        "the libraries cannot be found: " + IoReason.ofAny(cause == null ? failure : cause));
            }
        }
    }

    private static FutureTask<Resolution> onThreadOfItsOwn(Resolving work) {
        FutureTask<Resolution> task = new FutureTask<>(work::resolve);
        Thread thread = new Thread(task, "libraries");
        thread.setDaemon(true);
        // The cell's threads are known by their context loaders: this one is none, a stop must not interrupt it.
        thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
        thread.start();
        return task;
    }

    private interface Resolving {
        Resolution resolve() throws MagicUsageException;
    }

    /** See {@link LibraryResolver#addRepository}. */
    public void addRepository(String id, String url) throws MagicUsageException {
        resolver().addRepository(id, url);
    }

    /** See {@link LibraryResolver#repositories}. */
    public List<String> repositories() throws MagicUsageException {
        return resolver().repositories();
    }

    /** See {@link LibraryResolver#libraries}; loads nothing when there are none. */
    public synchronized List<String> libraries() {
        return resolver == null ? List.of() : resolver.libraries();
    }

    /** See {@link LibraryResolver#complete}. */
    public List<String> complete(String word) {
        try {
            return resolver().complete(word);
        } catch (MagicUsageException noResolver) {
            return List.of();
        }
    }

    /** See {@link LibraryResolver#sources}; loads nothing when there are no libraries. May take as long as a download. */
    public Optional<Path> sources(Path jar) {
        LibraryResolver known;
        synchronized (this) {
            known = resolver;
        }
        return known == null ? Optional.empty() : known.sources(jar);
    }
}
