package manyjvm.parallel.code.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.Currency;
import java.util.Date;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.IntSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import manyjvm.parallel.NotShippableException;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.bytes.ByteOutput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(120)
class ObjectCodecTest {
    private final FakeHost host = new FakeHost(ObjectCodecTest.class.getClassLoader());
    private final ObjectCodec codec = new ObjectCodec(host);

    @SuppressWarnings("unchecked")
    private <T> T roundTrip(T value) {
        return (T) codec.decode(codec.encode(value).bytes());
    }

    // ---- values of the JDK: equal, and of the same class
    // -------------------------------------------------------------

    static Stream<Object> valuesWithEquals() {
        return Stream.of(
                true,
                (byte) -1,
                (short) -300,
                'x',
                '\uffff',
                42,
                Integer.MIN_VALUE,
                Integer.MAX_VALUE,
                Long.MIN_VALUE,
                -1L,
                1.5f,
                Double.NaN,
                -0.0,
                "",
                "plain",
                "gr\u00fc\u00df dich",
                "\ud83d\ude00 and a lone \ud800",
                "x".repeat(100_000),
                "\u4e2d".repeat(1000),
                new BigInteger("-123456789012345678901234567890"),
                new BigDecimal("-1.230"),
                new ArrayList<>(Arrays.asList(1, "two", 3.0, null, 'c', true, 7L)),
                new ArrayList<>(List.of(1, 2, 3, 4, 5, -6, Integer.MAX_VALUE)),
                new ArrayList<>(Arrays.asList(1, 2, 3, 4, 5, null, 6L, 7L, 8L, 9L, 10L, 1.0, 2.0, 3.0, 4.0)),
                new LinkedList<>(List.of("a", "b", "c", "d", "e")),
                Arrays.asList(1, 2, 3),
                Arrays.asList(new String[] {"a", null}),
                List.of(),
                List.of(1),
                List.of(1, 2),
                List.of("a", "b", "c", "d", "e", "f"),
                Stream.of(1, null, 3).toList(),
                Stream.of(1, 2, 3).toList(),
                Collections.emptyList(),
                Collections.singletonList(7),
                Collections.nCopies(1000, "n"),
                Collections.unmodifiableList(new ArrayList<>(List.of(1, 2))),
                Collections.synchronizedList(new ArrayList<>(List.of(1, 2))),
                new CopyOnWriteArrayList<>(List.of(1, 2)),
                Set.of(),
                Set.of(1),
                Set.of(1, 2, 3),
                new HashSet<>(List.of("a", "b")),
                new LinkedHashSet<>(List.of("z", "a")),
                new TreeSet<>(List.of("z", "a")),
                ConcurrentHashMap.newKeySet(),
                EnumSet.of(TimeUnit.DAYS, TimeUnit.HOURS),
                EnumSet.noneOf(TimeUnit.class),
                Map.of(),
                Map.of("a", 1),
                Map.of("a", 1, "b", 2),
                Map.entry("a", 1),
                new HashMap<>(Map.of(1, "a", 2, "b", 3, "c", 4, "d", 5, "e")),
                new LinkedHashMap<>(Map.of("a", List.of(1), "b", List.of(2))),
                new TreeMap<>(Map.of("z", 1, "a", 2)),
                new TreeMap<>(Map.of(1, 1, 2, 2, 3, 3)).headMap(3),
                new ConcurrentHashMap<>(Map.of("a", 1)),
                new ConcurrentSkipListMap<>(Map.of("a", 1)),
                new EnumMap<>(Map.of(TimeUnit.DAYS, 1)),
                Collections.unmodifiableMap(new HashMap<>(Map.of("a", 1))),
                Collections.synchronizedMap(new HashMap<>(Map.of("a", 1))),
                properties(),
                Optional.empty(),
                Optional.of("x"),
                OptionalInt.of(3),
                OptionalInt.empty(),
                OptionalLong.of(4),
                OptionalDouble.of(5),
                LocalDate.of(2024, 2, 29),
                Instant.ofEpochSecond(1, 2),
                Duration.ofMillis(1500),
                ZonedDateTime.parse("2024-02-29T12:00:00+01:00[Europe/Berlin]"),
                new Date(1234567890123L),
                new UUID(1, 2),
                BitSet.valueOf(new long[] {5, 9}),
                URI.create("http://example.org/a?b#c"),
                Path.of("some", "where"),
                new java.io.File("some/where"),
                StandardCharsets.UTF_16LE,
                java.nio.charset.Charset.forName("windows-1252"),
                Locale.CANADA_FRENCH,
                Currency.getInstance("EUR"),
                java.util.TimeZone.getTimeZone("Europe/Berlin"),
                TimeUnit.SECONDS,
                String.class,
                int.class,
                int[][].class,
                Map.Entry[].class,
                ByteBuffer.wrap(new byte[] {1, 2, 3, 4}).position(1).limit(3),
                ByteBuffer.wrap(new byte[] {1, 2}).asReadOnlyBuffer(),
                new java.math.MathContext(5),
                new java.net.InetSocketAddress("127.0.0.1", 80),
                new java.text.DecimalFormat("0.00"),
                new java.text.SimpleDateFormat("yyyy"));
    }

