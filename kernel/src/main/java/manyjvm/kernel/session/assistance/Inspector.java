package manyjvm.kernel.session.assistance;

import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import jdk.jshell.SourceCodeAnalysis.Documentation;
import manyjvm.kernel.session.Session.Inspection;
import manyjvm.kernel.session.command.SessionCommands;
import manyjvm.kernel.session.shell.Shell;
import manyjvm.kernel.session.source.Amended;
import manyjvm.kernel.session.source.DocComment;
import manyjvm.kernel.session.source.HtmlText;
import manyjvm.kernel.session.source.MagicScanner.Use;
import manyjvm.kernel.session.source.SourceComments;
import manyjvm.kernel.session.text.ShortText;
import manyjvm.kernel.spi.JavaLexeme;

/**
 * Tells what stands at a cursor: the usage of a magic, a variable's value, the source of the user's own, signatures and
 * documentation of anything else. Used by the holder of the session's lock; runs none of the user's code.
 */
final class Inspector {
    private final Shell shell;
    private final SessionCommands commands;
    private final CellContext context;
    private final Supplier<List<String>> cells;
    private final TypeNames types;
    private final LibrarySources sources;
    private boolean toldOfSources;

    Inspector(Shell shell, SessionCommands commands, CellContext context, Supplier<List<String>> cells) {
        this.cells = cells;
        this.types = new TypeNames(shell);
        this.sources = new LibrarySources(commands.libraries()::sources);
        this.shell = shell;
        this.commands = commands;
        this.context = context;
    }

    /** A signature, or source, with what is said of it, as HTML, which may be empty. */
    private record Entry(String code, String html) {}

