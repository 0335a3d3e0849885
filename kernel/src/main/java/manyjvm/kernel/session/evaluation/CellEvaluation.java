package manyjvm.kernel.session.evaluation;

import static java.util.function.Predicate.not;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.Diag;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.VarSnippet;
import manyjvm.kernel.session.Session.Outcome;
import manyjvm.kernel.session.command.CodeCommand;
import manyjvm.kernel.session.command.SessionCommand;
import manyjvm.kernel.session.command.SessionCommands;
import manyjvm.kernel.session.execution.CellRun;
import manyjvm.kernel.session.execution.CellStopped;
import manyjvm.kernel.session.execution.CodeOrigin;
import manyjvm.kernel.session.shell.Shell;
import manyjvm.kernel.session.shell.Unresolved;
import manyjvm.kernel.session.source.CellSource;
import manyjvm.kernel.session.source.CellSources;
import manyjvm.kernel.session.source.Expansion;
import manyjvm.kernel.session.source.MagicScanner;
import manyjvm.kernel.session.source.MagicScanner.Scan;
import manyjvm.kernel.session.source.MagicScanner.Use;
import manyjvm.kernel.session.source.Piece;
import manyjvm.kernel.session.source.SealedFamilies;
import manyjvm.kernel.session.source.Syntax;
import manyjvm.kernel.session.text.CellFrames;
import manyjvm.kernel.spi.Magic;
import manyjvm.kernel.spi.Magic.MagicUsageException;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates one cell, snippet by snippet. What is wrong with the cell as a whole (an unknown magic, text that is no Java) is
 * found before anything runs; a magic is asked for its Java when its turn comes, and then knows all names before it. Confined to
 * the thread that evaluates the cell, which holds the session's lock but for the time that user code runs.
 */
final class CellEvaluation {
    private final Shell shell;
    private final SessionCommands commands;
    private final CellRun run;
    private final CellSource cell;
    private final Consumer<Object> values;
    private final CellSources sources;
    private final Unresolved unresolved;
    private final CellMagics magics;
    private final CellNotes notes;
    private final CellFailures failures;
    private final FamilyReplacement replacement;
    private final Redeclarations redeclarations;
    private final MissingImports imports;
    private SealedFamilies families = SealedFamilies.of("", List.of(), piece -> true);

    /**
     * @param code what of the cell is evaluated, in its place: all else is blank
     * @param values receives the value of each expression but the last when the session shows all of them
     * @param sources gets the files that the cell runs
     */
    CellEvaluation(
            Shell shell,
            SessionCommands commands,
            CellRun run,
            CellSource cell,
            String code,
            Consumer<Object> values,
            CellSources sources) {
        this.shell = shell;
        this.commands = commands;
        this.run = run;
        this.cell = cell;
        this.values = values;
        this.sources = sources;
        this.unresolved = new Unresolved(shell, run);
        this.magics = new CellMagics(cell, code, commands, shell::names);
        this.imports = new MissingImports(shell, run);
        this.notes = new CellNotes(shell, run, unresolved);
        this.failures = new CellFailures(shell, run, unresolved, sources);
        this.redeclarations = new Redeclarations(shell, run, cell);
        this.replacement = new FamilyReplacement(shell, run, notes, piece -> origin(lineOf(piece), ""));
    }

    Outcome evaluate() {
        shell.engine().begin(origin(0, ""), run); // what a cell before it has thrown is not this one's
        try {
            run.stopIfRequested();
            Object last = evaluateAll();
            run.stopIfRequested();
            return new Outcome.Done(Optional.ofNullable(last));
        } catch (CellFailure failure) {
            return run.stopRequested() ? failures.interrupted() : failure.outcome();
        } catch (CellStopped stopped) {
            return failures.interrupted();
        } catch (RuntimeException | Error failure) {
            return run.stopRequested() ? failures.interrupted() : CellFailures.compilerFailed(failure);
        }
    }

    /** The outcome of a cell that was stopped before it came to its code, or after. */
    static Outcome stopped() {
        return new Outcome.Interrupted(List.of("Interrupted"));
    }

    private @Nullable Object evaluateAll() throws CellFailure {
        Scan scan = magics.find();
        if (scan.cellMagic().isPresent()) {
            return evaluateCellMagic(scan.cellMagic().get());
        }
        List<Piece> pieces = shell.split(scan.java());
        refuseMalformed(pieces);
        Optional<Piece> end = pieces.isEmpty() ? Optional.empty() : Optional.of(pieces.get(pieces.size() - 1));
        families = SealedFamilies.of(scan.java(), pieces, this::namesFollow);
        pieces = families.pieces();
        Map<String, String> membersBefore = shell.familyMembers().giveWay(families.alone());
        try {
            Object last = evaluateInOrder(pieces, end);
            imports.forDeclarations(notes.declarations(), origin(0, ""));
            notes.unresolved();
            notes.oldObjects();
            return last;
        } finally {
            shell.familyMembers().putBack(membersBefore);
            replacement.end();
        }
    }

