package manyjvm.parallel.wire;

import java.util.List;
import manyjvm.parallel.code.CodeBase;
import manyjvm.parallel.insight.Spent;
import manyjvm.parallel.insight.Vitals;
import manyjvm.parallel.shared.Departure;
import manyjvm.parallel.shared.SharedAnswer;
import manyjvm.parallel.shared.SharedRequest;
import manyjvm.parallel.spi.CallKind;

/**
 * Everything that crosses between driver and worker. Reading this file is reading the protocol.
 *
 * <pre>
 *   driver                                             worker
 *     |  &lt;------------------------------ Hello          |   who, and a nonce
 *     |  Challenge -----------------------------&gt;      |   the driver proves that it knows the secret
 *     |  &lt;------------------------------ Proof          |   so does the worker; only now is anything else read
 *     |  GiveClass* GiveBlob* GiveBase ----------&gt;      |   what it lacks
 *     |  StartJob RunChunk* ---------------------&gt;      |   the function, then items
 *     |  RunJob ---------------------------------&gt;      |   or both at once
 *     |  &lt;--------------- Output* Shown* ChunkItems*    |   text before the results of the task that printed it
 *     |  Received ------------------------------&gt;      |   lets the worker reuse its send queue
 *     |  AskThreads, AskVitals ----------------&gt;       |   at any time
 *     |  &lt;-------------------- Threads, Vitals          |
 *     |  EndJob, DropContents, Leave -----------&gt;      |
 * </pre>
 *
 * <p>A chunk is a range of a job's items that one worker runs in order. {@code first} is the index in the job of the
 * chunk's first item; {@code from}, {@code to} and {@code item} count within the chunk.
 */
public sealed interface Message {
    /** What a connection begins with, both ways; only the acceptor and the connector read it. */
    sealed interface Greeting extends Message {}

    /** What a driver says to a worker. */
    sealed interface ToWorker extends Message {
        void deliverTo(Receiver receiver);

        /** One method a message: a new one does not compile before the worker answers it. */
        interface Receiver {
            void onGiveClass(GiveClass message);

            void onGiveBlob(GiveBlob message);

            void onDropContents(DropContents message);

            void onGiveBase(GiveBase message);

            void onStartJob(StartJob message);

            void onRunChunk(RunChunk message);

            void onRunJob(RunJob message);

            void onInterruptChunk(InterruptChunk message);

            void onReclaimChunk(ReclaimChunk message);

            void onEndJob(EndJob message);

            void onReceived(Received message);

            void onClassAnswer(ClassAnswer message);

            void onSharedReply(SharedReply message);

            void onJvmIds(JvmIds message);

            void onAskThreads(AskThreads message);

            void onAskVitals(AskVitals message);

            void onLeave(Leave message);
        }
    }

    /** What a worker says to its driver. */
    sealed interface ToDriver extends Message {
        void deliverTo(Receiver receiver);

        /** One method a message: a new one does not compile before the driver answers it. */
        interface Receiver {
            void onChunkItems(ChunkItems message);

            void onChunkReturned(ChunkReturned message);

            void onJobRefused(JobRefused message);

            void onItemStarted(ItemStarted message);

            void onOutput(Output message);

            void onShown(Shown message);

            void onLeaving(Leaving message);

            void onThreads(Threads message);

            void onTellVitals(TellVitals message);

            void onNeedClass(NeedClass message);

            void onSharedCall(SharedCall message);

            void onSharedTell(SharedTell message);

            void onSharedGone(SharedGone message);

            void onNeedJvmIds(NeedJvmIds message);
        }
    }

    // ------------------------------------------------------------ both ways, before anything else

    /** Worker to driver, the first message. */
    record Hello(int worker, byte[] nonce) implements Greeting {}

    /** Driver to worker, the answer to {@link Hello}. */
    record Challenge(byte[] nonce, byte[] proof) implements Greeting {}

    /** Worker to driver, the answer to {@link Challenge}. */
    record Proof(byte[] proof, long pid) implements Greeting {}

    // ------------------------------------------------------------ driver to worker

    /** A session class, sent to each worker that lacks it. */
    record GiveClass(String name, String hash, byte[] classFile) implements ToWorker {
        @Override
        public void deliverTo(Receiver receiver) {
            receiver.onGiveClass(this);
        }
    }

