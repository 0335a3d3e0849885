package manyjvm.kernel.session.evaluation;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import manyjvm.kernel.session.command.SessionCommands;
import manyjvm.kernel.session.source.CellSource;
import manyjvm.kernel.session.source.Expansion;
import manyjvm.kernel.session.source.MagicScanner;
import manyjvm.kernel.session.source.MagicScanner.Scan;
import manyjvm.kernel.session.source.MagicScanner.Use;
import manyjvm.kernel.spi.Magic;
import manyjvm.kernel.spi.Magic.MagicUsageException;

/**
 * The magics of one cell: where they stand, and the Java that they are turned into, which is asked for when the snippets before
 * them have run. Confined like the {@link CellEvaluation} that it is a part of.
 */
final class CellMagics {
    /** Options, and a magic behind them. */
    private static final Pattern INNER = Pattern.compile("(?s)((?:-\\w+\\s+\\d+\\s+)*)%([a-zA-Z][\\w-]*).*");

    private final CellSource cell;
    private final String code;
    private final Map<String, Magic> magics;
    private final SessionCommands commands;
    private final Supplier<Magic.Names> names;
    private final MagicScanner.Known known;
    private Scan scan = new Scan("", List.of(), Optional.empty());

    /**
     * @param code what of the cell is run, in its place: all else is blank
     * @param names those that the session knows by the time of asking
     */
    CellMagics(CellSource cell, String code, SessionCommands commands, Supplier<Magic.Names> names) {
        this.cell = cell;
        this.code = code;
        this.magics = commands.magics();
        this.commands = commands;
        this.names = names;
        this.known = commands.known(names);
    }

    /** Where they stand, once {@link #find} has looked. */
    Scan scan() {
        return scan;
    }

    Collection<Magic> all() {
        return magics.values();
    }

    /**
     * Looks for them.
     *
     * @throws CellFailure for a magic that does not exist
     */
    Scan find() throws CellFailure {
        scan = MagicScanner.scan(code, known);
        for (Use use : scan.uses()) {
            if (!known.isMagic(use.name())) {
                throw failure(use, unknown(use));
            }
        }
        return scan;
    }

    /** The code behind a line magic, with all else of the cell blank. */
    String behind(Use use) {
        String[] lines = code.split("\n", -1);
        String line = lines[use.line()];
        int start = line.indexOf(use.arguments(), use.column() + 1 + use.name().length());
        return "\n".repeat(use.line()) + " ".repeat(start) + use.arguments();
    }

    /** The lines below the line of a cell magic, with all else of the cell blank. */
    String below(Use use) {
        String[] lines = code.split("\n", -1);
        return "\n".repeat(use.line() + 1)
                + String.join("\n", List.of(lines).subList(Math.min(lines.length, use.line() + 1), lines.length));
    }

    /** Whether Java takes its place; a command acts on the session instead. */
    boolean isRewritten(Use use) {
        return magics.containsKey(use.name());
    }

    String usage(String name) {
        return commands.usage(name).orElseThrow();
    }

    CellFailure failure(Use use, String message) {
        List<String> lines = message.lines().toList();
        String first = lines.isEmpty() ? "" : lines.get(0);
        int width = use.name().equals(MagicScanner.COMMAND)
                ? 1
                : use.name().length() + (use.body().isPresent() ? 2 : 1);
        List<String> details = lines.size() > 1 ? lines.subList(1, lines.size()) : List.of();
        return new CellFailure(
                "MagicError",
                cell.label() + ":" + (use.line() + 1) + ": " + first,
                cell.pointAt(use.line() + 1, use.column(), width, first, details));
    }

    /** Adds text with the magics' Java in the places of the placeholders. */
    void expand(String text, Expansion expansion) throws CellFailure {
        int at = 0;
        Matcher placeholder = MagicScanner.PLACEHOLDER.matcher(text);
        while (placeholder.find()) {
            if (Integer.parseInt(placeholder.group(1)) >= scan.uses().size()) {
                continue; // a method of the user's that has such a name
            }
            Use use = scan.uses().get(Integer.parseInt(placeholder.group(1)));
            if (use.help() || !magics.containsKey(use.name())) {
                throw failure(use, title(use) + " must be alone on its line and outside of { }");
            }
            expansion.addText(text.substring(at, placeholder.start()));
            expansion.addBefore(use, before(use, java(use)));
            at = placeholder.end();
        }
        expansion.addText(text.substring(at));
    }

