package manyjvm.kernel.display;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The rows of a JDBC result from where it stands. It moves as it is read, and stays open: it is the user's. */
final class SqlRows implements Iterator<Map<String, @Nullable Object>> {
    private final ResultSet result;
    private @Nullable Boolean atRow; // null until the next row is asked for

    SqlRows(Object result) {
        this.result = (ResultSet) result;
    }

    static boolean are(Object value) {
        return value instanceof ResultSet;
    }

    @Override
    public boolean hasNext() {
        Boolean known = atRow;
        if (known == null) {
            try {
                known = result.next();
            } catch (SQLException failure) {
                throw new IllegalArgumentException("This ResultSet cannot be read: " + failure.getMessage(), failure);
            }
            atRow = known;
        }
        return known;
    }

    @Override
    public Map<String, @Nullable Object> next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        atRow = null;
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        try {
            ResultSetMetaData columns = result.getMetaData();
            for (int i = 1; i <= columns.getColumnCount(); i++) {
                String label = columns.getColumnLabel(i);
                row.put(row.containsKey(label) ? label + " (" + i + ")" : label, result.getObject(i));
            }
        } catch (SQLException failure) {
            throw new IllegalArgumentException("This ResultSet cannot be read: " + failure.getMessage(), failure);
        }
        return row;
    }
}
