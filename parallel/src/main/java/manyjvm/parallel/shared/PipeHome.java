package manyjvm.parallel.shared;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import manyjvm.parallel.spi.Shared;

/**
 * Home of a {@link manyjvm.parallel.Pipe} and its two ends.
 *
 * <p><b>When has an end ended?</b> Python counts file descriptors, so that a parent has to close the end that it gave away,
 * or waits for ever for its own silence. Here an end is held in two ways. A JVM <i>uses</i> it that was sent the end itself,
 * or has sent or received through it. A JVM merely <i>has</i> it that made the pipe or was sent the pipe as a whole; it may
 * still come to use it. An end has ended when nobody uses it and nobody may still come to use it:
 *
 * <ul>
 *   <li>the maker may, as long as no other JVM has used the end; but when it sent the pipe whole and itself uses the other
 *       end, this one was meant for the JVM it went to;
 *   <li>a JVM that was sent the whole pipe may; but it does not count for its own waiting at the other end.
 * </ul>
 *
 * <p>This is looked at afresh each time, so an end given to a second process after the first one ended lives again.
 */
final class PipeHome extends Home {
    /** So much may be unread before the answers to senders are held back. */
    private static final long MOST_UNREAD_BYTES = 1 << 20;

    private static final int NOBODY = -2;

    private static final class End {
        private final Set<Integer> users = new HashSet<>();
        private final Set<Integer> havers = new HashSet<>();
        private boolean usedByOther;

        private final ArrayDeque<byte[]> inbox = new ArrayDeque<>();
        private long unreadBytes;
        private final WaitingLine receivers = new WaitingLine();
        private final WaitingLine pollers = new WaitingLine();

        /** Whose message lies in this end's inbox and who waits for the answer until there is room. */
        private final WaitingLine senders = new WaitingLine();

        boolean isHeld() {
            return !users.isEmpty() || !havers.isEmpty();
        }
    }

    private final End first = new End();
    private final End second = new End();
    private int maker = NOBODY;
    private boolean sentWhole;

    PipeHome(Shared.Handle handle) {
        super(handle);
    }

    @Override
    void receive(Caller caller, SharedOperation operation, SharedRequest request) {
        End end = end(request.target());
        if (operation == SharedOperation.CLOSE) {
            end.users.remove(caller.member());
            end.havers.remove(caller.member());
            tellWhoWaitsForTheEnded();
            return;
        }
        use(caller.member(), end);
        switch (operation) {
            case SEND -> send(caller, other(end), request.body());
            case RECEIVE -> {
                if (!end.inbox.isEmpty()) {
                    answer(caller, new SharedAnswer(SharedAnswer.DONE, 0, takeMessage(end)));
                } else if (hasEnded(other(end), caller.member())) {
                    answer(caller, SharedAnswer.ENDED);
                } else {
                    end.receivers.add(caller, request.body());
                }
            }
            case POLL -> {
                if (!end.inbox.isEmpty()) {
                    answer(caller, SharedAnswer.DONE);
                } else if (hasEnded(other(end), caller.member())) {
                    answer(caller, SharedAnswer.ENDED);
                } else {
                    end.pollers.add(caller, request.body());
                }
            }
            default -> refuse(caller, operation);
        }
    }

    @Override
    List<WaitingLine> lines() {
        return List.of(first.receivers, first.pollers, first.senders, second.receivers, second.pollers, second.senders);
    }

    /** A message that was taken in is not taken back: only the waiting for room ends. */
    @Override
    void withdrawn(WaitingLine line, Waiter waiter) {
        boolean sender = line == first.senders || line == second.senders;
        answer(waiter.caller(), sender ? SharedAnswer.DONE : SharedAnswer.WITHDRAWN);
    }

