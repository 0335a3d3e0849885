package manyjvm.parallel.driver;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the parts of a {@link Scheduler} share: the workers' places, the time, and what is to be done, now and later. */
final class Board {
    final List<Slot> slots = new ArrayList<>();
    final Alarms alarms = new Alarms();
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
        return slots.stream().map(slot -> slot.life).filter(life -> life != null);
    }

    void command(Command command) {
        commands.add(command);
    }

    void after(Duration delay, Runnable action) {
        alarms.add(now + delay.toNanos(), action);
    }

    void kill(WorkerLife life, Optional<String> reason) {
        if (!life.isGone()) {
            life.doom();
            command(new Command.Kill(life, reason));
        }
    }
}
