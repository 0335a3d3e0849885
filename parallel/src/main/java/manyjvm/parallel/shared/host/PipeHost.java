package manyjvm.parallel.shared.host;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.shared.Departure;
import manyjvm.parallel.shared.SharedAnswer;
import manyjvm.parallel.shared.SharedKind;
import manyjvm.parallel.shared.SharedOperation;
import manyjvm.parallel.shared.SharedRequest;
import org.jspecify.annotations.Nullable;

/**
 * Host of a {@link manyjvm.parallel.Pipe} and its two ends.
 *
 * <p><b>When has an end ended?</b> Python counts file descriptors, so that a parent has to close the end that it gave away,
 * or waits for ever for its own silence. Here an end is held in two ways. A JVM <i>uses</i> it that was sent the end itself,
 * or has sent or received through it. A JVM merely <i>has</i> it that made the pipe or was sent the pipe as a whole; it may
 * still come to use it. An end has ended when nobody uses it and nobody may still come to use it:
 *
 * <ul>
 *   <li>the maker may, as long as no other JVM has used the end; but when it sent the pipe whole and itself uses the other
 *       end, this one was meant for the JVM it went to;
 *   <li>a JVM that was sent the whole pipe may; but it does not count for its own waiting at the other end;
 *   <li>whoever gets what is under way may: each chunk of a submission until a worker has it, an element until it is let go of, a result
 *       until the JVM that got it has linked the end.
 * </ul>
 *
 * <p>This is looked at afresh each time, so an end given to a second process after the first one ended lives again.
 */
final class PipeHost extends SharedObjectHost {
    /** So much may be unread before the answers to senders are held back. */
    private static final long MOST_UNREAD_BYTES = 1 << 20;

    /** The {@link User#number} of a JVM's object. */
    private static final int ITSELF = 0;

    /**
     * A JVM, or something that is under way in it.
     *
     * @param number {@link #ITSELF}, a submission, or negative for something encoded that it holds
     */
    private record User(int jvmId, long number) {
        static User jvm(int jvmId) {
            return new User(jvmId, ITSELF);
        }

        static User encoded(int jvmId, long number) {
            return new User(jvmId, -number);
        }
    }

    private static final class End {
        private final Set<User> users = new HashSet<>();
        private final Set<User> havers = new HashSet<>();
        private boolean usedByOther;

        /** The death by which the end was left last, unless it was left in order. */
        private @Nullable Departure death;

        private final ArrayDeque<Content> inbox = new ArrayDeque<>();
        private long unreadBytes;
        private final WaitQueue receivers = new WaitQueue();
        private final WaitQueue pollers = new WaitQueue();

        /** Whose message lies in this end's inbox and who waits for the answer until there is room. */
        private final WaitQueue senders = new WaitQueue();

        boolean isHeld() {
            return !users.isEmpty() || !havers.isEmpty();
        }

        void remove(User user) {
            havers.remove(user);
            stopUsing(user);
        }

        void stopUsing(User user) {
            if (users.remove(user) && user.number() == ITSELF) {
                death = null;
            }
        }

        void jvmGone(int jvmId, Departure departure) {
            boolean used = users.removeIf(user -> user.jvmId() == jvmId);
            boolean had = havers.removeIf(user -> user.jvmId() == jvmId);
            if (used || had) {
                death = departure.died() ? departure : null;
            }
        }

        SharedAnswer ended() {
            return SharedAnswer.of(SharedAnswer.ENDED, death == null ? "" : death.toString());
        }
    }

    private final End first = new End();
    private final End second = new End();
    private @Nullable User maker; // of a pipe that has been made
    private boolean sentWhole;

    /** How many objects of a handle each JVM has: it may have dropped one and linked it again. */
    private final Map<Shared.Handle, Map<Integer, Set<Long>>> linked = new HashMap<>();

    PipeHost(Shared.Handle handle) {
        super(handle);
    }