    private static Properties properties() {
        Properties properties = new Properties();
        properties.setProperty("a", "b");
        return properties;
    }

    @ParameterizedTest
    @MethodSource("valuesWithEquals")
    void roundTrip_valueWithEquals_isEqualAndOfTheSameClass(Object value) {
        Object back = roundTrip(value);
        assertThat(back).isEqualTo(value).hasSameClassAs(value);
        // once more from what arrived, and as a part of something
        Object[] parts = roundTrip(new Object[] {back, "between", back});
        assertThat(parts[0]).isEqualTo(value).hasSameClassAs(value);
        assertThat(parts[2]).isEqualTo(value);
    }

    static Stream<Object> arrays() {
        return Stream.of(
                new boolean[] {true, false},
                new byte[] {1, -1},
                new char[] {'a', '\uffff'},
                new short[] {1, -1},
                new int[] {1, Integer.MIN_VALUE},
                new long[] {1, Long.MIN_VALUE},
                new float[] {1, Float.NaN},
                new double[] {1, -0.0},
                new double[0],
                new int[][] {{1}, {}, null},
                new String[] {"a", null, "c", "d", "e", "f"},
                new Integer[] {1, 2, 3, 4, 5},
                new Object[] {1, "a", new int[] {1}, new Object[] {}},
                new Number[][] {{1, 2.0}, {}},
                new List<?>[] {List.of(1)});
    }

    @ParameterizedTest
    @MethodSource("arrays")
    void roundTrip_array_isDeeplyEqual(Object array) {
        Object back = roundTrip(array);
        assertThat(back).hasSameClassAs(array);
        assertThat(Arrays.deepEquals(new Object[] {back}, new Object[] {array})).isTrue();
    }

    static Stream<Object> valuesWithText() {
        AtomicInteger counter = new AtomicInteger(3);
        LongAdder adder = new LongAdder();
        adder.add(5);
        IntSummaryStatistics statistics = IntStream.of(1, 5, 9).summaryStatistics();
        return Stream.of(
                new ArrayDeque<>(List.of(1, 2)),
                new PriorityQueue<>(List.of(3, 1, 2)),
                new StringBuilder("built"),
                new StringBuffer("built"),
                Pattern.compile("a+b", Pattern.CASE_INSENSITIVE),
                counter,
                adder,
                new AtomicReference<>("x"),
                statistics,
                IntStream.of(1, 5).asLongStream().summaryStatistics(),
                IntStream.of(1, 5).asDoubleStream().summaryStatistics(),
                new IdentityHashMap<>(Map.of(TimeUnit.DAYS, 1)),
                Collections.unmodifiableCollection(new ArrayList<>(List.of(1))),
                new java.util.Vector<>(List.of(1)),
                new java.util.Stack<>(),
                new StackTraceElement("a.B", "c", "D.java", 3));
    }

    @ParameterizedTest
    @MethodSource("valuesWithText")
    void roundTrip_valueWithoutEquals_saysTheSame(Object value) {
        Object back = roundTrip(value);
        assertThat(back).hasToString(value.toString()).hasSameClassAs(value).isNotSameAs(value);
    }

    @Test
    void roundTrip_null_isNull() {
        assertThat(roundTrip((Object) null)).isNull();
    }

