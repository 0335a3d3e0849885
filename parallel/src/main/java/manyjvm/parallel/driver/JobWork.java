package manyjvm.parallel.driver;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import manyjvm.parallel.NotShippableException;
import manyjvm.parallel.OutputMode;
import manyjvm.parallel.Range;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.bytes.ByteOutput;
import manyjvm.parallel.code.Bundle;
import manyjvm.parallel.code.graph.Encoded;
import manyjvm.parallel.code.graph.Refusal;
import manyjvm.parallel.shared.Waits;
import manyjvm.parallel.spi.CallKind;
import manyjvm.parallel.spi.Job;
import manyjvm.parallel.spi.JobListener;
import manyjvm.parallel.spi.JobSettings;
import manyjvm.parallel.wire.Code;
import manyjvm.parallel.wire.Payload;
import manyjvm.parallel.wire.Values;
import org.jspecify.annotations.Nullable;

/**
 * The submitter's end of a submission to a pool. Items are encoded on the submitting thread; everything below the line "the
 * driver's thread" is confined to that.
 */
final class JobWork implements Job, JobListener {
    /** So many chunks, or so many of their bytes, are worth a command to the driver's thread. */
    private static final int MOST_TOGETHER = 32;

    private static final int ENOUGH_BYTES = 32 * 1024;

    /** Nanoseconds of encoding, which may run users' code, after which workers had better begin. */
    private static final long LONG_ENOUGH = 1_000_000;

    private final PoolWorkers pool;
    private final Driver driver;
    private final long id;
    private final boolean everyWorker;
    private final boolean mayEndEarly;
    private final String description;
    private final OutputTarget output;
    private final PipesUnderWay pipes;
    private volatile @Nullable Submission
            submission; // null after the end: who keeps its result need not keep its function

    private long added; // submitting thread
    private int workers; // submitting thread

    // the driver's thread
    private @Nullable JobListener listener; // null after the end
    private boolean complete;

    /** What its listener hears once the text before it is shown. Emptied by the driver's thread, or after its end. */
    private final Queue<Runnable> heldBack = new ConcurrentLinkedQueue<>();

    /** @param settings with the pool's where it has none of its own */
    JobWork(
            PoolWorkers pool,
            Driver driver,
            Code code,
            CallKind kind,
            JobSettings settings,
            Object place,
            OutputMode mode,
            JobListener listener) {
        this.pool = pool;
        this.driver = driver;
        this.listener = listener;
        Submission itself = driver.submission(code, kind, settings, false, place, mode, this);
        id = itself.id();
        everyWorker = settings.everyWorker();
        description = settings.description();
        mayEndEarly = itself.mayEndEarly();
        output = itself.output();
        pipes = itself.pipes();
        submission = itself;
    }

    @Override
    public long id() {
        return id;
    }

    /** Before its end. */
    Submission submission() {
        return Objects.requireNonNull(submission, "a submission that has not ended");
    }

    // ------------------------------------------------------------ the submitting thread

    @Override
    public void add(List<?> items) {
        post(chunk(items, false), false);
    }

    @Override
    public void addLast(Iterator<? extends List<?>> chunks) {
        do {
            List<Chunk> some = someOf(chunks);
            post(some, !chunks.hasNext());
        } while (chunks.hasNext());
    }

    /** As many chunks as are worth a command; workers can begin while the rest is encoded. */
    List<Chunk> someOf(Iterator<? extends List<?>> chunks) {
        List<Chunk> some = new ArrayList<>();
        long bytes = 0;
        long start = System.nanoTime();
        boolean enough = false;
        while (chunks.hasNext() && !enough) {
            List<?> items = chunks.next();
            for (Chunk chunk : chunk(items, added == 0 && !chunks.hasNext())) {
                some.add(chunk);
                bytes += chunk.items instanceof Payload.Bytes encoded ? encoded.bytes().length : 0;
            }
            enough = some.size() >= MOST_TOGETHER || bytes >= ENOUGH_BYTES || System.nanoTime() - start >= LONG_ENOUGH;
        }
        return some;
    }

