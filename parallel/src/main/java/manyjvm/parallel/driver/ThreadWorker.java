package manyjvm.parallel.driver;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import manyjvm.parallel.wire.Code;
import manyjvm.parallel.wire.Message;
import manyjvm.parallel.wire.Payload;
import manyjvm.parallel.wire.Values;

/**
 * A worker that is a thread of this JVM. It takes the same messages as a process and gives the same answers, with the objects
 * themselves in place of bytes.
 */
final class ThreadWorker implements Outlet {
    /** Makes the worker's thread: a platform or a virtual one. */
    interface Threads {
        Thread thread(String name, Runnable body);
    }

    private final BlockingQueue<Message> queue = new LinkedBlockingQueue<>();
    private final Map<Long, Message.StartJob> jobs = new HashMap<>(); // guarded by this
    private final Consumer<Message> answers;
    private final Thread thread;

    // Guarded by this: see the worker's TaskRunner for the race that this closes.
    private long running;
    private boolean stop;

    ThreadWorker(String name, Threads threads, Consumer<Message> answers) {
        this.answers = answers;
        this.thread = threads.thread(name, this::run);
    }

    void start() {
        thread.start();
    }

    @Override
    public void send(Message message) {
        if (message instanceof Message.StartJob start) {
            synchronized (this) {
                jobs.put(start.job(), start);
            }
        } else if (message instanceof Message.EndJob end) {
            synchronized (this) {
                jobs.remove(end.job());
            }
        } else if (message instanceof Message.ReclaimChunk reclaim) {
            giveBack(reclaim.chunk());
        } else if (message instanceof Message.InterruptChunk interrupt) {
            if (!giveBack(interrupt.chunk())) {
                interrupt(interrupt.chunk());
            }
        } else {
            queue.add(message);
        }
    }

    /** It ends after what it is doing. */
    @Override
    public void close() {
        queue.add(new Message.Leave());
    }

    private boolean giveBack(long chunk) {
        boolean withdrawn = queue.removeIf(message -> message instanceof Message.RunChunk run && run.chunk() == chunk);
        if (withdrawn) {
            answers.accept(new Message.ChunkReturned(chunk, Message.ChunkReturned.WHOLE));
        }
        return withdrawn;
    }

    private synchronized void interrupt(long chunk) {
        if (running == chunk) {
            stop = true;
            thread.interrupt();
        }
    }

    private void run() {
        while (true) {
            Message message;
            try {
                message = queue.take();
            } catch (InterruptedException stray) {
                continue; // an interrupt between two chunks is meant for none of them
            }
            if (!(message instanceof Message.RunChunk chunk)) {
                return;
            }
            runChunk(chunk);
        }
    }

    private void runChunk(Message.RunChunk chunk) {
        Message.StartJob job;
        synchronized (this) {
            job = jobs.get(chunk.job());
            running = chunk.chunk();
            stop = false;
        }
        try {
            if (job == null) {
                answers.accept(new Message.ChunkReturned(chunk.chunk(), chunk.from())); // it has ended meanwhile
                return;
            }
            Object function = ((Code.Local) job.code()).function();
            Object[] items = ((Payload.Local) chunk.items()).objects();
            Object[] outcomes = new Object[chunk.to() - chunk.from()];
            int failed = 0;
            for (int item = chunk.from(); item < chunk.to(); item++) {
                if (stopped()) {
                    int count = item - chunk.from();
                    if (count > 0) {
                        answers.accept(new Message.ChunkItems(
                                chunk.chunk(), chunk.from(), count, failed, false, new Payload.Local(outcomes)));
                    }
                    answers.accept(new Message.ChunkReturned(chunk.chunk(), item));
                    return;
                }
                if (job.timed()) {
                    answers.accept(new Message.ItemStarted(chunk.chunk(), item));
                }
                try {
                    outcomes[item - chunk.from()] = job.kind().call(function, items[item]);
                } catch (Throwable failure) { // the task's own: it goes home, whatever it is
                    failed++;
                    outcomes[item - chunk.from()] = new Values.Failed(failure);
                }
            }
            answers.accept(new Message.ChunkItems(
                    chunk.chunk(), chunk.from(), outcomes.length, failed, true, new Payload.Local(outcomes)));
        } finally {
            synchronized (this) {
                running = 0;
                stop = false;
                Thread.interrupted();
            }
        }
    }

    private synchronized boolean stopped() {
        return stop;
    }
}
