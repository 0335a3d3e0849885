package manyjvm.parallel.shared;

import java.util.List;
import manyjvm.parallel.spi.Shared;

/** Home of a {@link manyjvm.parallel.SharedMemory}, which needs none: its file is there until somebody unlinks it. */
final class MemoryHome extends Home {
    MemoryHome(Shared.Handle handle) {
        super(handle);
    }

    @Override
    void receive(Caller caller, SharedOperation operation, SharedRequest request, List<Content> contents) {
        refuse(caller, operation);
    }

    @Override
    List<WaitingLine> lines() {
        return List.of();
    }
}