    private void send(Caller caller, End target, byte[] body) {
        if (hasEnded(target, caller.member())) {
            answer(caller, SharedAnswer.ENDED);
            return;
        }
        Waiter receiver = target.receivers.poll();
        if (receiver != null) {
            answer(receiver.caller(), new SharedAnswer(SharedAnswer.DONE, 0, body));
            answer(caller, SharedAnswer.DONE);
            return;
        }
        target.inbox.add(body);
        target.unreadBytes += body.length;
        target.pollers.remove(waiter -> true).forEach(poller -> answer(poller.caller(), SharedAnswer.DONE));
        if (target.unreadBytes > MOST_UNREAD_BYTES) {
            target.senders.add(caller, body);
        } else {
            answer(caller, SharedAnswer.DONE);
        }
    }

    private byte[] takeMessage(End end) {
        byte[] message = end.inbox.poll();
        end.unreadBytes -= message.length;
        if (end.unreadBytes <= MOST_UNREAD_BYTES) {
            end.senders.remove(waiter -> true).forEach(sender -> answer(sender.caller(), SharedAnswer.DONE));
        }
        return message;
    }

    // ---- who holds the ends

    @Override
    void created(int member, Shared.Handle handle) {
        maker = member;
        first.havers.add(member);
        second.havers.add(member);
    }

    @Override
    void sent(int member, Shared.Handle handle) {
        if (isWhole(handle)) {
            sentWhole = true;
            first.havers.add(member);
            second.havers.add(member);
            return;
        }
        End end = end(handle);
        use(member, end);
        // Given away: the driver uses it again if it sends or receives there again.
        boolean driverWaits = end.receivers.has(SharedClient.DRIVER) || end.pollers.has(SharedClient.DRIVER);
        if (!driverWaits) {
            end.users.remove(SharedClient.DRIVER);
        }
        tellWhoWaitsForTheEnded();
    }

    @Override
    void linked(int member, Shared.Handle handle) {
        if (isWhole(handle)) {
            for (End end : List.of(first, second)) {
                end.havers.add(member);
                end.havers.remove(IN_AN_ELEMENT);
            }
        } else {
            End end = end(handle);
            if (member != maker) {
                use(member, end);
            }
            end.users.remove(IN_AN_ELEMENT);
        }
        tellWhoWaitsForTheEnded();
    }

    @Override
    void travels(Shared.Handle handle) {
        if (isWhole(handle)) {
            sentWhole = true;
            first.havers.add(IN_AN_ELEMENT);
            second.havers.add(IN_AN_ELEMENT);
        } else {
            end(handle).users.add(IN_AN_ELEMENT);
        }
    }

    @Override
    void released(int member, Shared.Handle handle) {
        if (isWhole(handle)) {
            first.havers.remove(member);
            second.havers.remove(member);
        } else {
            end(handle).users.remove(member);
        }
        tellWhoWaitsForTheEnded();
    }

    @Override
    void memberGone(int member, boolean waited) {
        for (End end : List.of(first, second)) {
            end.users.remove(member);
            end.havers.remove(member);
        }
        tellWhoWaitsForTheEnded();
    }

    @Override
    boolean isUnused() {
        return !first.isHeld() && !second.isHeld();
    }

    private void use(int member, End end) {
        end.users.add(member);
        if (member != maker) {
            end.usedByOther = true;
        }
    }

    private boolean hasEnded(End end, int asker) {
        if (!end.users.isEmpty()) {
            return false;
        }
        for (int haver : end.havers) {
            boolean mayUse = haver == maker
                    ? !end.usedByOther && !(sentWhole && other(end).users.contains(maker))
                    : haver != asker;
            if (mayUse) {
                return false;
            }
        }
        return true;
    }

    private void tellWhoWaitsForTheEnded() {
        for (End end : List.of(first, second)) {
            for (WaitingLine line : List.of(end.receivers, end.pollers)) {
                line.remove(waiter -> hasEnded(other(end), waiter.caller().member()))
                        .forEach(waiter -> answer(waiter.caller(), SharedAnswer.ENDED));
            }
            end.senders
                    .remove(waiter -> hasEnded(end, waiter.caller().member()))
                    .forEach(waiter -> answer(waiter.caller(), SharedAnswer.ENDED));
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
        return isWhole(handle) || handle.kind().equals("Connection");
    }

    private static boolean isWhole(Shared.Handle handle) {
        return handle.kind().equals("Pipe");
    }
}
