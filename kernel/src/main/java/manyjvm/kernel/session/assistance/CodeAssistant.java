package manyjvm.kernel.session.assistance;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jdk.jshell.SourceCodeAnalysis.Documentation;
import jdk.jshell.SourceCodeAnalysis.Suggestion;
import manyjvm.kernel.session.Session.Completeness;
import manyjvm.kernel.session.Session.Completions;
import manyjvm.kernel.session.Session.Inspection;
import manyjvm.kernel.session.command.SessionCommands;
import manyjvm.kernel.session.shell.Shell;
import manyjvm.kernel.session.source.Amended;
import manyjvm.kernel.session.source.MagicScanner;
import manyjvm.kernel.session.source.MagicScanner.Scan;
import manyjvm.kernel.session.source.MagicScanner.Use;
import manyjvm.kernel.session.source.Piece;
import manyjvm.kernel.session.source.Syntax;
import manyjvm.kernel.session.text.CellFrames;
import manyjvm.kernel.session.text.ObjectNames;
import manyjvm.kernel.session.text.ShortText;
import manyjvm.kernel.spi.Magic;

/** Answers questions about code without running any. Used by the holder of the session's lock, also while a cell runs. */
public final class CodeAssistant {
    private static final String INDENT = "    ";

    /** Newer compilers know those of class files, and JShell writes them into signatures with their whole names. */
    private static final Pattern TYPE_ANNOTATION = Pattern.compile("@(?:\\w+\\.)+\\w+(?:\\([^()]*\\))? ?");

    private final Shell shell;
    private final SessionCommands commands;
    private final Map<String, Magic> magics;

    public CodeAssistant(Shell shell, SessionCommands commands) {
        this.shell = shell;
        this.commands = commands;
        this.magics = commands.magics();
    }

    // ---- is_complete

    /** A cell magic goes on until an empty line, as in Python's console. */
    public Completeness isComplete(String code) {
        Scan scan = scan(code);
        if (scan.cellMagic().isPresent() && !scan.cellMagic().get().help()) {
            boolean ended = code.matches("(?s).*\\n[ \\t]*\\n?[ \\t]*") && code.contains("\n");
            return ended
                    ? new Completeness(Completeness.State.COMPLETE, "")
                    : new Completeness(Completeness.State.INCOMPLETE, indent(code));
        }
        List<Piece> pieces = shell.split(scan.java());
        if (pieces.isEmpty() || !pieces.get(pieces.size() - 1).broken()) {
            boolean isJava = pieces.stream().allMatch(piece -> Syntax.isJava(piece.source()));
            return new Completeness(isJava ? Completeness.State.COMPLETE : Completeness.State.INVALID, "");
        }
        String end = pieces.get(pieces.size() - 1).source();
        return switch (shell.analysis().analyzeCompletion(end).completeness()) {
            case DEFINITELY_INCOMPLETE, CONSIDERED_INCOMPLETE ->
                new Completeness(Completeness.State.INCOMPLETE, indent(code));
            default -> new Completeness(Completeness.State.INVALID, "");
        };
    }

    private static String indent(String code) {
        String last = code.substring(code.stripTrailing().lastIndexOf('\n') + 1);
        int blanks = 0;
        while (blanks < last.length() && (last.charAt(blanks) == ' ' || last.charAt(blanks) == '\t')) {
            blanks++;
        }
        String opened = last.stripTrailing();
        return last.substring(0, blanks) + (opened.endsWith("{") || opened.endsWith("(") ? INDENT : "");
    }

    // ---- complete

