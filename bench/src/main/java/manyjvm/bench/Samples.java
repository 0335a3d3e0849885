package manyjvm.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** What was measured: figure, then system, then the values in the order in which they were taken. */
final class Samples {
    private static final String MARK = "FIGURE ";

    private final Map<String, Map<String, List<Double>>> values = new LinkedHashMap<>();

    void add(String figure, String system, double value) {
        values.computeIfAbsent(figure, absent -> new LinkedHashMap<>())
                .computeIfAbsent(system, absent -> new ArrayList<>())
                .add(value);
    }

    /** Finds the figures in what a system has printed. */
    static void read(String printed, BiConsumer<String, Double> found) {
        printed.lines().filter(line -> line.startsWith(MARK)).forEach(line -> {
            String[] words = line.substring(MARK.length()).trim().split(" ");
            found.accept(words[0], Double.parseDouble(words[1]));
        });
    }

    List<Double> of(String figure, String system) {
        return values.getOrDefault(figure, Map.of()).getOrDefault(system, List.of());
    }

    /** The middle one; empty where nothing was measured. */
    Optional<Double> median(String figure, String system) {
        List<Double> sorted = new ArrayList<>(of(figure, system));
        Collections.sort(sorted);
        return sorted.isEmpty() ? Optional.empty() : Optional.of(sorted.get(sorted.size() / 2));
    }

    /** The least and the greatest. */
    String spread(String figure, String system) {
        List<Double> all = of(figure, system);
        return all.size() < 2 ? "" : Words.number(Collections.min(all)) + " to " + Words.number(Collections.max(all));
    }
}
