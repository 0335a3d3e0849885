package manyjvm.magics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import manyjvm.kernel.spi.Magic.MagicUsageException;
import manyjvm.kernel.spi.Magic.Names;
import manyjvm.kernel.spi.Spelling;

/**
 * What a magic understands, as a table from which arguments are checked, mistakes explained, usage texts written and
 * completions found; so these never disagree.
 *
 * @param name {@code pool}
 * @param line the forms of {@code %pool}
 * @param cell the forms of {@code %%pool}
 * @param notes further lines of the usage text
 */
record Grammar(String name, List<Verb> line, List<Verb> cell, String notes) {
    /** A use that keeps to the grammar so far: its verb is known, its options are, and have values of the right form. */
    record Use(Verb verb, String as, Arguments arguments) {
        /** A wrong use of a known verb: says what is wrong, and how to use the verb. */
        MagicUsageException wrong(String message) {
            return new MagicUsageException(message + "\nusage: " + as);
        }
    }

    /** Whether the arguments begin with the name of a line form. */
    boolean startsWithVerb(String arguments) {
        String first = firstWord(arguments);
        return !first.isEmpty() && find(line, first).isPresent();
    }

    Use parse(String arguments, boolean ofCell) throws MagicUsageException {
        List<Verb> verbs = ofCell ? cell : line;
        String first = firstWord(arguments);
        if (first.isEmpty() || first.startsWith("--")) {
            first = parseWith(magic(ofCell), arguments, union(verbs), Map.of()).words().stream()
                    .findFirst()
                    .orElseThrow(() ->
                            new MagicUsageException(magic(ofCell) + " needs to know what to do\n" + usage(ofCell)));
        }
        Optional<Verb> verb = find(verbs, first);
        if (verb.isEmpty()) {
            throw unknownVerb(first, ofCell);
        }
        return parse(verb.get(), arguments, ofCell, 1);
    }

    /** As {@link #parse(String, boolean)}, for a form without a verb of its own. */
    Use parse(Verb verb, String arguments, boolean ofCell) throws MagicUsageException {
        return parse(verb, arguments, ofCell, 0);
    }

    private Use parse(Verb verb, String text, boolean ofCell, int skip) throws MagicUsageException {
        String magic = magic(ofCell) + (verb.name().isEmpty() ? "" : " " + verb.name());
        String usage = verb.usage(magic(ofCell));
        try {
            Arguments arguments = parseWith(magic, text, verb.options(), elsewhere());
            arguments.words().subList(0, skip).clear();
            return new Use(verb, usage, arguments);
        } catch (MagicUsageException wrong) {
            throw new MagicUsageException(wrong.getMessage() + "\nusage: " + usage);
        }
    }

    private static Arguments parseWith(String magic, String text, List<Option> options, Map<String, String> elsewhere)
            throws MagicUsageException {
        return Arguments.parse(magic, text, options, elsewhere);
    }

    private MagicUsageException unknownVerb(String written, boolean ofCell) {
        List<Verb> verbs = ofCell ? cell : line;
        List<Verb> others = ofCell ? line : cell;
        List<String> known = verbs.stream().map(Verb::name).toList();
        String hint = find(others, written)
                .map(verb -> "; it exists as " + verb.usage(magic(!ofCell)))
                .orElse(Spelling.hint(written, known));
        return new MagicUsageException(magic(ofCell) + " does not know '" + written + "'" + hint + " (it knows: "
                + String.join(", ", known) + "; " + "%" + name + "? tells more)");
    }

    private String magic(boolean ofCell) {
        return (ofCell ? "%%" : "%") + name;
    }

    private static Optional<Verb> find(List<Verb> verbs, String name) {
        return verbs.stream().filter(verb -> verb.name().equals(name)).findFirst();
    }

