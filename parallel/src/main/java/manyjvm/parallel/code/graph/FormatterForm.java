package manyjvm.parallel.code.graph;

import java.lang.reflect.Field;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.chrono.Chronology;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DecimalStyle;
import java.time.format.ResolverStyle;
import java.time.format.SignStyle;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalField;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A {@link DateTimeFormatter} as values. The JDK neither lets it travel nor tells its pattern, but its text names each step
 * of its builder, {@code Value(Year,4)'-'Value(MonthOfYear,2)}, so the sender reads that text back. Since a text may hide
 * something (a table of a user's own names), the sender compares what the rebuilt formatter makes of some dates, and refuses
 * the formatter when anything differs. The JDK's constants travel by name. Much for one type; but a formatter made of a pattern
 * is what many a notebook keeps in a variable, and refusing it would stop the function that uses it.
 */
final class FormatterForm {
    private static final Map<String, DateTimeFormatter> CONSTANTS = constants();

    /** How many ways to read neighbouring literals are tried, see {@link Steps#literal}. */
    private static final int READINGS = 256;

    private FormatterForm() {}

    private static Map<String, DateTimeFormatter> constants() {
        Map<String, DateTimeFormatter> constants = new LinkedHashMap<>();
        for (Field field : DateTimeFormatter.class.getFields()) {
            if (field.getType() == DateTimeFormatter.class) {
                try {
                    constants.put(field.getName(), (DateTimeFormatter) field.get(null));
                } catch (IllegalAccessException impossible) {
                    throw new IllegalStateException(field + " is public", impossible);
                }
            }
        }
        return constants;
    }

    /** @throws GraphPlan.Refused when the formatter does something that its text does not tell */
    static @Nullable Object[] parts(DateTimeFormatter formatter) {
        for (Map.Entry<String, DateTimeFormatter> constant : CONSTANTS.entrySet()) {
            if (constant.getValue() == formatter) {
                return new Object[] {constant.getKey()};
            }
        }
        DecimalStyle style = formatter.getDecimalStyle();
        @Nullable
        Object[] parts = {
            formatter.toString(),
            formatter.getLocale(),
            "" + style.getZeroDigit() + style.getPositiveSign() + style.getNegativeSign() + style.getDecimalSeparator(),
            formatter.getResolverStyle(),
            formatter.getResolverFields() == null ? null : new ArrayList<>(formatter.getResolverFields()),
            formatter.getChronology() == null ? null : formatter.getChronology().getId(),
            formatter.getZone(),
            0
        };
        RuntimeException unknownStep = null; // none where each reading gave another formatter
        List<@Nullable String> expected = samples(formatter);
        for (int reading = 0; reading < READINGS; reading++) {
            parts[7] = reading;
            try {
                DateTimeFormatter rebuilt = formatter(parts);
                if (rebuilt.toString().equals(formatter.toString())
                        && samples(rebuilt).equals(expected)) {
                    return parts;
                }
            } catch (RuntimeException wrongReading) {
                unknownStep = wrongReading;
            }
        }
        throw refused(unknownStep);
    }

    private static GraphPlan.Refused refused(@Nullable Throwable cause) {
        return new GraphPlan.Refused(
                "is a java.time.format.DateTimeFormatter of a kind that cannot be taken apart",
                "keep its pattern, and call DateTimeFormatter.ofPattern inside the function",
                cause);
    }

    /** All months, days of the week, halves of the day, and a year before Christ. */
    private static List<@Nullable String> samples(DateTimeFormatter formatter) {
        List<@Nullable String> texts = new ArrayList<>();
        ZonedDateTime first = ZonedDateTime.of(-43, 1, 1, 0, 0, 0, 0, ZoneId.of("Europe/Berlin"));
        for (int index = 0; index < 14; index++) {
            ZonedDateTime date = first.plusYears(index * 180L)
                    .plusMonths(index)
                    .plusHours(7L * index)
                    .plusNanos(index * 1001L);
            try {
                texts.add(formatter.format(date));
            } catch (DateTimeException unfit) {
                // That it cannot format this is something to compare, too.
                texts.add(unfit.getMessage());
            }
        }
        return texts;
    }

    static DateTimeFormatter formatter(@Nullable Object[] parts) {
        if (parts.length == 1) {
            DateTimeFormatter constant = CONSTANTS.get(GraphContainer.<String>part(parts, 0));
            if (constant == null) {
                throw new IllegalArgumentException("no constant DateTimeFormatter." + parts[0]);
            }
            return constant;
        }
        DateTimeFormatterBuilder builder = new DateTimeFormatterBuilder();
        new Steps(GraphContainer.part(parts, 0), GraphContainer.part(parts, 7)).appendTo(builder);
        String style = GraphContainer.part(parts, 2);
        DateTimeFormatter formatter = builder.toFormatter((Locale) parts[1])
                .withDecimalStyle(DecimalStyle.STANDARD
                        .withZeroDigit(style.charAt(0))
                        .withPositiveSign(style.charAt(1))
                        .withNegativeSign(style.charAt(2))
                        .withDecimalSeparator(style.charAt(3)))
                .withResolverStyle((ResolverStyle) parts[3])
                .withChronology(parts[5] == null ? null : Chronology.of((String) parts[5]))
                .withZone((ZoneId) parts[6]);
        if (parts[4] != null) {
            Set<TemporalField> fields = new HashSet<>();
            ((List<?>) parts[4]).forEach(field -> fields.add((TemporalField) field));
            formatter = formatter.withResolverFields(fields);
        }
        return formatter;
    }

    /** The text of a formatter, read from left to right. */
    private static final class Steps {
        private final String text;
        private int reading;
        private int position;

        Steps(String text, int reading) {
            this.text = text;
            this.reading = reading;
        }

        void appendTo(DateTimeFormatterBuilder builder) {
            while (position < text.length()) {
                char next = text.charAt(position);
                if (next == '\'') {
                    builder.appendLiteral(literal());
                } else if (next == '[') {
                    position++;
                    builder.optionalStart();
                } else if (next == ']') {
                    position++;
                    builder.optionalEnd();
                } else if (next == '(') {
                    position++;
                    DateTimeFormatterBuilder inner = new DateTimeFormatterBuilder();
                    appendTo(inner);
                    builder.append(inner.toFormatter(Locale.ROOT));
                } else if (next == ')') {
                    position++;
                    return;
                } else {
                    step(builder);
                }
            }
        }

        /**
         * The text is ambiguous: a quote pair within quotes is one quote of the literal, or the border of two literals. Each
         * pair takes one bit of the reading's number.
         */
        private String literal() {
            if (text.startsWith("''", position)) {
                position += 2;
                return "'";
            }
            StringBuilder literal = new StringBuilder();
            position++;
            while (true) {
                if (text.startsWith("''", position)) {
                    boolean border = (reading & 1) == 0;
                    reading >>>= 1;
                    if (border) {
                        break;
                    }
                    position++;
                } else if (text.charAt(position) == '\'') {
                    break;
                }
                literal.append(text.charAt(position++));
            }
            position++;
            return literal.toString();
        }

        private void step(DateTimeFormatterBuilder builder) {
            int open = text.indexOf('(', position);
            int close = text.indexOf(')', open);
            String name = text.substring(position, open);
            if (name.equals("Pad")) {
                // The padded step comes first, and the width after it.
                int end = text.indexOf(')', close + 1);
                String[] padding = text.substring(close + 2, end).split(",", 2);
                if (padding.length == 1) {
                    builder.padNext(Integer.parseInt(padding[0]));
                } else {
                    builder.padNext(Integer.parseInt(padding[0]), padding[1].charAt(1));
                }
                position = open + 1;
                step(builder);
                position = end + 1;
                return;
            }
            String[] values = text.substring(open + 1, close).split(",");
            position = close + 1;
            switch (name) {
                case "Value" -> {
                    if (values.length == 1) {
                        builder.appendValue(field(values[0]));
                    } else if (values.length == 2) {
                        builder.appendValue(field(values[0]), Integer.parseInt(values[1]));
                    } else {
                        builder.appendValue(
                                field(values[0]),
                                Integer.parseInt(values[1]),
                                Integer.parseInt(values[2]),
                                SignStyle.valueOf(values[3]));
                    }
                }
                case "ReducedValue" ->
                    builder.appendValueReduced(
                            field(values[0]),
                            Integer.parseInt(values[1]),
                            Integer.parseInt(values[2]),
                            LocalDate.parse(values[3]));
                case "Fraction" ->
                    builder.appendFraction(
                            field(values[0]),
                            Integer.parseInt(values[1]),
                            Integer.parseInt(values[2]),
                            values.length > 3);
                case "Text" ->
                    builder.appendText(
                            field(values[0]), values.length == 1 ? TextStyle.FULL : TextStyle.valueOf(values[1]));
                case "Offset" -> builder.appendOffset(values[0], values[1].substring(1, values[1].length() - 1));
                case "ZoneId" -> builder.appendZoneId();
                case "ZoneRegionId" -> builder.appendZoneRegionId();
                case "ZoneText" -> builder.appendZoneText(TextStyle.valueOf(values[0]));
                case "Instant" -> builder.appendInstant();
                case "ParseCaseSensitive" -> parseCase(builder, values[0]);
                case "ParseStrict" -> parseStrict(builder, values[0]);
                default -> throw new IllegalArgumentException("unknown step " + name);
            }
        }

        private static void parseCase(DateTimeFormatterBuilder builder, String sensitive) {
            if (Boolean.parseBoolean(sensitive)) {
                builder.parseCaseSensitive();
            } else {
                builder.parseCaseInsensitive();
            }
        }

        private static void parseStrict(DateTimeFormatterBuilder builder, String strict) {
            if (Boolean.parseBoolean(strict)) {
                builder.parseStrict();
            } else {
                builder.parseLenient();
            }
        }

        private static TemporalField field(String name) {
            return Arrays.stream(ChronoField.values())
                    .filter(field -> field.toString().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("unknown field " + name));
        }
    }
}
