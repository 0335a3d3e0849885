package manyjvm.kernel.display;

import java.lang.reflect.Array;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.BaseStream;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Tables of values. {@link #ofItself} is asked about each value that is shown, and so looks at the JDK's containers alone, at few
 * elements, and runs no accessor of the user's; {@link #of} is for who asks for a table, and takes more, streams among it.
 */
final class Tables {
    /** So many rows are shown whole. */
    static final int WHOLE = 60;
    /** Of more rows, so many. */
    static final int FIRST = 20;

    static final int COLUMNS = 20;
    private static final int CHARACTERS = 200;
    /** Of a row without names for its columns, and of one that is shown whole. */
    private static final int MOST_CELLS = 1_000;

    private static final String VALUE = "value";
    private static final String KEY = "key";

    private Tables() {}

    /**
     * @param total how many rows there are; empty where nobody knows
     * @param unread how many cells more than were read the longest of these rows has
     */
    private record Rows(
            List<Map<String, @Nullable Object>> rows, boolean more, Optional<Long> total, boolean heads, int unread) {}

    /** What the rows begin with. */
    private enum Heads {
        NONE,
        NUMBERS,
        /** A key, or the name of a component. */
        FROM_ROWS
    }

    // ---- which values are tables of themselves ----------------------------------------------------------------------

    /** Records of one type, maps with strings for keys, arrays of arrays. Empty for any other value. */
    static Optional<TableView> ofItself(Object value) {
        try {
            return isTable(value) ? Optional.of(of(value, OptionalInt.empty())) : Optional.empty();
        } catch (Throwable failure) {
            if (ValueText.isStop(failure)) {
                throw failure;
            }
            return Optional.empty(); // a thread changes it, or its toString() fails: the text says what can be said
        }
    }

    private static boolean isTable(Object value) {
        if (value instanceof Object[] rows
                && value.getClass().getComponentType().isArray()) {
            return isMatrix(rows);
        }
        boolean ofTheJdk = value.getClass().getName().startsWith("java.");
        Iterator<?> elements;
        if (value instanceof Record[] records) {
            elements = List.of(records).iterator();
        } else if (ofTheJdk && value instanceof Collection<?> collection) {
            elements = collection.iterator();
        } else if (ofTheJdk && value instanceof Map<?, ?> map) {
            elements = map.values().iterator();
            return elements.hasNext() && areRecords(elements);
        } else {
            return false;
        }
        return elements.hasNext() && (value instanceof Collection<?> all && areMaps(all) || areRecords(elements));
    }

    private static boolean isMatrix(Object[] rows) {
        Class<?> element = rows.getClass().getComponentType().getComponentType();
        boolean plain = element.isPrimitive() || element == String.class || Number.class.isAssignableFrom(element);
        if (!plain || rows.length == 0 || rows[0] == null || Array.getLength(rows[0]) == 0) {
            return false;
        }
        for (int i = 0; i < Math.min(rows.length, WHOLE); i++) {
            if (rows[i] == null || Array.getLength(rows[i]) != Array.getLength(rows[0])) {
                return false;
            }
        }
        return true;
    }

    private static boolean areRecords(Iterator<?> elements) {
        Class<?> type = null;
        for (int i = 0; i < WHOLE && elements.hasNext(); i++) {
            if (!(elements.next() instanceof Record one) || type != null && type != one.getClass()) {
                return false;
            }
            if (type == null
                    && (one.getClass().getRecordComponents().length == 0 || !Components.speaksAsRecordsDo(one))) {
                return false;
            }
            type = one.getClass();
        }
        return true;
    }

    private static boolean areMaps(Collection<?> elements) {
        Iterator<?> each = elements.iterator();
        for (int i = 0; i < WHOLE && each.hasNext(); i++) {
            boolean row = each.next() instanceof Map<?, ?> map
                    && !map.isEmpty()
                    && map.getClass().getName().startsWith("java.")
                    && map.keySet().iterator().next() instanceof String;
            if (!row) {
                return false;
            }
        }
        return true;
    }

    // ---- tables that are asked for ----------------------------------------------------------------------------------

    /** @throws IllegalArgumentException when the value has no rows */
    static TableView of(Object value, OptionalInt mostRows) {
        if (KnownLooks.isOfTablesaw(value)) {
            return Tablesaw.table(value, mostRows);
        }
        return view(rows(value, mostRows), mostRows);
    }

    private static Rows rows(Object value, OptionalInt most) {
        if (value instanceof Map<?, ?> map) {
            return read(map.entrySet().iterator(), Optional.of((long) map.size()), most, Heads.FROM_ROWS);
        }
        if (value instanceof Collection<?> collection) {
            return read(collection.iterator(), Optional.of((long) collection.size()), most, Heads.NONE);
        }
        if (value.getClass().isArray()) {
            int length = Array.getLength(value);
            boolean matrix = value.getClass().getComponentType().isArray();
            Iterator<Object> elements = IntStream.range(0, length)
                    .mapToObj(i -> Array.get(value, i))
                    .iterator();
            return read(elements, Optional.of((long) length), most, matrix ? Heads.NUMBERS : Heads.NONE);
        }
        if (value instanceof Iterable<?> items && !(value instanceof Path)) {
            return read(items.iterator(), Optional.empty(), most, Heads.NONE);
        }
        if (value instanceof Iterator<?> items) {
            return read(items, Optional.empty(), most, Heads.NONE);
        }
        if (value instanceof BaseStream<?, ?> stream) {
            try (stream) {
                return read(stream.iterator(), Optional.empty(), most, Heads.NONE);
            }
        }
        if (SqlRows.are(value)) {
            SqlRows rows = new SqlRows(value);
            return read(rows, Optional.empty(), most, Heads.NONE);
        }
        Map<String, @Nullable Object> components =
                value.getClass().getName().startsWith("java.") || value instanceof CharSequence
                        ? Map.of()
                        : value instanceof Record one ? Components.of(one) : Components.ofBean(value);
        if (components.isEmpty()) {
            throw new IllegalArgumentException("A value of type " + ValueText.typeName(value)
                    + " has no rows: a table is made of an array, a collection, a map, a stream, a ResultSet, a record,"
                    + " or an object with getters");
        }
        return read(components.entrySet().iterator(), Optional.of((long) components.size()), most, Heads.FROM_ROWS);
    }

    /** A row of an array of arrays begins with its number; a thing of its own, since its columns have numbers, too. */
    private static Map<String, @Nullable Object> numbered(int index, @Nullable Object row) {
        Map<String, @Nullable Object> numbered = new LinkedHashMap<>();
        numbered.put("", index);
        numbered.putAll(row(row));
        return numbered;
    }

    private static Rows read(Iterator<?> elements, Optional<Long> total, OptionalInt most, Heads heads) {
        int limit = most.orElse(total.isPresent() && total.get() > WHOLE ? FIRST : WHOLE);
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        int unread = 0;
        while (rows.size() < limit && elements.hasNext()) {
            Object element = elements.next();
            rows.add(heads == Heads.NUMBERS ? numbered(rows.size(), element) : row(element));
            unread = Math.max(unread, cells(element) - MOST_CELLS);
        }
        boolean more = total.isPresent() ? total.get() > rows.size() : elements.hasNext();
        return new Rows(rows, more, total, heads != Heads.NONE, unread);
    }

    /** Of a row without names for its columns; 0 for others. */
    private static int cells(@Nullable Object element) {
        if (element instanceof Collection<?> collection) {
            return collection.size();
        }
        return element != null && element.getClass().isArray() ? Array.getLength(element) : 0;
    }

    /** A row by the names of its columns. */
    private static Map<String, @Nullable Object> row(@Nullable Object element) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        if (element instanceof Map.Entry<?, ?> entry) {
            row.put(KEY, entry.getKey());
            Object value = entry.getValue();
            if (value instanceof Record || value instanceof Map) {
                row(value).forEach((name, each) -> row.put(name.equals(KEY) ? name + " " : name, each));
            } else {
                row.put(VALUE, value);
            }
        } else if (element instanceof Record one) {
            row.putAll(Components.of(one));
        } else if (element instanceof Map<?, ?> map) {
            map.forEach((key, value) -> row.put(String.valueOf(key), value));
        } else if (element instanceof Collection<?> collection) {
            Iterator<?> values = collection.iterator();
            for (int i = 0; i < MOST_CELLS && values.hasNext(); i++) {
                row.put(String.valueOf(i), values.next());
            }
        } else if (element != null && element.getClass().isArray()) {
            for (int i = 0; i < Math.min(MOST_CELLS, Array.getLength(element)); i++) {
                row.put(String.valueOf(i), Array.get(element, i));
            }
        } else if (element != null && !element.getClass().getName().startsWith("java.") && !(element instanceof Enum)) {
            row.putAll(Components.ofBean(element));
        }
        if (row.isEmpty()) {
            row.put(VALUE, element);
        }
        return row;
    }

    private static TableView view(Rows table, OptionalInt mostRows) {
        Set<String> names = new LinkedHashSet<>();
        table.rows().forEach(row -> names.addAll(row.keySet()));
        int shown = (mostRows.isPresent() ? MOST_CELLS : COLUMNS) + (table.heads() ? 1 : 0);
        List<String> headings = names.stream().limit(shown).toList();
        List<TableView.Column> columns = headings.stream()
                .map(name -> new TableView.Column(
                        ValueText.brief(name, CHARACTERS).strip(), isOfNumbers(table.rows(), name)))
                .toList();
        List<List<String>> rows = table.rows().stream()
                .map(row -> headings.stream()
                        .map(name -> row.containsKey(name) ? ValueText.brief(row.get(name), CHARACTERS) : "")
                        .toList())
                .toList();
        int all = (int) Math.min(Integer.MAX_VALUE, (long) names.size() + table.unread());
        return new TableView(columns, rows, table.heads(), note(table, headings.size(), all));
    }

    private static boolean isOfNumbers(List<Map<String, @Nullable Object>> rows, String name) {
        List<Object> values = new ArrayList<>();
        for (Map<String, @Nullable Object> row : rows) {
            Object value = row.get(name);
            if (value != null) {
                values.add(value);
            }
        }
        return !values.isEmpty() && values.stream().allMatch(Number.class::isInstance);
    }

    private static String note(Rows table, int shownColumns, int columns) {
        return note(
                table.rows().size(),
                table.more()
                        ? table.total()
                                .map(count -> String.format("%,d", count))
                                .orElse("more")
                        : "",
                shownColumns - (table.heads() ? 1 : 0),
                columns - (table.heads() ? 1 : 0));
    }

    /** @param total how many rows there are, in words; empty when all are shown */
    static String note(int rows, String total, int shownColumns, int columns) {
        List<String> cuts = new ArrayList<>();
        if (total.equals("more")) {
            cuts.add(String.format("the first %,d rows of more", rows));
        } else if (!total.isEmpty()) {
            cuts.add(String.format("%,d of %s rows", rows, total));
        } else if (rows == 0) {
            return "no rows";
        }
        if (shownColumns < columns) {
            cuts.add(String.format("%,d of %,d columns", shownColumns, columns));
        }
        if (cuts.isEmpty()) {
            return "";
        }
        boolean canShowMore = !total.isEmpty() || shownColumns < MOST_CELLS;
        String how = canShowMore ? "; table(.., " + Math.max(100, rows * 5) + ") shows more" : "";
        return String.join(", ", cuts) + how;
    }

    static List<String> cells(List<?> values) {
        return Collections.unmodifiableList(
                values.stream().map(value -> ValueText.brief(value, CHARACTERS)).toList());
    }
}
