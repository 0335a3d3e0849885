package manyjvm.magics.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import manyjvm.parallel.Parallel;

/** How a {@code %%race} went. Immutable. */
public final class RaceResult {
    private static final int BAR = 40;
    private static final double NANOS_PER_MILLI = 1e6;

    private final String on;
    private final boolean locked;
    private final int workers;
    private final int times;
    private final int step;
    private final List<Round> rounds;

    /**
     * One time that it was held.
     *
     * @param counted what the counter held at the end
     * @param nanos of the slowest worker
     */
    public record Round(int counted, long nanos) {}

    /** @param step what one run of the cell adds */
    public RaceResult(String on, boolean locked, int workers, int times, int step, List<Round> rounds) {
        this.on = on;
        this.locked = locked;
        this.workers = workers;
        this.times = times;
        this.step = step;
        this.rounds = List.copyOf(rounds);
    }

    /** Each time that it was held. */
    public List<Round> rounds() {
        return rounds;
    }

    /** The updates of a round, all workers' together. */
    public int updates() {
        return workers * times;
    }

    /** How many updates were lost in a round. */
    public int lost(Round round) {
        return updates() - round.counted() / step;
    }

    /** How many updates were lost, round by round. */
    public List<Integer> lost() {
        return rounds.stream().map(this::lost).toList();
    }

    /** In how many rounds any were. */
    public int roundsWithLosses() {
        return (int) rounds.stream().filter(round -> lost(round) != 0).count();
    }

    /** What was done, in a line. */
    public String title() {
        return workers + " " + (on.equals("threads") ? "threads" : "processes") + " count up one Value, "
                + number(times) + " times each, " + (locked ? "with a lock" : "without a lock");
    }

    /** A round in words. */
    public String words(int index) {
        Round round = rounds.get(index);
        int lost = lost(round);
        String what = lost == 0
                ? "nothing lost of " + number(updates()) + " updates"
                : number(lost) + " of " + number(updates()) + " updates lost (" + percent(lost) + ")";
        return "round " + (index + 1) + ": " + what + ", " + millis(round.nanos());
    }

    private static String millis(long nanos) {
        return String.format(
                Locale.ROOT, nanos < 10 * NANOS_PER_MILLI ? "%.1f ms" : "%.0f ms", nanos / NANOS_PER_MILLI);
    }

    private String percent(int lost) {
        double share = 100.0 * lost / updates();
        return share >= 1
                ? Math.round(share) + " %"
                : share >= 0.01 ? String.format(Locale.ROOT, "%.2f %%", share) : "less than 0.01 %";
    }

    /** What can be learned from it, and what cannot. */
    public List<String> conclusion() {
        List<String> sentences = new ArrayList<>();
        int losing = roundsWithLosses();
        if (losing > 0) {
            long numbers = rounds.stream()
                    .map(this::lost)
                    .filter(lost -> lost != 0)
                    .distinct()
                    .count();
            sentences.add("Updates were lost in " + losing + " of " + rounds(rounds.size())
                    + (losing > 1 && numbers == losing ? ", another number each time." : "."));
            if (locked) {
                sentences.add(
                        "The lock was held for each run of the cell. So the cell changes counter in another thread,"
                                + " or after it has returned.");
            } else {
                sentences.add(
                        "To count is three steps: read, add one, write. A worker that writes between another's read"
                                + " and write is overwritten, and its update is lost.");
                sentences.add("Cures: %%race --lock, or counter.getAndAdd(1), which is one step.");
            }
        } else if (locked) {
            sentences.add("Nothing was lost in " + rounds(rounds.size())
                    + ": who has the lock reads, adds and writes before another may read.");
        } else {
            long longest = rounds.stream().mapToLong(Round::nanos).max().orElse(0);
            sentences.add("Nothing was lost in " + rounds(rounds.size())
                    + ". That is no proof that nothing can be: a race is lost or won by chance.");
            sentences.add(
                    "Either the cell counts in one step, as getAndAdd or code with a lock does, or the workers did not"
                            + " meet: a round took " + millis(longest)
                            + (Parallel.cpuCount() < 2
                                    ? ", and on one processor they take turns, so that they meet only where a turn ends."
                                    : ". A larger --times gives them longer to meet."));
        }
        return sentences;
    }

    private static String rounds(int number) {
        return number == 1 ? "1 round" : number + " rounds";
    }

    static String number(int number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** All of it, for terminals: a bar a round, of which {@code x} is what was lost. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(title());
        for (int i = 0; i < rounds.size(); i++) {
            int lost = lost(rounds.get(i));
            int length = lost <= 0 ? 0 : Math.max(1, Math.min(BAR, Math.round((float) BAR * lost / updates())));
            text.append("\n|")
                    .append("=".repeat(BAR - length))
                    .append("x".repeat(length))
                    .append("| ")
                    .append(words(i));
        }
        conclusion().forEach(sentence -> text.append('\n').append(sentence));
        return text.toString();
    }
}
