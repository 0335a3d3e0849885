package manyjvm.kernel.session.assistance;

import java.util.List;
import manyjvm.kernel.session.command.SessionCommands;
import manyjvm.kernel.session.shell.Shell;
import manyjvm.kernel.session.source.MagicScanner;
import manyjvm.kernel.session.source.MagicScanner.Scan;
import manyjvm.kernel.session.source.Piece;
import manyjvm.kernel.session.source.Syntax;

/** What stands in front of a cursor, as JShell can be asked about it. Used by the holder of the session's lock. */
final class CellContext {
    private final Shell shell;
    private final SessionCommands commands;

    CellContext(Shell shell, SessionCommands commands) {
        this.shell = shell;
        this.commands = commands;
    }

    Scan scan(String code) {
        return MagicScanner.scan(code, commands.known(shell::names));
    }

    /** The Java of a cell, or of a cell magic's body. */
    String java(String code) {
        Scan scan = scan(code);
        return scan.cellMagic().map(use -> use.body().orElse("")).orElse(scan.java());
    }

    /** {@link #of(String, List)} for the Java in front of a cursor. */
    String of(String codeBeforeCursor) {
        String java = java(codeBeforeCursor);
        return of(java, shell.split(java));
    }

    /** The statement at the cursor, behind those of the same cell that may stand in one block with it. */
    String of(String java, List<Piece> pieces) {
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
}
