package manyjvm.parallel.driver;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import manyjvm.parallel.wire.connect.OwnerLoop;

/**
 * Finds the classes that workers ask for by name, on threads of its own: to find one reads jars, loads the classes that it
 * extends, and in a worker's own driver waits for the driver above. Workers that ask for one class at once share a read.
 *
 * <p>Each question is answered, unless the loop ends before. The readers cannot wait for one another: they wait only for JVMs
 * further out, whose readers wait for none of theirs. Confined to the driver's thread, but for {@link #close}.
 */
final class ClassServer implements AutoCloseable {
    static final String READER = "parallel-classes";

    private static final int READERS = 4;
    private static final int IDLE_SECONDS = 5;
    private static final byte[] NO_SUCH_CLASS = {};

    private final OwnerLoop loop;
    private final Function<String, Optional<byte[]>> source;
    private final Consumer<Throwable> faults;
    private final Map<String, List<Consumer<byte[]>>> asked = new HashMap<>();
    private final ThreadPoolExecutor readers;

    /**
     * @param source gives the file of a class, on any thread; may block
     * @param faults hears, on the loop's thread, of what the source threw
     */
    ClassServer(OwnerLoop loop, Function<String, Optional<byte[]>> source, Consumer<Throwable> faults) {
        this.loop = loop;
        this.source = source;
        this.faults = faults;
        readers = new ThreadPoolExecutor(
                READERS, READERS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), ClassServer::reader);
        readers.allowCoreThreadTimeOut(true);
    }

    /** One that works for no task: in a worker, the newest submission's classes count, whoever was the first to ask. */
    private static Thread reader(Runnable body) {
        Thread reader = new Thread(body, READER);
        reader.setContextClassLoader(ClassServer.class.getClassLoader());
        reader.setDaemon(true);
        return reader;
    }

    /** @param answer gets the class file, on the loop's thread; an empty one when there is no such class */
    void ask(String name, Consumer<byte[]> answer) {
        List<Consumer<byte[]>> together = asked.get(name);
        if (together != null) {
            together.add(answer);
            return;
        }
        asked.put(name, new ArrayList<>(List.of(answer)));
        try {
            readers.execute(() -> read(name));
        } catch (RejectedExecutionException closed) {
            answer(name, NO_SUCH_CLASS);
        } catch (OutOfMemoryError noThread) {
            faults.accept(noThread);
            answer(name, NO_SUCH_CLASS);
        }
    }

    /** On a reader. */
    private void read(String name) {
        byte[] found = NO_SUCH_CLASS;
        try {
            found = source.apply(name).orElse(NO_SUCH_CLASS);
        } catch (Throwable failure) { // somebody waits for the answer, whatever it is
            loop.post(() -> faults.accept(failure));
        }
        byte[] file = found;
        loop.post(() -> answer(name, file));
    }

    private void answer(String name, byte[] file) {
        Objects.requireNonNull(asked.remove(name), "a class that is asked for").forEach(asking -> asking.accept(file));
    }

    /** From any thread. A read under way is finished: a class whose loading is interrupted could never be loaded again. */
    @Override
    public void close() {
        readers.shutdown();
        readers.getQueue().clear();
    }
}