    Optional<Inspection> inspect(String code, int cursor, int detail) {
        Optional<String> magic = magicAt(code, cursor);
        if (magic.isPresent()) {
            return magic.map(usage -> inspection(List.of(new Entry(usage, ""))));
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
        List<Entry> own = afterDot ? List.of() : ofSession(word, detail);
        if (!own.isEmpty()) {
            return Optional.of(inspection(own));
        }
        shell.imports().bringIn(code.substring(0, end));
        List<Documentation> found = documentation(code, end);
        if (found.isEmpty() && start > 0 && code.charAt(start - 1) == '(') {
            found = documentation(code, start);
        }
        if (found.isEmpty() && afterDot) {
            found = ofInstance(code, start, word);
        }
        return found.isEmpty() ? Optional.empty() : Optional.of(inspection(entries(found, detail)));
    }

    /** {@code List.add}, which is no Java, is how people speak of a method of a list. */
    private List<Documentation> ofInstance(String code, int wordStart, String word) {
        int start = wordStart - 1;
        while (start > 0 && (Character.isJavaIdentifierPart(code.charAt(start - 1)) || code.charAt(start - 1) == '.')) {
            start--;
        }
        String instance = "((" + code.substring(start, wordStart - 1) + ") null)." + word;
        return documentation(code.substring(0, start) + instance, start + instance.length());
    }

    private List<Documentation> documentation(String code, int end) {
        String written = context.of(code.substring(0, end));
        List<Documentation> found = new ArrayList<>();
        for (Amended meant : shell.choices().meant(written, written.length())) {
            String text = meant.text();
            List<Documentation> more = shell.analysis().documentation(text, text.length(), true);
            // A method's signatures are told within its parentheses.
            found.addAll(more.isEmpty() ? shell.analysis().documentation(text + "(", text.length() + 1, true) : more);
        }
        return found;
    }

    private List<Entry> entries(List<Documentation> found, int detail) {
        Set<Entry> entries = new LinkedHashSet<>();
        boolean whole = detail > 0 || found.size() == 1;
        for (Documentation one : found) {
            entries.add(entry(Signature.of(one.signature()), Objects.requireNonNullElse(one.javadoc(), ""), whole));
        }
        return List.copyOf(entries);
    }

    private Entry entry(Signature signature, String ofJShell, boolean whole) {
        if (!ofJShell.isBlank()) {
            return new Entry(shell.plain(signature.text()), html(ofJShell, whole));
        }
        Optional<Class<?>> type = types.type(signature.name());
        Optional<Class<?>> owner = type.isPresent() ? type : types.type(signature.owner());
        if (owner.isEmpty()) {
            return new Entry(shell.plain(signature.text()), "");
        }
        Optional<SourceComments.Found> found = Optional.empty();
        if (signature.isCall()) {
            String name = type.isPresent() ? "<init>" : signature.member();
            found = sources.method(owner.get(), name, signature.parameterTypes());
        } else if (type.isEmpty()) {
            found = sources.field(owner.get(), signature.member());
        }
        if (found.isEmpty() && type.isPresent()) {
            found = sources.type(type.get()).map(one -> new SourceComments.Found(one.comment(), List.of()));
        }
        String text = found.map(one -> signature.named(one.parameters()))
                .orElse(signature)
                .text();
        String comment = found.map(SourceComments.Found::comment).orElse("");
        // Of a type itself the whole name tells most.
        String shown = type.isPresent() && !signature.isCall() ? text : shell.plain(text);
        return new Entry(shown, comment.isBlank() ? hint(owner.get()) : html(comment, whole));
    }

    private static String html(String comment, boolean whole) {
        return whole ? DocComment.html(comment) : DocComment.firstSentence(comment);
    }

    /** That the documentation is on its way; or once, where that of the JDK is to be had. */
    private String hint(Class<?> type) {
        if (sources.areComing(type)) {
            return "<p>The documentation is being fetched: ask again in a moment.</p>";
        }
        boolean ofTheJdk =
                type.getClassLoader() == null || type.getClassLoader() == ClassLoader.getPlatformClassLoader();
        Path home = Path.of(System.getProperty("java.home"));
        if (!ofTheJdk || toldOfSources || Files.isReadable(home.resolve("lib").resolve("src.zip"))) {
            return "";
        }
        toldOfSources = true;
        return "<p>"
                + DocComment.escaped("This JDK comes without its sources ("
                        + home.resolve("lib").resolve("src.zip")
                        + "), which hold its documentation. Debian and Ubuntu have them as the package openjdk-"
                        + Runtime.version().feature() + "-source, other JDKs within their archives.")
                + "</p>";
    }

    private Optional<String> magicAt(String code, int cursor) {
        int lineNumber =
                (int) code.substring(0, cursor).chars().filter(c -> c == '\n').count();
        return context.scan(code).uses().stream()
                .filter(use -> use.line() == lineNumber)
                .filter(use -> cursor - (code.lastIndexOf('\n', cursor - 1) + 1)
                        <= use.column() + use.name().length() + 2)
                .map(Use::name)
                .flatMap(name -> commands.usage(name).stream())
                .findFirst();
    }

    private List<Entry> ofSession(String word, int detail) {
        List<Entry> found = new ArrayList<>();
        shell.variables().all().stream().filter(one -> one.name().equals(word)).forEach(one -> {
            Field field = shell.engine().variable(word);
            found.add(new Entry(
                    shell.plain(one.typeName()) + " " + word + (field == null ? "" : " = " + ShortText.of(field)), ""));
        });
        shell.jshell()
                .methods()
                .filter(one -> one.name().equals(word))
                .forEach(one -> found.add(entry(shell.source(one), detail)));
        shell.jshell()
                .types()
                .filter(one -> one.name().equals(word))
                .forEach(one -> found.add(entry(shell.source(one), detail)));
        return found;
    }

    /** The user's own declaration: its source, or its head and what the comment in front of it says. */
    private Entry entry(String source, int detail) {
        String comment = commentBefore(source);
        if (detail > 0) {
            return new Entry(comment.isEmpty() ? source : comment + "\n" + source, "");
        }
        int body = 0;
        while (body < source.length() && source.charAt(body) != '{') {
            body = JavaLexeme.at(source, body).map(JavaLexeme::end).orElse(body + 1);
        }
        String text = comment.replaceAll("^/\\*+|\\*+/$", "").replaceAll("(?m)^\\s*\\* ?", "");
        return new Entry(source.substring(0, body).strip(), text.isBlank() ? "" : DocComment.html(text));
    }

    /** The documentation comment in front of a declaration, which JShell is not given. */
    private String commentBefore(String source) {
        for (String cell : cells.get()) {
            int at = cell.indexOf(source);
            if (at >= 0) {
                String before = cell.substring(0, at).stripTrailing();
                int comment = before.endsWith("*/") ? before.lastIndexOf("/*") : -1;
                return comment >= 0 && before.startsWith("/**", comment) ? before.substring(comment) : "";
            }
        }
        return "";
    }

    private static String indented(String text) {
        return text.replaceAll("(?m)^(?=.)", "    ");
    }

    private static Inspection inspection(List<Entry> entries) {
        List<String> plain = new ArrayList<>();
        StringBuilder html = new StringBuilder();
        for (Entry one : entries) {
            String text = HtmlText.of(one.html());
            plain.add(text.isEmpty() ? one.code() : one.code() + "\n" + indented(text));
            html.append("<pre><code>")
                    .append(DocComment.escaped(one.code()))
                    .append("</code></pre>")
                    .append(one.html());
        }
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("text/plain", String.join("\n", plain));
        data.put("text/html", html.toString());
        return new Inspection(data);
    }
}