    @Override
    void receive(Caller caller, SharedOperation operation, SharedRequest request, List<Content> contents) {
        End end = end(request.target());
        User asker = User.jvm(caller.jvmId());
        switch (operation) {
            case CLOSE -> {
                end.remove(asker);
                tellWhoWaitsForTheEnded();
                return;
            }
            case SUBMITTED -> {
                submitted(caller.jvmId(), request.number(), request.target());
                return;
            }
            case GIVEN_BACK -> {
                mayUse(new User(caller.jvmId(), request.number()), request.target());
                return;
            }
            case DELIVERED -> {
                dropped(new User(caller.jvmId(), request.number()), request.target());
                tellWhoWaitsForTheEnded();
                return;
            }
            case SENT -> {
                mayUse(asker, request.target());
                tellWhoWaitsForTheEnded();
                return;
            }
            default -> use(asker, end);
        }
        switch (operation) {
            case SEND -> send(caller, other(end), contents.get(0));
            case RECEIVE -> {
                if (!end.inbox.isEmpty()) {
                    give(caller, takeMessage(end), true);
                } else if (hasEnded(other(end), asker)) {
                    answer(caller, other(end).ended());
                } else {
                    end.receivers.add(caller);
                }
            }
            case POLL -> {
                if (!end.inbox.isEmpty()) {
                    answer(caller, SharedAnswer.DONE);
                } else if (hasEnded(other(end), asker)) {
                    answer(caller, other(end).ended());
                } else {
                    end.pollers.add(caller);
                }
            }
            default -> refuse(caller, operation);
        }
    }

    @Override
    List<WaitQueue> waitQueues() {
        return List.of(first.receivers, first.pollers, first.senders, second.receivers, second.pollers, second.senders);
    }

    /** A message that was taken in is not taken back: only the waiting for room ends. */
    @Override
    void withdrawn(WaitQueue queue, Waiter waiter) {
        boolean sender = queue == first.senders || queue == second.senders;
        answer(waiter.caller(), sender ? SharedAnswer.DONE : SharedAnswer.WITHDRAWN);
    }

    private void send(Caller caller, End target, Content message) {
        if (hasEnded(target, User.jvm(caller.jvmId()))) {
            answer(caller, target.ended());
            return;
        }
        Waiter receiver = target.receivers.poll();
        if (receiver != null) {
            give(receiver.caller(), message, true);
            answer(caller, SharedAnswer.DONE);
            return;
        }
        target.inbox.add(message);
        target.unreadBytes += message.bytes().length;
        answerAll(target.pollers, SharedAnswer.DONE);
        if (target.unreadBytes > MOST_UNREAD_BYTES) {
            target.senders.add(caller);
        } else {
            answer(caller, SharedAnswer.DONE);
        }
    }

    private Content takeMessage(End end) {
        Content message = end.inbox.remove();
        end.unreadBytes -= message.bytes().length;
        if (end.unreadBytes <= MOST_UNREAD_BYTES) {
            answerAll(end.senders, SharedAnswer.DONE);
        }
        return message;
    }

    // ---- who holds the ends

    @Override
    void held(SharedOperation how, int jvmId, long number, Shared.Handle handle) {
        User jvm = User.jvm(jvmId);
        if (how == SharedOperation.HELD) {
            User encoded = User.encoded(jvmId, number);
            sentWhole |= isWhole(handle);
            for (End end : isWhole(handle) ? List.of(first, second) : List.of(end(handle))) {
                (isWhole(handle) ? end.havers : end.users).add(encoded);
            }
            return;
        }
        linked.computeIfAbsent(handle, unknown -> new HashMap<>())
                .computeIfAbsent(jvmId, unknown -> new HashSet<>())
                .add(number);
        if (how == SharedOperation.CREATED) {
            maker = jvm;
        }
        if (how == SharedOperation.CREATED || isWhole(handle)) {
            first.havers.add(jvm);
            second.havers.add(jvm);
        } else {
            End end = end(handle);
            if (!jvm.equals(maker)) {
                use(jvm, end);
            }
            // What it had got encoded has become this object.
            end.users.removeIf(user -> user.jvmId() == jvmId && user.number() < ITSELF);
        }
        tellWhoWaitsForTheEnded();
    }

