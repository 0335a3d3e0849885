package manyjvm.parallel.shared.host;

import java.util.List;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.shared.Departure;
import manyjvm.parallel.shared.SharedAnswer;
import manyjvm.parallel.shared.SharedOperation;
import manyjvm.parallel.shared.SharedRequest;
import org.jspecify.annotations.Nullable;

/** Host of a {@link manyjvm.parallel.Barrier}. It breaks when one that waits gives up or dies: the others would wait for ever. */
final class BarrierHost extends SharedObjectHost {
    private final int parties;
    private final WaitQueue arrived = new WaitQueue();
    private @Nullable String broken; // why it is

    BarrierHost(Shared.Handle handle) {
        super(handle);
        parties = Integer.parseInt(handle.detail());
    }

    @Override
    void receive(Caller caller, SharedOperation operation, SharedRequest request, List<Content> contents) {
        switch (operation) {
            case ARRIVE -> {
                if (broken != null) {
                    answer(caller, SharedAnswer.of(SharedAnswer.ENDED, broken));
                    return;
                }
                arrived.add(caller);
                if (arrived.size() == parties) {
                    letGo();
                }
            }
            case BREAK -> {
                breakIt("somebody called abort()");
                answer(caller, SharedAnswer.DONE);
            }
            case RESET -> {
                breakIt("it was reset while others waited");
                broken = null;
                answer(caller, SharedAnswer.DONE);
            }
            case WAITING -> answer(caller, broken == null ? SharedAnswer.DONE : SharedAnswer.ENDED, arrived.size());
            default -> refuse(caller, operation);
        }
    }

    @Override
    List<WaitQueue> waitQueues() {
        return List.of(arrived);
    }

    @Override
    void withdrawn(WaitQueue queue, Waiter waiter) {
        super.withdrawn(queue, waiter);
        breakIt("one of its parties gave up");
    }

    @Override
    void jvmGone(int jvmId, Departure departure, boolean waited) {
        super.jvmGone(jvmId, departure, waited);
        if (waited) {
            breakIt(departure + " while it waited");
        }
    }

    private void letGo() {
        int index = 0;
        for (Waiter waiter : arrived.remove(each -> true)) {
            answer(waiter.caller(), SharedAnswer.DONE, index++);
        }
    }

    private void breakIt(String why) {
        if (broken == null) {
            broken = why; // what follows from it is not the reason
        }
        answerAll(arrived, SharedAnswer.of(SharedAnswer.ENDED, broken));
    }
}
