package manyjvm.parallel.driver;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import manyjvm.parallel.NotShippableException;
import manyjvm.parallel.OutputMode;
import manyjvm.parallel.Range;
import manyjvm.parallel.code.Bundle;
import manyjvm.parallel.code.CodePacker;
import manyjvm.parallel.code.graph.Encoded;
import manyjvm.parallel.code.graph.Refusal;
import manyjvm.parallel.shared.Waits;
import manyjvm.parallel.shared.host.SharedObjectHosts;
import manyjvm.parallel.spi.CallKind;
import manyjvm.parallel.spi.Job;
import manyjvm.parallel.spi.JobListener;
import manyjvm.parallel.spi.JobSettings;
import manyjvm.parallel.spi.OutputSink;
import manyjvm.parallel.spi.Shared;
import manyjvm.parallel.wire.Code;
import manyjvm.parallel.wire.Encoder;
import manyjvm.parallel.wire.Payload;
import manyjvm.parallel.wire.Values;

/**
 * One submission. Items are encoded on the submitting thread; everything below the line "the driver's thread" is confined to
 * that.
 */
final class JobWork implements Job {
    /** Takes chunks in and lets go of them. */
    interface Dealer {
        void add(Chunk chunk);

        void ended(JobWork job);

        /** Drops the job's chunks that no worker has, interrupts those that one has. */
        void drop(JobWork job);

        /** Runs a command on the driver's thread; when the driver has closed, drops it and returns false. */
        boolean post(Runnable command);

        /** Whether listeners are told of outcomes only when the text that was printed before them is shown. */
        boolean textComesFirst();

        long nextChunk();
    }

    private static final int MOST_DIED_LOADING = 2;
    private static final int MOST_DIED_BEFORE = 4;

    private final long id;
    private final Dealer dealer;
    private volatile Code code; // null after the end
    private final CallKind kind;
    private final JobSettings settings;
    private JobListener listener; // the driver's thread; null after the end
    private final CodePacker packer;
    private final SharedObjectHosts hosts;

    /**
     * The pipes and their ends that are used because they are under way, and by how many: each chunk that no worker has, and
     * the submission itself for those of its function, until its last chunk is there. Guarded by itself.
     */
    private final Map<Shared.Handle, Integer> givenAway = new HashMap<>();

    private final List<Shared.Handle> pipesOfFunction;
    private final Object place;
    private final OutputMode output;
    private final Optional<Duration> timeout;
    private final int retries;
    private final OutputRouter.Group group;
    private final OutputSink sink;

    private long added; // submitting thread
    private int pinned; // submitting thread

    // the driver's thread
    private int outstanding;
    private boolean finished;
    private boolean ended;
    private int diedLoading;
    private int diedBefore;
    private long written; // the sink's mark after the last text of this job that was not grouped

    /** What its listener hears once the text before it is shown. Emptied by the driver's thread, or after its end. */
    private final Queue<Runnable> heldBack = new ConcurrentLinkedQueue<>();

    /** Workers that have this job's function. */
    final Set<Worker> holders = new HashSet<>();

    JobWork(
            long id,
            Dealer dealer,
            Code code,
            CallKind kind,
            JobSettings settings,
            JobListener listener,
            CodePacker packer,
            SharedObjectHosts hosts,
            OutputSink sink,
            Object place,
            OutputMode output,
            Optional<Duration> timeout,
            int retries) {
        this.id = id;
        this.dealer = dealer;
        this.code = code;
        this.kind = kind;
        this.settings = settings;
        this.listener = listener;
        this.packer = packer;
        this.hosts = hosts;
        this.place = place;
        this.output = output;
        this.sink = sink;
        this.timeout = timeout;
        this.retries = retries;
        this.group = output == OutputMode.GROUPED ? new OutputRouter.Group(sink, place) : null;
        pipesOfFunction =
                code instanceof Code.Shipped shipped ? pipes(shipped.bundle().shared()) : List.of();
        giveAway(pipesOfFunction);
    }

    private static List<Shared.Handle> pipes(List<Shared> shared) {
        return shared.isEmpty()
                ? List.of()
                : SharedObjectHosts.ofPipes(shared.stream().map(Shared::handle).toList());
    }