    public Completions complete(String code, int cursor) {
        String before = code.substring(0, cursor);
        int lineStart = before.lastIndexOf('\n') + 1;
        Optional<Integer> percent = magicInLine(before, lineStart);
        if (percent.isPresent()) {
            return completeMagic(before, percent.get());
        }
        Scan scan = scan(before);
        String java = scan.cellMagic().map(use -> use.body().orElse("")).orElse(scan.java());
        int wordStart = cursor;
        while (wordStart > 0 && Character.isJavaIdentifierPart(code.charAt(wordStart - 1))) {
            wordStart--;
        }
        String word = code.substring(wordStart, cursor);
        List<Piece> pieces = shell.split(java);
        String context = context(java, pieces);
        TreeSet<String> matches = new TreeSet<>();
        int[] anchor = {context.length()};
        shell.imports().bringIn(context);
        List<Suggestion> suggestions = new ArrayList<>();
        for (Amended meant : shell.choices().meant(context, context.length() - word.length())) {
            String text = meant.text();
            int[] anchorThere = {text.length()};
            List<Suggestion> more = shell.analysis().completionSuggestions(text, text.length(), anchorThere);
            if (!more.isEmpty()) {
                anchor[0] = meant.writtenOffset(anchorThere[0]);
                suggestions.addAll(more);
            }
        }
        int start = cursor - (context.length() - anchor[0]);
        suggestions.stream()
                .map(Suggestion::continuation)
                .filter(CodeAssistant::isOfUser)
                .forEach(matches::add);
        boolean afterDot = wordStart > 0 && code.charAt(wordStart - 1) == '.';
        if (!afterDot && !word.isEmpty()) {
            if (suggestions.isEmpty()) {
                start = wordStart;
            }
            if (start == wordStart) {
                shell.imports().types().stream()
                        .filter(name -> name.startsWith(word))
                        .forEach(matches::add);
                shell.familyMembers()
                        .names()
                        .filter(name -> name.startsWith(word))
                        .forEach(matches::add);
                namesDeclaredIn(pieces).stream()
                        .filter(name -> name.startsWith(word))
                        .forEach(matches::add);
            }
        }
        return new Completions(List.copyOf(matches), Math.max(0, start), cursor);
    }

    private static boolean isOfUser(String name) {
        return !name.startsWith("do_it$") && !name.startsWith("$magic$") && !ObjectNames.isAroundFamily(name);
    }

    /** The statement at the cursor, behind those of the same cell that may stand in one block with it. */
    private String context(String java, List<Piece> pieces) {
        if (pieces.isEmpty()) {
            return "";
        }
        StringBuilder context = new StringBuilder(shell.variables().declarationsOfThoseSetAside(java));
        for (Piece piece : pieces.subList(0, pieces.size() - 1)) {
            if (Syntax.isLocal(piece.source())) {
                context.append(piece.source()).append('\n');
            }
        }
        Piece last = pieces.get(pieces.size() - 1);
        return context.append(java.substring(last.offset())).toString();
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
        for (Use use : scan(before).uses()) {
            if (use.line() == lineNumber && use.body().isEmpty()) {
                return Optional.of(lineStart + use.column());
            }
        }
        return Optional.empty();
    }

