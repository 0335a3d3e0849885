package manyjvm.parallel.shared.host;

import java.util.List;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.shared.SharedAnswer;
import manyjvm.parallel.shared.SharedOperation;
import manyjvm.parallel.shared.SharedRequest;

/** Host of an {@link manyjvm.parallel.Event}. */
final class EventHost extends SharedObjectHost {
    private final WaitQueue waiting = new WaitQueue();
    private boolean set;

    EventHost(Shared.Handle handle) {
        super(handle);
    }

    @Override
    void receive(Caller caller, SharedOperation operation, SharedRequest request, List<Content> contents) {
        switch (operation) {
            case SET -> {
                set = true;
                answer(caller, SharedAnswer.DONE);
                answerAll(waiting, SharedAnswer.DONE);
            }
            case CLEAR -> {
                set = false;
                answer(caller, SharedAnswer.DONE);
            }
            case IS_SET -> answer(caller, SharedAnswer.DONE, set ? 1 : 0);
            case AWAIT_SET -> {
                if (set) {
                    answer(caller, SharedAnswer.DONE);
                } else {
                    waiting.add(caller);
                }
            }
            default -> refuse(caller, operation);
        }
    }

    @Override
    List<WaitQueue> waitQueues() {
        return List.of(waiting);
    }
}
