package manyjvm.parallel.shared.host;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.shared.Departure;
import manyjvm.parallel.shared.Elements;
import manyjvm.parallel.shared.SharedAnswer;
import manyjvm.parallel.shared.SharedClient;
import manyjvm.parallel.shared.SharedOperation;
import manyjvm.parallel.shared.SharedRequest;

/**
 * Host of a {@link manyjvm.parallel.Queue}. While somebody waits to take, the queue is empty; while somebody waits to put, it
 * is full. An element given to a worker is kept in {@code onTheWay} until the worker confirms it, and goes back to the head
 * when the worker dies before: so a worker killed while it waits takes nothing with it. (One killed in the instant between
 * receiving and confirming leaves the element to the next taker, a second time.)
 */
final class QueueHost extends SharedObjectHost {
    private record Taker(int jvmId, long ticket) {}

    private final long capacity;

    private final ArrayDeque<Element> elements = new ArrayDeque<>();
    private final WaitQueue takers = new WaitQueue();
    private final WaitQueue putters = new WaitQueue();
    private final WaitQueue joiners = new WaitQueue();
    private final Map<Taker, Element> onTheWay = new HashMap<>();
    private long putSoFar;
    private long unfinished;

    QueueHost(Shared.Handle handle) {
        super(handle);
        capacity = handle.detail().isEmpty() ? Long.MAX_VALUE : Long.parseLong(handle.detail());
    }

    @Override
    void receive(Caller caller, SharedOperation operation, SharedRequest request, List<Content> contents) {
        switch (operation) {
            case PUT -> {
                boolean room = hasRoom();
                if (room) {
                    put(contents.get(0));
                }
                answer(caller, room ? SharedAnswer.DONE : SharedAnswer.NOT_NOW);
            }
            case PUT_WAITING -> {
                if (hasRoom()) {
                    put(contents.get(0));
                    answer(caller, SharedAnswer.DONE);
                } else {
                    putters.add(caller, contents.get(0));
                }
            }
            case GET -> {
                if (elements.isEmpty()) {
                    answer(caller, SharedAnswer.NOT_NOW);
                } else {
                    give(caller, takeHead());
                }
            }
            case GET_WAITING -> {
                if (elements.isEmpty()) {
                    takers.add(caller);
                } else {
                    give(caller, takeHead());
                }
            }
            case TAKEN -> onTheWay.remove(new Taker(caller.jvmId(), request.number()));
            case PEEK -> {
                if (elements.isEmpty()) {
                    answer(caller, SharedAnswer.NOT_NOW);
                } else {
                    give(caller, elements.peek().content(), false);
                }
            }
            case SIZE -> answer(caller, SharedAnswer.DONE, elements.size());
            case DRAIN -> drain(caller, request.number());
            case SNAPSHOT -> snapshot(caller);
            case REMOVE -> remove(caller, request.number());
            case TASK_DONE -> taskDone(caller);
            case JOIN -> {
                if (unfinished == 0) {
                    answer(caller, SharedAnswer.DONE);
                } else {
                    joiners.add(caller);
                }
            }
            default -> refuse(caller, operation);
        }
    }

    @Override
    List<WaitQueue> waitQueues() {
        return List.of(takers, putters, joiners);
    }

    @Override
    void jvmGone(int jvmId, Departure departure, boolean waited) {
        super.jvmGone(jvmId, departure, waited);
        // By sequence, so that several go back in the order in which they were taken.
        TreeMap<Long, Element> back = new TreeMap<>();
        for (Iterator<Map.Entry<Taker, Element>> each = onTheWay.entrySet().iterator(); each.hasNext(); ) {
            Map.Entry<Taker, Element> given = each.next();
            if (given.getKey().jvmId() == jvmId) {
                back.put(given.getValue().sequence(), given.getValue());
                each.remove();
            }
        }
        back.descendingMap().values().forEach(elements::addFirst);
        while (!elements.isEmpty() && !takers.isEmpty()) {
            give(takers.take().caller(), elements.remove());
        }
        admitPutters(); // a queue of the dead's elements may have been full for nobody
    }

    @Override
    void closing() {
        elements.clear();
        onTheWay.clear();
    }

    private boolean hasRoom() {
        // Nobody overtakes those that wait for room.
        return elements.size() < capacity && putters.isEmpty();
    }

    private void put(Content content) {
        unfinished++;
        Element element = new Element(++putSoFar, content);
        Waiter taker = takers.poll();
        if (taker == null) {
            elements.add(element);
        } else {
            give(taker.caller(), element);
        }
    }

    private Element takeHead() {
        Element head = elements.remove();
        admitPutters();
        return head;
    }

    private void admitPutters() {
        while (elements.size() < capacity && !putters.isEmpty()) {
            Waiter putter = putters.take();
            put(putter.content());
            answer(putter.caller(), SharedAnswer.DONE);
        }
    }

    private void give(Caller taker, Element element) {
        if (taker.jvmId() != SharedClient.DRIVER) {
            onTheWay.put(new Taker(taker.jvmId(), taker.ticket()), element);
        }
        give(taker, element.content(), true);
    }

    private void drain(Caller caller, long most) {
        List<Content> drained = new ArrayList<>();
        List<Elements.Element> copies = new ArrayList<>();
        long bytes = 0;
        while (!elements.isEmpty() && drained.size() < most && bytes < Elements.MOST_BYTES) {
            Element head = takeHead();
            Elements.Element copy = head.copy();
            bytes += copy.size();
            drained.add(head.content());
            copies.add(copy);
        }
        byte[] body = Elements.toBytes(copies);
        answer(caller, new SharedAnswer(SharedAnswer.DONE, drained.size(), body), drained, true);
    }

    private void snapshot(Caller caller) {
        giveAll(
                caller,
                elements.size(),
                elements,
                "The " + elements.size()
                        + " elements of the queue are too big to look at all at once (2 GiB): take them instead.");
    }

    private void remove(Caller caller, long sequence) {
        boolean removed = elements.removeIf(element -> element.sequence() == sequence);
        if (removed) {
            admitPutters();
        }
        answer(caller, removed ? SharedAnswer.DONE : SharedAnswer.NOT_NOW);
    }

    private void taskDone(Caller caller) {
        if (unfinished == 0) {
            answer(caller, SharedAnswer.NOT_NOW);
            return;
        }
        unfinished--;
        answer(caller, SharedAnswer.DONE);
        if (unfinished == 0) {
            answerAll(joiners, SharedAnswer.DONE);
        }
    }
}
