package manyjvm.kernel.session.assistance;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import manyjvm.kernel.session.Session.Completeness;
import manyjvm.kernel.session.Session.Completions;
import manyjvm.kernel.session.Session.Inspection;
import manyjvm.kernel.session.command.SessionCommands;
import manyjvm.kernel.session.shell.Shell;
import manyjvm.kernel.session.source.HelpLines;
import manyjvm.kernel.session.source.Indentation;
import manyjvm.kernel.session.source.MagicScanner.Scan;
import manyjvm.kernel.session.source.Piece;
import manyjvm.kernel.session.source.Syntax;
import manyjvm.kernel.spi.Spelling;

/** Answers questions about code without running any. Used by the holder of the session's lock, also while a cell runs. */
public final class CodeAssistant {
    private final Shell shell;
    private final CellContext context;
    private final Completer completer;
    private final Inspector inspector;

    /** @param cells the text of those that have run, the latest first */
    public CodeAssistant(Shell shell, SessionCommands commands, Supplier<List<String>> cells) {
        this.shell = shell;
        this.context = new CellContext(shell, commands);
        this.completer = new Completer(shell, commands, context);
        this.inspector = new Inspector(shell, commands, context, cells);
    }

    // ---- is_complete

    /** A cell magic goes on until an empty line, as in Python's console. */
    public Completeness isComplete(String cell) {
        HelpLines help = HelpLines.of(cell);
        String code = help.rest();
        if (code.isBlank() && !help.questions().isEmpty()) {
            return new Completeness(Completeness.State.COMPLETE, "");
        }
        Scan scan = context.scan(code);
        if (scan.cellMagic().isPresent() && !scan.cellMagic().get().help()) {
            return ofCellMagic(code);
        }
        List<Piece> pieces = shell.split(scan.java());
        if (pieces.isEmpty() || !pieces.get(pieces.size() - 1).broken()) {
            boolean isJava = pieces.stream().allMatch(piece -> Syntax.isJava(piece.source()));
            return new Completeness(isJava ? Completeness.State.COMPLETE : Completeness.State.INVALID, "");
        }
        String end = pieces.get(pieces.size() - 1).source();
        return switch (shell.analysis().analyzeCompletion(end).completeness()) {
            case DEFINITELY_INCOMPLETE, CONSIDERED_INCOMPLETE ->
                new Completeness(Completeness.State.INCOMPLETE, Indentation.after(code));
            default -> new Completeness(Completeness.State.INVALID, "");
        };
    }

    private static Completeness ofCellMagic(String code) {
        boolean ended = code.matches("(?s).*\\n[ \\t]*\\n?[ \\t]*") && code.contains("\n");
        return ended
                ? new Completeness(Completeness.State.COMPLETE, "")
                : new Completeness(Completeness.State.INCOMPLETE, Indentation.after(body(code)));
    }

    /** The same by the text alone, for when there is no session yet that could tell. */
    public static Completeness isCompleteByText(String cell) {
        String code = HelpLines.of(cell).rest();
        if (code.stripLeading().startsWith("%%")) {
            return ofCellMagic(code);
        }
        return Indentation.isWithin(code)
                ? new Completeness(Completeness.State.INCOMPLETE, Indentation.after(code))
                : new Completeness(Completeness.State.COMPLETE, "");
    }

    private static String body(String cellMagic) {
        int line = cellMagic.indexOf('\n');
        return line < 0 ? "" : cellMagic.substring(line + 1);
    }

    // ---- complete, inspect

    public Completions complete(String code, int cursor) {
        return completer.complete(code, cursor);
    }

    public Optional<Inspection> inspect(String code, int cursor, int detail) {
        return inspector.inspect(code, cursor, detail);
    }

    /** {@code "; did you mean x?"} for a name that means nothing, or nothing. */
    public String nearest(String name) {
        Set<String> known = new TreeSet<>(shell.names().methods());
        known.addAll(shell.names().variables());
        known.addAll(shell.names().types());
        known.addAll(shell.imports().types());
        int dot = name.lastIndexOf('.');
        String word = name.substring(dot + 1);
        if (dot > 0) {
            String owner = name.substring(0, dot + 1);
            known.clear();
            completer.complete(owner, owner.length()).matches().stream()
                    .map(match -> match.replaceFirst("\\(.*", ""))
                    .forEach(known::add);
        }
        return Spelling.nearest(word, known)
                .map(near -> "; did you mean " + name.substring(0, dot + 1) + near + "?")
                .orElse("");
    }
}
