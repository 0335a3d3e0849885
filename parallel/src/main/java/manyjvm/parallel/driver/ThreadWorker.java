package manyjvm.parallel.driver;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import manyjvm.parallel.shared.SharedClient;
import manyjvm.parallel.spi.OutputSink;
import manyjvm.parallel.wire.ChunkClock;
import manyjvm.parallel.wire.ChunkQueue;
import manyjvm.parallel.wire.Code;
import manyjvm.parallel.wire.JvmVitals;
import manyjvm.parallel.wire.Message;
import manyjvm.parallel.wire.Payload;
import manyjvm.parallel.wire.ThreadTable;
import manyjvm.parallel.wire.Values;
import org.jspecify.annotations.Nullable;

/**
 * A worker that is a thread of this JVM. It takes the same messages as a process and gives the same answers, with the objects
 * themselves in place of bytes.
 */
final class ThreadWorker implements WorkerPort, Message.ToWorker.Receiver {
    private final ChunkQueue queue = new ChunkQueue();
    private final Map<Long, Message.StartJob> jobs = new ConcurrentHashMap<>();
    private final OutputSink sink;
    private final Consumer<Message.ToDriver> answers;
    private final SharedClient client;
    private final CompletableFuture<Thread> thread = new CompletableFuture<>();
    private final ChunkClock clock = new ChunkClock(); // its own thread's
    private final AtomicLong chunkNow = new AtomicLong(); // written by the thread that works, and so is the next
    private final AtomicInteger started = new AtomicInteger(); // items of that chunk

    /**
     * @param sink told which place the thread works for
     * @param client this JVM's
     */
    ThreadWorker(OutputSink sink, SharedClient client, Consumer<Message.ToDriver> answers) {
        this.client = client;
        this.sink = sink;
        this.answers = answers;
    }

    @Override
    public void send(Message.ToWorker message) {
        message.deliverTo(this);
    }

    @Override
    public void onStartJob(Message.StartJob message) {
        jobs.put(message.job(), message);
    }

    @Override
    public void onRunChunk(Message.RunChunk message) {
        queue.add(message);
    }

    @Override
    public void onRunJob(Message.RunJob message) {
        queue.add(message);
    }

    @Override
    public void onReclaimChunk(Message.ReclaimChunk message) {
        giveBack(message.chunk());
    }

    @Override
    public void onInterruptChunk(Message.InterruptChunk message) {
        if (!giveBack(message.chunk())) {
            queue.interrupt(message.chunk());
        }
    }

    @Override
    public void onEndJob(Message.EndJob message) {
        jobs.remove(message.job());
    }

    @Override
    public void onLeave(Message.Leave message) {
        queue.add(message);
    }

    /** On a thread of its own: the driver's, which asks, must not wait; the worker's may have to be started yet. */
    @Override
    public void onAskThreads(Message.AskThreads message) {
        Thread teller = new Thread(
                () -> answers.accept(new Message.Threads(message.request(), ThreadTable.of(thread.join(), client))),
                "threads");
        teller.setDaemon(true);
        teller.start();
    }

    /** As {@link #onAskThreads}. Memory and collections are those of the JVM, which others use, too. */
    @Override
    public void onAskVitals(Message.AskVitals message) {
        Thread teller = new Thread(
                () -> answers.accept(new Message.TellVitals(message.request(), JvmVitals.ofThread(thread.join()))),
                "vitals");
        teller.setDaemon(true);
        teller.start();
    }

    // ---- what only another JVM needs: it gets its classes, and answers to what it asks

    @Override
    public void onGiveClass(Message.GiveClass message) {
        throw forAnotherJvm(message);
    }

    @Override
    public void onGiveBlob(Message.GiveBlob message) {
        throw forAnotherJvm(message);
    }

    @Override
    public void onGiveBase(Message.GiveBase message) {
        throw forAnotherJvm(message);
    }

    @Override
    public void onDropContents(Message.DropContents message) {
        throw forAnotherJvm(message);
    }

