package manyjvm.kernel.session.source;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a session has been given to run, by its label: the latest of each. For any thread. */
public final class CellSources implements BiFunction<String, Integer, Optional<String>> {
    private static final Pattern OF_CELL = Pattern.compile("In\\[(\\d{1,9})\\]");

    private final Map<String, CellSource> all = new ConcurrentHashMap<>();

    /** A cell with its number. */
    public record Numbered(int number, String code) {}

    public void add(CellSource source) {
        all.put(source.label(), source);
    }

    /** The text of a line, counted from 1. */
    @Override
    public Optional<String> apply(String label, Integer line) {
        return Optional.ofNullable(all.get(label)).flatMap(source -> source.line(line));
    }

    /** The cells, in the order of their numbers. */
    public List<Numbered> cells() {
        return all.values().stream()
                .flatMap(source -> {
                    Matcher number = OF_CELL.matcher(source.label());
                    return number.matches()
                            ? Stream.of(new Numbered(Integer.parseInt(number.group(1)), source.code()))
                            : Stream.empty();
                })
                .sorted(Comparator.comparingInt(Numbered::number))
                .toList();
    }
}
