package manyjvm.parallel.driver;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What the parts of a {@link Scheduler} share: the workers' places, the time, and what is to be done, now and later. */
final class Board {
    /** What is to be done when some time has come, by {@link System#nanoTime}. */
    private record Alarm(long at, Runnable action) implements Comparable<Alarm> {
        @Override
        public int compareTo(Alarm other) {
            return Long.signum(at - other.at);
        }
    }

    final List<Slot> slots = new ArrayList<>();
    private final PriorityQueue<Alarm> alarms = new PriorityQueue<>();
    final Deque<Command> commands = new ArrayDeque<>();
    long now;

    Board(int workers) {
        for (int number = 1; number <= workers; number++) {
            slots.add(new Slot(number));
        }
    }

    Slot slot(int number) {
        return slots.get(number - 1);
    }

    /** The place that the worker has, or had. */
    Slot slot(WorkerLife life) {
        return slot(life.number());
    }

    /** The workers that are there. */
    Stream<WorkerLife> lives() {
        return slots.stream().flatMap(slot -> slot.worker().stream());
    }

    void command(Consumer<Command.Receiver> what) {
        commands.add(new Command(what, fault -> {}));
    }

    /**
     * Something that a worker has to be told. When that fails, nobody knows what it has been told: it has to go, and what it has
     * is run elsewhere, or fails by name.
     */
    void order(WorkerLife life, Consumer<Command.Receiver> what) {
        commands.add(new Command(what, fault -> kill(life, Optional.of("could not be told what to do: " + fault))));
    }

    void after(Duration delay, Runnable action) {
        alarms.add(new Alarm(now + delay.toNanos(), action));
    }

    /** When something has to be done at the latest; {@link Long#MAX_VALUE} for never. */
    long nextAlarm() {
        Alarm alarm = alarms.peek();
        long first = alarm == null ? Long.MAX_VALUE : alarm.at;
        for (Slot slot : slots) {
            first = slot.earlier(first);
        }
        return first;
    }

    /** Does what is due. */
    void timePassed() {
        for (Alarm alarm = alarms.peek(); alarm != null && alarm.at - now <= 0; alarm = alarms.peek()) {
            alarms.poll();
            alarm.action.run();
        }
        for (Slot slot : slots) {
            slot.overdue(now).ifPresent(reason -> kill(slot.life(), Optional.of(reason)));
        }
    }

    /** Kills one that is not wanted any more. */
    void dismiss(WorkerLife life, Optional<String> reason) {
        life.dismiss();
        kill(life, reason);
    }

    void kill(WorkerLife life, Optional<String> reason) {
        if (!life.isGone()) {
            life.doom();
            command(to -> to.kill(life, reason));
        }
    }
}
