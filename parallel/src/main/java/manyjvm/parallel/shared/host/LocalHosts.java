package manyjvm.parallel.shared.host;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.shared.Departure;
import manyjvm.parallel.shared.EncodedValue;
import manyjvm.parallel.shared.Hold;
import manyjvm.parallel.shared.SharedAnswer;
import manyjvm.parallel.shared.SharedClient;
import manyjvm.parallel.shared.SharedKind;
import manyjvm.parallel.shared.SharedLinker;
import manyjvm.parallel.shared.SharedOperation;
import manyjvm.parallel.shared.SharedRequest;

/**
 * Finds the host of each shared object. A host is made when the object is, and goes when nobody can reach the object any
 * more. Called by any thread; each host guards itself.
 *
 * <p><b>Who can reach an object, the protocol of it.</b> Whoever holds a reference keeps the object: a JVM that has it, and
 * all bytes from which a JVM may still make it. A host keeps the set of those that hold it, each by a name of its own: a JVM
 * and a number, which that JVM never uses twice. So no message has to be matched with another but by its number, and it does
 * not matter which of two comes first: an object that was dropped and linked again at once is two holders.
 *
 * <ul>
 *   <li><i>An object in a JVM</i> (CREATED or LINKED, then RELEASED when the garbage collector has found it). {@link
 *       SharedLinker} announces it before anybody can have it.
 *   <li><i>A submission</i>, or a pool's initializer: kept by the objects themselves, to which the snapshot refers in the
 *       submitter's JVM, as long as a worker may read the snapshot (again). A worker that has read it has told LINKED before
 *       it tells the outcome of the chunk.
 *   <li><i>A result or an exception</i>: a worker keeps the objects until the outcome is in its send queue; when that arrives,
 *       the submitter's JVM tells HELD, before it reads on. The {@link Hold} lives as long as the undecoded batch, which may
 *       be decoded once, often, or never. What a dead worker had not sent lies in its journal, and is held before the worker
 *       is buried.
 *   <li><i>An element, a message, a value of a Manager's map</i>: an {@link EncodedValue}, of which the host that stores it holds
 *       the others here, as long as it has the bytes ({@link Content}). Drop these how you like: a {@link Hold} ends by the
 *       garbage collector.
 *   <li><i>An answer with such bytes</i> on its way to a JVM, or read there step by step (an iterator): a <i>grant</i>. It
 *       keeps the contents here until that JVM says LET_GO, or is gone. What was taken out is let go of at once; of a
 *       copy, and of what was copied before, the garbage collector tells when.
 * </ul>
 *
 * <p><b>Why that is enough.</b> All that a JVM tells comes here in the order in which it was told (a worker's worker tells by
 * its parent). A JVM tells of what it got before it lets go of what it got it from, and lets go of what it gave away after it
 * gave it. So at every moment at least one holder is known here. A JVM that is gone holds nothing, under whatever number.
 * What nobody holds goes; a request that still comes for it is refused, never answered from a new, empty host.
 *
 * <p>Objects that hold each other (a queue that is an element of itself) stay until the driver closes. The end of a pipe
 * depends on more than this, see {@link PipeHost}.
 */
final class LocalHosts implements SharedObjectHosts {
    /** In place of the number of a JVM: the contents of hosts. */
    static final int HERE = -1;

    private final Path folder;
    private final ConcurrentHashMap<Long, SharedObjectHost> hosts = new ConcurrentHashMap<>();
    private final Grants grants = new Grants();
    private final AtomicLong contents = new AtomicLong();
    private volatile boolean closed;

    LocalHosts(Path folder) {
        this.folder = folder;
    }

    /** What answers on their way to other JVMs keep. Safe for use by any thread. */
    static final class Grants {
        private record Grant(int jvmId, Hold hold) {}

        private final Map<Long, Grant> grants = new ConcurrentHashMap<>();
        private final AtomicLong numbers = new AtomicLong();

        /** @param hold ended when the JVM lets go */
        long grant(int jvmId, Hold hold) {
            long number = numbers.incrementAndGet();
            grants.put(number, new Grant(jvmId, hold));
            return number;
        }

        private void letGo(int jvmId, long number) {
            Grant grant = grants.get(number);
            if (grant != null && grant.jvmId() == jvmId && grants.remove(number, grant)) {
                grant.hold().close();
            }
        }