    private List<Shared.Handle> pipes(Chunk chunk) {
        List<Shared.Handle> ofItems = pipes(chunk.shared);
        return ofItems.isEmpty()
                ? pipesOfFunction
                : Stream.concat(ofItems.stream(), pipesOfFunction.stream()).toList();
    }

    /** They are used, whatever the submitter does, until a worker has them. */
    private void giveAway(List<Shared.Handle> pipes) {
        if (!pipes.isEmpty()) {
            synchronized (givenAway) {
                hosts.submitted(id, pipes);
                pipes.forEach(this::oneMore);
            }
        }
    }

    private void oneMore(Shared.Handle pipe) {
        givenAway.merge(pipe, 1, Integer::sum);
    }

    private void takeBack(List<Shared.Handle> pipes) {
        if (pipes.isEmpty()) {
            return;
        }
        synchronized (givenAway) {
            List<Shared.Handle> last = pipes.stream()
                    .filter(pipe -> givenAway.containsKey(pipe)
                            && givenAway.computeIfPresent(pipe, (any, by) -> by == 1 ? null : by - 1) == null)
                    .toList();
            hosts.delivered(id, last);
        }
    }

    /** A worker has it, which was told so. With retries, another one may have to be sent it when that has died. */
    void delivered(Chunk chunk) {
        if (retries == 0) {
            takeBack(pipes(chunk));
        }
    }

    /** A worker gives it back, or has died with it: in the latter case, before anybody is told of the death. */
    void cameBack(Chunk chunk) {
        List<Shared.Handle> pipes = pipes(chunk);
        if (!ended && !pipes.isEmpty()) {
            synchronized (givenAway) {
                hosts.givenBack(id, pipes);
                pipes.forEach(this::oneMore);
            }
        }
    }

    @Override
    public long id() {
        return id;
    }

    String description() {
        return settings.description();
    }

    Code code() {
        return code;
    }

    CallKind kind() {
        return kind;
    }

    Object place() {
        return place;
    }

    OutputMode output() {
        return output;
    }

    OutputRouter.Group group() {
        return group;
    }

    Optional<Duration> timeout() {
        return timeout;
    }

    int retries() {
        return retries;
    }

    /** Whether it may end while an item of it still runs: by a timeout, or by the failure of another one. */
    boolean mayEndEarly() {
        return failFast() || timeout.isPresent();
    }

    boolean failFast() {
        return settings.failFast();
    }

    CodePacker packer() {
        return packer;
    }

    // ------------------------------------------------------------ the submitting thread

    @Override
    public void add(List<?> items) {
        Set<Class<?>> classes = new LinkedHashSet<>();
        List<Shared> shared = new ArrayList<>();
        Code present = code;
        Payload payload =
                present instanceof Code.Local ? new Payload.Local(items.toArray()) : encode(items, classes, shared);
        List<Bundle.ClassReference> references = packer.references(classes);
        giveAway(pipes(shared));
        synchronized (givenAway) {
            pipesOfFunction.forEach(this::oneMore); // not given away anew: the submitter may use them, too, by now
        }
        int worker = settings.everyWorker() ? ++pinned : 0;
        Chunk chunk =
                new Chunk(dealer.nextChunk(), this, present, added, items.size(), payload, references, shared, worker);
        added += items.size();
        dealer.post(() -> accept(chunk));
    }

    private Payload encode(List<?> items, Set<Class<?>> classes, List<Shared> shared) {
        if (items instanceof Range range) {
            Encoder out = new Encoder(16);
            Values.writeRange(out, range);
            return new Payload.Bytes(out.toByteArray());
        }
        Encoder out = new Encoder(Math.max(16, Math.min(1 << 16, items.size() * 6)));
        long index = added;
        for (Object item : items) {
            if (!Values.writeSimple(out, item)) {
                Encoded encoded = encode(item, index);
                Values.writeEncoded(out, encoded.bytes());
                classes.addAll(encoded.classes());
                shared.addAll(encoded.shared());
            }
            index++;
        }
        return new Payload.Bytes(out.toByteArray());
    }

