package manyjvm.parallel.worker;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import manyjvm.parallel.NotShippableException;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.code.CodeStore;
import manyjvm.parallel.code.graph.Refusal;
import manyjvm.parallel.shared.Departure;
import manyjvm.parallel.shared.SharedAnswer;
import manyjvm.parallel.shared.SharedClient;
import manyjvm.parallel.shared.SharedLinker;
import manyjvm.parallel.shared.SharedRelay;
import manyjvm.parallel.shared.SharedRequest;
import manyjvm.parallel.wire.Message;
import manyjvm.parallel.wire.connect.JournaledSendQueue;
import manyjvm.parallel.wire.connect.WorkerStart;
import org.jspecify.annotations.Nullable;

/**
 * A worker's way to the hosts of shared objects, for itself and for the workers that it has started: a message each way. Safe
 * for use by any thread.
 */
final class WorkerShared implements SharedClient, SharedRelay {
    private static final int NUMBERS_PER_JVM_BITS = 32;

    private final WorkerStart start;
    private final JournaledSendQueue sendQueue;
    private final AtomicLong requests = new AtomicLong();
    private final SharedLinker linker = new SharedLinker(this);
    private final AtomicLong ids = new AtomicLong();
    private final Map<Long, Call> calls = new ConcurrentHashMap<>();
    private final Map<Long, CompletableFuture<Integer>> blocks = new ConcurrentHashMap<>();
    private volatile boolean ending;

    WorkerShared(WorkerStart start, JournaledSendQueue sendQueue) {
        this.start = start;
        this.sendQueue = sendQueue;
    }

    /** A call under way. */
    private record Call(int jvmId, Shared.Handle target, CompletableFuture<SharedAnswer> answer) {}

    @Override
    public CompletableFuture<SharedAnswer> call(SharedRequest request) {
        return call(jvmId(), request);
    }

    @Override
    public CompletableFuture<SharedAnswer> call(int jvmId, SharedRequest request) {
        long number = requests.incrementAndGet();
        CompletableFuture<SharedAnswer> answer = new CompletableFuture<>();
        calls.put(number, new Call(jvmId, request.target(), answer));
        if (ending) {
            calls.remove(number);
            answer.completeExceptionally(gone());
            return answer;
        }
        sendQueue.append(new Message.SharedCall(number, jvmId, request));
        return answer;
    }

    /** The JVM ends: no call is answered any more. */
    void end() {
        ending = true;
        calls.values().forEach(call -> call.answer().completeExceptionally(gone()));
        calls.clear();
        blocks.values().forEach(block -> block.completeExceptionally(gone()));
    }

    private static ParallelException gone() {
        return new ParallelException("this worker is ending: shared objects can no longer be used");
    }

    @Override
    public void tell(SharedRequest request) {
        tell(jvmId(), request);
    }

    @Override
    public void tell(int jvmId, SharedRequest request) {
        sendQueue.append(new Message.SharedTell(jvmId, request));
    }

    @Override
    public void gone(int jvmId, Departure departure) {
        sendQueue.append(new Message.SharedGone(jvmId, departure));
        calls.values().removeIf(call -> call.jvmId() == jvmId); // what it waited for is never answered
    }

    @Override
    public CompletableFuture<Integer> newJvmIds() {
        long request = requests.incrementAndGet();
        CompletableFuture<Integer> block = new CompletableFuture<>();
        blocks.put(request, block);
        sendQueue.append(new Message.NeedJvmIds(request));
        return block;
    }

    /** On the wire thread. */
    void given(Message.JvmIds message) {
        CompletableFuture<Integer> block = blocks.remove(message.request());
        if (block != null) {
            block.complete(message.first());
        }
    }

    /** On the wire thread. An answer that crossed the news of its asker's death is dropped. */
    void answered(Message.SharedReply reply) {
        Call call = calls.remove(reply.request());
        if (call != null) {
            SharedAnswer answer = reply.answer();
            call.answer().complete(call.jvmId() == jvmId() ? linker.received(call.target(), answer) : answer);
        }
    }

    @Override
    public long newId() {
        return ((long) start.jvmId() << NUMBERS_PER_JVM_BITS) | ids.incrementAndGet();
    }

    @Override
    public int jvmId() {
        return start.jvmId();
    }

    @Override
    public Path folder() {
        return start.folder();
    }

    @Override
    public SharedLinker linker() {
        return linker;
    }

    @Override
    public byte[] encode(@Nullable Object value) {
        try {
            return code().encode(value).bytes();
        } catch (NotShippableException refused) {
            throw Refusal.named(refused, "the value", "value");
        }
    }

    @Override
    public @Nullable Object decode(byte[] bytes) {
        return code().decode(bytes);
    }

    private static CodeStore.LoadedCode code() {
        CodeStore.LoadedCode code = TaskContext.current().code();
        if (code == null) {
            throw new ParallelException("shared objects can be used once the worker runs its first task");
        }
        return code;
    }
}