    private Completions completeMagic(String before, int percent) {
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
            return new Completions(names, percent, before.length());
        }
        String name = text.substring(0, nameEnd);
        String arguments = text.substring(nameEnd).stripLeading();
        int wordStart = before.length();
        while (wordStart > percent && !Character.isWhitespace(before.charAt(wordStart - 1))) {
            wordStart--;
        }
        List<String> words = List.of();
        if (magics.containsKey(name)) {
            words = magics.get(name).complete(arguments, shell.names());
        } else if (commands.byName().containsKey(name)) {
            words = commands.byName().get(name).complete(arguments, shell.names());
        }
        if (!words.isEmpty()) {
            return new Completions(List.copyOf(new TreeSet<>(words)), wordStart, before.length());
        }
        return completeJavaInMagic(before, wordStart);
    }

    /** Within a lambda or an item expression Java's own names complete. */
    private Completions completeJavaInMagic(String before, int wordStart) {
        String expression = before.substring(wordStart).replaceFirst("^[(\\[]+", "");
        int[] anchor = {expression.length()};
        TreeSet<String> matches =
                shell.analysis().completionSuggestions(expression, expression.length(), anchor).stream()
                        .map(Suggestion::continuation)
                        .filter(CodeAssistant::isOfUser)
                        .collect(Collectors.toCollection(TreeSet::new));
        return new Completions(
                List.copyOf(matches), before.length() - (expression.length() - anchor[0]), before.length());
    }

    // ---- inspect

    public Optional<Inspection> inspect(String code, int cursor, int detail) {
        Optional<String> magic = magicAt(code, cursor);
        if (magic.isPresent()) {
            return magic.map(CodeAssistant::plain);
        }
        int end = cursor;
        while (end < code.length() && Character.isJavaIdentifierPart(code.charAt(end))) {
            end++;
        }
        int start = end;
        while (start > 0 && Character.isJavaIdentifierPart(code.charAt(start - 1))) {
            start--;
        }
        String word = code.substring(start, end);
        boolean afterDot = start > 0 && code.charAt(start - 1) == '.';
        Optional<String> own = afterDot ? Optional.empty() : ofSession(word, detail);
        if (own.isPresent()) {
            return own.map(CodeAssistant::plain);
        }
        shell.imports().bringIn(code.substring(0, end));
        List<Documentation> found = documentation(code, end);
        if (found.isEmpty() && start > 0 && code.charAt(start - 1) == '(') {
            found = documentation(code, start);
        }
        return found.isEmpty() ? Optional.empty() : Optional.of(plain(text(found, detail)));
    }

    private List<Documentation> documentation(String code, int end) {
        Scan scan = scan(code.substring(0, end));
        String java = scan.cellMagic().map(use -> use.body().orElse("")).orElse(scan.java());
        List<Piece> pieces = shell.split(java);
        String context = context(java, pieces);
        List<Documentation> found = new ArrayList<>();
        for (Amended meant : shell.choices().meant(context, context.length())) {
            String text = meant.text();
            List<Documentation> more = shell.analysis().documentation(text, text.length(), true);
            // A method's signatures are told within its parentheses.
            found.addAll(more.isEmpty() ? shell.analysis().documentation(text + "(", text.length() + 1, true) : more);
        }
        return found;
    }

    private static String text(List<Documentation> found, int detail) {
        List<String> parts = new ArrayList<>();
        for (Documentation one : found) {
            String text =
                    CellFrames.plain(TYPE_ANNOTATION.matcher(one.signature()).replaceAll(""));
            if (one.javadoc() != null && !one.javadoc().isBlank()) {
                String documentation = Syntax.withoutMarkup(one.javadoc());
                int sentence = documentation.indexOf(". ");
                boolean whole = detail > 0 || found.size() == 1 || sentence < 0;
                text += "\n"
                        + (whole ? documentation : documentation.substring(0, sentence + 1))
                                .indent(4)
                                .stripTrailing();
            }
            if (!parts.contains(text)) {
                parts.add(text);
            }
        }
        return String.join("\n", parts);
    }

    private Optional<String> magicAt(String code, int cursor) {
        int lineNumber =
                (int) code.substring(0, cursor).chars().filter(c -> c == '\n').count();
        return scan(code).uses().stream()
                .filter(use -> use.line() == lineNumber)
                .filter(use -> cursor - (code.lastIndexOf('\n', cursor - 1) + 1)
                        <= use.column() + use.name().length() + 2)
                .map(Use::name)
                .flatMap(name -> commands.usage(name).stream())
                .findFirst();
    }

    private Optional<String> ofSession(String word, int detail) {
        List<String> found = new ArrayList<>();
        shell.variables().all().stream().filter(one -> one.name().equals(word)).forEach(one -> {
            Field field = shell.engine().variable(word);
            found.add(shell.plain(one.typeName()) + " " + word + (field == null ? "" : " = " + ShortText.of(field)));
        });
        shell.jshell()
                .methods()
                .filter(one -> one.name().equals(word))
                .forEach(one -> found.add(detail > 0 ? shell.source(one) : signature(shell.source(one))));
        shell.jshell()
                .types()
                .filter(one -> one.name().equals(word))
                .forEach(one -> found.add(
                        detail > 0
                                ? shell.source(one)
                                : shell.source(one).lines().findFirst().orElse("")));
        return found.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", found));
    }

    private static String signature(String source) {
        int body = source.indexOf('{');
        return (body < 0 ? source : source.substring(0, body)).strip();
    }

    private static Inspection plain(String text) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("text/plain", text);
        return new Inspection(data);
    }

    private Scan scan(String code) {
        return MagicScanner.scan(code, commands.known(shell::names));
    }
}