    @Test
    void roundTrip_random_continuesTheSameSequence() {
        Random random = new Random(42);
        random.nextInt();
        Random back = roundTrip(random);
        assertThat(back.nextLong()).isEqualTo(random.nextLong());
    }

    @Test
    void roundTrip_views_becomeCopiesInTheSameOrder() {
        Map<String, Integer> map = new LinkedHashMap<>();
        map.put("z", 1);
        map.put("a", 2);
        List<Integer> list = new ArrayList<>(List.of(1, 2, 3));
        TreeMap<String, Integer> sorted = new TreeMap<>(Comparator.reverseOrder());
        sorted.putAll(map);
        assertThat(roundTrip(map.keySet())).containsExactly("z", "a");
        assertThat(roundTrip(map.values())).containsExactly(1, 2);
        assertThat(roundTrip(map.entrySet())).containsExactly(Map.entry("z", 1), Map.entry("a", 2));
        assertThat(roundTrip(map.entrySet().iterator().next())).isEqualTo(Map.entry("z", 1));
        assertThat(roundTrip(list.subList(1, 3))).containsExactly(2, 3);
        assertThat(roundTrip(sorted.keySet())).containsExactly("z", "a");
        assertThat(roundTrip(sorted.descendingMap())).containsExactly(Map.entry("a", 2), Map.entry("z", 1));
    }

