package manyjvm.parallel.shared;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.spi.Shared;

/**
 * Finds the home of each shared object, making it when first heard of: a handle says all that this takes. A home goes when
 * nobody can reach its object any more. Called by any thread; each home guards itself.
 */
final class LocalHomes implements SharedHomes {
    private static final Runnable NOTHING_TO_WITHDRAW = () -> {};

    private final Path folder;
    private final ConcurrentHashMap<Long, Home> homes = new ConcurrentHashMap<>();
    private volatile boolean closed;

    LocalHomes(Path folder) {
        this.folder = folder;
    }

    @Override
    public Runnable handle(int member, SharedRequest request, Consumer<SharedAnswer> answer) {
        Shared.Handle target = request.target();
        SharedOperation operation = SharedOperation.of(request);
        Home home;
        try {
            boolean farewell = operation == SharedOperation.RELEASED || operation == SharedOperation.END;
            home = farewell ? homes.get(target.id()) : home(target);
        } catch (ParallelException gone) {
            answer.accept(SharedAnswer.refused(gone.getMessage()));
            return NOTHING_TO_WITHDRAW;
        }
        if (home == null) {
            return NOTHING_TO_WITHDRAW; // released twice, or ended without users: forgotten already
        }
        home.handle(member, request, answer);
        if (operation == SharedOperation.RELEASED || operation == SharedOperation.CLOSE) {
            forgetIfUnused(target.id(), home);
        }
        return () -> home.handleWithdrawal(member, request);
    }

    @Override
    public void tell(int member, SharedRequest request) {
        handle(member, request, nobody -> {});
    }

    @Override
    public void sent(int member, List<Shared.Handle> handles) {
        for (Shared.Handle handle : handles) {
            try {
                home(handle).handleSent(member, handle);
            } catch (ParallelException gone) {
                // The worker meets the same failure when it links the handle, where it can be reported.
            }
        }
    }

    @Override
    public void submitted(long job, List<Shared.Handle> handles) {
        sent(Home.submission(job), handles);
    }

    @Override
    public void delivered(long job, List<Shared.Handle> handles) {
        for (Shared.Handle handle : handles) {
            if (PipeHome.isOfAPipe(handle)) {
                release(job, handle);
            }
        }
    }

    @Override
    public void submissionEnded(long job, Collection<Shared.Handle> handles) {
        handles.forEach(handle -> release(job, handle));
    }

    private void release(long job, Shared.Handle handle) {
        SharedRequest request = new SharedRequest(handle, SharedOperation.RELEASED.ordinal(), 0, new byte[0]);
        handle(Home.submission(job), request, answer -> {});
    }

    @Override
    public void memberGone(int member) {
        homes.forEach((id, home) -> {
            home.handleMemberGone(member);
            forgetIfUnused(id, home);
        });
    }

    @Override
    public void close() {
        closed = true;
        homes.values().forEach(Home::close);
        homes.clear(); // users may keep a closed pool, but no mapped memory by it
    }

    private Home home(Shared.Handle handle) {
        if (closed) {
            throw new ParallelException(Home.ended(handle));
        }
        Home home = homes.computeIfAbsent(handle.id(), id -> newHome(handle));
        if (closed) {
            home.close(); // made while all were closed
            homes.remove(handle.id(), home);
        }
        return home;
    }

    private Home newHome(Shared.Handle handle) {
        String kind = handle.kind();
        if (kind.startsWith("Value.") || kind.startsWith("Array.")) {
            return new MappedHome(handle, folder);
        }
        switch (kind) {
            case "Queue":
            case "SimpleQueue":
            case "JoinableQueue":
                return new QueueHome(handle);
            case "Pipe":
            case "Connection":
                return new PipeHome(handle);
            case "Lock":
            case "RLock":
                return new MappedHome(handle, folder);
            case "Semaphore":
            case "BoundedSemaphore":
                return new SemaphoreHome(handle);
            case "Event":
                return new EventHome(handle);
            case "Condition":
                return new ConditionHome(handle);
            case "Barrier":
                return new BarrierHome(handle);
            case "ManagedMap":
            case "ManagedSet":
            case "Namespace":
                return new TableHome(handle);
            case "ManagedList":
                return new ListHome(handle);
            case "SharedMemory":
            case "ShareableList":
                return new MemoryHome(handle);
            default:
                throw new ParallelException(
                        "Nothing shared is of kind " + kind + ": please report this fault of manyjvm.");
        }
    }

    private void forgetIfUnused(long id, Home home) {
        if (home.isForgettable() && homes.remove(id, home)) {
            home.close();
        }
    }
}
