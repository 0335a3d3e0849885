package manyjvm.parallel.shared.host;

import java.util.List;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.shared.SharedOperation;
import manyjvm.parallel.shared.SharedRequest;

/** Host of a {@link manyjvm.parallel.SharedMemory}, which needs none: its file is there until somebody unlinks it. */
final class MemoryHost extends SharedObjectHost {
    MemoryHost(Shared.Handle handle) {
        super(handle);
    }

    @Override
    void receive(Caller caller, SharedOperation operation, SharedRequest request, List<Content> contents) {
        refuse(caller, operation);
    }

    @Override
    List<WaitQueue> waitQueues() {
        return List.of();
    }
}
