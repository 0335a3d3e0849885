package manyjvm.parallel.shared;

import java.util.List;
import manyjvm.parallel.spi.Shared;

/** Home of a {@link manyjvm.parallel.Barrier}. It breaks when one that waits gives up or dies: the others would wait for ever. */
final class BarrierHome extends Home {
    private final int parties;
    private final WaitingLine arrived = new WaitingLine();
    private boolean broken;

    BarrierHome(Shared.Handle handle) {
        super(handle);
        parties = Integer.parseInt(handle.detail());
    }

    @Override
    void receive(Caller caller, SharedOperation operation, SharedRequest request, List<Content> contents) {
        switch (operation) {
            case ARRIVE -> {
                if (broken) {
                    answer(caller, SharedAnswer.ENDED);
                    return;
                }
                arrived.add(caller, request.body());
                if (arrived.size() == parties) {
                    letGo();
                }
            }
            case BREAK -> {
                breakIt();
                answer(caller, SharedAnswer.DONE);
            }
            case RESET -> {
                breakIt();
                broken = false;
                answer(caller, SharedAnswer.DONE);
            }
            case WAITING ->
                answer(caller, SharedAnswer.of(broken ? SharedAnswer.ENDED : SharedAnswer.DONE, arrived.size()));
            default -> refuse(caller, operation);
        }
    }

    @Override
    List<WaitingLine> lines() {
        return List.of(arrived);
    }

    @Override
    void withdrawn(WaitingLine line, Waiter waiter) {
        super.withdrawn(line, waiter);
        breakIt();
    }

    @Override
    void memberGone(int member, boolean waited) {
        super.memberGone(member, waited);
        if (waited) {
            breakIt();
        }
    }

    private void letGo() {
        int index = 0;
        for (Waiter waiter : arrived.remove(each -> true)) {
            answer(waiter.caller(), SharedAnswer.of(SharedAnswer.DONE, index++));
        }
    }

    private void breakIt() {
        broken = true;
        arrived.remove(each -> true).forEach(waiter -> answer(waiter.caller(), SharedAnswer.ENDED));
    }
}
