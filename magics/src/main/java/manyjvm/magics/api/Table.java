package manyjvm.magics.api;

import java.util.ArrayList;
import java.util.List;

/** Rows of text under headings, as {@code %pool status} and its relatives show them. Immutable. */
public final class Table {
    private final List<String> headings;
    private final List<List<String>> rows;
    private final String whenEmpty;

    /** @param whenEmpty what to say when there are no rows */
    public Table(List<String> headings, List<List<String>> rows, String whenEmpty) {
        this.headings = List.copyOf(headings);
        this.rows = rows.stream().map(List::copyOf).toList();
        this.whenEmpty = whenEmpty;
    }

    /** What stands above the columns. */
    public List<String> headings() {
        return headings;
    }

    /** The cells of each row, in the order of the headings. */
    public List<List<String>> rows() {
        return rows;
    }

    /** Aligned columns, for terminals. */
    @Override
    public String toString() {
        if (rows.isEmpty()) {
            return whenEmpty;
        }
        List<String> lines = new ArrayList<>();
        lines.add(line(headings));
        rows.forEach(row -> lines.add(line(row)));
        return String.join("\n", lines);
    }

    private String line(List<String> cells) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < cells.size(); column++) {
            String cell = cells.get(column);
            line.append(cell).append(" ".repeat(width(column) - cell.length() + 2));
        }
        return line.toString().stripTrailing();
    }

    private int width(int column) {
        int width = headings.get(column).length();
        for (List<String> row : rows) {
            width = Math.max(width, row.get(column).length());
        }
        return width;
    }
}