    /** Encodes the items; a submission that has ended meanwhile gets no chunk. */
    private List<Chunk> chunk(List<?> items, boolean whole) {
        Set<Class<?>> classes = new LinkedHashSet<>();
        List<Shared> shared = new ArrayList<>();
        @Nullable Submission present = submission;
        @Nullable Code code = present == null ? null : present.code();
        Payload payload =
                code instanceof Code.Local ? new Payload.Local(items.toArray()) : encode(items, code, classes, shared);
        List<Bundle.ClassReference> references =
                classes.isEmpty() ? List.of() : driver.packer().references(classes);
        pipes.added(shared);
        OptionalInt worker = everyWorker ? OptionalInt.of(++workers) : OptionalInt.empty();
        long first = added;
        added += items.size();
        return present == null
                ? List.of()
                : List.of(new Chunk(
                        driver.nextChunk(), present, first, items.size(), payload, references, shared, worker, whole));
    }

    private void post(List<Chunk> chunks, boolean last) {
        driver.loop().post(() -> added(chunks, last));
    }

    private Payload encode(List<?> items, @Nullable Code code, Set<Class<?>> classes, List<Shared> shared) {
        if (items instanceof Range range) {
            ByteOutput out = new ByteOutput(16);
            Values.writeRange(out, range);
            return new Payload.Bytes(out.toByteArray());
        }
        ByteOutput out = new ByteOutput(Math.max(16, Math.min(1 << 16, items.size() * 6)));
        long index = added;
        for (Object item : items) {
            if (!Values.writeSimple(out, item)) {
                Encoded encoded = encode(item, code, index);
                Values.writeEncoded(out, encoded.bytes());
                classes.addAll(encoded.classes());
                shared.addAll(encoded.shared());
            }
            index++;
        }
        return new Payload.Bytes(out.toByteArray());
    }

    private Encoded encode(Object item, @Nullable Code code, long index) {
        try {
            return code instanceof Code.Shipped shipped
                    ? driver.packer().encode(item, shipped.bundle())
                    : driver.packer().encode(item);
        } catch (NotShippableException refused) {
            throw Refusal.named(refused, "item " + index + " of " + description, "item");
        }
    }

    @Override
    public void finish() {
        post(List.of(), true);
    }

    @Override
    public List<Waits.Holder> holders() {
        return mayEndEarly ? List.of() : pool.taskThreads(chunk -> chunk.submission.id() == id);
    }

    @Override
    public void cancel() {
        driver.loop().post(() -> {
            Submission present = submission;
            if (present != null) {
                pool.tell(at -> at.cancel(present));
            }
        });
    }

    // ------------------------------------------------------------ the driver's thread

    /**
     * More of its chunks are there.
     *
     * @param last whether it gets no more; told again of one whose pool closes, which seals what has read its input, too
     */
    void added(List<Chunk> chunks, boolean last) {
        Submission present = submission;
        if (present == null) {
            pipes.end(); // the new chunks' as well
            return;
        }
        if (!last || !complete) {
            pool.progress().added(present, chunks, last);
            pool.tell(at -> at.added(present, chunks, last));
        }
        if (last && !complete) {
            complete = true;
            pipes.complete(); // the function's are taken back once
        }
    }

    /** Its pool, or its driver, was closed before it was entered anywhere: whoever submits it has been told. */
    void refused() {
        letGo();
    }

    private void letGo() {
        listener = null;
        submission = null;
        pipes.end();
    }

    @Override
    public void arrived(JobListener.Batch batch) {
        JobListener hearer = listener;
        if (hearer != null) {
            output.tasksEnded(batch.first(), batch.first() + batch.size());
            tell(() -> hearer.arrived(batch));
        }
    }

    @Override
    public void ended(Optional<Throwable> reason) {
        JobListener last = Objects.requireNonNull(listener, "a submission ends once");
        try {
            letGo();
        } finally { // whatever goes wrong here, somebody waits
            tell(() -> last.ended(reason));
        }
    }

    /** Where somebody waits for outcomes, the text that was printed before must be seen before. */
    private void tell(Runnable news) {
        if (heldBack.isEmpty() && driver.sink().hasShown(output.written())) {
            news.run();
            return;
        }
        heldBack.add(news);
        driver.sink().whenShown(output.written(), () -> {
            if (!driver.loop().post(this::tellNext)) {
                tellNext(); // the driver has closed: nobody else tells those who wait
            }
        });
    }

    private void tellNext() {
        heldBack.remove().run();
    }
}