    /** Returns the value of the piece at the end of the cell, which need not be the last in order. */
    private @Nullable Object evaluateInOrder(List<Piece> pieces, Optional<Piece> end) throws CellFailure {
        Object last = null;
        for (int i = 0; i < pieces.size(); i++) {
            // Half a family is of no use: a stop waits for the rest, which is compiled but does not run.
            if (!replacement.isUnderWay()) {
                run.stopIfRequested();
            }
            List<String> rest = pieces.subList(i + 1, pieces.size()).stream()
                    .map(Piece::source)
                    .toList();
            Optional<SealedFamilies.Whole> family = families.from(pieces.get(i));
            if (family.isPresent()) {
                makeWayFor(family.get(), rest);
            }
            Object value = evaluate(pieces.get(i), rest);
            replacement.evaluated(pieces.get(i), families);
            if (end.equals(Optional.of(pieces.get(i)))) {
                last = value;
            } else if (value != null && commands.showsAll()) {
                show(value);
            }
        }
        return last;
    }

    /** Lets the old types of a family go, unless the compiler refuses the new ones as a whole. */
    private void makeWayFor(SealedFamilies.Whole family, List<String> rest) throws CellFailure {
        if (!replacement.isOfKnownTypes(family)) {
            return;
        }
        Optional<List<Diag>> refusal =
                FamilyReplacement.refusal(refusal(evaluate(family.joined().source(), rest, lineOf(family.joined()))));
        if (refusal.isEmpty()) {
            return;
        }
        if (!refusal.get().isEmpty()) {
            // Again, for the failure that says so.
            evaluate(family.joined(), rest);
        }
        replacement.begin(family);
    }

    /** What follows an import, or a magic that may load a library, may need it. */
    private boolean namesFollow(Piece piece) {
        return Syntax.isImport(piece.source())
                || MagicScanner.PLACEHOLDER.matcher(piece.source()).find();
    }

    /** A value's {@code toString} may be the user's. */
    private void show(Object value) {
        shell.engine().asCell(run, () -> {
            values.accept(value);
            return null;
        });
    }

    private @Nullable Object evaluateCellMagic(Use use) throws CellFailure {
        if (use.help()) {
            System.out.println(magics.usage(use.name()));
            return null;
        }
        Optional<CodeCommand> ofCode = commands.ofCode(use.name()).filter(CodeCommand::takesCell);
        if (ofCode.isPresent()) {
            return code(ofCode.get(), use, magics.below(use));
        }
        if (!magics.isRewritten(use)) {
            command(use);
            return null;
        }
        Expansion expansion = new Expansion();
        magics.expandCell(use, expansion);
        return evaluate(expansion, List.of(), use.line());
    }

    /** Nothing of a cell runs when a part of it is no Java. */
    private void refuseMalformed(List<Piece> pieces) throws CellFailure {
        if (pieces.isEmpty()) {
            return;
        }
        Piece end = pieces.get(pieces.size() - 1);
        if (end.broken() && shell.isMalformed(end.source())) {
            evaluate(end, List.of());
        }
    }

    /** Returns the value to show, or null. */
    private @Nullable Object evaluate(Piece piece, List<String> rest) throws CellFailure {
        int line = lineOf(piece);
        Optional<Use> alone = magics.scan().uses().stream()
                .filter(use -> piece.source().strip().equals(use.placeholder() + ";"))
                .findFirst();
        if (alone.isPresent() && !alone.get().asValue()) {
            Use use = alone.get();
            if (use.help()) {
                System.out.println(magics.usage(use.name()));
                return null;
            }
            Optional<CodeCommand> ofCode = commands.ofCode(use.name());
            if (ofCode.isPresent()) {
                return code(ofCode.get(), use, magics.behind(use));
            }
            if (!magics.isRewritten(use)) {
                command(use);
                return null;
            }
        }
        Expansion expansion = new Expansion();
        magics.expand(piece.source(), expansion);
        return evaluate(expansion, rest, line);
    }

    private CodeOrigin origin(int line, String java) {
        return new CodeOrigin(cell.label(), line + 1, java);
    }

