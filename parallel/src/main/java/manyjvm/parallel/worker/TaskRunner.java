package manyjvm.parallel.worker;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import manyjvm.parallel.NotShippableException;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.bytes.ByteOutput;
import manyjvm.parallel.code.CodeBase;
import manyjvm.parallel.code.CodeStore;
import manyjvm.parallel.code.graph.Encoded;
import manyjvm.parallel.code.graph.Refusal;
import manyjvm.parallel.shared.EncodedValue;
import manyjvm.parallel.spi.CallKind;
import manyjvm.parallel.wire.ChunkClock;
import manyjvm.parallel.wire.ChunkQueue;
import manyjvm.parallel.wire.Code;
import manyjvm.parallel.wire.Message;
import manyjvm.parallel.wire.Payload;
import manyjvm.parallel.wire.RemoteFailure;
import manyjvm.parallel.wire.Values;
import manyjvm.parallel.wire.WireException;
import manyjvm.parallel.wire.connect.JournaledSendQueue;
import manyjvm.parallel.wire.connect.WorkerJournal;
import org.jspecify.annotations.Nullable;

/**
 * Runs chunks, one at a time, on the thread that calls {@link #run}. The wire thread gives it work and takes it back.
 *
 * <p>Each item is entered in the {@link WorkerJournal} before it starts, and its outcome after it ends, so that the driver knows
 * after a death which items ran and what became of them. The outcomes go out together: at the end of the chunk, or when the
 * journal's log is full.
 */
final class TaskRunner {
    /** Frames from here on down are ours, not the user's. */
    private static final String OWN_FRAMES = "manyjvm.parallel.spi.CallKind";

    private final CodeStore store;
    private final WorkerJournal journal;
    private final JournaledSendQueue sendQueue;
    private final boolean single;
    private final ChunkQueue queue = new ChunkQueue();
    private final JvmState jvm = new JvmState(); // task thread
    private final Map<Integer, CodeBase> bases = new HashMap<>(); // wire thread
    private final Map<Long, JobCode> jobs = new ConcurrentHashMap<>();
    private final ByteOutput batch = new ByteOutput(256); // task thread
    private final List<Shared> batchShared = new ArrayList<>(); // task thread; this JVM keeps them until they are sent
    private final ChunkClock clock = new ChunkClock(); // task thread
    private int batchFailed; // task thread
    private JournaledSendQueue.@Nullable Receipt unconfirmed; // task thread; null for none

    /** @param single whether it runs one target, which is not taken back */
    TaskRunner(CodeStore store, WorkerJournal journal, JournaledSendQueue sendQueue, boolean single) {
        this.store = store;
        this.journal = journal;
        this.sendQueue = sendQueue;
        this.single = single;
    }

    /** A job's function, loaded on the task thread when its first chunk runs. */
    private final class JobCode {
        private final Message.StartJob start;
        private CodeStore.@Nullable LoadedCode loaded; // task thread, between begin and leave

        // Guarded by this: the wire thread tells the end of a job whose chunk may still run.
        private boolean runs;
        private boolean ended;

        /** @param ended whether no other chunk of it will come */
        JobCode(Message.StartJob start, boolean ended) {
            this.start = start;
            this.ended = ended;
        }

        CodeStore.LoadedCode load() {
            CodeStore.LoadedCode present = loaded;
            if (present == null) {
                present = store.load(shipped().bundle());
                loaded = present;
            }
            return present;
        }

        /** {@link #onItsBase} takes no other. */
        Code.Shipped shipped() {
            return (Code.Shipped) start.code();
        }

        synchronized void begin() {
            runs = true;
        }

        synchronized void leave() {
            runs = false;
            releaseIfOver();
        }

        synchronized void end() {
            ended = true;
            releaseIfOver();
        }

        private void releaseIfOver() {
            if (ended && !runs && loaded != null) {
                loaded.release();
            }
        }
    }

    // ------------------------------------------------------------ the wire thread

