package manyjvm.parallel.insight;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Figures as people read them. */
final class Words {
    private Words() {}

    /** {@code 3 us}, {@code 12 ms}, {@code 1.25 s}, {@code 2 min 5 s}. */
    static String time(long nanos) {
        if (nanos < 1_000) {
            return nanos <= 0 ? "0" : nanos + " ns";
        }
        if (nanos < 999_500) {
            return figure(nanos / 1e3) + " us";
        }
        if (nanos < 999_500_000) {
            return figure(nanos / 1e6) + " ms";
        }
        if (nanos < 120_000_000_000L) {
            return figure(nanos / 1e9) + " s";
        }
        long seconds = Math.round(nanos / 1e9);
        return seconds / 60 + " min" + (seconds % 60 == 0 ? "" : " " + seconds % 60 + " s");
    }

    /** Of two or three digits. */
    private static String figure(double value) {
        return value >= 99.5
                ? String.valueOf(Math.round(value))
                : trimmed(String.format(Locale.ROOT, value >= 9.95 ? "%.1f" : "%.2f", value));
    }

    private static String trimmed(String number) {
        return number.replaceFirst("\\.?0+$", "");
    }

    /** {@code 900 bytes}, {@code 1.5 KB}, {@code 8 MB}. */
    static String bytes(long bytes) {
        if (bytes < 1_000) {
            return bytes == 1 ? "1 byte" : bytes + " bytes";
        }
        return bytes < 999_500
                ? figure(bytes / 1e3) + " KB"
                : bytes < 999_500_000 ? figure(bytes / 1e6) + " MB" : figure(bytes / 1e9) + " GB";
    }

    /** {@code 10,000}. */
    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** {@code 1 item}, {@code 10,000 items}. */
    static String count(long number, String one) {
        return count(number) + " " + one + (number == 1 ? "" : "s");
    }

    /** {@code once}, {@code twice}, {@code 3 times}. */
    static String times(long number) {
        return number == 1 ? "once" : number == 2 ? "twice" : count(number) + " times";
    }

    static String percent(double share) {
        return Math.round(100 * share) + " %";
    }

    static String factor(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    /** Columns, the first of which starts each line and the others end where their heading does. */
    static List<String> columns(List<List<String>> rows) {
        int[] widths = new int[rows.get(0).size()];
        rows.forEach(row -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        });
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String blanks = " ".repeat(widths[i] - row.get(i).length());
                line.append(i == 0 ? row.get(i) + blanks : "  " + blanks + row.get(i));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }
}
