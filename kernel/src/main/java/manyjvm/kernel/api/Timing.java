package manyjvm.kernel.api;

import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * What {@code %time} and {@code %timeit} are made of. Code is handed over as a lambda; the overload that takes it decides
 * how its value is kept from being left out as useless.
 *
 * <p><b>How {@code %timeit} measures.</b> A JVM first interprets code and compiles it while it runs, so the loop runs for
 * about two seconds before anything counts, and at least once. Then runs of so many loops that each takes a fifth of a
 * second: mean and standard deviation are those of the runs. Each measurement has a loop of its own ({@link TimedLoop}),
 * since one that had called other code before would be compiled worse.
 *
 * @param nanos the mean time of one loop, in nanoseconds
 * @param deviation the standard deviation of {@code nanos} from run to run, in nanoseconds
 * @param runs how many runs
 * @param loops how many loops each run has
 * @param warmUpNanos how long the loop ran before
 * @param valueUsed whether the code has a value, which no loop computes in vain
 */
public record Timing(double nanos, double deviation, int runs, long loops, long warmUpNanos, boolean valueUsed) {
    private static final long WARM_UP = TimeUnit.SECONDS.toNanos(2);
    private static final long LONG_ENOUGH = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int RUNS = 7;
    /** Nanoseconds. */
    private static final double LITTLE_WITHOUT_VALUE = 20;

    /** Code with a value. */
    @FunctionalInterface
    public interface Code<T, X extends Throwable> {
        T run() throws X;
    }

    /** Code with an integral value. */
    @FunctionalInterface
    public interface LongCode<X extends Throwable> {
        long run() throws X;
    }

    /** Code with a fractional value. */
    @FunctionalInterface
    public interface DoubleCode<X extends Throwable> {
        double run() throws X;
    }

    /** Code without a value. */
    @FunctionalInterface
    public interface Action<X extends Throwable> {
        void run() throws X;
    }

    /** IPython's {@code %time}: prints how long the code takes, and returns its value. */
    public static <T, X extends Throwable> T time(Code<T, X> code) throws X {
        long start = System.nanoTime();
        try {
            return code.run();
        } finally {
            System.out.println("Wall time: " + text(System.nanoTime() - start));
        }
    }

    /** As {@link #time(Code)}, for code without a value. */
    public static <X extends Throwable> void time(Action<X> code) throws X {
        time(() -> {
            code.run();
            return "";
        });
    }

    /**
     * IPython's {@code %timeit}: how long the code takes when it is run again and again.
     *
     * @param loops in each run; 0 for as many as take a fifth of a second
     * @param runs 0 for seven
     */
    public static <T, X extends Throwable> Timing timeit(long loops, int runs, Code<T, X> code) throws X {
        return Timing.<X>measure(loops, runs, TimedLoop.of(code), true);
    }

    /** As {@link #timeit(long, int, Code)}. */
    public static <X extends Throwable> Timing timeit(long loops, int runs, LongCode<X> code) throws X {
        return Timing.<X>measure(loops, runs, TimedLoop.of(code), true);
    }

    /** As {@link #timeit(long, int, Code)}. */
    public static <X extends Throwable> Timing timeit(long loops, int runs, DoubleCode<X> code) throws X {
        return Timing.<X>measure(loops, runs, TimedLoop.of(code), true);
    }

    /** As {@link #timeit(long, int, Code)}; of what the code computes and nobody reads the JVM may leave out all. */
    public static <X extends Throwable> Timing timeit(long loops, int runs, Action<X> code) throws X {
        return Timing.<X>measure(loops, runs, TimedLoop.of(code), false);
    }

    /** Prints what was measured, with a warning where it says little. */
    public void print() {
        System.out.println(this);
        if (nanos < (valueUsed ? 1 : LITTLE_WITHOUT_VALUE)) {
            System.out.println(
                    valueUsed
                            ? "So little is no work: the JVM has probably left it out. Use values that it cannot know, as variables."
                            : "So little may be less than what was written: the JVM leaves out what nobody reads."
                                    + " Let the code return what it computes.");
        } else if (deviation > nanos / 4) {
            System.out.println(
                    "The runs differ much: other work on this machine, or the garbage collector, was in the way.");
        }
    }

    @SuppressWarnings("unchecked")
    private static <X extends Throwable> Timing measure(long loops, int runs, TimedLoop loop, boolean valueUsed)
            throws X {
        if (loops < 0 || runs < 0) {
            throw new IllegalArgumentException("loops and runs are counted from 1, not " + Math.min(loops, runs));
        }
        try {
            return measured(loops, runs == 0 ? RUNS : runs, loop, valueUsed);
        } catch (Throwable thrown) {
            throw (X) thrown; // the code's own, or unchecked
        }
    }

    private static Timing measured(long loops, int runs, TimedLoop loop, boolean valueUsed) throws Throwable {
        long begin = System.nanoTime();
        long warm = 0;
        double perLoop = 1;
        for (long count = 1; warm < WARM_UP; ) {
            long took = loop.nanos(count);
            perLoop = Math.max(0.01, (double) took / count);
            warm = System.nanoTime() - begin;
            if (took < LONG_ENOUGH / 4) {
                count *= 2;
            }
        }
        long each = loops == 0 ? rounded(LONG_ENOUGH / perLoop) : loops;
        double[] means = new double[runs];
        for (int i = 0; i < runs; i++) {
            means[i] = (double) loop.nanos(each) / each;
        }
        double mean = 0;
        for (double one : means) {
            mean += one / runs;
        }
        double squares = 0;
        for (double one : means) {
            squares += (one - mean) * (one - mean) / runs;
        }
        return new Timing(mean, Math.sqrt(squares), runs, each, warm, valueUsed);
    }

    /** The next of 1, 2, 5, 10, 20 ... */
    private static long rounded(double loops) {
        for (long power = 1; ; power *= 10) {
            for (int first : new int[] {1, 2, 5}) {
                if (first * power >= loops) {
                    return first * power;
                }
            }
        }
    }

    /** As IPython says it: {@code 1.23 us +- 4 % per loop (7 runs of 200,000 loops, after 2.0 s of warm-up)}. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s +- %s %% per loop (%s of %s, after %s of warm-up)",
                text(nanos),
                percent(),
                count(runs, "run"),
                count(loops, "loop"),
                text(warmUpNanos));
    }

    private String percent() {
        double percent = nanos == 0 ? 0 : 100 * deviation / nanos;
        return percent == 0 || percent >= 1
                ? String.valueOf(Math.round(percent))
                : String.format(Locale.ROOT, "%.1f", percent);
    }

    private static String count(long count, String what) {
        return String.format(Locale.ROOT, "%,d %s%s", count, what, count == 1 ? "" : "s");
    }

    /** As {@link #text(double)}. */
    public static String text(long nanos) {
        return text((double) nanos);
    }

    /**
     * Nanoseconds in a unit that reads well, with three digits that count: {@code 1.23 us}, {@code 12.3 ms}, {@code 2 min 3 s}.
     */
    public static String text(double nanos) {
        if (nanos >= 59.95e9) {
            long seconds = Math.round(nanos / 1e9);
            return seconds / 60 + " min " + seconds % 60 + " s";
        }
        String[] units = {"ns", "us", "ms", "s"};
        int unit = 0;
        double value = nanos;
        while (value >= 999.5 && unit < units.length - 1) {
            value /= 1000;
            unit++;
        }
        int digits = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
        return String.format(Locale.ROOT, "%." + digits + "f %s", value, units[unit]);
    }
}