    private int lineOf(Piece piece) {
        return (int) magics.scan()
                .java()
                .substring(0, piece.offset())
                .chars()
                .filter(c -> c == '\n')
                .count();
    }

    private void command(Use use) throws CellFailure {
        SessionCommand command = commands.byName().get(use.name());
        try {
            if (command == null || use.body().isPresent() && !command.takesBody()) {
                throw new MagicUsageException("%" + use.name() + " is a line magic: write it with one %");
            }
            if (use.body().isPresent()) {
                command.runCell(use.arguments(), use.body().get(), shell, run);
            } else {
                command.run(use.arguments(), shell, run);
            }
        } catch (MagicUsageException wrong) {
            throw magics.failure(use, wrong.getMessage());
        }
    }

    private @Nullable Object code(CodeCommand command, Use use, String here) throws CellFailure {
        try {
            return command.run(use.arguments(), use.body().isPresent(), run, new CodeCommand.Code<CellFailure>() {
                @Override
                public @Nullable Object here() throws CellFailure {
                    return evaluateApart(cell, here);
                }

                @Override
                public @Nullable Object elsewhere(CellSource source) throws CellFailure {
                    if (!source.label().equals(run.label())) { // else the cell's own text is kept under it
                        sources.add(source);
                    }
                    return evaluateApart(source, source.code());
                }
            });
        } catch (MagicUsageException wrong) {
            throw magics.failure(use, wrong.getMessage());
        }
    }

    private @Nullable Object evaluateApart(CellSource source, String text) throws CellFailure {
        return new CellEvaluation(shell, commands, run, source, text, values, sources).evaluateAll();
    }

    private @Nullable Object evaluate(Expansion expansion, List<String> rest, int line) throws CellFailure {
        Shell.Evaluated evaluated = evaluateAsFits(expansion, rest, line);
        String source = expansion.java();
        int firstColumn = magics.columnOfPiece(line, source);
        notes.changedVariables();
        Object value = null;
        for (SnippetEvent event : evaluated.events()) {
            if (event.causeSnippet() != null) {
                if (event.snippet() instanceof DeclarationSnippet declaration && !(declaration instanceof VarSnippet)) {
                    notes.perhapsUnresolved(declaration);
                }
                continue;
            }
            if (event.status() == Snippet.Status.REJECTED) {
                List<Diag> all = errors(event);
                List<Diag> lasting = all.stream()
                        .filter(error -> !SealedFamilies.isForNow(error, evaluated.text()))
                        .toList();
                List<Diag> errors = lasting.isEmpty() ? all : lasting;
                if (!errors.isEmpty()
                        && errors.stream().noneMatch(error -> unresolved.isBehind(error.getMessage(Locale.ENGLISH)))) {
                    explain(expansion, evaluated, cause(expansion, evaluated, errors));
                }
                throw new CompileErrors(shell, cell, magics.all(), unresolved)
                        .report(evaluated, errors, offset -> magics.place(source, line, firstColumn, offset));
            }
            if (event.exception() != null || shell.engine().thrown() != null) {
                throw failures.thrown(event);
            }
            if (event.snippet() instanceof DeclarationSnippet declaration) {
                notes.perhapsUnresolved(declaration);
            }
            notes.warnings(
                    event.snippet(),
                    cell,
                    offset -> magics.place(
                            source, line, firstColumn, evaluated.text().writtenOffset(offset)));
            if (showsValue(event.snippet())) {
                // What System.out.printf returns is no result.
                value = shell.engine().value() instanceof PrintStream
                        ? null
                        : shell.engine().value();
            }
        }
        return value;
    }

    /**
     * Evaluates Java in which magics may stand. Where the compiler refuses what a magic was turned into, the magic may have
     * other Java for it: only the compiler knows whether a function returns anything.
     */
    private Shell.Evaluated evaluateAsFits(Expansion expansion, List<String> rest, int line) throws CellFailure {
        Shell.Evaluated evaluated = evaluate(expansion.java(), rest, line);
        Set<Use> settled = new HashSet<>();
        while (true) {
            Shell.Evaluated latest = evaluated;
            Optional<Diag> refused = refusal(latest).stream()
                    .filter(error -> expansion
                            .useAt(position(latest, error))
                            .filter(not(settled::contains))
                            .isPresent())
                    .findFirst();
            if (refused.isEmpty() || run.stopRequested()) {
                return evaluated;
            }
            Use use = expansion.useAt(position(latest, refused.get())).get();
            settled.add(use);
            evaluated = insteadOf(use, expansion, problem(latest, refused.get()), rest, line)
                    .orElse(evaluated);
        }
    }

