package manyjvm.magics.api;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import manyjvm.parallel.spi.Explanation;
import manyjvm.parallel.spi.Explanation.Way;

/** What {@code %pool explain} shows: what of a function would travel, and how. Immutable. */
public final class Explained {
    private static final List<String> HEADINGS = List.of("what", "is", "from", "gets to a worker", "bytes");

    private final String written;
    private final Explanation explanation;

    Explained(String written, Explanation explanation) {
        this.written = written;
        this.explanation = explanation;
    }

    /** The facts, for code that asks. */
    public Explanation explanation() {
        return explanation;
    }

    /** The answer in a sentence. */
    public String verdict() {
        return explanation.isRefused()
                ? written + " cannot be sent to a worker JVM:"
                : written + " can be sent: " + String.format(Locale.ROOT, "%,d", explanation.bytes())
                        + " bytes to a worker JVM that has nothing of it yet. Class files, large arrays and variables"
                        + " that have not changed since go to a worker once.";
    }

    /** Why it cannot be sent, each reason with its cure; empty when it can. */
    public List<String> refusals() {
        return explanation.refusals();
    }

    /** What works, and may be another thing than it looks. */
    public List<String> warnings() {
        return explanation.warnings();
    }

    /** What would travel, a row each. */
    public Table table() {
        List<List<String>> rows = new ArrayList<>();
        List<Explanation.Part> parts = new ArrayList<>(explanation.parts());
        parts.sort(Comparator.comparingInt(Explained::rank));
        for (Explanation.Part part : parts) {
            boolean crosses = part.bytes() > 0;
            rows.add(List.of(
                    part.name(),
                    part.type(),
                    part.place(),
                    words(part),
                    crosses ? String.format(Locale.ROOT, "%,d", part.bytes()) : ""));
        }
        return new Table(HEADINGS, rows, "nothing of the notebook's would travel");
    }

    /** What the user wrote comes before what goes with it. */
    private static int rank(Explanation.Part part) {
        return switch (part.type()) {
            case "method", "record", "class", "enum", "interface" -> 0;
            case "declaration", "code of the cell" -> 2;
            case "class path", "system property", "setting of the JVM" -> 3;
            default -> 1;
        };
    }

    private static String words(Explanation.Part part) {
        if (part.type().equals("class path")) {
            return "not at all: it reads the file itself";
        }
        Way way = part.way();
        return switch (way) {
            case CODE -> "as a class file";
            case COPY -> "as a copy of what it is now";
            case SHARED -> "as a handle: shared, one for all";
            case OWN -> "not at all: each makes its own";
            case REFUSED -> "\u2717 cannot";
        };
    }

    /** All of it, for terminals. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(verdict());
        refusals().forEach(each -> text.append("\n  - ").append(each));
        if (!explanation.parts().isEmpty()) {
            text.append("\n\n").append(table());
        }
        if (!warnings().isEmpty()) {
            text.append('\n');
            warnings().forEach(each -> text.append("\nwarning: ").append(each));
        }
        return text.toString();
    }
}
