package manyjvm.parallel.shared;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import manyjvm.parallel.spi.Shared;

/**
 * Where a shared object lives: one in the driver's JVM for all JVMs. State is guarded by the home's own monitor, in which
 * nothing blocks and no foreign code runs: answers are collected in {@link #answers} and given after it is left.
 */
abstract class Home {
    /** Who asked, and how to answer; {@code ticket} is 0 for what does not wait. */
    record Caller(int member, long ticket, Consumer<SharedAnswer> answer) {}

    /** A caller that waits in a line, with the body of its request. */
    record Waiter(Caller caller, byte[] body) {
        boolean is(int member, long ticket) {
            return caller.member() == member && caller.ticket() == ticket;
        }
    }

    /** The order of waiting is the order of being served. */
    static final class WaitingLine {
        private final ArrayDeque<Waiter> waiters = new ArrayDeque<>();

        void add(Caller caller, byte[] body) {
            waiters.add(new Waiter(caller, body));
        }

        /** @return null when nobody waits */
        Waiter poll() {
            return waiters.poll();
        }

        boolean isEmpty() {
            return waiters.isEmpty();
        }

        int size() {
            return waiters.size();
        }

        boolean has(int member) {
            return waiters.stream().anyMatch(waiter -> waiter.caller().member() == member);
        }

        /** Removes and returns those that match, in order. */
        List<Waiter> remove(Predicate<Waiter> matching) {
            List<Waiter> removed = new ArrayList<>(0);
            for (Iterator<Waiter> each = waiters.iterator(); each.hasNext(); ) {
                Waiter waiter = each.next();
                if (matching.test(waiter)) {
                    removed.add(waiter);
                    each.remove();
                }
            }
            return removed;
        }
    }

    /** In place of the number of a JVM: nobody in particular, a handle on its way. */
    static final int IN_AN_ELEMENT = -1;

    /** In place of the number of a JVM: a submission that no worker may have yet. */
    static int submission(long job) {
        return (int) (-2 - job); // jobs count from 1
    }

    private record User(int member, Shared.Handle handle) {}

    private record Answer(Consumer<SharedAnswer> to, SharedAnswer answer) {}

    /** The first handle that was heard of; a pipe and its ends have several. */
    private final Shared.Handle handle;

    private List<Answer> answers = new ArrayList<>();
    private final Set<User> users = new HashSet<>();
    private boolean closed;

    Home(Shared.Handle handle) {
        this.handle = handle;
    }

    /** Takes a request in. Never blocks. */
    final void handle(int member, SharedRequest request, Consumer<SharedAnswer> answer) {
        List<Answer> due;
        synchronized (this) {
            Caller caller = new Caller(member, request.number(), answer);
            if (closed) {
                answer(caller, refusal());
            } else {
                dispatch(caller, SharedOperation.of(request), request);
            }
            due = takeAnswers();
        }
        give(due);
    }

    final synchronized boolean isForgettable() {
        return !closed && isUnused();
    }

    /** Withdraws a request as {@link SharedOperation#WITHDRAW} does. */
    final void handleWithdrawal(int member, SharedRequest request) {
        handle(
                member,
                new SharedRequest(
                        request.target(), SharedOperation.WITHDRAW.ordinal(), request.number(), request.body()),
                nobody -> {});
    }

    final void handleSent(int member, Shared.Handle handle) {
        List<Answer> due;
        synchronized (this) {
            if (!closed) {
                sent(member, handle);
            }
            due = takeAnswers();
        }
        give(due);
    }

    final void handleMemberGone(int member) {
        List<Answer> due;
        synchronized (this) {
            if (!closed) {
                // Nobody is left to hear the answers of the dead.
                int waited = 0;
                for (WaitingLine line : lines()) {
                    waited += line.remove(waiter -> waiter.caller().member() == member)
                            .size();
                }
                memberGone(member, waited > 0);
            }
            due = takeAnswers();
        }
        give(due);
    }

