package manyjvm.kernel.display;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.rowset.CachedRowSet;
import javax.sql.rowset.RowSetMetaDataImpl;
import javax.sql.rowset.RowSetProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class TablesTest {
    private static final AtomicInteger CALLS = new AtomicInteger();

    record Point(int x, double y) {}

    record Person(String name, Object more) {
        @Override
        public String name() {
            CALLS.incrementAndGet();
            throw new IllegalStateException("no name");
        }
    }

    record Money(int cents) {
        @Override
        public String toString() {
            return cents / 100.0 + " \u20ac";
        }
    }

    record Nothing() {}

    /** What looks like a bean. */
    public static final class Account {
        private final String owner;
        private final long balance;
        int revision = 3;

        Account(String owner, long balance) {
            this.owner = owner;
            this.balance = balance;
        }

        public String getOwner() {
            CALLS.incrementAndGet();
            return owner;
        }

        public long getBalance() {
            return balance;
        }

        public boolean isOpen() {
            throw new IllegalStateException("shut");
        }
    }

    private static TableView table(Object value) {
        return Tables.of(value, OptionalInt.empty());
    }

    private static List<String> headings(TableView table) {
        return table.columns().stream().map(TableView.Column::heading).toList();
    }

    private static List<Point> points(int count) {
        return IntStream.range(0, count).mapToObj(i -> new Point(i, i / 2.0)).toList();
    }

    // ---- what is a table of itself ---------------------------------------------------------------------------------

    @Test
    void ofItself_recordsOfOneType_areATable() {
        TableView table = Tables.ofItself(points(3)).orElseThrow();

        assertThat(headings(table)).containsExactly("x", "y");
        assertThat(table.rows()).containsExactly(List.of("0", "0.0"), List.of("1", "0.5"), List.of("2", "1.0"));
        assertThat(table.columns()).allMatch(TableView.Column::number);
        assertThat(table.note()).isEmpty();
        assertThat(Tables.ofItself(new Point[] {new Point(1, 2)})).isPresent();
        assertThat(Tables.ofItself(Map.of("a", new Point(1, 2)))).hasValueSatisfying(named -> {
            assertThat(headings(named)).containsExactly("key", "x", "y");
            assertThat(named.heads()).isTrue();
        });
    }

    @Test
    void ofItself_mapsAndMatrices_areTables() {
        assertThat(Tables.ofItself(List.of(Map.of("a", 1), Map.of("b", "x"))))
                .hasValueSatisfying(table -> assertThat(headings(table)).containsExactly("a", "b"));
        assertThat(Tables.ofItself(new int[][] {{1, 2}, {3, 4}})).hasValueSatisfying(table -> {
            assertThat(headings(table)).containsExactly("", "0", "1");
            assertThat(table.rows()).containsExactly(List.of("0", "1", "2"), List.of("1", "3", "4"));
        });
        assertThat(Tables.ofItself(new String[][] {{"a"}})).isPresent();
    }

    @Test
    void ofItself_otherValues_areNone() {
        for (Object value : Arrays.asList(
                1,
                "x",
                new Point(1, 2),
                List.of(),
                List.of(1, 2),
                List.of("a"),
                List.of(new Point(1, 2), "x"),
                List.of(new Point(1, 2), new Money(3)),
                Arrays.asList(new Point(1, 2), null),
                List.of(new Money(3)),
                List.of(new Nothing()),
                List.of(new Account("a", 1)),
                List.of(Map.of()),
                List.of(Map.of(1, 2)),
                Map.of("a", 1),
                Map.of(),
                new int[] {1},
                new int[][] {},
                new int[][] {{}},
                new int[][] {{1}, {2, 3}},
                new int[][] {{1}, null},
                new Object[][] {{1}},
                new int[][][] {{{1}}},
                Optional.of(new Point(1, 2)))) {
            assertThat(Tables.ofItself(value)).as(String.valueOf(value)).isEmpty();
        }
        AtomicBoolean read = new AtomicBoolean();
        assertThat(Tables.ofItself(points(1).stream().peek(each -> read.set(true))))
                .isEmpty();
        assertThat(read).isFalse();
    }

    @Test
    void ofItself_runsNoAccessor_andNoCollectionOfTheUsers() {
        CALLS.set(0);
        List<Person> lazy = new ArrayList<>() {
            private static final long serialVersionUID = 1L;

            @Override
            public Iterator<Person> iterator() {
                throw new IllegalStateException("read");
            }
        };

        assertThat(Tables.ofItself(List.of(new Person("a", 1))))
                .hasValueSatisfying(table -> assertThat(table.rows()).containsExactly(List.of("a", "1")));
        assertThat(Tables.ofItself(lazy)).isEmpty();
        assertThat(Tables.ofItself(Collections.unmodifiableList(lazy))).isEmpty();
        assertThat(CALLS).hasValue(0);
    }

    @Test
    void ofItself_hugeAndCyclicAndFailingValues_end() {
        List<Object> itself = new ArrayList<>();
        itself.add(new Person("me", itself));
        Object failing = new Object() {
            @Override
            public String toString() {
                throw new IllegalStateException("not today");
            }
        };

        assertThat(Tables.ofItself(Collections.nCopies(1_000_000_000, new Point(1, 2))))
                .hasValueSatisfying(table -> {
                    assertThat(table.rows()).hasSize(Tables.FIRST);
                    assertThat(table.note()).isEqualTo("20 of 1,000,000,000 rows; table(.., 100) shows more");
                });
        assertThat(Tables.ofItself(itself)).isEmpty(); // its own toString() never ends
        assertThat(Tables.ofItself(List.of(new Person("a", failing)))).isEmpty();
        assertThat(table(itself).rows().get(0)).first().isEqualTo("me");
        assertThat(table(List.of(new Person("a", failing))).rows().get(0).get(1))
                .contains("threw");
        assertThat(table(List.of(new Person("x".repeat(10_000), "a\nb"))).rows().get(0))
                .satisfies(cells -> assertThat(cells.get(0)).hasSize(200).endsWith("x\u2026"))
                .endsWith("a\\nb");
    }

    // ---- tables that are asked for ---------------------------------------------------------------------------------

    @Test
    void of_upToSixtyRows_areShownWhole_ofMoreTwenty_orWhatIsAskedFor() {
        assertThat(table(points(60)).rows()).hasSize(60);
        assertThat(table(points(60)).note()).isEmpty();
        assertThat(table(points(61)).rows()).hasSize(20);
        assertThat(table(points(10_000)).note()).isEqualTo("20 of 10,000 rows; table(.., 100) shows more");
        assertThat(Tables.of(points(10_000), OptionalInt.of(500)).rows()).hasSize(500);
        assertThat(Tables.of(points(500), OptionalInt.of(500)).note()).isEmpty();
    }

    @Test
    void of_beans_isWhatTheirGettersGive() {
        TableView table = table(List.of(new Account("Ann", 10), new Account("Bob", 20)));

        assertThat(headings(table)).containsExactly("owner", "balance", "open", "revision");
        assertThat(table.rows().get(1))
                .containsExactly("Bob", "20", "(isOpen() threw java.lang.IllegalStateException)", "3");
    }

    @Test
    void of_streamsAndIterators_areReadAsFarAsShown_andClosed() {
        AtomicInteger read = new AtomicInteger();
        AtomicBoolean closed = new AtomicBoolean();

        TableView endless = table(
                Stream.iterate(1, i -> i + 1).peek(i -> read.incrementAndGet()).onClose(() -> closed.set(true)));
        TableView ended = table(IntStream.range(0, 3));

        assertThat(endless.rows()).hasSize(60);
        assertThat(endless.note()).isEqualTo("the first 60 rows of more; table(.., 300) shows more");
        assertThat(read.get()).isLessThanOrEqualTo(62);
        assertThat(closed).isTrue();
        assertThat(ended.rows()).containsExactly(List.of("0"), List.of("1"), List.of("2"));
        assertThat(headings(ended)).containsExactly("value");
        assertThat(table(points(2).iterator()).rows()).hasSize(2);
    }

    @Test
    void of_maps_records_andMixtures() {
        Map<String, Integer> counts = new LinkedHashMap<>();
        counts.put("a", 1);
        counts.put(null, null);

        assertThat(table(counts).rows()).containsExactly(List.of("a", "1"), List.of("null", "null"));
        assertThat(headings(table(Map.of("k", Map.of("key", 1))))).containsExactly("key", "key");
        assertThat(table(new Point(1, 2)).rows()).containsExactly(List.of("x", "1"), List.of("y", "2.0"));
        TableView mixed = table(Arrays.asList(new Point(1, 2), null, Map.of("z", 3), new int[] {4}, "text"));
        assertThat(headings(mixed)).containsExactly("x", "y", "value", "z", "0");
        assertThat(mixed.rows())
                .containsExactly(
                        List.of("1", "2.0", "", "", ""),
                        List.of("", "", "null", "", ""),
                        List.of("", "", "", "3", ""),
                        List.of("", "", "", "", "4"),
                        List.of("", "", "text", "", ""));
        assertThat(table(List.of()).note()).isEqualTo("no rows");
    }

    @Test
    void of_aResultOfJdbc_isItsRowsFromWhereItStands() throws SQLException {
        try (CachedRowSet result = RowSetProvider.newFactory().createCachedRowSet()) {
            RowSetMetaDataImpl columns = new RowSetMetaDataImpl();
            columns.setColumnCount(3);
            for (int i = 1; i <= 3; i++) {
                columns.setColumnName(i, "c");
                columns.setColumnLabel(i, i == 3 ? "n" : "label");
                columns.setColumnType(i, i == 3 ? Types.INTEGER : Types.VARCHAR);
            }
            result.setMetaData(columns);
            for (int row = 99; row >= 0; row--) {
                result.moveToInsertRow();
                result.updateString(1, "a" + row);
                result.updateNull(2);
                result.updateInt(3, row);
                result.insertRow();
                result.moveToCurrentRow();
            }
            result.beforeFirst();
            result.next();

            TableView table = Tables.of(result, OptionalInt.of(2));

            assertThat(Tables.ofItself(result)).isEmpty();
            assertThat(headings(table)).containsExactly("label", "label (2)", "n");
            assertThat(table.rows()).hasSize(2).allMatch(row -> row.get(1).equals("null"));
            assertThat(table.columns().get(2).number()).isTrue();
            assertThat(table.note()).isEqualTo("the first 2 rows of more; table(.., 100) shows more");
        }
        ResultSet shut = (ResultSet) Proxy.newProxyInstance(
                TablesTest.class.getClassLoader(), new Class<?>[] {ResultSet.class}, (proxy, method, arguments) -> {
                    throw new SQLException("shut");
                });
        assertThatThrownBy(() -> table(shut)).hasMessageContaining("This ResultSet cannot be read: shut");
    }

    @Test
    void of_manyColumns_areCutWithANote_butNotWhenRowsAreAskedFor() {
        double[][] wide = new double[2][500];

        assertThat(headings(table(wide))).hasSize(21).endsWith("19");
        assertThat(table(wide).note()).isEqualTo("20 of 500 columns; table(.., 100) shows more");
        assertThat(headings(Tables.of(wide, OptionalInt.of(10)))).hasSize(501);
        assertThat(Tables.of(wide, OptionalInt.of(10)).note()).isEmpty();
        assertThat(Tables.of(new double[2][1_000], OptionalInt.of(10)).note()).isEmpty();
    }

    @Test
    void of_moreColumnsThanAreRead_tellsHowManyThereAre_andOffersNoMoreThanItShows() {
        double[][] wide = new double[2][5_000];
        List<List<Integer>> lists =
                List.of(Collections.nCopies(3, 1), Collections.nCopies(2_000_000_000, 1), Collections.nCopies(7, 1));

        assertThat(table(wide).note()).isEqualTo("20 of 5,000 columns; table(.., 100) shows more");
        assertThat(headings(Tables.of(wide, OptionalInt.of(100))))
                .hasSize(1_001)
                .endsWith("999");
        assertThat(Tables.of(wide, OptionalInt.of(100)).note()).isEqualTo("1,000 of 5,000 columns");
        assertThat(table(lists).note()).isEqualTo("20 of 2,000,000,000 columns; table(.., 100) shows more");
        assertThat(Tables.of(lists, OptionalInt.of(2)).note())
                .isEqualTo("2 of 3 rows, 1,000 of 2,000,000,000 columns; table(.., 100) shows more");
    }

    /** Throws an error that is no exception. */
    public static final class Asserting {
        private final Error error;

        Asserting(Error error) {
            this.error = error;
        }

        public String getName() {
            throw error;
        }

        @Override
        public String toString() {
            throw error;
        }
    }

    @Test
    void errorsOfTheUsersCode_areTold_andEndNothing() {
        for (Error error : List.of(
                new AssertionError("not so"), new StackOverflowError(), new OutOfMemoryError(), new LinkageError())) {
            List<Person> persons = List.of(new Person("a", new Asserting(error)));

            assertThat(Tables.ofItself(persons)).isEmpty();
            assertThat(Rendering.text(new Rendering().render(persons))).contains("threw " + error);
            assertThat(table(persons).rows().get(0).get(1)).contains("threw " + error);
            assertThat(table(List.of(new Asserting(error))).rows().get(0).get(0))
                    .isEqualTo("(getName() threw " + error.getClass().getName() + ")");
        }
    }

    @Test
    void of_whatHasNoRows_isRefused() {
        for (Object value : List.of(1, "text", Path.of("a/b"), new Object(), Optional.of(1), Thread.currentThread())) {
            assertThatThrownBy(() -> table(value))
                    .as(value.toString())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("has no rows");
        }
    }

    // ---- how they look ---------------------------------------------------------------------------------------------

    @Test
    void html_isEscaped_andText_isAligned() {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int i : List.of(7, 1_000)) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("<script>", "a & \"b\" $x$ <i>");
            row.put("n", i);
            rows.add(row);
        }

        assertThat(TableLook.html(table(rows)))
                .contains("&lt;script&gt;", "a &amp; &quot;b&quot; $x$ &lt;i&gt;")
                .contains("<div class=\"tex2jax_ignore mathjax_ignore\"")
                .doesNotContain("<script>", "<i>");
        assertThat(TableLook.text(table(rows)))
                .isEqualTo(
                        """
                        <script>            n
                        ---------------  ----
                        a & "b" $x$ <i>     7
                        a & "b" $x$ <i>  1000""");
        assertThat(TableLook.text(table(List.of()))).isEqualTo("no rows");
    }

    @Test
    void rendering_ofATable_keepsTheTextOfTheValue() {
        var data = new Rendering().render(points(2));

        assertThat(Rendering.text(data)).isEqualTo("[Point[x=0, y=0.0], Point[x=1, y=0.5]]");
        assertThat(Contents.of(data).data().get("text/html")).contains("<table");
        assertThat(Contents.of(new Rendering().renderAs(new HashMap<>(Map.of("a", 1)), "text/html"))
                        .data())
                .containsKey("text/html");
    }
}