    @Override
    void released(int jvmId, long number, Shared.Handle handle) {
        User encoded = User.encoded(jvmId, number);
        first.remove(encoded);
        second.remove(encoded);
        Map<Integer, Set<Long>> ofTheHandle = linked.getOrDefault(handle, Map.of());
        Set<Long> numbers = ofTheHandle.getOrDefault(jvmId, Set.of());
        if (numbers.contains(number)) {
            numbers.remove(number);
            if (numbers.isEmpty()) {
                ofTheHandle.remove(jvmId);
                dropped(User.jvm(jvmId), handle);
            }
        }
        tellWhoWaitsForTheEnded();
    }

    private void dropped(User jvm, Shared.Handle handle) {
        if (isWhole(handle)) {
            first.havers.remove(jvm);
            second.havers.remove(jvm);
        } else {
            end(handle).stopUsing(jvm);
        }
    }

    private void mayUse(User user, Shared.Handle handle) {
        if (isWhole(handle)) {
            sentWhole = true;
            first.havers.add(user);
            second.havers.add(user);
        } else {
            use(user, end(handle));
        }
    }

    /** Given away: the giver uses an end again if it sends or receives there again. */
    private void submitted(int giver, long job, Shared.Handle handle) {
        mayUse(new User(giver, job), handle);
        if (!isWhole(handle)) {
            End end = end(handle);
            boolean waits = end.receivers.has(giver) || end.pollers.has(giver);
            if (!waits) {
                end.stopUsing(User.jvm(giver));
            }
            tellWhoWaitsForTheEnded();
        }
    }

    @Override
    void jvmGone(int jvmId, Departure departure, boolean waited) {
        super.jvmGone(jvmId, departure, waited);
        linked.values().forEach(numbers -> numbers.remove(jvmId));
        for (End end : List.of(first, second)) {
            end.jvmGone(jvmId, departure);
        }
        tellWhoWaitsForTheEnded();
    }

    @Override
    boolean isUnused() {
        return super.isUnused() || !first.isHeld() && !second.isHeld();
    }

    @Override
    void closing() {
        first.inbox.clear();
        second.inbox.clear();
    }

    private void use(User user, End end) {
        end.users.add(user);
        if (!user.equals(maker)) {
            end.usedByOther = true;
        }
    }

    private boolean hasEnded(End end, User asker) {
        if (!end.users.isEmpty()) {
            return false;
        }
        for (User haver : end.havers) {
            boolean mayUse = haver.equals(maker)
                    ? !end.usedByOther && !(sentWhole && other(end).users.contains(maker))
                    : !haver.equals(asker);
            if (mayUse) {
                return false;
            }
        }
        return true;
    }

    private void tellWhoWaitsForTheEnded() {
        for (End end : List.of(first, second)) {
            for (WaitQueue queue : List.of(end.receivers, end.pollers)) {
                queue.remove(waiter ->
                                hasEnded(other(end), User.jvm(waiter.caller().jvmId())))
                        .forEach(waiter -> answer(waiter.caller(), other(end).ended()));
            }
            end.senders
                    .remove(waiter -> hasEnded(end, User.jvm(waiter.caller().jvmId())))
                    .forEach(waiter -> answer(waiter.caller(), end.ended()));
        }
    }

    private End other(End end) {
        return end == first ? second : first;
    }

    private End end(Shared.Handle handle) {
        return handle.detail().startsWith("first") ? first : second;
    }

    /** Of an end, or of the pipe as a whole. */
    static boolean isOfAPipe(Shared.Handle handle) {
        return isWhole(handle) || SharedKind.CONNECTION.is(handle);
    }

    private static boolean isWhole(Shared.Handle handle) {
        return SharedKind.PIPE.is(handle);
    }
}
