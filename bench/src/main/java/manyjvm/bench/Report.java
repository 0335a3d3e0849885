package manyjvm.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The figures as a page of Markdown. */
final class Report {
    private final Samples samples;
    private int goals;
    private int reached;

    Report(Samples samples) {
        this.samples = samples;
    }

    /** One table: the middle of what was measured, ours with its spread, and what ours is of the best peer's. */
    String table(List<Figure> figures, List<String> peers) {
        List<String> shown = peers.stream()
                .filter(peer -> figures.stream()
                        .anyMatch(figure -> samples.median(figure.id(), peer).isPresent()))
                .toList();
        StringBuilder text = new StringBuilder();
        row(
                text,
                Stream.concat(Stream.of("", "unit", "manyjvm", "least to greatest"), shown.stream()),
                "of the best peer",
                "goal");
        row(text, Stream.generate(() -> "---").limit(4L + shown.size()), "---", "---");
        for (Figure figure : figures) {
            samples.median(figure.id(), Systems.OURS).ifPresent(ours -> row(text, figure, ours, shown));
        }
        return text.toString();
    }

    String goals() {
        return reached + " of " + goals + " goals reached\n";
    }

    private void row(StringBuilder text, Figure figure, double ours, List<String> peers) {
        List<String> cells = new ArrayList<>(List.of(
                figure.title(),
                figure.unit(),
                "**" + Words.number(ours) + "**",
                samples.spread(figure.id(), Systems.OURS)));
        Optional<Double> best = Optional.empty();
        for (String peer : peers) {
            Optional<Double> theirs = samples.median(figure.id(), peer);
            cells.add(theirs.map(Words::number).orElse(""));
            if (theirs.isPresent() && (best.isEmpty() || figure.isBetter(theirs.get(), best.get()))) {
                best = theirs;
            }
        }
        String ratio = best.map(other -> Words.number(ours / other) + "x").orElse("");
        row(text, cells.stream(), ratio, goal(figure, ours, best));
    }

    private String goal(Figure figure, double ours, Optional<Double> best) {
        if (figure.goal().isEmpty()) {
            return "";
        }
        double here = figure.goal().get().here(best);
        boolean met = !figure.isBetter(here, ours);
        goals++;
        reached += met ? 1 : 0;
        return Words.number(here) + (met ? ", reached" : ", missed");
    }

    private static void row(StringBuilder text, Stream<String> cells, String ratio, String goal) {
        List<String> all = new ArrayList<>(cells.toList());
        all.add(ratio);
        all.add(goal);
        text.append("| ").append(String.join(" | ", all)).append(" |\n");
    }
}
