package manyjvm.parallel.interleaving;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * One order of the steps of some threads, of which one runs at a time. Where several could be next, the first choices are given;
 * from there on whoever runs goes on as long as it can.
 *
 * <p>A switch from a thread that could go on is a preemption; so is a choice of who is next where one spins, and that a store that was
 * held back is seen. A schedule has a limited number of them. Most faults need two (Musuvathi and Qadeer, "Iterative context
 * bounding", 2007).
 */
final class Schedule {
    private static final int MOST_STEPS = 20_000;

    private final int[] given;
    private final int preemptions;
    private final List<Task> tasks = new ArrayList<>();
    private final List<Integer> chosen = new ArrayList<>();
    private final List<Integer> possible = new ArrayList<>();
    private final List<String> trace = new ArrayList<>();
    private final Thread caller = Thread.currentThread();
    private int spent;
    private int ended;
    private volatile boolean over;
    private volatile boolean abandoned;
    private Throwable failure;

    Schedule(int[] given, int preemptions) {
        this.given = given;
        this.preemptions = preemptions;
    }

    /** Ends a thread of a schedule that has failed. */
    private static final class Abandoned extends Error {
        private static final long serialVersionUID = 1L;

        Abandoned() {
            super("the schedule has failed", null, false, false);
        }
    }

    /** What one of the threads does, and where it is. */
    final class Task {
        private final String name;
        private final Callable<?> body;
        private final List<Runnable> stores = new ArrayList<>();
        private Runner runner;
        private volatile boolean turn;
        private BooleanSupplier condition; // null while it can go on
        private boolean spinning;
        private boolean done;
        String place = "start";

        private Task(String name, Callable<?> body) {
            this.name = name;
            this.body = body;
        }

        void step() {
            next(this);
            awaitTurn();
        }

        void await(BooleanSupplier until) {
            condition = until;
            step();
            condition = null;
        }

        void spin() {
            commit();
            spinning = true;
            step();
        }

        /** Holds a store back. */
        void store(Runnable store) {
            stores.add(store);
        }

        /** What was held back is seen now. */
        void commit() {
            stores.forEach(Runnable::run);
            stores.clear();
        }

        private Thread caller() {
            return caller;
        }

        private boolean canGoOn() {
            return !done && (condition == null || condition.getAsBoolean());
        }

        private void awaitTurn() {
            while (!turn) {
                if (abandoned) {
                    throw new Abandoned();
                }
                LockSupport.park(Schedule.this);
            }
            if (abandoned) {
                throw new Abandoned();
            }
        }

        private void run() {
            try {
                awaitTurn();
                body.call();
                place = "end";
                if (!stores.isEmpty()) {
                    step();
                    commit();
                }
            } catch (Abandoned unwound) {
                return;
            } catch (Throwable thrown) { // a failed assertion, or a fault in the code under test
                fail(thrown);
                return;
            }
            done = true;
            ended++;
            if (ended == tasks.size()) {
                finish();
            } else {
                next(this);
            }
        }
    }

    /** A thread that runs one task after another. */
    static final class Runner extends Thread {
        private volatile Task task;
        private volatile boolean stopped;

        Runner(int number) {
            super("interleaved-" + number);
            setDaemon(true);
        }

        void stopRunning() {
            stopped = true;
            LockSupport.unpark(this);
        }

        @Override
        public void run() {
            while (!stopped) {
                Task next = task;
                if (next == null) {
                    LockSupport.park(this);
                } else {
                    next.run();
                    task = null;
                    LockSupport.unpark(next.caller());
                }
            }
        }
    }

    /** The task of the current thread; null on one that belongs to no schedule. */
    static Task task() {
        return Thread.currentThread() instanceof Runner runner ? runner.task : null;
    }

    /** Runs them to their end. @return what went wrong, or null */
    Throwable run(List<Callable<?>> bodies, List<Runner> runners) {
        for (int number = 0; number < bodies.size(); number++) {
            Task task = new Task("thread " + (number + 1), bodies.get(number));
            task.runner = runners.get(number);
            tasks.add(task);
        }
        for (Task task : tasks) {
            task.runner.task = task;
            LockSupport.unpark(task.runner);
        }
        next(null);
        while (!over || tasks.stream().anyMatch(task -> task.runner.task != null)) {
            LockSupport.park(this);
        }
        return failure;
    }

    int[] chosen() {
        return chosen.stream().mapToInt(Integer::intValue).toArray();
    }

    /** How many choices there were at each point. */
    List<Integer> possible() {
        return possible;
    }

    String trace() {
        return String.join("\n    ", trace);
    }

    private void finish() {
        over = true;
        LockSupport.unpark(caller);
    }

    private void fail(Throwable thrown) {
        if (abandoned) {
            return; // what the end of a thread has become on its way through the code under test
        }
        failure = thrown;
        abandoned = true;
        tasks.forEach(task -> LockSupport.unpark(task.runner));
        finish();
    }

    /** Gives the turn to whom the schedule says; {@code present} has it now. */
    private void next(Task present) {
        if (abandoned) {
            throw new Abandoned();
        }
        if (present != null) {
            present.turn = false;
        }
        while (true) {
            List<Runnable> choices = new ArrayList<>();
            Task[] next = new Task[1];
            boolean goesOn = present != null && present.canGoOn() && !present.spinning;
            boolean free = !goesOn && (present == null || !present.spinning);
            if (goesOn) {
                choices.add(() -> next[0] = present);
            }
            for (Task task : tasks) {
                int cost = free || choices.isEmpty() ? 0 : 1;
                if (task != present && !task.spinning && spent + cost <= preemptions && task.canGoOn()) {
                    choices.add(() -> {
                        spent += cost;
                        next[0] = task;
                    });
                }
            }
            if (spent < preemptions) {
                for (Task task : tasks) {
                    for (int store = 0; store < task.stores.size(); store++) {
                        int index = store;
                        choices.add(() -> {
                            spent++;
                            task.stores.remove(index).run();
                            trace.add(task.name + ": one of its stores is seen");
                        });
                    }
                }
            }
            if (choices.isEmpty() && !relax()) {
                fail(new AssertionError("none of the threads can go on: " + places()));
                return;
            }
            if (!choices.isEmpty()) {
                choices.get(choose(choices.size())).run();
            }
            if (next[0] != null) {
                give(next[0]);
                return;
            }
        }
    }

    /** When nobody can go on: in the end all stores are seen, and who spins tries again. @return whether that changed anything */
    private boolean relax() {
        boolean changed = false;
        for (Task task : tasks) {
            changed |= task.spinning || !task.stores.isEmpty();
            task.spinning = false;
            task.commit();
        }
        return changed;
    }

    private void give(Task next) {
        if (trace.size() == MOST_STEPS) {
            fail(new AssertionError("no end after " + MOST_STEPS + " steps: " + places()));
            return;
        }
        trace.add(next.name + ": " + next.place);
        for (Task task : tasks) {
            task.spinning &= task == next;
        }
        next.spinning = false;
        next.turn = true;
        LockSupport.unpark(next.runner);
    }

    private int choose(int number) {
        int place = chosen.size();
        int choice = place < given.length ? given[place] : 0;
        if (choice >= number) {
            throw new IllegalStateException("the same choices lead elsewhere: the scenario is not deterministic");
        }
        chosen.add(choice);
        possible.add(number);
        return choice;
    }

    private String places() {
        StringBuilder places = new StringBuilder();
        tasks.stream().filter(task -> !task.done).forEach(task -> places.append(task.name)
                .append(" at ")
                .append(task.place)
                .append("; "));
        return places.toString();
    }
}
