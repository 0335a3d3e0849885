package manyjvm.magics;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A form of a magic.
 *
 * @param name the word after the magic's name; empty for a form without one
 * @param shape its arguments in the words of the usage text; may be empty
 * @param meaning one or two lines for the usage text
 */
record Verb(String name, String shape, List<Option> options, String meaning) {
    /** {@code %pool map FN ITEMS [--chunk N]}. */
    String usage(String magic) {
        String words =
                Stream.of(magic, name, shape).filter(word -> !word.isEmpty()).collect(Collectors.joining(" "));
        return words + options.stream().map(option -> " [" + option + "]").collect(Collectors.joining());
    }
}