    void expandCell(Use use, Expansion expansion) throws CellFailure {
        Magic.Rewritten java = java(use);
        String body = use.body().orElse("");
        expansion.addBefore(use, before(use, java));
        expand("\n" + body.stripTrailing() + lineCommentEnd(body), expansion);
        expansion.addAfter(use, after(use, java));
    }

    /** Puts other Java in the place of what the use was turned into. */
    void replace(Use use, Magic.Rewritten other, Expansion expansion) throws CellFailure {
        expansion.replace(use, before(use, other), after(use, other));
    }

    /** What the magic makes of its use at first. */
    Magic.Rewritten java(Use use) throws CellFailure {
        try {
            return magic(use).rewrite(call(use));
        } catch (MagicUsageException wrong) {
            throw failure(use, wrong.getMessage());
        }
    }

    /** Other Java for a use whose Java the compiler has refused. */
    List<Magic.Rewritten> instead(Use use, Magic.Problem problem) throws CellFailure {
        return magic(use).instead(calledBefore(use), problem);
    }

    /** What the magic has to say of a use whose Java the compiler has refused. */
    Optional<String> explanation(Use use, Magic.Problem problem) throws CellFailure {
        return magic(use).explain(calledBefore(use), problem);
    }

    private Magic.Call calledBefore(Use use) throws CellFailure {
        try {
            return call(use);
        } catch (MagicUsageException wrong) {
            throw failure(use, wrong.getMessage());
        }
    }

    private Magic magic(Use use) {
        return Objects.requireNonNull(magics.get(use.name()), "only uses of magics are rewritten");
    }

    private static String title(Use use) {
        return use.name().equals(MagicScanner.COMMAND) ? "!command" : "%" + use.name();
    }

    private Magic.Call call(Use use) throws MagicUsageException {
        return new Magic.Call(
                commands.takesCode(use.name()) ? withInner(use.arguments()) : use.arguments(),
                use.body(),
                use.asValue(),
                names.get());
    }

    /** The code that a magic takes may be a magic itself, as in {@code %timeit %pool map f 0..9}. */
    private String withInner(String arguments) throws MagicUsageException {
        Matcher inner = INNER.matcher(arguments);
        if (inner.matches() && magics.containsKey(inner.group(2))) {
            Use use = MagicScanner.scan("var it = " + inner.group(0).substring(inner.end(1)), known)
                    .uses()
                    .get(0);
            return inner.group(1) + oneLine(magic(use).rewrite(call(use)).before());
        }
        return arguments;
    }

    private String before(Use use, Magic.Rewritten java) throws CellFailure {
        if (java.declares().isEmpty()) {
            return oneLine(java.before());
        }
        if (use.asValue()) {
            throw failure(use, "the result has a name already: remove one of the two names");
        }
        return "var " + java.declares().get() + " = " + oneLine(java.before());
    }

    private static String after(Use use, Magic.Rewritten java) {
        return use.body().isPresent() ? oneLine(java.after()) : "";
    }

    /** The suffix of a cell magic must not end up in a comment of the body's last line. */
    private static String lineCommentEnd(String body) {
        List<String> lines = body.stripTrailing().lines().toList();
        return !lines.isEmpty() && lines.get(lines.size() - 1).contains("//") ? "\n" : "";
    }

    private static String oneLine(String java) {
        return java.replace('\n', ' ');
    }

    private String unknown(Use use) {
        return "there is no magic %" + use.name() + commands.nearest(use.name());
    }

    int columnOfPiece(int line, String source) {
        String text = cell.line(line + 1).orElse("");
        String first = source.lines().findFirst().orElse("");
        int column = text.indexOf(first.endsWith(";") ? first.substring(0, first.length() - 1) : first);
        return Math.max(0, column);
    }

    /** An offset into a piece as line (from 1) and column of the cell; what a magic was turned into lies at its {@code %}. */
    int[] place(String source, int line, int firstColumn, int offset) {
        String before = source.substring(0, Math.min(offset, source.length()));
        int below = (int) before.chars().filter(c -> c == '\n').count();
        int column = before.length() - (before.lastIndexOf('\n') + 1) + (below == 0 ? firstColumn : 0);
        int lineInCell = line + below;
        for (Use use : scan.uses()) {
            if (use.line() == lineInCell && column > use.column()) {
                column = use.column();
            }
        }
        int lastLine = (int) code.stripTrailing().chars().filter(c -> c == '\n').count();
        return new int[] {Math.min(lineInCell, lastLine) + 1, column};
    }
}