    /** Puts the first of a use's other Java in its place that the compiler does not refuse; empty when there is none. */
    private Optional<Shell.Evaluated> insteadOf(
            Use use, Expansion expansion, Magic.Problem problem, List<String> rest, int line) throws CellFailure {
        for (Magic.Rewritten other : magics.instead(use, problem)) {
            magics.replace(use, other, expansion);
            Shell.Evaluated evaluated = evaluate(expansion.java(), rest, line);
            if (refusal(evaluated).stream()
                    .noneMatch(
                            error -> expansion.useAt(position(evaluated, error)).equals(Optional.of(use)))) {
                return Optional.of(evaluated);
            }
        }
        magics.replace(use, magics.java(use), expansion);
        return Optional.empty();
    }

    private Shell.Evaluated evaluate(String java, List<String> rest, int line) throws CellFailure {
        redeclarations.refuseBesideOthers(java, line);
        Supplier<Shell.Evaluated> evaluation =
                () -> shell.evaluate(families.inOneFile(java), rest, origin(line, java), run);
        Shell.Evaluated evaluated = imports.added(evaluation.get(), rest, origin(line, ""), evaluation);
        families.wrapper(java)
                .ifPresent(wrapper ->
                        membersKnown(shell.membersKnown(wrapper, java, evaluated.events(), run), origin(line, "")));
        return evaluated;
    }

    private void membersKnown(List<SnippetEvent> events, CodeOrigin origin) {
        List<VarSnippet> variables = new ArrayList<>();
        for (SnippetEvent event : events) {
            if (event.snippet() instanceof VarSnippet variable) {
                variables.add(variable);
            } else if (event.snippet() instanceof DeclarationSnippet declaration) {
                notes.left(declaration);
            }
        }
        if (!variables.isEmpty()) {
            notes.changedVariables();
            shell.keepUnresolved(variables, origin, run);
        }
    }

    /** The compiler's errors when it has refused the snippet. */
    private List<Diag> refusal(Shell.Evaluated evaluated) {
        return evaluated.events().stream()
                .filter(event -> event.causeSnippet() == null && event.status() == Snippet.Status.REJECTED)
                .flatMap(event -> errors(event).stream())
                .toList();
    }

    private List<Diag> errors(SnippetEvent event) {
        return shell.jshell().diagnostics(event.snippet()).filter(Diag::isError).toList();
    }

    /**
     * The error that others follow from: within a use the one about the largest piece, the later of two. Where the items
     * are wrong, some compilers first complain of the function that is given them.
     */
    private static Diag cause(Expansion expansion, Shell.Evaluated evaluated, List<Diag> errors) {
        Diag cause = errors.get(0);
        Optional<Use> use = expansion.useAt(position(evaluated, cause));
        for (Diag error : errors) {
            boolean larger = error.getEndPosition() - error.getStartPosition()
                    >= cause.getEndPosition() - cause.getStartPosition();
            if (larger
                    && use.isPresent()
                    && expansion.useAt(position(evaluated, error)).equals(use)) {
                cause = error;
            }
        }
        return cause;
    }

    /** Where an error lies in the text that JShell was given words more for. */
    private static int position(Shell.Evaluated evaluated, Diag error) {
        return evaluated.text().writtenOffset((int) Math.max(0, error.getPosition()));
    }

    private static Magic.Problem problem(Shell.Evaluated evaluated, Diag error) {
        String java = evaluated.text().text();
        int start = (int) Math.max(0, Math.min(error.getStartPosition(), java.length()));
        int end = (int) Math.max(start, Math.min(error.getEndPosition(), java.length()));
        return new Magic.Problem(CellFrames.plain(error.getMessage(Locale.ENGLISH)), java.substring(start, end));
    }

    /** @throws CellFailure with what the magic has to say, when the error lies in its Java and it has something to say */
    private void explain(Expansion expansion, Shell.Evaluated evaluated, Diag error) throws CellFailure {
        Optional<Use> use = expansion.useAt(position(evaluated, error));
        if (use.isPresent()) {
            Optional<String> words = magics.explanation(use.get(), problem(evaluated, error));
            if (words.isPresent()) {
                throw magics.failure(use.get(), words.get());
            }
        }
    }

    /** A declaration shows nothing, nor does an assignment, as in Python. */
    private static boolean showsValue(Snippet snippet) {
        return snippet.subKind() == Snippet.SubKind.TEMP_VAR_EXPRESSION_SUBKIND
                || snippet.kind() == Snippet.Kind.EXPRESSION && snippet.subKind() != Snippet.SubKind.ASSIGNMENT_SUBKIND;
    }
}
