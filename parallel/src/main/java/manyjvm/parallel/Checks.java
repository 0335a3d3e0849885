package manyjvm.parallel;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** Refuses wrong settings where they are given. */
final class Checks {
    /** Longer than anybody waits, and short enough for sums of nanoseconds. */
    static final Duration FOR_EVER = Duration.ofDays(36500);

    private static final Pattern SIZE = Pattern.compile("[1-9][0-9]*[kKmMgGtT]?");

    private Checks() {}

    /** A time limit; one beyond {@link #FOR_EVER}, as {@code ChronoUnit.FOREVER} is, is that. */
    static Duration positive(Duration duration) {
        if (duration.isZero() || duration.isNegative()) {
            throw new IllegalArgumentException("a timeout must be more than 0, not " + words(duration));
        }
        return duration.compareTo(FOR_EVER) > 0 ? FOR_EVER : duration;
    }

    /** How long to wait; not at all for what is negative. */
    static long nanos(Duration duration) {
        return duration.isNegative() ? 0 : duration.compareTo(FOR_EVER) > 0 ? FOR_EVER.toNanos() : duration.toNanos();
    }

    /** {@code 1.5 s}: a Duration calls itself PT1.5S, which nobody reads. */
    static String words(Duration duration) {
        return BigDecimal.valueOf(duration.getSeconds())
                        .add(BigDecimal.valueOf(duration.getNano(), 9))
                        .stripTrailingZeros()
                        .toPlainString()
                + " s";
    }

    static int notNegative(int count) {
        if (count < 0) {
            throw new IllegalArgumentException("a count cannot be negative: " + count);
        }
        return count;
    }

    static int workers(int workers) {
        if (workers < 1) {
            throw new IllegalArgumentException("a pool has at least 1 worker, not " + workers);
        }
        return workers;
    }

    static String name(String name) {
        if (name.isBlank()) {
            throw new IllegalArgumentException(
                    "a name needs at least one visible character: leave name(..) out to get a default name");
        }
        return name;
    }

    static String heap(String size) {
        return size(size, "heap size");
    }

    /** The bytes that {@code 512m} is. */
    static long bytes(String text) {
        return toBytes(size(text, "amount of memory")).longValueExact();
    }

    private static BigInteger toBytes(String size) {
        int unit = "kmgt".indexOf(Character.toLowerCase(size.charAt(size.length() - 1)));
        return new BigInteger(unit < 0 ? size : size.substring(0, size.length() - 1)).shiftLeft(10 * (unit + 1));
    }

    private static String size(String size, String what) {
        if (!SIZE.matcher(size).matches()) {
            throw new IllegalArgumentException(
                    "\"" + size + "\" is not a valid " + what + ": write a number and a unit, such as 512m or 2g");
        }
        if (toBytes(size).bitLength() >= Long.SIZE) {
            throw new IllegalArgumentException("\"" + size + "\" is not a valid " + what + ": it is too large");
        }
        return size;
    }

    static List<Integer> cpus(int... cpus) {
        int present = Runtime.getRuntime().availableProcessors();
        for (int cpu : cpus) {
            if (cpu < 0) {
                throw new IllegalArgumentException(
                        "there is no processor " + cpu + "; this machine has 0 to " + (present - 1));
            }
        }
        return Arrays.stream(cpus).boxed().toList();
    }
}