    @Override
    public void onReceived(Message.Received message) {
        throw forAnotherJvm(message);
    }

    @Override
    public void onClassAnswer(Message.ClassAnswer message) {
        throw forAnotherJvm(message);
    }

    @Override
    public void onSharedReply(Message.SharedReply message) {
        throw forAnotherJvm(message);
    }

    @Override
    public void onJvmIds(Message.JvmIds message) {
        throw forAnotherJvm(message);
    }

    private static IllegalStateException forAnotherJvm(Message message) {
        return new IllegalStateException("a thread was sent "
                + message.getClass().getSimpleName() + "; this is a fault of manyjvm, please report it");
    }

    /** Of the thread that runs it; 0 before that does. */
    long threadNumber() {
        return thread.isDone() ? thread.join().getId() : 0;
    }

    /** How many items of a chunk have been started; 0 when it is at another. */
    int started(long chunk) {
        return chunkNow.getAcquire() == chunk ? started.getAcquire() : 0;
    }

    /** It ends after what it is doing. */
    @Override
    public void close() {
        queue.add(new Message.Leave());
    }

    private boolean giveBack(long chunk) {
        boolean withdrawn = queue.withdraw(chunk);
        if (withdrawn) {
            answers.accept(new Message.ChunkReturned(chunk, Message.ChunkReturned.WHOLE));
        }
        return withdrawn;
    }

    /** All that it does, on the thread that its backend gives it. */
    void run() {
        thread.complete(Thread.currentThread());
        for (Message.ToWorker work = queue.take(); !(work instanceof Message.Leave); work = queue.take()) {
            if (work instanceof Message.RunJob whole) {
                runChunk(whole.chunk(), whole.job());
            } else {
                Message.RunChunk chunk = (Message.RunChunk) work;
                runChunk(chunk, jobs.get(chunk.job()));
            }
        }
    }

    private void runChunk(Message.RunChunk chunk, Message.@Nullable StartJob job) {
        clock.begin();
        try {
            if (job == null) {
                answers.accept(new Message.ChunkReturned(chunk.chunk(), chunk.from())); // it has ended meanwhile
                return;
            }
            Code.Local code = (Code.Local) job.code();
            sink.enter(code.place());
            Object function = code.function();
            @Nullable Object[] items = ((Payload.Local) chunk.items()).objects();
            int base = chunk.from();
            @Nullable Object[] outcomes = new @Nullable Object[chunk.to() - base];
            int failed = 0;
            started.setRelease(chunk.from());
            chunkNow.setRelease(chunk.chunk());
            for (int item = chunk.from(); item < chunk.to(); item++) {
                started.setRelease(item + 1); // costs no more than a store to a field
                if (queue.isStopped()) {
                    give(chunk, base, item, outcomes, failed, false);
                    answers.accept(new Message.ChunkReturned(chunk.chunk(), item));
                    return;
                }
                if (job.timed()) {
                    // Its thread may be abandoned in this item: the outcomes before it must not be.
                    give(chunk, base, item, outcomes, failed, false);
                    base = item;
                    outcomes = new @Nullable Object[chunk.to() - base];
                    failed = 0;
                    answers.accept(new Message.ItemStarted(chunk.chunk(), item));
                }
                try {
                    outcomes[item - base] = job.kind().call(function, items[item]);
                } catch (Throwable failure) { // the task's own: it goes home, whatever it is
                    failed++;
                    outcomes[item - base] = new Values.Failed(failure);
                }
                clock.itemEnded(item);
            }
            give(chunk, base, chunk.to(), outcomes, failed, true);
        } finally {
            queue.leave();
        }
    }

    private void give(
            Message.RunChunk chunk, int base, int end, @Nullable Object[] outcomes, int failed, boolean last) {
        if (last || end > base) {
            answers.accept(new Message.ChunkItems(
                    chunk.chunk(),
                    base,
                    end - base,
                    failed,
                    last,
                    false,
                    clock.tell(end - 1),
                    clock.tellSlow(),
                    new Payload.Local(outcomes)));
        }
    }
}