    private static String firstWord(String arguments) {
        String text = arguments.strip();
        int end = 0;
        while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
            end++;
        }
        return text.substring(0, end);
    }

    /** The options of all forms, and the form that each belongs to. */
    private Map<String, String> elsewhere() {
        Map<String, String> belongs = new LinkedHashMap<>();
        line.forEach(verb -> verb.options()
                .forEach(option -> belongs.putIfAbsent(option.flag(), ("%" + name + " " + verb.name()).strip())));
        cell.forEach(verb -> verb.options()
                .forEach(option -> belongs.putIfAbsent(option.flag(), ("%%" + name + " " + verb.name()).strip())));
        return belongs;
    }

    private static List<Option> union(List<Verb> verbs) {
        return verbs.stream()
                .flatMap(verb -> verb.options().stream())
                .distinct()
                .toList();
    }

    String usage() {
        List<String> parts = new ArrayList<>();
        if (!line.isEmpty()) {
            parts.add(usage(false));
        }
        if (!cell.isEmpty()) {
            parts.add(usage(true));
        }
        if (!notes.isEmpty()) {
            parts.add(notes);
        }
        return String.join("\n\n", parts);
    }

    private String usage(boolean ofCell) {
        return (ofCell ? cell : line)
                .stream()
                        .map(verb -> verb.usage(magic(ofCell)) + "\n"
                                + verb.meaning().indent(4).stripTrailing())
                        .collect(Collectors.joining("\n"));
    }

    /**
     * Completes the last word: verbs first, then options and their choices, then what the notebook has.
     *
     * @param own names of the magic's own making, such as pools
     */
    List<String> complete(String before, Names names, Set<String> own) {
        int start = before.length();
        while (start > 0 && !Character.isWhitespace(before.charAt(start - 1))) {
            start--;
        }
        String word = before.substring(start);
        List<String> words = List.of(before.substring(0, start).strip().split("\\s+"));
        List<Verb> verbs = new ArrayList<>(line);
        verbs.addAll(cell);
        boolean optionFirst = word.startsWith("-")
                && verbs.stream().anyMatch(verb -> verb.name().isEmpty());
        if (words.get(0).isEmpty() && !optionFirst) {
            TreeSet<String> first = new TreeSet<>(verbs.stream().map(Verb::name).toList());
            if (verbs.stream().anyMatch(verb -> verb.name().isEmpty())) {
                first.addAll(names.methods());
                first.addAll(names.variables());
            }
            return startingWith(word, first);
        }
        List<Verb> chosen =
                verbs.stream().filter(verb -> verb.name().equals(words.get(0))).toList();
        List<Option> options = union(
                chosen.isEmpty()
                        ? verbs.stream().filter(verb -> verb.name().isEmpty()).toList()
                        : chosen);
        Optional<Option> asked = options.stream()
                .filter(option -> option.flag().equals(words.get(words.size() - 1)) && option.takesValue())
                .findFirst();
        if (asked.isPresent() && !asked.get().choices().isEmpty()) {
            return startingWith(word, asked.get().choices());
        }
        if (word.startsWith("-")) {
            return startingWith(
                    word,
                    options.stream()
                            .map(Option::flag)
                            .filter(Predicate.not(words::contains))
                            .toList());
        }
        TreeSet<String> known = new TreeSet<>(names.methods());
        known.addAll(names.variables());
        known.addAll(own);
        chosen.stream().flatMap(verb -> choicesInShape(verb).stream()).forEach(known::add);
        return startingWith(word, known);
    }

    /** The alternatives that a shape names: {@code live|raw|grouped [NAME]}. */
    private static List<String> choicesInShape(Verb verb) {
        String first = firstWord(verb.shape());
        return first.contains("|") ? List.of(first.split("\\|")) : List.of();
    }

    private static List<String> startingWith(String start, Iterable<String> names) {
        List<String> matches = new ArrayList<>();
        for (String name : names) {
            if (!name.isEmpty() && name.startsWith(start)) {
                matches.add(name);
            }
        }
        return matches;
    }
}