    @Test
    void roundTrip_listsOfTheSameClass_keepTheirWaysWithNull() {
        assertThat(roundTrip(Stream.of(1, 2, 3).toList()).contains(null)).isFalse();
        List<Integer> strict = roundTrip(List.of(1, 2, 3));
        assertThatThrownBy(() -> strict.contains(null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void roundTrip_comparatorsOfTheJdk_compareAgain() {
        Comparator<String> byLength = Comparator.comparing(new Length());
        assertThat(roundTrip(byLength).compare("aaa", "b")).isPositive();
        PriorityQueue<String> queue = new PriorityQueue<>(byLength.reversed());
        queue.addAll(List.of("a", "bbb", "cc"));
        PriorityQueue<String> back = roundTrip(queue);
        assertThat(List.of(back.poll(), back.poll(), back.poll())).containsExactly("bbb", "cc", "a");
        assertThat(roundTrip(String.CASE_INSENSITIVE_ORDER)).isSameAs(String.CASE_INSENSITIVE_ORDER);
    }

    static final class Length implements java.util.function.Function<String, Integer> {
        @Override
        public Integer apply(String text) {
            return text.length();
        }
    }

    static Stream<DateTimeFormatter> formatters() {
        return Stream.of(
                DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS"),
                DateTimeFormatter.ofPattern("d.M.yy, h 'o''clock' a '(' ''"),
                DateTimeFormatter.ofPattern("EEEE, d. MMMM uuuu G [HH:mm[:ss]]", Locale.GERMAN),
                DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss VV xxx z", Locale.US),
                DateTimeFormatter.ofPattern("uuuu-MM-dd")
                        .withResolverStyle(java.time.format.ResolverStyle.STRICT)
                        .withZone(java.time.ZoneId.of("UTC")),
                new DateTimeFormatterBuilder()
                        .parseCaseInsensitive()
                        .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
                        .appendOffsetId()
                        .toFormatter(Locale.ROOT));
    }

    @ParameterizedTest
    @MethodSource("formatters")
    void roundTrip_dateTimeFormatter_formatsTheSame(DateTimeFormatter formatter) {
        DateTimeFormatter back = roundTrip(formatter);
        ZonedDateTime date = ZonedDateTime.parse("2024-02-29T13:04:05.678+01:00[Europe/Berlin]");
        assertThat(back.format(date)).isEqualTo(formatter.format(date));
        assertThat(back).hasToString(formatter.toString());
        assertThat(back.getResolverStyle()).isEqualTo(formatter.getResolverStyle());
        assertThat(back.getZone()).isEqualTo(formatter.getZone());
        assertThat(back.getLocale()).isEqualTo(formatter.getLocale());
    }

    @Test
    void roundTrip_constantFormatter_isTheConstant() {
        assertThat(roundTrip(DateTimeFormatter.RFC_1123_DATE_TIME)).isSameAs(DateTimeFormatter.RFC_1123_DATE_TIME);
    }

    @Test
    void encode_formatterWithAUsersOwnNames_isRefusedAndNotSentWithOthers() {
        DateTimeFormatter own = new DateTimeFormatterBuilder()
                .appendText(java.time.temporal.ChronoField.DAY_OF_WEEK, Map.of(1L, "one", 2L, "two"))
                .toFormatter(Locale.ROOT);
        assertThatThrownBy(() -> codec.encode(List.of(own)))
                .hasMessageContaining("root[0] is a java.time.format.DateTimeFormatter of a kind")
                .hasMessageContaining("ofPattern inside the function");
    }

    // ---- users' classes, through another loader
    // ----------------------------------------------------------------------

    static Stream<Object> fixtures() {
        Fixtures.Tagged tagged = new Fixtures.Tagged("tag ");
        tagged.add(2);
        Fixtures.TaggedMap map = new Fixtures.TaggedMap();
        map.tag = "map ";
        map.put("a", 1);
        Fixtures.LeastRecentlyUsed recent = new Fixtures.LeastRecentlyUsed();
        recent.put("b", 1);
        recent.put("c", 2);
        return Stream.of(
                new Fixtures.Point(1, -2),
                new Fixtures.Nested<>("n", Optional.of(1L), List.of(new Fixtures.Point(3, 4)), new double[3]),
                Fixtures.Planet.EARTH,
                Fixtures.Planet.MARS,
                new EnumMap<>(Map.of(Fixtures.Planet.MARS, 1)),
                new Fixtures.Plain(5),
                new Fixtures.Derived(6, "derived"),
                new Fixtures.Outer(7).new Inner(),
                Fixtures.anonymous(8),
                tagged,
                map,
                recent,
                new Fixtures.Steps(1, 3, 4),
                new Fixtures.WithHooks(1, "x"),
                Fixtures.Single.INSTANCE,
                new Fixtures.External(3, List.of("x")),
                new Fixtures.Trouble("bad", new IllegalStateException("cause"), new Fixtures.Point(1, 2)),
                Fixtures.doubler(new Fixtures.Point(2, 0)));
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void decode_usersObjectInAnotherLoader_saysTheSameAndIsOfThatLoader(Object value) throws Exception {
        ClassLoader loader = FakeHost.anotherLoader();
        Encoded encoded = codec.encode(value);
        Object back = new ObjectCodec(new FakeHost(loader)).decode(encoded.bytes());

        var describe = loader.loadClass(Fixtures.class.getName()).getDeclaredMethod("describe", Object.class);
        describe.setAccessible(true);
        String before = Fixtures.describe(value);
        before = before.replace("forgotten", "null");
        if (value instanceof Fixtures.WithHooks) {
            before += "7[a, b]true0.5";
        }
        assertThat(describe.invoke(null, back)).isEqualTo(before);
        if (value.getClass().getName().startsWith(Fixtures.class.getName())
                && !value.getClass().isHidden()) {
            assertThat(back.getClass().getName()).isEqualTo(value.getClass().getName());
            assertThat(back.getClass().getClassLoader()).isSameAs(loader);
        }
        assertThat(encoded.classes()).isNotEmpty().allMatch(host::isSessionClass);
    }

    @Test
    void roundTrip_writeReplace_isHonouredAndKeepsIdentity() {
        Fixtures.Replaced replaced = new Fixtures.Replaced(1);
        Object[] back = roundTrip(new Object[] {replaced, replaced});
        assertThat(((Fixtures.Replaced) back[0]).value).isEqualTo(2);
        assertThat(back[1]).isSameAs(back[0]);
    }

    @Test
    void roundTrip_exception_keepsCauseSuppressedAndFrames() {
        Fixtures.Trouble trouble = new Fixtures.Trouble("outer", new RuntimeException("inner"), null);
        trouble.addSuppressed(new IllegalArgumentException("beside"));
        Fixtures.Trouble back = roundTrip(trouble);
        assertThat(back.getStackTrace()).isEqualTo(trouble.getStackTrace());
        assertThat(back.getCause()).hasMessage("inner");
        assertThat(back.getSuppressed()).hasSize(1);
        back.addSuppressed(new RuntimeException("still open"));
        assertThat(back.getSuppressed()).hasSize(2);
    }

    @Test
    void encode_sessionClasses_areAllRecorded() {
        Encoded encoded = codec.encode(new Object[] {
            Fixtures.Planet.MARS, Fixtures.Client.class, new Fixtures.Point[0][0], Fixtures.doubler(null)
        });
        assertThat(encoded.classes())
                .contains(
                        Fixtures.Planet.class,
                        Fixtures.Client.class,
                        Fixtures.Point.class,
                        Fixtures.Doubler.class,
                        Fixtures.class);
    }

    // ---- identity
    // ----------------------------------------------------------------------------------------------------

    @Test
    void roundTrip_sharedParts_stayOneObject() {
        List<Integer> list = new ArrayList<>(List.of(1));
        String text = "a text that is long enough to be worth a number";
        Object[] back = roundTrip(new Object[] {list, Map.of("k", list), text, text, Optional.of(list)});
        assertThat(((Map<?, ?>) back[1]).get("k")).isSameAs(back[0]);
        assertThat(back[3]).isSameAs(back[2]);
        assertThat(((Optional<?>) back[4]).get()).isSameAs(back[0]);
    }

    @Test
    void roundTrip_cycleThroughMutables_isClosed() {
        List<Object> list = new ArrayList<>();
        Map<String, Object> map = new HashMap<>();
        Fixtures.Client client = new Fixtures.Client();
        list.add(map);
        map.put("list", list);
        map.put("client", client);
        client.socket = client;
        client.settings.put("list", list);
        List<Object> back = roundTrip(list);
        Map<?, ?> backMap = (Map<?, ?>) back.get(0);
        assertThat(backMap.get("list")).isSameAs(back);
        Fixtures.Client backClient = (Fixtures.Client) backMap.get("client");
        assertThat(backClient.socket).isSameAs(backClient);
        assertThat(backClient.settings.get("list")).isSameAs(back);
    }

    @Test
    void roundTrip_cycleThroughRecordAndList_isClosed() {
        List<Object> inside = new ArrayList<>();
        Fixtures.Order order = new Fixtures.Order("o", new Fixtures.Client());
        order.client().socket = inside;
        inside.add(order);
        inside.add(List.of(inside, order));
        Fixtures.Order back = roundTrip(order);
        List<?> backInside = (List<?>) back.client().socket;
        assertThat(backInside.get(0)).isSameAs(back);
        assertThat(((List<?>) backInside.get(1)).get(1)).isSameAs(back);
        List<Object> fromList = roundTrip(inside);
        assertThat(((Fixtures.Order) fromList.get(0)).client().socket).isSameAs(fromList);
    }

    @Test
    void roundTrip_arrayWithinItself_isClosed() {
        Object[] array = new Object[2];
        array[1] = Optional.of(array);
        Object[] back = roundTrip(array);
        assertThat(((Optional<?>) back[1]).get()).isSameAs(back);
    }

    @Test
    void roundTrip_lambdaThatCapturesItself_isClosed() {
        Fixtures.Source<Object> self = Fixtures.selfReturning();
        Fixtures.Source<Object> back = roundTrip(self);
        assertThat(back.get()).isSameAs(back);
    }

    @Test
    void roundTrip_sharedObject_isLinkedAndItsHandleRecorded() {
        Shared queue = () -> new Shared.Handle("Queue", 7, "detail");
        host.shared.put(7L, "the linked one");
        Encoded encoded = codec.encode(List.of(queue, queue));
        assertThat(encoded.handles()).containsExactly(new Shared.Handle("Queue", 7, "detail"));
        assertThat(codec.decode(encoded.bytes())).isEqualTo(List.of("the linked one", "the linked one"));
    }

    @Test
    void encodePart_largePrimitiveArrays_areLeftOut() {
        double[] large = new double[ObjectCodec.BLOB_BYTES / 8];
        large[1] = 5;
        double[] small = new double[ObjectCodec.BLOB_BYTES / 8 - 1];
        List<Object> asked = new ArrayList<>();
        Encoded encoded = codec.encodePart(new Object[] {large, small, large}, array -> {
                    asked.add(array);
                    host.blobs.put("hash", array);
                    return "hash";
                })
                .encoded();
        assertThat(asked).hasSize(1);
        assertThat(encoded.bytes().length).isLessThan(ObjectCodec.BLOB_BYTES + 100);
        Object[] back = (Object[]) codec.decode(encoded.bytes());
        assertThat(back[0]).isSameAs(large).isSameAs(back[2]);
        assertThat((double[]) back[1]).hasSameSizeAs(small);
    }

    // ---- size
    // --------------------------------------------------------------------------------------------------------

    @Test
    void roundTrip_longChain_needsNoStack() {
        Fixtures.Link first = new Fixtures.Link();
        Fixtures.Link last = first;
        for (int index = 1; index < 200_000; index++) {
            last.next = new Fixtures.Link();
            last = last.next;
            last.value = index;
        }
        last.next = first;
        Fixtures.Link back = roundTrip(first);
        Fixtures.Link at = back;
        for (int index = 0; index < 200_000; index++) {
            assertThat(at.value).isEqualTo(index);
            at = at.next;
        }
        assertThat(at).isSameAs(back);
    }

    @Test
    void roundTrip_deepNesting_needsNoStack() {
        Object nested = "core";
        for (int index = 0; index < 100_000; index++) {
            nested = index % 3 == 0
                    ? Optional.of(nested)
                    : index % 3 == 1 ? new Object[] {nested} : new LinkedHashMap<>(Map.of(1, nested));
        }
        Object at = roundTrip(nested);
        while (!at.equals("core")) {
            at = at instanceof Optional<?> optional
                    ? optional.get()
                    : at instanceof Object[] array ? array[0] : ((Map<?, ?>) at).get(1);
        }
        assertThat(at).isEqualTo("core");
    }

    @Test
    void encode_boxedIntegers_areCompact() {
        List<Integer> million = IntStream.range(0, 1_000_000).boxed().toList();
        byte[] bytes = codec.encode(million).bytes();
        assertThat(bytes.length).isLessThan(3_000_000);
        assertThat(codec.decode(bytes)).isEqualTo(million);
    }

    @Test
    void encode_largeArray_takesItsSizeOnly() {
        double[] large = new double[8 << 20];
        large[large.length - 1] = 3;
        byte[] bytes = codec.encode(large).bytes();
        assertThat(bytes.length).isLessThan((64 << 20) + 64);
        assertThat((double[]) codec.decode(bytes)).isEqualTo(large);
    }

    @Test
    void encode_beyondTheLargestArray_isRefused() {
        GraphWriter writer = new GraphWriter(host, null, new ByteOutput(256, 1 << 20));
        Object[] parts = {new byte[600_000], "between", new Object[] {new byte[600_000]}};
        assertThatThrownBy(() -> writer.write(parts))
                .isInstanceOf(NotShippableException.class)
                .hasMessageStartingWith("cannot send it: root[2][0] makes the whole larger than 2 GiB: ")
                .hasMessageContaining("SharedMemory");
    }

    @Test
    void output_lengthsThatOverflowAnInt_areRefused() {
        ByteOutput output = new ByteOutput(256);
        output.writeByte(1);
        // 8 bytes an element: more than 2 GiB, although the number of elements is far below it
        assertThatThrownBy(() -> output.reserve(8L * (1 << 29))).isInstanceOf(ByteOutput.TooLarge.class);
        assertThatThrownBy(() -> output.reserve(Integer.MAX_VALUE)).isInstanceOf(ByteOutput.TooLarge.class);
        assertThat(output.size()).isEqualTo(1);
    }

    // ---- refusals
    // ----------------------------------------------------------------------------------------------------

    @Test
    void encode_socketDeepInside_namesTheWay() {
        Fixtures.Client client = new Fixtures.Client();
        client.socket = new java.net.Socket();
        Object[] root = {"function", new Fixtures.Order("o", client)};
        assertThatThrownBy(() -> codec.encode(root))
                .isInstanceOf(NotShippableException.class)
                .hasMessageStartingWith("cannot send it: root[1].client.socket is a java.net.Socket: ")
                .hasNoCause()
                .isInstanceOfSatisfying(EncodingFailure.class, failure -> {
                    assertThat(failure.path()).containsExactly("[1]", ".client", ".socket");
                    assertThat(failure.culprit()).isEqualTo("is a java.net.Socket");
                    assertThat(failure.describe("order", 1)).startsWith("order.client.socket is a java.net.Socket: ");
                });
    }

    @Test
    void encode_culpritInMapsListsAndExceptions_namesTheWay() {
        Object thread = new Thread();
        assertThatThrownBy(() -> codec.encode(new HashMap<>(Map.of("key", Arrays.asList(1, thread)))))
                .hasMessageContaining("root.get(\"key\")[1] is a java.lang.Thread: ");
        assertThatThrownBy(() -> codec.encode(new TreeMap<>(Map.of("key", thread))))
                .hasMessageContaining("root.get(\"key\") is a java.lang.Thread");
        assertThatThrownBy(() -> codec.encode(new AtomicReference<>(thread)))
                .hasMessageContaining("root.value is a java.lang.Thread");
        assertThatThrownBy(
                        () -> codec.encode(new RuntimeException("x", new IllegalStateException(new Holding(thread)))))
                .hasMessageContaining("root.cause.cause.held is a java.lang.Thread");
    }

    static final class Holding extends RuntimeException {
        private static final long serialVersionUID = 1L;
        final transient Object unsent;
        final Object held;

        Holding(Object held) {
            this.held = held;
            this.unsent = held;
        }
    }

    static Stream<Object> useless() throws Exception {
        return Stream.of(
                new Thread(),
                new java.util.concurrent.locks.ReentrantLock(),
                new java.util.concurrent.locks.ReentrantReadWriteLock(),
                new java.util.concurrent.Semaphore(1),
                new java.util.concurrent.CountDownLatch(1),
                new java.util.concurrent.CyclicBarrier(1),
                new java.util.concurrent.ArrayBlockingQueue<>(1),
                new java.util.concurrent.LinkedBlockingQueue<>(),
                new java.util.concurrent.ConcurrentLinkedQueue<>(),
                new java.util.concurrent.SynchronousQueue<>(),
                new java.util.concurrent.CompletableFuture<>(),
                new java.util.concurrent.ForkJoinPool(1) {},
                new ByteArrayInputStream(new byte[1]),
                System.out,
                new java.io.StringReader("x"),
                new java.net.ServerSocket(),
                new java.util.Scanner("x"),
                ThreadLocal.withInitial(() -> 1),
                new java.lang.ref.WeakReference<>("x"),
                ObjectCodecTest.class.getClassLoader(),
                ProcessHandle.current(),
                Stream.of(1),
                List.of(1).iterator(),
                ByteBuffer.allocateDirect(1),
                java.util.logging.Logger.getLogger("x"),
                String.class.getMethod("length"),
                java.lang.invoke.MethodHandles.lookup());
    }

    @ParameterizedTest
    @MethodSource("useless")
    void encode_whatIsOnlyGoodInsideOneJvm_isRefusedByNameWithAdvice(Object value) {
        assertThatThrownBy(() -> codec.encode(new Object[] {value}))
                .isInstanceOf(NotShippableException.class)
                .message()
                .contains("root[0] is a ")
                .matches("(?s).*: (it|each|classes|send|use|what|a stream|make).*");
        if (value instanceof AutoCloseable closeable && value != System.out) {
            try {
                closeable.close();
            } catch (Exception failure) {
                throw new AssertionError(failure);
            }
        }
        if (value instanceof java.util.concurrent.ExecutorService service) {
            service.shutdown();
        }
    }

    @Test
    void encode_lambdaNobodyCanTakeApart_isRefusedByItsMaker() {
        assertThatThrownBy(() -> codec.encode(List.of(java.util.function.Function.identity())))
                .hasMessageContaining("root[0] is a lambda made inside java.util.function.Function: ");
    }

    @Test
    void encode_objectThatRefuses_saysSo() {
        assertThatThrownBy(() -> codec.encode(Optional.of(new Fixtures.Unreadable())))
                .hasMessageContaining(
                        "root.get() is a manyjvm.parallel.code.graph.Fixtures$Unreadable that could not be read")
                .hasMessageContaining("NotSerializableException (never)");
    }

    @Test
    void encode_afterARefusal_worksAgain() {
        assertThatThrownBy(() -> codec.encode(new Thread())).isInstanceOf(NotShippableException.class);
        assertThat(roundTrip("next")).isEqualTo("next");
    }

    // ---- damaged bytes
    // -----------------------------------------------------------------------------------------------

    private static byte[] sample(ObjectCodec codec) {
        return codec.encode(new Object[] {
                    new Fixtures.Order("o", new Fixtures.Client()),
                    List.of(1, 2, 3, 4, 5),
                    new HashMap<>(Map.of("a", new TreeMap<>(Map.of("b", 1.0)))),
                    new int[] {1, 2, 3},
                    LocalDate.EPOCH,
                    new RuntimeException("x")
                })
                .bytes();
    }

    @Test
    void decode_truncatedAnywhere_isOneClearError() {
        byte[] bytes = sample(codec);
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> codec.decode(cut))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("damaged payload");
        }
    }

    @Test
    void decode_garbageWithAGoodChecksum_neverRunsOutOfMemory() {
        Random random = new Random(1);
        byte[] good = sample(codec);
        int failures = 0;
        for (int round = 0; round < 3_000; round++) {
            byte[] bytes = good.clone();
            int end = bytes.length - 4;
            for (int change = 0; change < 1 + round % 4; change++) {
                bytes[1 + random.nextInt(end - 1)] = (byte) random.nextInt();
            }
            java.util.zip.CRC32C checksum = new java.util.zip.CRC32C();
            checksum.update(bytes, 0, end);
            ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(end, (int) checksum.getValue());
            try {
                codec.decode(bytes);
            } catch (IllegalStateException | NotShippableException expected) {
                failures++;
            }
        }
        assertThat(failures).isGreaterThan(500);
    }

    @Test
    void decode_unknownClass_namesIt() {
        byte[] bytes = codec.encode(new Fixtures.Point(1, 2)).bytes();
        ObjectCodec elsewhere = new ObjectCodec(new FakeHost(ClassLoader.getPlatformClassLoader()));
        assertThatThrownBy(() -> elsewhere.decode(bytes))
                .isInstanceOf(NotShippableException.class)
                .hasMessageContaining("the class manyjvm.parallel.code.graph.Fixtures$Point is not known in this JVM");
    }

    // ---- leaks and threads
    // -------------------------------------------------------------------------------------------

    @Test
    void decode_inALoaderThatIsDropped_doesNotKeepIt() throws Exception {
        byte[] bytes = codec.encode(new Object[] {
                    new Fixtures.Point(1, 2),
                    new Fixtures.WithHooks(1, "a"),
                    new Fixtures.Plain(3),
                    Fixtures.Planet.MARS
                })
                .bytes();
        java.lang.ref.ReferenceQueue<ClassLoader> queue = new java.lang.ref.ReferenceQueue<>();
        java.lang.ref.WeakReference<ClassLoader> loader = decodeElsewhere(bytes, queue);
        java.lang.ref.Reference<?> gone = null;
        for (int round = 0; round < 100 && gone == null; round++) {
            System.gc();
            gone = queue.remove(100);
        }
        assertThat(gone).isSameAs(loader);
    }

    private static java.lang.ref.WeakReference<ClassLoader> decodeElsewhere(
            byte[] bytes, java.lang.ref.ReferenceQueue<ClassLoader> queue) {
        ClassLoader loader = FakeHost.anotherLoader();
        ObjectCodec elsewhere = new ObjectCodec(new FakeHost(loader));
        Object back = elsewhere.decode(bytes);
        assertThat(elsewhere.encode(back).classes()).hasSize(4);
        return new java.lang.ref.WeakReference<>(loader, queue);
    }

    @Test
    void codec_usedByManyThreads_givesEachItsOwn() {
        List<Integer> sizes = IntStream.range(0, 2000)
                .parallel()
                .mapToObj(index ->
                        roundTrip(new ArrayList<>(Collections.nCopies(index % 50, new Fixtures.Point(index, 0)))))
                .map(List::size)
                .toList();
        assertThat(sizes)
                .isEqualTo(IntStream.range(0, 2000)
                        .map(index -> index % 50)
                        .boxed()
                        .toList());
    }
}
