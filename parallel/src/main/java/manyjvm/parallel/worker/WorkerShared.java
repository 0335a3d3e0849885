package manyjvm.parallel.worker;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import manyjvm.parallel.NotShippableException;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.code.CodeStore;
import manyjvm.parallel.code.Refusal;
import manyjvm.parallel.shared.Departure;
import manyjvm.parallel.shared.SharedAnswer;
import manyjvm.parallel.shared.SharedClient;
import manyjvm.parallel.shared.SharedLinker;
import manyjvm.parallel.shared.SharedRelay;
import manyjvm.parallel.shared.SharedRequest;
import manyjvm.parallel.spi.Shared;
import manyjvm.parallel.wire.Message;
import manyjvm.parallel.wire.Outbox;
import manyjvm.parallel.wire.WorkerStart;

/**
 * A worker's way to the homes of shared objects, for itself and for the workers that it has started: a message each way. Safe
 * for use by any thread.
 */
final class WorkerShared implements SharedClient, SharedRelay {
    private static final int NUMBERS_PER_MEMBER_BITS = 32;

    private final WorkerStart start;
    private final Outbox outbox;
    private final AtomicLong requests = new AtomicLong();
    private volatile SharedLinker linker; // made when needed, since it loads every kind of shared object
    private final AtomicLong ids = new AtomicLong();
    private final Map<Long, Call> calls = new ConcurrentHashMap<>();
    private final Map<Long, CompletableFuture<Integer>> blocks = new ConcurrentHashMap<>();
    private volatile boolean ending;

    WorkerShared(WorkerStart start, Outbox outbox) {
        this.start = start;
        this.outbox = outbox;
    }

    /** A call under way; cancelling it tells the home. */
    private final class Call extends CompletableFuture<SharedAnswer> {
        private final long request;
        private final int member;
        private final Shared.Handle target;

        Call(long request, int member, Shared.Handle target) {
            this.request = request;
            this.member = member;
            this.target = target;
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            boolean cancelled = super.cancel(mayInterruptIfRunning);
            if (cancelled && calls.remove(request) != null) {
                outbox.append(new Message.SharedWithdraw(request));
            }
            return cancelled;
        }
    }

    @Override
    public CompletableFuture<SharedAnswer> call(SharedRequest request) {
        return call(member(), request);
    }

    @Override
    public CompletableFuture<SharedAnswer> call(int member, SharedRequest request) {
        Call call = new Call(requests.incrementAndGet(), member, request.target());
        calls.put(call.request, call);
        if (ending) {
            calls.remove(call.request);
            call.completeExceptionally(gone());
            return call;
        }
        outbox.append(new Message.SharedCall(call.request, member, request));
        return call;
    }

    /** The JVM ends: no call is answered any more. */
    void end() {
        ending = true;
        calls.values().forEach(call -> call.completeExceptionally(gone()));
        calls.clear();
        blocks.values().forEach(block -> block.completeExceptionally(gone()));
    }

    private static ParallelException gone() {
        return new ParallelException("this worker is ending: shared objects can no longer be used");
    }

    @Override
    public void tell(SharedRequest request) {
        tell(member(), request);
    }

    @Override
    public void tell(int member, SharedRequest request) {
        outbox.append(new Message.SharedTell(member, request));
    }

    @Override
    public void gone(int member, Departure departure) {
        outbox.append(new Message.SharedGone(member, departure));
    }

    @Override
    public CompletableFuture<Integer> newMembers() {
        long request = requests.incrementAndGet();
        CompletableFuture<Integer> block = new CompletableFuture<>();
        blocks.put(request, block);
        outbox.append(new Message.NeedMembers(request));
        return block;
    }

    /** On the wire thread. */
    void given(Message.Members message) {
        CompletableFuture<Integer> block = blocks.remove(message.request());
        if (block != null) {
            block.complete(message.first());
        }
    }

    /** On the wire thread. An answer that crossed a withdrawal is dropped: the home undoes it when that arrives. */
    void answered(Message.SharedReply reply) {
        Call call = calls.remove(reply.request());
        if (call != null) {
            SharedAnswer answer = reply.answer();
            call.complete(call.member == member() ? linker().received(call.target, answer) : answer);
        }
    }

    @Override
    public long newId() {
        return ((long) start.member() << NUMBERS_PER_MEMBER_BITS) | ids.incrementAndGet();
    }

    @Override
    public int member() {
        return start.member();
    }

    @Override
    public Path folder() {
        return start.folder();
    }

    @Override
    public SharedLinker linker() {
        SharedLinker made = linker;
        return made == null ? makeLinker() : made;
    }

    private synchronized SharedLinker makeLinker() {
        if (linker == null) {
            linker = new SharedLinker(this);
        }
        return linker;
    }

    @Override
    public byte[] encode(Object value) {
        try {
            return code().encode(value).bytes();
        } catch (NotShippableException refused) {
            throw Refusal.named(refused, "the value", "value");
        }
    }

    @Override
    public Object decode(byte[] bytes) {
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
