package manyjvm.parallel.shared;

import java.util.List;
import manyjvm.parallel.spi.Shared;

/** Home of an {@link manyjvm.parallel.Event}. */
final class EventHome extends Home {
    private final WaitingLine waiting = new WaitingLine();
    private boolean set;

    EventHome(Shared.Handle handle) {
        super(handle);
    }

    @Override
    void receive(Caller caller, SharedOperation operation, SharedRequest request, List<Content> contents) {
        switch (operation) {
            case SET -> {
                set = true;
                answer(caller, SharedAnswer.DONE);
                waiting.remove(waiter -> true).forEach(waiter -> answer(waiter.caller(), SharedAnswer.DONE));
            }
            case CLEAR -> {
                set = false;
                answer(caller, SharedAnswer.DONE);
            }
            case IS_SET -> answer(caller, SharedAnswer.of(SharedAnswer.DONE, set ? 1 : 0));
            case AWAIT_SET -> {
                if (set) {
                    answer(caller, SharedAnswer.DONE);
                } else {
                    waiting.add(caller, request.body());
                }
            }
            default -> refuse(caller, operation);
        }
    }

    @Override
    List<WaitingLine> lines() {
        return List.of(waiting);
    }
}
