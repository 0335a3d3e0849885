package manyjvm.parallel.insight;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * What a pool remembers of its past: immutable, and so much that it always fits ({@code driver.Recorder} has the bounds). Lists
 * are in the order of time.
 *
 * @param pool its name
 * @param backend what its workers run on, as {@code Pool.Builder.backend} has it
 * @param workers how many it keeps
 * @param processors that this machine lets the driver use
 * @param from what happened before is not in it
 * @param taken when it was made
 * @param lives of its workers
 * @param runs of what they did
 * @param works what the runs belong to
 */
public record Recording(
        String pool,
        String backend,
        int workers,
        int processors,
        long from,
        long taken,
        List<Life> lives,
        List<Run> runs,
        List<Work> works) {
    /**
     * Of the last {@link Work} alone, from its first submission to its end. Others' runs in that time stay, since they kept
     * workers busy; so does the start of a worker that was not ready before. As it is where nothing was submitted.
     */
    public Recording last() {
        if (works.isEmpty()) {
            return this;
        }
        Work last = works.get(works.size() - 1);
        // It begins with the first launch that it had to wait for.
        long begin = lives.stream()
                .filter(life -> life.launched() <= last.from()
                        && life.cameIn().orElse(taken) > last.from()
                        && life.ended().orElse(taken) > last.from())
                .mapToLong(Life::launched)
                .min()
                .orElse(last.from());
        return new Recording(
                pool,
                backend,
                workers,
                processors,
                begin,
                last.to(),
                lives.stream()
                        .filter(life ->
                                life.launched() <= last.to() && life.ended().orElse(taken) >= begin)
                        .map(life -> life.ended().orElse(taken) <= last.to() ? life : open(life))
                        .toList(),
                runs.stream()
                        .filter(run -> run.begun() <= last.to() && run.ended() >= begin)
                        .toList(),
                List.of(last));
    }

    /** As it was before its end. */
    private static Life open(Life life) {
        return new Life(
                life.worker(),
                life.pid(),
                life.launched(),
                life.cameIn(),
                OptionalLong.empty(),
                "",
                false,
                life.replacement(),
                life.vitals());
    }

    /** In figures. */
    public Insights insights() {
        return Insights.of(this);
    }

    /** As a picture. */
    public Timeline timeline() {
        return Timeline.of(this);
    }

    /** The same, with what workers that are there say of themselves, by their numbers. */
    public Recording with(Map<Integer, Vitals> vitals) {
        return new Recording(
                pool,
                backend,
                workers,
                processors,
                from,
                taken,
                lives.stream()
                        .map(life -> life.ended().isPresent()
                                ? life
                                : life.with(vitals.getOrDefault(life.worker(), Vitals.NONE)))
                        .toList(),
                runs,
                works);
    }

    /**
     * Runs of one worker, in order, of which those that are together no longer than this are one.
     *
     * @param longest nanoseconds
     */
    public static List<Run> merged(List<Run> runs, long longest) {
        List<Run> merged = new ArrayList<>();
        Run last = null;
        for (Run run : runs) {
            if (last != null && last.isLike(run) && run.ended() - last.begun() <= longest) {
                last = last.and(run);
                merged.set(merged.size() - 1, last);
            } else {
                last = run;
                merged.add(run);
            }
        }
        return merged;
    }

    /** What is with one worker's place, in order. */
    Stream<Run> runsOf(int worker) {
        return runs.stream().filter(run -> run.worker() == worker);
    }

    /** Whether it belongs to one of the works, and does not only keep a worker busy meanwhile. */
    boolean isOwn(Run run) {
        return works.stream().anyMatch(work -> work.number() == run.work());
    }

    /** How much of that time is in it. */
    long within(long begin, long end) {
        return Math.max(0, Math.min(end, taken) - Math.max(begin, from));
    }

    /** Nanoseconds in which some work had begun and not ended: of works at the same time once. */
    long wall() {
        long wall = 0;
        long counted = Long.MIN_VALUE;
        for (Work work :
                works.stream().sorted(Comparator.comparingLong(Work::from)).toList()) {
            wall += Math.max(0, work.to() - Math.max(work.from(), counted));
            counted = Math.max(counted, work.to());
        }
        return wall;
    }

    /** Nanoseconds that it spans. */
    public long span() {
        return Math.max(1, taken - from);
    }
}
