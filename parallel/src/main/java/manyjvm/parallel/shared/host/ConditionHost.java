package manyjvm.parallel.shared.host;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.shared.Departure;
import manyjvm.parallel.shared.Hold;
import manyjvm.parallel.shared.SharedAnswer;
import manyjvm.parallel.shared.SharedOperation;
import manyjvm.parallel.shared.SharedRequest;

/**
 * Host of a {@link manyjvm.parallel.Condition}. Who is about to wait enrols while it still holds the lock, then leaves the
 * lock, then waits: a signal in between is kept for it. A signal to somebody who gave up or died goes to the next.
 */
final class ConditionHost extends SharedObjectHost {
    private record Enrolled(int jvmId, long ticket) {}

    /** In order of enrolment; true once signalled and not yet told. */
    private final Map<Enrolled, Boolean> signalled = new LinkedHashMap<>();

    private final WaitQueue waiting = new WaitQueue();

    /** Whoever has the condition can reach its lock, which is held as long as this host is there. */
    private final Hold lock;

    ConditionHost(Shared.Handle handle, Hold lock) {
        super(handle);
        this.lock = lock;
    }

    @Override
    void closing() {
        lock.close();
    }

    @Override
    void receive(Caller caller, SharedOperation operation, SharedRequest request, List<Content> contents) {
        switch (operation) {
            case ENROL -> {
                signalled.put(new Enrolled(caller.jvmId(), caller.ticket()), false);
                answer(caller, SharedAnswer.DONE);
            }
            case AWAIT_SIGNAL -> {
                Enrolled self = new Enrolled(caller.jvmId(), caller.ticket());
                if (signalled.getOrDefault(self, true)) {
                    signalled.remove(self);
                    answer(caller, SharedAnswer.DONE);
                } else {
                    waiting.add(caller);
                }
            }
            case SIGNAL -> {
                signal(request.number());
                answer(caller, SharedAnswer.DONE);
            }
            default -> refuse(caller, operation);
        }
    }

    @Override
    List<WaitQueue> waitQueues() {
        return List.of(waiting);
    }

    @Override
    void withdraw(Caller caller) {
        super.withdraw(caller);
        if (Boolean.TRUE.equals(signalled.remove(new Enrolled(caller.jvmId(), caller.ticket())))) {
            signal(1);
        }
    }

    @Override
    void jvmGone(int jvmId, Departure departure, boolean waited) {
        super.jvmGone(jvmId, departure, waited);
        int unheard = 0;
        for (Enrolled enrolled : new ArrayList<>(signalled.keySet())) {
            if (enrolled.jvmId() == jvmId && Boolean.TRUE.equals(signalled.remove(enrolled))) {
                unheard++;
            }
        }
        signal(unheard);
    }

    private void signal(long most) {
        long left = most;
        for (Enrolled next : new ArrayList<>(signalled.keySet())) {
            if (left == 0) {
                return;
            }
            if (Boolean.FALSE.equals(signalled.get(next))) {
                signalled.put(next, true);
                left--;
                for (Waiter waiter : waiting.remove(each -> each.is(next.jvmId(), next.ticket()))) {
                    signalled.remove(next);
                    answer(waiter.caller(), SharedAnswer.DONE);
                }
            }
        }
    }
}