    /** A large array that bundles refer to, sent to each worker that lacks it. */
    record GiveBlob(String hash, long size, byte[] content) implements ToWorker {
        @Override
        public void deliverTo(Receiver receiver) {
            receiver.onGiveBlob(this);
        }
    }

    /** Classes and arrays that no submission of this worker uses any more, by hash: they will be sent again if one does. */
    record DropContents(List<String> hashes) implements ToWorker {
        @Override
        public void deliverTo(Receiver receiver) {
            receiver.onDropContents(this);
        }
    }

    /** What jobs have in common that name this number from now on; it may have meant something else before. */
    record GiveBase(int number, CodeBase base) implements ToWorker {
        @Override
        public void deliverTo(Receiver receiver) {
            receiver.onGiveBase(this);
        }
    }

    /**
     * A function, before the first of its chunks. {@code base} is the number of the one that its bundle, which comes without, stands
     * on; {@code timed}: tell when each item starts.
     */
    record StartJob(long job, CallKind kind, int base, Code code, boolean timed) implements ToWorker {
        @Override
        public void deliverTo(Receiver receiver) {
            receiver.onStartJob(this);
        }
    }

    /** Run the items {@code from} (inclusive) to {@code to} (exclusive). Answered by {@link ChunkItems} up to the last. */
    record RunChunk(long job, long chunk, long first, int from, int to, Payload items) implements ToWorker {
        @Override
        public void deliverTo(Receiver receiver) {
            receiver.onRunChunk(this);
        }
    }

    /**
     * A job that is one chunk: the function, and its items. Answered as {@link RunChunk}; the job ends with its chunk, whatever
     * becomes of that, and nobody tells so.
     */
    record RunJob(StartJob job, RunChunk chunk) implements ToWorker {
        @Override
        public void deliverTo(Receiver receiver) {
            receiver.onRunJob(this);
        }
    }

    /** Interrupt the chunk if it runs, and run no more of it; the answer is {@link ChunkReturned}, or its last items. */
    record InterruptChunk(long chunk) implements ToWorker {
        @Override
        public void deliverTo(Receiver receiver) {
            receiver.onInterruptChunk(this);
        }
    }

    /** Give the chunk back if it has not started; the answer is {@link ChunkReturned}, or none. */
    record ReclaimChunk(long chunk) implements ToWorker {
        @Override
        public void deliverTo(Receiver receiver) {
            receiver.onReclaimChunk(this);
        }
    }

    /** No more chunks of this job will come. */
    record EndJob(long job) implements ToWorker {
        @Override
        public void deliverTo(Receiver receiver) {
            receiver.onEndJob(this);
        }
    }

    /** How much of the worker's stream has been dealt with, since its beginning. */
    record Received(long streamBytes, long attachmentBytes) implements ToWorker {
        @Override
        public void deliverTo(Receiver receiver) {
            receiver.onReceived(this);
        }
    }

    /** The answer to {@link NeedClass}; an empty array when there is no such class. */
    record ClassAnswer(long request, byte[] classFile) implements ToWorker {
        @Override
        public void deliverTo(Receiver receiver) {
            receiver.onClassAnswer(this);
        }
    }

    /** The answer to {@link SharedCall}. */
    record SharedReply(long request, SharedAnswer answer) implements ToWorker {
        @Override
        public void deliverTo(Receiver receiver) {
            receiver.onSharedReply(this);
        }
    }

    /** The answer to {@link NeedJvmIds}: the first of a block of numbers for JVMs. */
    record JvmIds(long request, int first) implements ToWorker {
        @Override
        public void deliverTo(Receiver receiver) {
            receiver.onJvmIds(this);
        }
    }

    /** Tell what the threads do; answered by {@link Threads} also while the task runs. */
    record AskThreads(long request) implements ToWorker {
        @Override
        public void deliverTo(Receiver receiver) {
            receiver.onAskThreads(this);
        }
    }

    /** Tell of time, memory and collections; answered by {@link TellVitals} also while the task runs. */
    record AskVitals(long request) implements ToWorker {
        @Override
        public void deliverTo(Receiver receiver) {
            receiver.onAskVitals(this);
        }
    }

    /** End in good order, after the chunks that are here. */
    record Leave() implements ToWorker {
        @Override
        public void deliverTo(Receiver receiver) {
            receiver.onLeave(this);
        }
    }

    // ------------------------------------------------------------ worker to driver