    /** Refuses whoever waits, now and later. May be called twice. */
    final void close() {
        List<Answer> due;
        synchronized (this) {
            if (!closed) {
                closed = true;
                for (WaitingLine line : lines()) {
                    line.remove(waiter -> true).forEach(waiter -> answer(waiter.caller(), refusal()));
                }
                closing();
            }
            due = takeAnswers();
        }
        give(due);
    }

    private void dispatch(Caller caller, SharedOperation operation, SharedRequest request) {
        switch (operation) {
            case WITHDRAW -> withdraw(caller);
            case CREATED -> created(caller.member(), request.target());
            case SENT -> sent(caller.member(), request.target());
            case LINKED -> linked(caller.member(), request.target());
            case TRAVELS -> travels(request.target());
            case RELEASED -> released(caller.member(), request.target());
            default -> receive(caller, operation, request);
        }
    }

    /** Carries a request out, or puts its caller in a line. */
    abstract void receive(Caller caller, SharedOperation operation, SharedRequest request);

    /** All lines of this home, for what concerns every waiter: withdrawal, death, close. */
    abstract List<WaitingLine> lines();

    // ---- who can reach the object. A handle inside an element of a queue or pipe may be linked any time later, so an
    // object
    // that travels that way is kept until the driver closes.

    void created(int member, Shared.Handle handle) {
        users.add(new User(member, handle));
    }

    void sent(int member, Shared.Handle handle) {
        users.add(new User(member, handle));
    }

    void linked(int member, Shared.Handle handle) {
        users.add(new User(member, handle));
    }

    void travels(Shared.Handle handle) {
        users.add(new User(IN_AN_ELEMENT, handle));
    }

    void released(int member, Shared.Handle handle) {
        users.remove(new User(member, handle));
    }

    /**
     * A JVM is gone.
     *
     * @param waited whether it waited here; its waiters have been removed
     */
    void memberGone(int member, boolean waited) {
        users.removeIf(user -> user.member() == member);
    }

    /** Whether no JVM can reach the object any more, so that its home can be forgotten. */
    boolean isUnused() {
        return users.isEmpty();
    }

    /** Releases what the home holds outside this JVM's memory. */
    void closing() {}

    final void answer(Caller caller, SharedAnswer answer) {
        answers.add(new Answer(caller.answer(), answer));
    }

    final void answer(Caller caller, int status) {
        answer(caller, SharedAnswer.of(status));
    }

    /** Takes back the waiting request of a ticket; one that was answered already is left alone. */
    void withdraw(Caller caller) {
        for (WaitingLine line : lines()) {
            for (Waiter waiter : line.remove(each -> each.is(caller.member(), caller.ticket()))) {
                withdrawn(line, waiter);
            }
        }
    }

    /** Answers a waiter that was taken out of its line. */
    void withdrawn(WaitingLine line, Waiter waiter) {
        answer(waiter.caller(), SharedAnswer.WITHDRAWN);
    }

    /** Answers what this kind of object does not know. */
    final void refuse(Caller caller, SharedOperation operation) {
        answer(
                caller,
                SharedAnswer.refused(getClass().getSimpleName() + " does not know " + operation
                        + ": please report this fault of manyjvm."));
    }

    private List<Answer> takeAnswers() {
        if (answers.isEmpty()) {
            return List.of();
        }
        List<Answer> due = answers;
        answers = new ArrayList<>();
        return due;
    }

    private static void give(List<Answer> due) {
        for (Answer answer : due) {
            answer.to().accept(answer.answer());
        }
    }

    private SharedAnswer refusal() {
        return SharedAnswer.refused(ended(handle));
    }

    /** Why nothing can be done any more with an object whose driver was closed. */
    static String ended(Shared.Handle handle) {
        return name(handle) + " has ended: the driver that hosts it was closed. Make a new one.";
    }

    /** What messages call the object: {@code Queue 7}. */
    final String name() {
        return name(handle);
    }

    private static String name(Shared.Handle handle) {
        return handle.kind() + " " + handle.id();
    }
}
