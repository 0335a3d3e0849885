package manyjvm.kernel.session.assistance;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import jdk.jshell.SourceCodeAnalysis.Suggestion;
import manyjvm.kernel.session.Session.Completions;
import manyjvm.kernel.session.Session.Completions.Kind;
import manyjvm.kernel.session.command.SessionCommands;
import manyjvm.kernel.session.names.KnownTypes;
import manyjvm.kernel.session.shell.Shell;
import manyjvm.kernel.session.source.Amended;
import manyjvm.kernel.session.source.MagicScanner;
import manyjvm.kernel.session.source.MagicScanner.Use;
import manyjvm.kernel.session.source.Piece;
import manyjvm.kernel.session.source.Syntax;
import manyjvm.kernel.session.text.ObjectNames;
import manyjvm.kernel.spi.Magic;

/**
 * Completes what stands in front of a cursor: magics and their words, files in strings, names and members; types that are not
 * imported, too, since a cell that uses such a name imports it. Used by the holder of the session's lock.
 */
final class Completer {
    /** Of types that are not imported there are thousands; a person types one letter more. */
    private static final int MOST_UNIMPORTED = 50;

    /** Fewer letters are the beginning of too many types. */
    private static final int LEAST_LETTERS = 2;

    private final Shell shell;
    private final SessionCommands commands;
    private final CellContext context;
    private final MemberKinds members;

    Completer(Shell shell, SessionCommands commands, CellContext context) {
        this.shell = shell;
        this.commands = commands;
        this.context = context;
        this.members = new MemberKinds(shell);
    }

    Completions complete(String code, int cursor) {
        String before = code.substring(0, cursor);
        int lineStart = before.lastIndexOf('\n') + 1;
        Optional<Integer> percent = magicInLine(before, lineStart);
        if (percent.isPresent()) {
            return completeMagic(before, percent.get());
        }
        if (before.substring(lineStart).stripLeading().startsWith("?")) {
            // It asks what the name means.
            String name = before.substring(lineStart).replace('?', ' ');
            return completeJava(" ".repeat(lineStart) + name, cursor);
        }
        Optional<Integer> string = FileNames.openString(before);
        return string.isPresent() ? completeFile(before, string.get()) : completeJava(code, cursor);
    }

    private static Completions completeFile(String before, int start) {
        FileNames.Found found = FileNames.in(before, start);
        Map<String, Kind> kinds = new LinkedHashMap<>();
        found.names().forEach(name -> kinds.put(name, new Kind("path", "")));
        return new Completions(found.names(), found.start(), before.length(), kinds);
    }

    private Completions completeJava(String code, int cursor) {
        String java = context.java(code.substring(0, cursor));
        int wordStart = cursor;
        while (wordStart > 0 && Character.isJavaIdentifierPart(code.charAt(wordStart - 1))) {
            wordStart--;
        }
        String word = code.substring(wordStart, cursor);
        List<Piece> pieces = shell.split(java);
        String written = context.of(java, pieces);
        int[] anchor = {written.length()};
        shell.imports().bringIn(written);
        List<Suggestion> suggestions = new ArrayList<>();
        for (Amended meant : shell.choices().meant(written, written.length() - word.length())) {
            String text = meant.text();
            int[] anchorThere = {text.length()};
            List<Suggestion> more = shell.analysis().completionSuggestions(text, text.length(), anchorThere);
            if (!more.isEmpty()) {
                anchor[0] = meant.writtenOffset(anchorThere[0]);
                suggestions.addAll(more);
            }
        }
        int start = cursor - (written.length() - anchor[0]);
        Set<String> fitting = new LinkedHashSet<>();
        Set<String> matches = new TreeSet<>();
        for (Suggestion one : suggestions) {
            if (isOfUser(one.continuation())) {
                matches.add(one.continuation());
                if (one.matchesType()) {
                    fitting.add(one.continuation());
                }
            }
        }
        boolean afterDot = wordStart > 0 && code.charAt(wordStart - 1) == '.';
        Map<String, Kind> kinds = new LinkedHashMap<>();
        if (afterDot) {
            kinds.putAll(members.ofReceiver(written.substring(0, written.length() - word.length() - 1), matches));
        } else if (!word.isEmpty()) {
            if (suggestions.isEmpty()) {
                start = wordStart;
            }
            if (start == wordStart) {
                addNames(word, pieces, matches);
                kinds.putAll(members.ofSession(matches));
                addUnimported(word, code.substring(0, wordStart), matches, kinds);
            }
        } else {
            kinds.putAll(members.ofSession(matches));
        }
        List<String> sorted = new ArrayList<>(matches);
        sorted.sort(Comparator.comparing((String match) -> !fitting.contains(match))
                .thenComparingInt(match -> MemberKinds.rank(kinds.get(match)))
                .thenComparing(Comparator.naturalOrder()));
        return new Completions(sorted, Math.max(0, start), cursor, kinds);
    }

