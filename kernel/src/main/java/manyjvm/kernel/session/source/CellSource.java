package manyjvm.kernel.session.source;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The text of a cell, and how an error points into it.
 *
 * @param label {@code In[3]}
 */
public record CellSource(String label, String code) {
    public Optional<String> line(int fromOne) {
        List<String> lines = code.lines().toList();
        return fromOne >= 1 && fromOne <= lines.size() ? Optional.of(lines.get(fromOne - 1)) : Optional.empty();
    }

    /** An error message with its line and a caret below it. Lines count from 1, columns from 0. */
    public List<String> pointAt(int line, int column, int width, String message, List<String> details) {
        List<String> report = new ArrayList<>();
        report.add(label + ":" + line + ": " + message);
        line(line).ifPresent(text -> {
            int start = Math.max(0, Math.min(column, text.length()));
            report.add("    " + text.replace('\t', ' '));
            report.add("    " + " ".repeat(start) + "^".repeat(Math.max(1, Math.min(width, text.length() - start))));
        });
        details.forEach(detail -> report.add("  " + detail));
        return report;
    }
}
