package manyjvm.parallel.driver;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import manyjvm.parallel.NotShippableException;
import manyjvm.parallel.Range;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.code.Bundle;
import manyjvm.parallel.code.CodePacker;
import manyjvm.parallel.code.graph.Encoded;
import manyjvm.parallel.code.graph.Refusal;
import manyjvm.parallel.shared.Waits;
import manyjvm.parallel.spi.CallKind;
import manyjvm.parallel.spi.Job;
import manyjvm.parallel.spi.JobListener;
import manyjvm.parallel.spi.JobSettings;
import manyjvm.parallel.spi.OutputSink;
import manyjvm.parallel.wire.Code;
import manyjvm.parallel.wire.Encoder;
import manyjvm.parallel.wire.Payload;
import manyjvm.parallel.wire.Values;

/**
 * The submitter's end of a submission to a pool. Items are encoded on the submitting thread; everything below the line "the
 * driver's thread" is confined to that.
 */
final class JobWork implements Job, JobListener {
    private final PoolWork pool;
    private final CodePacker packer;
    private final OutputSink sink;
    private final long id;
    private final boolean everyWorker;
    private final boolean mayEndEarly;
    private final String description;
    private final OutputTarget output;
    private final PipesUnderWay pipes;
    private volatile Submission submission; // null after the end: who keeps its result need not keep its function

    private long added; // submitting thread
    private int workers; // submitting thread

    // the driver's thread
    private JobListener listener; // null after the end
    private boolean complete;

    /** What its listener hears once the text before it is shown. Emptied by the driver's thread, or after its end. */
    private final Queue<Runnable> heldBack = new ConcurrentLinkedQueue<>();

    /** @param settings with the pool's where it has none of its own */
    JobWork(
            PoolWork pool,
            Driver driver,
            Code code,
            CallKind kind,
            JobSettings settings,
            OutputTarget output,
            JobListener listener) {
        this.pool = pool;
        this.packer = driver.packer();
        this.sink = driver.sink();
        this.id = output.submission();
        this.everyWorker = settings.everyWorker();
        this.description = settings.description();
        this.output = output;
        this.listener = listener;
        pipes = new PipesUnderWay(driver.hosts(), id, code, settings.retries());
        Submission itself = new Submission(id, code, kind, settings, false, output, pipes, this);
        mayEndEarly = itself.mayEndEarly();
        submission = itself;
    }

    @Override
    public long id() {
        return id;
    }

    Submission submission() {
        return submission;
    }

    // ------------------------------------------------------------ the submitting thread

    @Override
    public void add(List<?> items) {
        Set<Class<?>> classes = new LinkedHashSet<>();
        List<Shared> shared = new ArrayList<>();
        Submission present = submission;
        Code code = present == null ? null : present.code();
        Payload payload =
                code instanceof Code.Local ? new Payload.Local(items.toArray()) : encode(items, code, classes, shared);
        List<Bundle.ClassReference> references = packer.references(classes);
        pipes.added(shared);
        OptionalInt worker = everyWorker ? OptionalInt.of(++workers) : OptionalInt.empty();
        Chunk chunk = present == null
                ? null
                : new Chunk(pool.nextChunk(), present, added, items.size(), payload, references, shared, worker);
        added += items.size();
        pool.post(() -> {
            if (listener == null) {
                pipes.end();
            } else {
                pool.added(chunk);
            }
        });
    }

    private Payload encode(List<?> items, Code code, Set<Class<?>> classes, List<Shared> shared) {
        if (items instanceof Range range) {
            Encoder out = new Encoder(16);
            Values.writeRange(out, range);
            return new Payload.Bytes(out.toByteArray());
        }
        Encoder out = new Encoder(Math.max(16, Math.min(1 << 16, items.size() * 6)));
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

    private Encoded encode(Object item, Code code, long index) {
        try {
            return code instanceof Code.Shipped shipped ? packer.encode(item, shipped.bundle()) : packer.encode(item);
        } catch (NotShippableException refused) {
            throw Refusal.named(refused, "item " + index + " of " + description, "item");
        }
    }

    @Override
    public void finish() {
        pool.post(() -> {
            if (complete) {
                return; // the function's pipes are taken back once; a pool that closes seals what has read its input,
                // too
            }
            complete = true;
            pipes.complete();
            if (listener != null) {
                pool.complete(submission);
            }
        });
    }

    @Override
    public List<Waits.Holder> holders() {
        return mayEndEarly
                ? List.of()
                : Worker.taskThreads(pool::post, () -> pool.workersAt(chunk -> chunk.submission.id() == id));
    }

    @Override
    public void cancel() {
        pool.post(() -> {
            if (listener != null) {
                pool.cancel(submission);
            }
        });
    }

    // ------------------------------------------------------------ the driver's thread

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
        if (listener != null) {
            output.tasksEnded(batch.first(), batch.first() + batch.size());
            JobListener hearer = listener;
            tell(() -> hearer.arrived(batch));
        }
    }

    @Override
    public void ended(Optional<Throwable> reason) {
        JobListener last = listener;
        try {
            letGo();
        } finally { // whatever goes wrong here, somebody waits
            tell(() -> last.ended(reason));
        }
    }

    /** Where somebody waits for outcomes, the text that was printed before must be seen before. */
    private void tell(Runnable news) {
        if (heldBack.isEmpty() && sink.hasShown(output.written())) {
            news.run();
            return;
        }
        heldBack.add(news);
        sink.whenShown(output.written(), () -> {
            if (!pool.post(this::tellNext)) {
                tellNext(); // the driver has closed: nobody else tells those who wait
            }
        });
    }

    private void tellNext() {
        heldBack.remove().run();
    }
}
