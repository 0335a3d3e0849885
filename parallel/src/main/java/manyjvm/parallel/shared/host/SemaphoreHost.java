package manyjvm.parallel.shared.host;

import java.util.List;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.shared.SharedAnswer;
import manyjvm.parallel.shared.SharedKind;
import manyjvm.parallel.shared.SharedOperation;
import manyjvm.parallel.shared.SharedRequest;

/** Host of a {@link manyjvm.parallel.Semaphore}. While somebody waits there is no free permit. */
final class SemaphoreHost extends SharedObjectHost {
    private final long most;
    private final WaitQueue waiting = new WaitQueue();
    private long permits;

    SemaphoreHost(Shared.Handle handle) {
        super(handle);
        permits = Long.parseLong(handle.detail());
        most = SharedKind.BOUNDED_SEMAPHORE.is(handle) ? permits : Long.MAX_VALUE;
    }

    @Override
    void receive(Caller caller, SharedOperation operation, SharedRequest request, List<Content> contents) {
        switch (operation) {
            case ACQUIRE -> {
                if (permits > 0) {
                    permits--;
                    answer(caller, SharedAnswer.DONE);
                } else {
                    waiting.add(caller);
                }
            }
            case TRY_ACQUIRE -> {
                boolean free = permits > 0;
                permits -= free ? 1 : 0;
                answer(caller, free ? SharedAnswer.DONE : SharedAnswer.NOT_NOW);
            }
            case RELEASE -> release(caller, request.number());
            case PERMITS -> answer(caller, SharedAnswer.DONE, permits);
            default -> refuse(caller, operation);
        }
    }

    @Override
    List<WaitQueue> waitQueues() {
        return List.of(waiting);
    }

    private void release(Caller caller, long count) {
        if (count > most - permits) {
            answer(caller, SharedAnswer.NOT_NOW);
            return;
        }
        permits += count;
        answer(caller, SharedAnswer.DONE);
        while (permits > 0 && !waiting.isEmpty()) {
            permits--;
            answer(waiting.take().caller(), SharedAnswer.DONE);
        }
    }
}
