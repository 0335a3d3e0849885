package manyjvm.kernel.spi;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the name that was probably meant. */
public final class Spelling {
    private Spelling() {}

    /** Of many names the one with the fewest edits, when these are few against the word's length. */
    public static Optional<String> nearest(String word, Collection<String> names) {
        return nearest(word, names, word.length() / 3);
    }

    /** As {@link #nearest}, of the few words that can stand in a place: less else can be meant, so one edit more is let pass. */
    public static Optional<String> nearestOfFew(String word, Collection<String> words) {
        return nearest(word, words, word.length() / 3 + 1);
    }

    /** {@code "; did you mean 'x'?"} with {@link #nearestOfFew}, or nothing when none is near. */
    public static String hint(String word, Collection<String> words) {
        return nearestOfFew(word, words)
                .map(near -> "; did you mean '" + near + "'?")
                .orElse("");
    }

    private static Optional<String> nearest(String word, Collection<String> names, int most) {
        return names.stream()
                .filter(name -> edits(word, name) <= most)
                .min(Comparator.comparingInt((String name) -> edits(word, name))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** The edit distance, in which two neighbouring letters swapped count as one edit. */
    private static int edits(String from, String to) {
        int[][] cost = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                boolean same = Character.toLowerCase(from.charAt(i - 1)) == Character.toLowerCase(to.charAt(j - 1));
                cost[i][j] =
                        Math.min(cost[i - 1][j - 1] + (same ? 0 : 1), 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
                if (i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1)) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[from.length()][to.length()];
    }
}