    void know(Message.GiveBase message) {
        bases.put(message.number(), message.base());
    }

    /** With the base that its number means now. */
    private Message.StartJob onItsBase(Message.StartJob job) {
        CodeBase base = bases.get(job.base());
        if (base == null || !(job.code() instanceof Code.Shipped shipped)) {
            throw new WireException("a job came without its code");
        }
        Code code = new Code.Shipped(shipped.bundle().on(base), shipped.jvm());
        return new Message.StartJob(job.job(), job.kind(), job.base(), code, job.timed());
    }

    void start(Message.StartJob job) {
        jobs.put(job.job(), new JobCode(onItsBase(job), false));
    }

    void addJob(Message.RunJob whole) {
        queue.add(new Message.RunJob(onItsBase(whole.job()), whole.chunk()));
    }

    void end(long job) {
        JobCode ended = jobs.remove(job);
        if (ended != null) {
            ended.end();
        }
    }

    void add(Message.ToWorker work) {
        queue.add(work);
    }

    /** Takes a chunk back that has not started; whether it could be. */
    boolean withdraw(long chunk) {
        return queue.withdraw(chunk);
    }

    /** Interrupts a chunk; a target starts with its interrupt when that comes before it. Whether the chunk was taken back. */
    boolean interrupt(long chunk) {
        if (!single && queue.withdraw(chunk)) {
            return true;
        }
        queue.interrupt(chunk);
        return false;
    }

    // ------------------------------------------------------------ the task thread

    /** Runs chunks until told to leave. */
    void run() {
        HeapGrowth heap = new HeapGrowth();
        for (Message.ToWorker work = queue.take(); !(work instanceof Message.Leave); work = queue.take()) {
            runChunk(work);
            heap.chunkEnded();
        }
    }

    /** Runs the one target of a process; whether it ended well. */
    boolean runSingle() {
        Message.ToWorker work = queue.take();
        return work instanceof Message.Leave || runChunk(work) == 0;
    }

    /** Returns how many items failed. */
    private int runChunk(Message.ToWorker work) {
        try {
            return work instanceof Message.RunJob job
                    ? runTaken(job.chunk(), new JobCode(job.job(), true))
                    : runTaken((Message.RunChunk) work, jobs.get(((Message.RunChunk) work).job()));
        } finally {
            queue.leave();
        }
    }

    /** @param job null when it has ended meanwhile */
    private int runTaken(Message.RunChunk chunk, @Nullable JobCode job) {
        clock.begin();
        if (unconfirmed != null) {
            sendQueue.awaitReceived(unconfirmed); // its outcomes leave the log now, and must be safe before
            unconfirmed = null;
            clock.sent();
        }
        journal.chunk(chunk.chunk(), chunk.from());
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        // What a static initialiser prints belongs to the first item.
        TaskContext context = new TaskContext(chunk.job(), chunk.first() + chunk.from(), null);
        context.enter();
        try {
            CodeStore.LoadedCode code;
            Object function;
            try {
                if (job == null) {
                    throw new CancellationException("the job has ended");
                }
                job.begin();
                // The first item begins here: when the JVM ends now, that item is lost, and the pool goes on.
                journal.started(chunk.from());
                journal.phase(WorkerJournal.Phase.LOADING);
                jvm.become(job.shipped().jvm());
                code = job.load();
                Thread.currentThread().setContextClassLoader(code.loader());
                context = new TaskContext(chunk.job(), chunk.first() + chunk.from(), code);
                context.enter();
                code.bind();
                function = code.function();
                journal.phase(WorkerJournal.Phase.RUNNING);
                clock.loaded();
            } catch (Throwable failure) { // the users' classes run while they load, and may throw anything
                sendQueue.append(new Message.JobRefused(
                        chunk.job(), chunk.chunk(), RemoteFailure.encode(failure, object -> new byte[0], OWN_FRAMES)));
                return 1;
            }
            return runItems(chunk, job.start, code, function, context);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
            TaskContext.leave(context);
            if (job != null) {
                job.leave();
            }
        }
    }