    private Encoded encode(Object item, long index) {
        try {
            return code instanceof Code.Shipped shipped ? packer.encode(item, shipped.bundle()) : packer.encode(item);
        } catch (NotShippableException refused) {
            throw Refusal.named(refused, "item " + index + " of " + settings.description(), "item");
        }
    }

    @Override
    public void finish() {
        dealer.post(() -> {
            if (finished) {
                return; // the function's pipes are taken back once; a pool that closes seals what has read its input,
                // too
            }
            finished = true;
            if (retries == 0) {
                takeBack(pipesOfFunction);
            }
            endIfDone();
        });
    }

    @Override
    public List<Waits.Holder> holders() {
        if (mayEndEarly()) {
            return List.of();
        }
        return Worker.taskThreads(dealer::post, () -> holders.stream().filter(worker -> worker.runs(this)));
    }

    @Override
    public void cancel() {
        dealer.post(() -> end(Optional.of(new CancellationException(settings.description() + " was cancelled"))));
    }

    // ------------------------------------------------------------ the driver's thread

    private void accept(Chunk chunk) {
        if (ended) {
            letGo();
            return;
        }
        outstanding++;
        dealer.add(chunk);
    }

    /** Its only chunk is about to go to a worker, and is what its function's pipes are under way with. */
    void hold() {
        outstanding = 1;
        finished = true;
    }

    /** Outcomes of items of one of its chunks. */
    void arrived(JobListener.Batch batch) {
        if (!ended) {
            if (group != null) {
                group.ended(batch.first(), batch.first() + batch.size());
            }
            JobListener hearer = listener;
            tell(() -> hearer.arrived(batch));
        }
    }

    /** Some text of it is with the sink. */
    void written(long mark) {
        written = mark;
    }

    /** The sink's mark after the last text of it. */
    long written() {
        return group == null ? written : Math.max(written, group.written());
    }

    /** Where somebody waits for outcomes, the text that was printed before must be seen before. */
    private void tell(Runnable news) {
        if (!dealer.textComesFirst() || (heldBack.isEmpty() && sink.hasShown(written()))) {
            news.run();
            return;
        }
        heldBack.add(news);
        sink.whenShown(written(), () -> {
            if (!dealer.post(this::tellNext)) {
                tellNext(); // the driver has closed: nobody else tells those who wait
            }
        });
    }

    private void tellNext() {
        heldBack.remove().run();
    }

    void chunkDone() {
        outstanding--;
        endIfDone();
    }

    private void letGo() {
        synchronized (givenAway) {
            hosts.delivered(id, givenAway.keySet());
            givenAway.clear();
        }
    }

    boolean isEnded() {
        return ended;
    }

    /**
     * Another worker has died while it loaded the function. Once may be an accident; when it happens again, worker after
     * worker would die of it.
     */
    boolean hasKilledWhileLoading() {
        return ++diedLoading >= MOST_DIED_LOADING;
    }

    private void endIfDone() {
        if (finished && outstanding == 0) {
            end(Optional.empty());
        }
    }

    /** Another worker has died of being sent the function, or a chunk; so many in a row, and nothing else, are no accident. */
    boolean hasKilledBeforeBeginning() {
        return ++diedBefore >= MOST_DIED_BEFORE;
    }

    void progressed() {
        diedBefore = 0;
    }

    /** Its pool, or its driver, was closed before it was entered anywhere: whoever submits it has been told. */
    void refused() {
        ended = true;
        letGo();
    }

    /** An item has failed, and the others are not wanted then. */
    void failedFast() {
        if (!ended) {
            dealer.drop(this);
            end(Optional.empty());
        }
    }

    /** The last step of its life; what held its results and variables is let go. */
    void end(Optional<Throwable> reason) {
        if (ended) {
            return;
        }
        ended = true;
        try {
            if (reason.isPresent()) {
                dealer.drop(this);
            }
            if (group != null) {
                group.close();
            }
            dealer.ended(this);
            letGo();
        } finally { // whatever goes wrong here, somebody waits
            JobListener last = listener;
            listener = null;
            code = null;
            tell(() -> last.ended(reason));
        }
    }
}
