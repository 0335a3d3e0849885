package manyjvm.kernel.display;

import java.util.List;

/**
 * A table as it is shown: what is shown of it, in words.
 *
 * @param columns from left to right
 * @param rows a text for each column; empty where a row has none
 * @param heads whether the first column names the rows
 * @param note what is not shown, and how to see it; empty when it is all there
 */
record TableView(List<Column> columns, List<List<String>> rows, boolean heads, String note) {
    /** @param number whether its values are numbers, which stand at the right */
    record Column(String heading, boolean number) {}
}
