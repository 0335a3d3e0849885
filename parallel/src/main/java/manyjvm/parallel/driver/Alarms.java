package manyjvm.parallel.driver;

import java.util.PriorityQueue;

/** What is to be done when some time has come, by {@link System#nanoTime}. A part of a {@link Scheduler}. */
final class Alarms {
    private record Alarm(long at, Runnable action) implements Comparable<Alarm> {
        @Override
        public int compareTo(Alarm other) {
            return Long.signum(at - other.at);
        }
    }

    private final PriorityQueue<Alarm> alarms = new PriorityQueue<>();

    void add(long at, Runnable action) {
        alarms.add(new Alarm(at, action));
    }

    /** When the next one is due; {@link Long#MAX_VALUE} for never. */
    long next() {
        return alarms.isEmpty() ? Long.MAX_VALUE : alarms.peek().at;
    }

    /** Does what is due. */
    void run(long now) {
        while (!alarms.isEmpty() && alarms.peek().at - now <= 0) {
            alarms.poll().action.run();
        }
    }
}
