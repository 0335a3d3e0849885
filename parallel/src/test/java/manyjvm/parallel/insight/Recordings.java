package manyjvm.parallel.insight;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Recordings as a driver would make them of lives that a test tells, in milliseconds. */
public final class Recordings {
    public static final long MS = 1_000_000;

    private final String backend;
    private final int workers;
    private final List<Life> lives = new ArrayList<>();
    private final List<Run> runs = new ArrayList<>();
    private final Map<String, Long> calls = new HashMap<>();
    private final List<SlowItem> slowest = new ArrayList<>();
    private final List<Shipment> shipped = new ArrayList<>();
    private long from;
    private int processors = 2;

    private Recordings(String backend, int workers) {
        this.backend = backend;
        this.workers = workers;
    }

    /** Of a pool of processes that has done nothing yet. */
    public static Recordings of(int workers) {
        return new Recordings("processes", workers);
    }

    /** The same of threads. */
    public static Recordings ofThreads(int workers) {
        return new Recordings("threads", workers);
    }

    public Recordings processors(int processors) {
        this.processors = processors;
        return this;
    }

    public Recordings submitted(long at, String... called) {
        from = at * MS;
        Arrays.stream(called).forEach(call -> calls.merge(call, 1L, Long::sum));
        return this;
    }

    public Recordings calls(String call, long times) {
        calls.put(call, times);
        return this;
    }

    public Recordings worker(int number, long launched, long cameIn) {
        boolean again = lives.stream().anyMatch(life -> life.worker() == number);
        lives.add(new Life(
                number,
                backend.equals("threads") ? 0 : 4700 + lives.size(),
                launched * MS,
                OptionalLong.of(cameIn * MS),
                OptionalLong.empty(),
                "",
                false,
                again,
                Vitals.NONE));
        return this;
    }

    public Recordings dies(int number, long at, String why) {
        for (int i = 0; i < lives.size(); i++) {
            Life life = lives.get(i);
            if (life.worker() == number && life.ended().isEmpty()) {
                lives.set(
                        i,
                        new Life(
                                number,
                                life.pid(),
                                life.launched(),
                                life.cameIn(),
                                OptionalLong.of(at * MS),
                                why,
                                true,
                                life.replacement(),
                                Vitals.NONE));
            }
        }
        return this;
    }

    public Recordings vitals(int number, Vitals vitals) {
        lives.replaceAll(life -> life.worker() == number ? life.with(vitals) : life);
        return this;
    }

    public Recordings run(int worker, long begun, long ended, long items) {
        return run(worker, begun, ended, items, 0, 0, Run.End.DONE);
    }

    /** In microseconds, of which so many were spent reading and writing. */
    public Recordings quick(int worker, long begun, long ended, long items, long reading, long writing) {
        long us = 1000;
        runs.add(new Run(
                1,
                worker,
                "map",
                false,
                1,
                runs.size(),
                items,
                0,
                10,
                10,
                begun * us,
                begun * us,
                ended * us,
                new Spent(reading * us, (ended - begun - reading - writing) * us, writing * us, 0),
                Run.End.DONE));
        return this;
    }

    public Recordings run(int worker, long begun, long ended, long items, long reading, long writing, Run.End end) {
        long first =
                runs.stream().filter(run -> !run.hook()).mapToLong(Run::items).sum();
        runs.add(new Run(
                1,
                worker,
                calls.isEmpty() ? "map" : calls.keySet().iterator().next(),
                false,
                1,
                first,
                items,
                end == Run.End.DIED ? 1 : 0,
                10 * items,
                10 * items,
                begun * MS,
                begun * MS,
                ended * MS,
                end == Run.End.DONE
                        ? new Spent(reading * MS, (ended - begun - reading - writing) * MS, writing * MS, 0)
                        : Spent.NONE,
                end));
        return this;
    }

    public Recordings hook(int worker, long begun, long ended) {
        Spent spent = new Spent(0, (ended - begun) * MS, 0, 0);
        runs.add(new Run(
                0,
                worker,
                "the initializer",
                true,
                1,
                0,
                1,
                0,
                0,
                0,
                begun * MS,
                begun * MS,
                ended * MS,
                spent,
                Run.End.DONE));
        return this;
    }

    public Recordings slow(long item, long ms, String argument) {
        slowest.add(new SlowItem("map", item, 1, 1, ms * MS, argument));
        return this;
    }

    public Recordings sent(Shipment.Kind kind, String name, long bytes, long times, int to) {
        shipped.add(new Shipment(kind, name, bytes, times, to));
        return this;
    }

    public Recording taken(long at) {
        long taken = at * MS;
        runs.sort(Comparator.comparingLong(Run::begun));
        List<Run> own = runs.stream().filter(run -> run.work() == 1).toList();
        List<Work> works = calls.isEmpty()
                ? List.of()
                : List.of(new Work(
                        1,
                        from,
                        own.stream().mapToLong(Run::ended).max().orElse(taken),
                        own.stream().anyMatch(run -> run.end() == Run.End.RUNNING) ? 1 : 0,
                        calls,
                        own.stream().filter(run -> run.end() != Run.End.RUNNING).count(),
                        own.stream().mapToLong(Run::items).sum(),
                        own.stream().mapToLong(Run::failed).sum(),
                        own.stream().map(Run::spent).reduce(Spent.NONE, Spent::plus),
                        own.stream().mapToLong(Run::items).min().orElse(0),
                        own.stream().mapToLong(Run::items).max().orElse(0),
                        slowest,
                        shipped));
        return new Recording("crunch", backend, workers, processors, 0, taken, lives, runs, works);
    }
}