        private void jvmGone(int jvmId) {
            grants.values().removeIf(grant -> grant.jvmId() == jvmId);
        }
    }

    @Override
    public void handle(int jvmId, SharedRequest request, Consumer<SharedAnswer> answer) {
        Shared.Handle target = request.target();
        SharedOperation operation = SharedOperation.of(request);
        if (operation == SharedOperation.LET_GO) {
            grants.letGo(jvmId, request.number());
            return;
        }
        if (operation == SharedOperation.CREATED) {
            create(jvmId, request, answer);
            return;
        }
        SharedObjectHost host = hosts.get(target.id());
        if (host == null) {
            answer.accept(
                    SharedAnswer.refused(closed ? SharedObjectHost.ended(target) : SharedObjectHost.gone(target)));
            return;
        }
        host.handle(jvmId, request, Content.of(request, this::content), answer);
        switch (operation) {
            case RELEASED, DELIVERED, CLOSE, WITHDRAW -> forgetIfUnused(target.id(), host);
            default -> {
                // none of those that end a use
            }
        }
    }

    private Content content(byte[] encoded) {
        List<Shared.Handle> handles = EncodedValue.handles(encoded);
        return handles.isEmpty() ? Content.of(encoded) : new Content(encoded, hold(handles));
    }

    /** Holds these for something that is stored here. */
    private Hold hold(List<Shared.Handle> handles) {
        long number = contents.incrementAndGet();
        handles.forEach(handle -> tellHost(handle, SharedOperation.HELD, number));
        return Hold.until(() -> handles.forEach(handle -> tellHost(handle, SharedOperation.RELEASED, number)));
    }

    private void tellHost(Shared.Handle handle, SharedOperation operation, long number) {
        tell(HERE, new SharedRequest(handle, operation, number));
    }

    @Override
    public void tell(int jvmId, SharedRequest request) {
        handle(jvmId, request, nobody -> {});
    }

    @Override
    public int self() {
        return SharedClient.DRIVER;
    }

    @Override
    public void jvmGone(int jvmId, Departure departure) {
        hosts.forEach((id, host) -> {
            host.handleJvmGone(jvmId, departure);
            forgetIfUnused(id, host);
        });
        grants.jvmGone(jvmId); // last: until its host knows, a waiter of the dead may be given something
    }

    @Override
    public void close() {
        closed = true;
        hosts.values().forEach(SharedObjectHost::close);
        hosts.clear(); // users may keep a closed pool, but no mapped memory by it
    }

    /** For tests: how many objects somebody can reach. */
    int size() {
        return hosts.size();
    }

    /** Makes the host of an object and has its maker hold it before anybody can find it, and find it unused. */
    private void create(int jvmId, SharedRequest created, Consumer<SharedAnswer> answer) {
        Shared.Handle handle = created.target();
        if (closed) {
            answer.accept(SharedAnswer.refused(SharedObjectHost.ended(handle)));
            return;
        }
        SharedObjectHost host;
        try {
            host = newHost(handle);
        } catch (ParallelException failure) {
            answer.accept(SharedAnswer.refused(String.valueOf(failure.getMessage())));
            return;
        }
        host.grants(grants);
        host.handle(jvmId, created, List.of(), answer);
        hosts.put(handle.id(), host);
        if (closed) {
            host.close(); // made while all were closed
            hosts.remove(handle.id(), host);
        }
    }

    private SharedObjectHost newHost(Shared.Handle handle) {
        return switch (SharedKind.of(handle).host()) {
            case QUEUE -> new QueueHost(handle);
            case PIPE -> new PipeHost(handle);
            case SEMAPHORE -> new SemaphoreHost(handle);
            case EVENT -> new EventHost(handle);
            case CONDITION -> new ConditionHost(handle, hold(List.of(SharedKind.lockOf(handle))));
            case BARRIER -> new BarrierHost(handle);
            case TABLE -> new TableHost(handle);
            case LIST -> new ListHost(handle);
            case MAPPED -> new MappedHost(handle, folder);
            case HOLDERS -> new SharedObjectHost(handle);
        };
    }

    private void forgetIfUnused(long id, SharedObjectHost host) {
        if (host.closeIfUnused()) {
            hosts.remove(id, host);
        }
    }
}