    /** The items of a chunk from this one on, timed together, took so long, in nanoseconds. */
    record Slow(int item, int items, long nanos) {}

    /**
     * Outcomes of items {@code from} on, of which so many failed; {@code last} when the chunk is done, {@code shared} when some
     * refer to shared objects. What was {@code spent} on them, and which were {@code slow}, goes along, since it costs no
     * message of its own.
     */
    record ChunkItems(
            long chunk,
            int from,
            int count,
            int failed,
            boolean last,
            boolean shared,
            Spent spent,
            List<Slow> slow,
            Payload outcomes)
            implements ToDriver {
        /** Nothing is known of their time. */
        public ChunkItems(long chunk, int from, int count, int failed, boolean last, boolean shared, Payload outcomes) {
            this(chunk, from, count, failed, last, shared, Spent.NONE, List.of(), outcomes);
        }

        @Override
        public void deliverTo(Receiver receiver) {
            receiver.onChunkItems(this);
        }
    }

    /** The items from {@code from} on were not run and will not be, as the driver asked; {@link #WHOLE}: none was. */
    record ChunkReturned(long chunk, int from) implements ToDriver {
        public static final int WHOLE = -1;

        @Override
        public void deliverTo(Receiver receiver) {
            receiver.onChunkReturned(this);
        }
    }

    /** The job's function could not be loaded for this chunk; {@code failure} in the format of {@link RemoteFailure}. */
    record JobRefused(long job, long chunk, byte[] failure) implements ToDriver {
        @Override
        public void deliverTo(Receiver receiver) {
            receiver.onJobRefused(this);
        }
    }

    /** An item of a timed job starts. */
    record ItemStarted(long chunk, int item) implements ToDriver {
        @Override
        public void deliverTo(Receiver receiver) {
            receiver.onItemStarted(this);
        }
    }

    /** Text printed by a task; {@code job} is 0 and {@code task} -1 when no task printed it. */
    record Output(long job, long task, boolean error, byte[] text) implements ToDriver {
        @Override
        public void deliverTo(Receiver receiver) {
            receiver.onOutput(this);
        }
    }

    /** What a task showed other than text, in order with its text; opaque. */
    record Shown(long job, long task, byte[] content) implements ToDriver {
        @Override
        public void deliverTo(Receiver receiver) {
            receiver.onShown(this);
        }
    }

    /** The worker ends in good order; its life-line is to be let go, so that nothing of it waits outside Java then. */
    record Leaving() implements ToDriver {
        @Override
        public void deliverTo(Receiver receiver) {
            receiver.onLeaving(this);
        }
    }

    /** The answer to {@link AskThreads}, in the format of {@link ThreadTable}. */
    record Threads(long request, byte[] table) implements ToDriver {
        @Override
        public void deliverTo(Receiver receiver) {
            receiver.onThreads(this);
        }
    }

    /** The answer to {@link AskVitals}. */
    record TellVitals(long request, Vitals vitals) implements ToDriver {
        @Override
        public void deliverTo(Receiver receiver) {
            receiver.onTellVitals(this);
        }
    }

    /** A class that shipped code names and that was not sent. Answered by {@link ClassAnswer}. */
    record NeedClass(long request, String name) implements ToDriver {
        @Override
        public void deliverTo(Receiver receiver) {
            receiver.onNeedClass(this);
        }
    }

    /**
     * A request to the host of a shared object, in the name of this worker or of one that it has started itself. Answered by
     * {@link SharedReply}.
     */
    record SharedCall(long request, int jvmId, SharedRequest content) implements ToDriver {
        @Override
        public void deliverTo(Receiver receiver) {
            receiver.onSharedCall(this);
        }
    }

    /** A request without an answer. */
    record SharedTell(int jvmId, SharedRequest content) implements ToDriver {
        @Override
        public void deliverTo(Receiver receiver) {
            receiver.onSharedTell(this);
        }
    }

    /** A worker that this worker has started, and spoken for, has ended. */
    record SharedGone(int jvmId, Departure departure) implements ToDriver {
        @Override
        public void deliverTo(Receiver receiver) {
            receiver.onSharedGone(this);
        }
    }

    /** Numbers for workers of this worker. Answered by {@link JvmIds}. */
    record NeedJvmIds(long request) implements ToDriver {
        @Override
        public void deliverTo(Receiver receiver) {
            receiver.onNeedJvmIds(this);
        }
    }
}