    private void addNames(String word, List<Piece> pieces, Set<String> matches) {
        shell.imports().types().stream().filter(name -> name.startsWith(word)).forEach(matches::add);
        shell.familyMembers().names().filter(name -> name.startsWith(word)).forEach(matches::add);
        namesDeclaredIn(pieces).stream().filter(name -> name.startsWith(word)).forEach(matches::add);
    }

    /** Types that no import brings, behind all others: the cell that uses one of them imports it. */
    private void addUnimported(String word, String before, Set<String> matches, Map<String, Kind> kinds) {
        if (word.length() < LEAST_LETTERS || !Character.isUpperCase(word.charAt(0))) {
            return;
        }
        boolean inImport =
                Syntax.isImport(before.substring(before.lastIndexOf('\n') + 1).strip());
        for (KnownTypes.Offer offer : shell.addedImports().types().offers(word, matches::contains, MOST_UNIMPORTED)) {
            String text = inImport ? offer.name() : offer.text();
            matches.add(text);
            kinds.put(text, MemberKinds.unimported(offer.name()));
        }
    }

    private static boolean isOfUser(String name) {
        return !name.startsWith("do_it$") && !name.startsWith("$magic$") && !ObjectNames.isAroundFamily(name);
    }

    private static List<String> namesDeclaredIn(List<Piece> pieces) {
        return pieces.stream()
                .map(Piece::source)
                .map(Syntax::declaredName)
                .flatMap(Optional::stream)
                .toList();
    }

    /** Where the magic begins in whose line the cursor stands. */
    private Optional<Integer> magicInLine(String before, int lineStart) {
        String line = before.substring(lineStart);
        if (before.stripLeading().startsWith("%%")
                && before.substring(0, lineStart).isBlank()) {
            return Optional.of(lineStart + line.indexOf('%'));
        }
        if (line.strip().equals("%")) {
            return Optional.of(before.length() - 1);
        }
        int lineNumber = (int) before.chars().filter(c -> c == '\n').count();
        for (Use use : context.scan(before).uses()) {
            if (use.line() == lineNumber && use.body().isEmpty()) {
                return Optional.of(lineStart + use.column());
            }
        }
        return Optional.empty();
    }

    /** The word in which the cursor stands, or the string, as a file. */
    private static Completions completeFileArgument(String before, int from) {
        int wordStart = before.length();
        while (wordStart > from && !Character.isWhitespace(before.charAt(wordStart - 1))) {
            wordStart--;
        }
        Optional<Integer> string = FileNames.openString(before.substring(from));
        return completeFile(before, string.isPresent() ? from + string.get() : wordStart);
    }

    private Completions completeMagic(String before, int percent) {
        if (before.charAt(percent) == '!') {
            return completeFileArgument(before, percent + 1);
        }
        String mark = before.startsWith("%%", percent) ? "%%" : "%";
        String text = before.substring(percent + mark.length());
        int nameEnd = 0;
        while (nameEnd < text.length() && MagicScanner.isNamePart(text.charAt(nameEnd))) {
            nameEnd++;
        }
        if (nameEnd == text.length()) {
            List<String> names = commands.names().stream()
                    .filter(name -> name.startsWith(text))
                    .map(name -> mark + name)
                    .toList();
            return new Completions(names, percent, before.length(), kinds(names, "magic"));
        }
        String name = text.substring(0, nameEnd);
        String arguments = text.substring(nameEnd).stripLeading();
        int wordStart = before.length();
        while (wordStart > percent && !Character.isWhitespace(before.charAt(wordStart - 1))) {
            wordStart--;
        }
        List<String> words = List.of();
        Map<String, Magic> magics = commands.magics();
        if (magics.containsKey(name)) {
            words = magics.get(name).complete(arguments, shell.names());
        } else if (commands.byName().containsKey(name)) {
            words = commands.byName().get(name).complete(arguments, shell.names());
        }
        if (!words.isEmpty()) {
            List<String> sorted = List.copyOf(new TreeSet<>(words));
            return new Completions(sorted, wordStart, before.length(), kinds(sorted, "keyword"));
        }
        if (commands.ofCode(name).isPresent() && !commands.takesCode(name)) {
            return completeFileArgument(before, percent + mark.length() + nameEnd);
        }
        Optional<Integer> string = FileNames.openString(before.substring(percent));
        if (string.isPresent()) {
            return completeFile(before, percent + string.get());
        }
        if (before.indexOf('/', wordStart) >= 0) {
            Completions files = completeFile(before, wordStart);
            if (!files.matches().isEmpty()) {
                return files;
            }
        }
        return completeJavaInMagic(before, wordStart);
    }

    private static Map<String, Kind> kinds(List<String> matches, String type) {
        Map<String, Kind> kinds = new LinkedHashMap<>();
        matches.forEach(match -> kinds.put(match, new Kind(type, "")));
        return kinds;
    }

    /** Within a lambda or an item expression Java's own names complete. */
    private Completions completeJavaInMagic(String before, int wordStart) {
        String expression = before.substring(wordStart).replaceFirst("^[(\\[]+", "");
        Completions found = completeJava(expression, expression.length());
        int shift = before.length() - expression.length();
        return new Completions(found.matches(), found.start() + shift, before.length(), found.kinds());
    }
}
