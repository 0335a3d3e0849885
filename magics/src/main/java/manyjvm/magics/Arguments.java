package manyjvm.magics;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import manyjvm.kernel.spi.Magic.MagicUsageException;
import manyjvm.kernel.spi.Spelling;
import manyjvm.magics.JavaText.Word;

/**
 * The arguments of one use of a magic, with the options taken out: options may stand anywhere, as {@code --name value} or
 * {@code --name=value}; what remains are the words, in order. A word that starts with {@code --} and a letter is always
 * meant as an option.
 */
final class Arguments {
    private static final Pattern FLAG = Pattern.compile("--[a-zA-Z].*", Pattern.DOTALL);
    private static final Pattern DURATION = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|s|m|min|h)");
    private static final Pattern HEAP = Pattern.compile("\\d+[kKmMgG]");

    private final String magic;
    private final List<String> words = new ArrayList<>();
    private final Map<String, String> values = new LinkedHashMap<>();

    private Arguments(String magic) {
        this.magic = magic;
    }

    /**
     * @param magic how the user wrote it, for messages: {@code %pool map}
     * @param elsewhere option flags of the magic's other verbs and where they belong, for messages
     */
    static Arguments parse(String magic, String text, Collection<Option> options, Map<String, String> elsewhere)
            throws MagicUsageException {
        Arguments arguments = new Arguments(magic);
        List<Word> words = JavaText.words(text);
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i).text();
            int equals = FLAG.matcher(word).matches() ? word.indexOf('=') : -1;
            String flag = equals < 0 ? word : word.substring(0, equals);
            Optional<Option> option =
                    options.stream().filter(known -> known.flag().equals(flag)).findFirst();
            if (option.isEmpty()) {
                if (FLAG.matcher(word).matches() || isFlagWithOneHyphen(word, options)) {
                    throw unknownOption(magic, flag, options, elsewhere);
                }
                arguments.words.add(word);
            } else if (!option.get().takesValue()) {
                if (equals >= 0) {
                    throw new MagicUsageException(flag + " of " + magic + " takes no value");
                }
                arguments.put(option.get(), "");
            } else if (equals >= 0) {
                arguments.put(option.get(), word.substring(equals + 1));
            } else {
                boolean missing = i + 1 == words.size()
                        || FLAG.matcher(words.get(i + 1).text()).matches();
                if (missing) {
                    throw new MagicUsageException(flag + " of " + magic + " needs a value: " + option.get());
                }
                arguments.put(option.get(), words.get(++i).text());
            }
        }
        return arguments;
    }

    private static String withoutHyphens(String flag) {
        return flag.replaceFirst("^-+", "");
    }

    private static boolean isFlagWithOneHyphen(String word, Collection<Option> options) {
        return options.stream().anyMatch(known -> known.flag().equals("-" + word));
    }

    private static MagicUsageException unknownOption(
            String magic, String flag, Collection<Option> options, Map<String, String> elsewhere) {
        List<String> flags = options.stream().map(Option::flag).toList();
        String belongs = elsewhere.get(flag);
        // The hyphens, which all flags have, make no two alike.
        String hint = belongs != null
                ? "; it is an option of " + belongs
                : Spelling.nearestOfFew(
                                withoutHyphens(flag),
                                flags.stream().map(Arguments::withoutHyphens).toList())
                        .map(near -> "; did you mean '--" + near + "'?")
                        .orElse("");
        String all = flags.isEmpty() ? "it takes none" : "options: " + String.join(" ", flags);
        return new MagicUsageException(magic + " has no option " + flag + hint + " (" + all + ")");
    }

    private void put(Option option, String written) throws MagicUsageException {
        String value = JavaText.unquoted(written);
        if (option.takesValue() && value.isBlank()) {
            throw new MagicUsageException(option.flag() + " of " + magic + " needs a value: " + option);
        }
        if (!option.choices().isEmpty() && !option.choices().contains(value)) {
            throw new MagicUsageException(option.flag() + " is one of " + String.join(", ", option.choices())
                    + ", not '" + value + "'" + Spelling.hint(value, option.choices()));
        }
        if (values.put(option.flag(), value) != null) {
            throw new MagicUsageException(option.flag() + " is given twice");
        }
    }

    List<String> words() {
        return words;
    }

    /** The words from an index on, as one piece of Java. */
    String from(int index) {
        return String.join(" ", words.subList(index, words.size()));
    }

    boolean has(String flag) {
        return values.containsKey(flag);
    }

    Optional<String> text(String flag) {
        return Optional.ofNullable(values.get(flag));
    }

    /** A name for a Java variable. */
    Optional<String> name(String flag) throws MagicUsageException {
        Optional<String> name = text(flag);
        if (name.isPresent() && !JavaText.isName(name.get())) {
            throw new MagicUsageException(
                    flag + " needs a name for a Java variable, and '" + name.get() + "' cannot be one");
        }
        return name;
    }

    /** A Java expression for an {@code int}; a plain number is checked here. */
    Optional<String> number(String flag, int least) throws MagicUsageException {
        Optional<String> number = text(flag);
        return number.isPresent() ? Optional.of(checkedNumber(flag, number.get(), least)) : number;
    }

    static String checkedNumber(String what, String text, int least) throws MagicUsageException {
        if (text.matches("-?\\d+")) {
            BigInteger number = new BigInteger(text);
            if (number.compareTo(BigInteger.valueOf(least)) < 0) {
                throw new MagicUsageException(what + " must be at least " + least + ", not " + text);
            }
            if (number.bitLength() >= Integer.SIZE) {
                throw new MagicUsageException(what + " must be at most " + Integer.MAX_VALUE + ", not " + text);
            }
        } else if (text.matches("[\\d.].*")) {
            throw new MagicUsageException(what + " must be a whole number, not '" + text + "'");
        }
        return text;
    }

    /** {@code 10s}, {@code 500ms}, {@code 1.5m}, {@code 1h}; as a Java expression. */
    Optional<String> duration(String flag) throws MagicUsageException {
        Optional<String> text = text(flag);
        if (text.isEmpty()) {
            return text;
        }
        Matcher matcher = DURATION.matcher(text.get());
        if (!matcher.matches()) {
            throw new MagicUsageException(
                    flag + " is a time with its unit, such as 500ms, 10s, 2m or 1h, not '" + text.get() + "'");
        }
        double unit =
                switch (matcher.group(2)) {
                    case "ms" -> 1;
                    case "s" -> 1_000;
                    case "h" -> 3_600_000;
                    default -> 60_000;
                };
        Duration duration = Duration.ofMillis(Math.round(Double.parseDouble(matcher.group(1)) * unit));
        if (duration.isZero()) {
            throw new MagicUsageException(flag + " must be more than 0, not " + text.get());
        }
        return Optional.of("java.time.Duration.ofMillis(" + duration.toMillis() + "L)");
    }

    /** A size for {@code -Xmx}. */
    Optional<String> heap(String flag) throws MagicUsageException {
        Optional<String> text = text(flag);
        if (text.isPresent() && !HEAP.matcher(text.get()).matches()) {
            throw new MagicUsageException(flag + " is a size such as 512m or 2g, not '" + text.get() + "'");
        }
        return text;
    }

    /** Processor numbers, {@code 0,1}; as the arguments of a Java call. */
    Optional<String> processors(String flag) throws MagicUsageException {
        Optional<String> text = text(flag);
        if (text.isPresent() && !text.get().matches("\\d{1,5}(,\\d{1,5})*")) {
            throw new MagicUsageException(
                    flag + " lists processor numbers, such as 0,1 (without spaces), not '" + text.get() + "'");
        }
        return text.map(list -> list.replace(",", ", "));
    }
}