    private int runItems(
            Message.RunChunk chunk,
            Message.StartJob job,
            CodeStore.LoadedCode code,
            Object function,
            TaskContext context) {
        Values.Reader items = new Values.Reader(((Payload.Bytes) chunk.items()).bytes());
        items.skip(chunk.from());
        CallKind kind = job.kind();
        int failed = 0;
        int base = chunk.from();
        batch.rewind(0);
        batchShared.clear();
        batchFailed = 0;
        for (int item = chunk.from(); item < chunk.to(); item++) {
            if (queue.isStopped() && !single) {
                flush(chunk.chunk(), base, item - base, false);
                sendQueue.append(new Message.ChunkReturned(chunk.chunk(), item));
                return failed;
            }
            journal.started(item);
            if (job.timed()) {
                sendQueue.append(new Message.ItemStarted(chunk.chunk(), item));
            }
            context.task(chunk.first() + item);
            int mark = batch.size();
            try {
                items.skip(1);
                Object argument = items.isEncoded() ? decode(items.bytes(), code) : items.value();
                write(kind.call(function, argument), code);
            } catch (Throwable failure) { // the task's own: it goes home, whatever it is
                TaskOutput.push();
                journal.phase(WorkerJournal.Phase.RUNNING);
                failed++;
                batchFailed++;
                batch.rewind(mark);
                Values.writeFailure(
                        batch, RemoteFailure.encode(failure, object -> sealed(code.encode(object)), OWN_FRAMES));
            }
            clock.itemEnded(item);
            boolean last = item + 1 == chunk.to();
            if (!journal.log(batch.backing(), mark, batch.size()) && !last) {
                flush(chunk.chunk(), base, item + 1 - base, false);
                base = item + 1;
            }
        }
        flush(chunk.chunk(), base, chunk.to() - base, true);
        return failed;
    }

    private @Nullable Object decode(byte[] bytes, CodeStore.LoadedCode code) {
        journal.phase(WorkerJournal.Phase.READING);
        long begun = clock.partBegins();
        Object value = code.decode(bytes);
        clock.read(begun);
        journal.phase(WorkerJournal.Phase.RUNNING);
        return value;
    }

    private void write(@Nullable Object value, CodeStore.LoadedCode code) {
        if (!Values.writeSimple(batch, value)) {
            journal.phase(WorkerJournal.Phase.WRITING);
            long begun = clock.partBegins();
            Values.writeEncoded(batch, encode(value, code));
            clock.written(begun);
            journal.phase(WorkerJournal.Phase.RUNNING);
        }
    }

    private byte[] encode(@Nullable Object result, CodeStore.LoadedCode code) {
        try {
            return sealed(code.encode(result));
        } catch (NotShippableException refused) {
            throw Refusal.named(refused, "the result", "result");
        }
    }

    private byte[] sealed(Encoded encoded) {
        batchShared.addAll(encoded.shared());
        return EncodedValue.seal(encoded.bytes(), encoded.handles());
    }

    /** Hands the outcomes to the send queue, and only then forgets them in the log. */
    private void flush(long chunk, int base, int count, boolean last) {
        if (count == 0 && !last) {
            return;
        }
        boolean large = batch.size() >= JournaledSendQueue.ATTACHED_BYTES;
        JournaledSendQueue.Receipt receipt = sendQueue.append(new Message.ChunkItems(
                chunk,
                base,
                count,
                batchFailed,
                last,
                !batchShared.isEmpty(),
                clock.tell(base + count - 1),
                clock.tellSlow(),
                new Payload.Bytes(batch.toByteArray())));
        if (large && last) {
            unconfirmed = receipt;
        } else {
            if (large) {
                sendQueue.awaitReceived(receipt);
            }
            journal.emptyLog(base + count);
        }
        if (large || !last) {
            clock.sent();
        }
        batch.rewind(0);
        batchShared.clear();
        batchFailed = 0;
    }
}
