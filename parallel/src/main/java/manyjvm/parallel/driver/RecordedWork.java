package manyjvm.parallel.driver;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import manyjvm.parallel.insight.Shipment;
import manyjvm.parallel.insight.SlowItem;
import manyjvm.parallel.insight.Spent;
import manyjvm.parallel.insight.Work;

/** The sums of which a {@link Work} is made: what one place has submitted, as a {@link Recorder} counts it. */
final class RecordedWork {
    static final int MOST_NAMES = 200;
    private static final int MOST_SLOW = 5;

    /** What takes less is no slow item; of several items of a chunk the worker tells no others. */
    private static final long SLOW = 50_000;

    /** So long after the last one ended, a submission from the same place belongs to another work. */
    private static final long PAUSE = 60_000_000_000L;

    /** What was sent under a name. */
    static final class Sent {
        long bytes;
        long times;
        final BitSet workers = new BitSet();

        void add(int worker, long more) {
            bytes += more;
            times++;
            workers.set(worker);
        }

        void to(List<Shipment> shipped, Shipment.Kind kind, String name) {
            if (times > 0) {
                shipped.add(new Shipment(kind, name, bytes, times, workers.cardinality()));
            }
        }
    }

    /** What was called by one name in it. */
    static final class Call {
        final RecordedWork work;
        long times; // none of a hook
        final Sent function = new Sent();
        final Sent items = new Sent();
        final Sent results = new Sent();

        Call(RecordedWork work) {
            this.work = work;
        }
    }

    /** An item among the slowest. */
    record Slow(String call, long item, int items, int worker, long nanos, Supplier<String> argument) {}

    final int number;
    final WeakReference<Object> place; // nobody submits from one that is gone
    final long from;
    long to;
    int running;
    final Map<String, Call> calls = new HashMap<>();
    long tasks;
    long items;
    long failed;
    Spent spent = Spent.NONE;
    long smallest = Long.MAX_VALUE;
    long largest;
    final List<Slow> slow = new ArrayList<>(MOST_SLOW + 1); // the slowest first
    final Map<String, Sent> variables = new HashMap<>();
    final Map<String, Sent> classes = new HashMap<>();

    RecordedWork(int number, Object place, long now) {
        this.number = number;
        this.place = new WeakReference<>(place);
        this.from = now;
    }

    /** Whether what comes from this place now belongs to it. */
    boolean takes(Object from, long now) {
        return from.equals(place.get()) && (running > 0 || now - to < PAUSE);
    }

    Call call(String description) {
        Call call = calls.get(description);
        if (call == null) {
            call = new Call(this);
            calls.put(description, call);
        }
        return call;
    }

    /** Where what is sent under a name is counted; those for which there is no room have one together. */
    Sent sent(Map<String, Sent> ofKind, String name) {
        boolean room = variables.size() + classes.size() < MOST_NAMES || ofKind.containsKey(name);
        return ofKind.computeIfAbsent(room ? name : "others", absent -> new Sent());
    }

    /** Whether an item that took so long is to be noted. */
    boolean isAmongSlowest(long nanos) {
        return nanos >= SLOW
                && (slow.size() < MOST_SLOW || nanos > slow.get(MOST_SLOW - 1).nanos());
    }

    void add(Slow one) {
        slow.add(one);
        slow.sort(Comparator.comparingLong(Slow::nanos).reversed());
        if (slow.size() > MOST_SLOW) {
            slow.remove(MOST_SLOW);
        }
    }

    /** What is told of it; arguments of slow items are read by whoever calls {@code get}. */
    Supplier<Work> told(long now) {
        List<Slow> slowest = List.copyOf(slow);
        List<Shipment> shipped = new ArrayList<>();
        variables.forEach((name, sent) -> sent.to(shipped, Shipment.Kind.VARIABLE, name));
        classes.forEach((name, sent) -> sent.to(shipped, Shipment.Kind.CLASS, name));
        Map<String, Long> called = new TreeMap<>();
        calls.forEach((name, call) -> {
            call.function.to(shipped, Shipment.Kind.FUNCTION, name);
            call.items.to(shipped, Shipment.Kind.ITEMS, name);
            call.results.to(shipped, Shipment.Kind.RESULTS, name);
            if (call.times > 0) {
                called.put(name, call.times);
            }
        });
        shipped.sort(Comparator.comparingLong(Shipment::bytes).reversed().thenComparing(Shipment::name));
        Work without = new Work(
                number,
                from,
                running > 0 ? now : to,
                running,
                called,
                tasks,
                items,
                failed,
                spent,
                largest == 0 ? 0 : smallest,
                largest,
                List.of(),
                List.copyOf(shipped));
        return () -> without.with(slowest.stream()
                .map(one -> new SlowItem(
                        one.call(),
                        one.item(),
                        one.items(),
                        one.worker(),
                        one.nanos(),
                        one.argument().get()))
                .toList());
    }
}
