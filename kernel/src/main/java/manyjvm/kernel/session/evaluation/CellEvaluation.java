package manyjvm.kernel.session.evaluation;

import static java.util.function.Predicate.not;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.Diag;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.TypeDeclSnippet;
import jdk.jshell.UnresolvedReferenceException;
import jdk.jshell.VarSnippet;
import manyjvm.kernel.session.Session.Outcome;
import manyjvm.kernel.session.command.SessionCommands;
import manyjvm.kernel.session.execution.CellRun;
import manyjvm.kernel.session.execution.CellStopped;
import manyjvm.kernel.session.execution.CodeOrigin;
import manyjvm.kernel.session.shell.Shell;
import manyjvm.kernel.session.shell.Unresolved;
import manyjvm.kernel.session.source.CellSource;
import manyjvm.kernel.session.source.Expansion;
import manyjvm.kernel.session.source.MagicScanner;
import manyjvm.kernel.session.source.MagicScanner.Scan;
import manyjvm.kernel.session.source.MagicScanner.Use;
import manyjvm.kernel.session.source.Piece;
import manyjvm.kernel.session.source.SealedFamilies;
import manyjvm.kernel.session.source.Spelling;
import manyjvm.kernel.session.source.Syntax;
import manyjvm.kernel.session.text.CellFrames;
import manyjvm.kernel.session.text.ObjectNames;
import manyjvm.kernel.spi.Magic;
import manyjvm.kernel.spi.Magic.MagicUsageException;

/**
 * Evaluates one cell, snippet by snippet. What is wrong with the cell as a whole (an unknown magic, text that is no Java) is
 * found before anything runs; a magic is asked for its Java when its turn comes, and then knows all names before it. Confined to
 * the thread that evaluates the cell, which holds the session's lock but for the time that user code runs.
 */
final class CellEvaluation {
    /** JShell takes {@code private record R() {}}, and no interface may have it. */
    private static final Set<String> OF_MEMBERS_ALONE =
            Set.of("compiler.err.mod.not.allowed.here", "compiler.err.illegal.combination.of.modifiers");

    private final Shell shell;
    private final SessionCommands commands;
    private final Map<String, Magic> magics;
    private final CellRun run;
    private final CellSource cell;
    private final Consumer<Object> values;
    private final BiFunction<String, Integer, Optional<String>> sourceLines;
    private final Unresolved unresolved;
    private final Set<DeclarationSnippet> perhapsUnresolved = new LinkedHashSet<>();
    /** Those that mean a type which has become a member of a family in one interface. */
    private final Set<DeclarationSnippet> left = new LinkedHashSet<>();
    /** The families of which the old types are gone and the new ones are not yet there. */
    private final Map<SealedFamilies.Whole, Replaced> replacing = new HashMap<>();

    /**
     * What waits for the new types of a family.
     *
     * @param types names of the old ones
     */
    private record Replaced(Set<String> types, List<VarSnippet> variables) {}

    private Scan scan;
    private SealedFamilies families = SealedFamilies.of("", List.of(), piece -> true);

    CellEvaluation(
            Shell shell,
            SessionCommands commands,
            CellRun run,
            CellSource cell,
            Consumer<Object> values,
            BiFunction<String, Integer, Optional<String>> sourceLines) {
        this.shell = shell;
        this.commands = commands;
        this.magics = commands.magics();
        this.run = run;
        this.cell = cell;
        this.values = values;
        this.sourceLines = sourceLines;
        this.unresolved = new Unresolved(shell, run);
    }

    Outcome evaluate() {
        try {
            run.stopIfRequested();
            Object last = evaluateAll();
            run.stopIfRequested();
            return new Outcome.Done(Optional.ofNullable(last));
        } catch (CellFailure failure) {
            return run.stopRequested() ? new Outcome.Interrupted(interruptedTraceback()) : failure.outcome();
        } catch (CellStopped stopped) {
            return new Outcome.Interrupted(interruptedTraceback());
        } catch (RuntimeException | Error failure) {
            return run.stopRequested() ? new Outcome.Interrupted(interruptedTraceback()) : compilerFailed(failure);
        }
    }

    /** The outcome of a cell that was stopped before it came to its code, or after. */
    static Outcome stopped() {
        return new Outcome.Interrupted(List.of("Interrupted"));
    }

    /** What user code throws never comes here: the compiler, or we, could not cope with the cell. */
    private Outcome compilerFailed(Throwable failure) {
        List<Throwable> chain = CellFrames.chain(failure);
        Throwable root = chain.get(chain.size() - 1);
        boolean ofCompiler = root.getStackTrace().length > 0
                && root.getStackTrace()[0].getClassName().startsWith("com.sun.tools.javac.");
        String message = root instanceof StackOverflowError
                ? "this cell is nested too deeply for the compiler: split it up"
                : root instanceof OutOfMemoryError
                        ? "the kernel ran out of memory while compiling this cell"
                        : ofCompiler
                                ? "the compiler of JDK " + Runtime.version().feature() + " breaks down on this cell ("
                                        + root.getClass().getSimpleName() + "), mostly on something that is no Java:"
                                        + " look for a slip, in a lambda above all, or write it in another way"
                                : "the session failed on this cell (" + root + "); please report it with the cell";
        List<String> traceback = new ArrayList<>(List.of("CompilationError: " + message));
        if (!(root instanceof VirtualMachineError) && !ofCompiler) {
            for (StackTraceElement frame : root.getStackTrace()) {
                traceback.add("    at " + frame);
            }
        }
        return new Outcome.Failed("CompilationError", message, traceback);
    }

    private Object evaluateAll() throws CellFailure {
        scan = MagicScanner.scan(cell.code(), this::isKnown);
        for (Use use : scan.uses()) {
            if (!isKnown(use.name())) {
                throw magicFailure(use, unknown(use));
            }
        }
        if (scan.cellMagic().isPresent()) {
            return evaluateCellMagic(scan.cellMagic().get());
        }
        List<Piece> pieces = shell.split(scan.java());
        refuseMalformed(pieces);
        Optional<Piece> end = pieces.isEmpty() ? Optional.empty() : Optional.of(pieces.get(pieces.size() - 1));
        families = SealedFamilies.of(scan.java(), pieces, this::namesFollow);
        pieces = families.pieces();
        Map<String, String> membersBefore = shell.choices().giveWay(families.alone());
        try {
            Object last = evaluateInOrder(pieces, end);
            noteUnresolved();
            noteOldObjects();
            return last;
        } finally {
            shell.choices().putBack(membersBefore);
            List.copyOf(replacing.keySet()).forEach(this::noteHalfReplaced);
        }
    }

    /** Returns the value of the piece at the end of the cell, which need not be the last in order. */
    private Object evaluateInOrder(List<Piece> pieces, Optional<Piece> end) throws CellFailure {
        Object last = null;
        for (int i = 0; i < pieces.size(); i++) {
            // Half a family is of no use: a stop waits for the rest, which is compiled but does not run.
            if (replacing.isEmpty()) {
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
            noteVariablesOfFamily(pieces.get(i));
            if (end.equals(Optional.of(pieces.get(i)))) {
                last = value;
            } else if (value != null && commands.showsAll()) {
                show(value);
            }
        }
        return last;
    }

    /**
     * A new sealed type does not go with old subtypes, and JShell takes one type at a time. So the old types of a family go
     * before the first of the new ones comes, once the compiler has accepted all of these: a cell that it refuses changes nothing.
     */
    private void makeWayFor(SealedFamilies.Whole family, List<String> rest) throws CellFailure {
        List<TypeDeclSnippet> old = shell.jshell()
                .types()
                .filter(type -> family.names().contains(type.name()))
                .toList();
        String source = family.joined().source();
        if (old.isEmpty() || MagicScanner.PLACEHOLDER.matcher(source).find()) {
            return;
        }
        List<Diag> refusal = refusal(evaluate(source, rest, lineOf(family.joined()))).stream()
                .filter(error -> !OF_MEMBERS_ALONE.contains(error.getCode()))
                .toList();
        if (refusal.stream().anyMatch(CompileErrors::isOfSealedTypes)) {
            // A type of another cell may belong to the family: one by one they may do.
            return;
        }
        if (!refusal.isEmpty()) {
            // Again, for the failure that says so.
            evaluate(family.joined(), rest);
        }
        dropTypes(type -> type.name().equals(family.wrapper()));
        Set<String> sealed = Syntax.types(source).stream()
                .filter(Syntax.Type::sealed)
                .map(Syntax.Type::path)
                .filter(name -> old.stream().anyMatch(type -> type.name().equals(name)))
                .collect(Collectors.toSet());
        // The new family as a whole compiles without these.
        Map<String, String> left = new TreeMap<>();
        shell.jshell().types().filter(type -> !old.contains(type)).forEach(type -> Syntax.types(type.source()).stream()
                .limit(1)
                .flatMap(one -> one.supertypes().stream().filter(sealed::contains))
                .findFirst()
                .ifPresent(top -> left.put(type.name(), top)));
        left.forEach((type, top) -> System.err.println(
                "note: the type " + type + " is gone, because " + top + " does not permit it any more"));
        List<VarSnippet> variables = dropTypes(type -> old.contains(type) || left.containsKey(type.name()));
        replacing.put(
                family, new Replaced(old.stream().map(TypeDeclSnippet::name).collect(Collectors.toSet()), variables));
    }

    /** Returns the variables that cannot be used any more. */
    private List<VarSnippet> dropTypes(Predicate<TypeDeclSnippet> which) {
        List<VarSnippet> variables = new ArrayList<>();
        for (SnippetEvent event :
                shell.drop(shell.jshell().types().filter(which).toList(), run)) {
            if (event.snippet() instanceof VarSnippet variable) {
                variables.add(variable);
            } else if (event.snippet() instanceof DeclarationSnippet declaration) {
                perhapsUnresolved.add(declaration);
            }
        }
        return variables;
    }

    /** With all of the family there, what is not declared again by now needs more than that. */
    private void noteVariablesOfFamily(Piece piece) {
        for (SealedFamilies.Whole family : List.copyOf(replacing.keySet())) {
            if (families.endsWith(piece, family)) {
                keepVariables(replacing.remove(family), piece);
            }
        }
    }

    /** The cell has ended, with an import or a magic between the types of the family, say, before all of these were there. */
    private void noteHalfReplaced(SealedFamilies.Whole family) {
        Replaced replaced = replacing.remove(family);
        replaced.types().stream()
                .filter(name ->
                        shell.jshell().types().noneMatch(type -> type.name().equals(name)))
                .sorted()
                .forEach(name -> System.err.println("note: the type " + name
                        + " is gone, because the cell that declares its family anew ended before it: run it again"));
        keepVariables(replaced, family.joined());
    }

    private void keepVariables(Replaced replaced, Piece piece) {
        shell.keepUnresolved(replaced.variables(), new CodeOrigin(cell.label(), lineOf(piece) + 1, ""), run);
        noteChangedVariables();
    }

    /** What follows an import, or a magic that may load a library, may need it. */
    private boolean namesFollow(Piece piece) {
        return Syntax.isImport(piece.source())
                || MagicScanner.PLACEHOLDER.matcher(piece.source()).find();
    }

    /** A value's {@code toString} may be the user's. */
    private void show(Object value) {
        run(() -> {
            values.accept(value);
            return null;
        });
    }

    /** For what may come to a method of the user's outside of a snippet. */
    private <T> T run(Supplier<T> code) {
        try {
            return shell.engine().withoutLock(run, code::get);
        } catch (MagicUsageException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private Object evaluateCellMagic(Use use) throws CellFailure {
        if (use.help()) {
            System.out.println(usage(use.name()));
            return null;
        }
        if (!magics.containsKey(use.name())) {
            throw magicFailure(use, "%" + use.name() + " is a line magic: write it with one %");
        }
        Expansion expansion = new Expansion();
        expandCell(use, expansion);
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
    private Object evaluate(Piece piece, List<String> rest) throws CellFailure {
        int line = lineOf(piece);
        Optional<Use> alone = scan.uses().stream()
                .filter(use -> piece.source().strip().equals(use.placeholder() + ";"))
                .findFirst();
        if (alone.isPresent() && !alone.get().asValue()) {
            Use use = alone.get();
            if (use.help()) {
                System.out.println(usage(use.name()));
                return null;
            }
            if (!magics.containsKey(use.name())) {
                command(use);
                return null;
            }
        }
        Expansion expansion = new Expansion();
        expand(piece.source(), expansion);
        return evaluate(expansion, rest, line);
    }

    private int lineOf(Piece piece) {
        return (int) scan.java()
                .substring(0, piece.offset())
                .chars()
                .filter(c -> c == '\n')
                .count();
    }

    private void command(Use use) throws CellFailure {
        try {
            commands.byName().get(use.name()).run(use.arguments(), shell, run);
        } catch (MagicUsageException wrong) {
            throw magicFailure(use, wrong.getMessage());
        }
    }

    private Object evaluate(Expansion expansion, List<String> rest, int line) throws CellFailure {
        Shell.Evaluated evaluated = evaluateAsFits(expansion, rest, line);
        String source = expansion.java();
        int firstColumn = columnOfPiece(line, source);
        noteChangedVariables();
        Object value = null;
        for (SnippetEvent event : evaluated.events()) {
            if (event.causeSnippet() != null) {
                if (event.snippet() instanceof DeclarationSnippet declaration && !(declaration instanceof VarSnippet)) {
                    perhapsUnresolved.add(declaration);
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
                throw new CompileErrors(shell, cell, magics.values(), unresolved)
                        .report(evaluated, errors, offset -> place(source, line, firstColumn, offset));
            }
            if (event.exception() != null || shell.engine().thrown() != null) {
                throw thrown(event);
            }
            if (event.snippet() instanceof DeclarationSnippet declaration) {
                perhapsUnresolved.add(declaration);
            }
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
        for (Magic.Rewritten other : magics.get(use.name()).instead(call(use), problem)) {
            expansion.replace(use, before(use, other), after(use, other));
            Shell.Evaluated evaluated = evaluate(expansion.java(), rest, line);
            if (refusal(evaluated).stream()
                    .noneMatch(
                            error -> expansion.useAt(position(evaluated, error)).equals(Optional.of(use)))) {
                return Optional.of(evaluated);
            }
        }
        Magic.Rewritten first = java(use);
        expansion.replace(use, before(use, first), after(use, first));
        return Optional.empty();
    }

    private Shell.Evaluated evaluate(String java, List<String> rest, int line) {
        Shell.Evaluated evaluated =
                shell.evaluate(families.inOneFile(java), rest, new CodeOrigin(cell.label(), line + 1, java), run);
        families.wrapper(java)
                .ifPresent(wrapper -> membersKnown(
                        shell.membersKnown(wrapper, java, evaluated.events(), run),
                        new CodeOrigin(cell.label(), line + 1, "")));
        return evaluated;
    }

    private void membersKnown(List<SnippetEvent> events, CodeOrigin origin) {
        List<VarSnippet> variables = new ArrayList<>();
        for (SnippetEvent event : events) {
            if (event.snippet() instanceof VarSnippet variable) {
                variables.add(variable);
            } else if (event.snippet() instanceof DeclarationSnippet declaration) {
                left.add(declaration);
            }
        }
        if (!variables.isEmpty()) {
            noteChangedVariables();
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
        return new Magic.Problem(
                ObjectNames.withoutFamilies(error.getMessage(Locale.ENGLISH)), java.substring(start, end));
    }

    /** @throws CellFailure with what the magic has to say, when the error lies in its Java and it has something to say */
    private void explain(Expansion expansion, Shell.Evaluated evaluated, Diag error) throws CellFailure {
        Optional<Use> use = expansion.useAt(position(evaluated, error));
        if (use.isPresent()) {
            Optional<String> words = magics.get(use.get().name()).explain(call(use.get()), problem(evaluated, error));
            if (words.isPresent()) {
                throw magicFailure(use.get(), words.get());
            }
        }
    }

    /** A declaration shows nothing, nor does an assignment, as in Python. */
    private static boolean showsValue(Snippet snippet) {
        return snippet.subKind() == Snippet.SubKind.TEMP_VAR_EXPRESSION_SUBKIND
                || snippet.kind() == Snippet.Kind.EXPRESSION && snippet.subKind() != Snippet.SubKind.ASSIGNMENT_SUBKIND;
    }

    private CellFailure thrown(SnippetEvent event) {
        Throwable thrown = shell.engine().thrown();
        if (event.exception() instanceof UnresolvedReferenceException reference) {
            DeclarationSnippet declaration = reference.getSnippet();
            return failure(
                    "UnresolvedReferenceException", Unresolved.cannotRun(declaration) + unresolved.reason(declaration));
        }
        if (thrown == null) {
            String message = String.valueOf(event.exception());
            return failure(event.exception().getClass().getName(), message);
        }
        // The exception's getMessage() and getCause() may be the user's.
        return run(() -> {
            Optional<String> advice = shell.oldObjects().advice(thrown);
            List<String> traceback = CellFrames.traceback(thrown, sourceLines);
            advice.ifPresent(traceback::add);
            return new CellFailure(
                    CellFrames.typeName(thrown.getClass().getName()),
                    CellFrames.message(thrown) + advice.map(text -> "; " + text).orElse(""),
                    traceback);
        });
    }

    private List<String> interruptedTraceback() {
        List<String> lines = new ArrayList<>(List.of("Interrupted"));
        Throwable thrown = shell.engine().thrown();
        if (thrown != null) {
            CellFrames.shown(thrown.getStackTrace()).stream().limit(10).forEach(frame -> lines.add("    at " + frame));
        }
        return lines;
    }

    private static CellFailure failure(String name, String message) {
        return new CellFailure(name, message, List.of(name + ": " + message));
    }

    private void noteChangedVariables() {
        for (String name : shell.engine().resetVariables()) {
            System.err.println("note: the variable " + name
                    + " was reset to its default, because its value is of a type that was just redefined");
        }
        for (String name : shell.engine().lostVariables()) {
            System.err.println("note: the variable " + name + " is gone, because its declaration no longer compiles");
        }
    }

    /** At the end, since the cell may have made them anew. */
    private void noteOldObjects() {
        if (shell.oldObjects().hasNews()) {
            run(shell.oldObjects()::news).forEach(line -> System.err.println("note: " + line));
        }
    }

    private void noteUnresolved() {
        perhapsUnresolved.removeAll(left);
        left.stream()
                .filter(unresolved::isUnresolved)
                .forEach(declaration -> System.err.println("note: " + Unresolved.title(declaration)
                        + " cannot be used until its cell is run again, because it means an older type"));
        for (DeclarationSnippet declaration : perhapsUnresolved) {
            if (unresolved.isUnresolved(declaration)) {
                System.err.println("note: " + Unresolved.title(declaration) + " cannot be used until "
                        + unresolved.condition(declaration));
            }
        }
    }

    // ---- magics

    private boolean isKnown(String name) {
        return magics.containsKey(name) || commands.byName().containsKey(name);
    }

    private String usage(String name) {
        Magic magic = magics.get(name);
        return magic == null ? commands.byName().get(name).usage() : magic.usage();
    }

    private String unknown(Use use) {
        return "there is no magic %" + use.name()
                + Spelling.nearest(use.name(), commands.names())
                        .map(near -> ": did you mean %" + near + "?")
                        .orElse("; %lsmagic lists them");
    }

    private CellFailure magicFailure(Use use, String message) {
        List<String> lines = message.lines().toList();
        String first = lines.isEmpty() ? "" : lines.get(0);
        int width = use.name().length() + (use.body().isPresent() ? 2 : 1);
        List<String> details = lines.size() > 1 ? lines.subList(1, lines.size()) : List.of();
        return new CellFailure(
                "MagicError",
                cell.label() + ":" + (use.line() + 1) + ": " + first,
                cell.pointAt(use.line() + 1, use.column(), width, first, details));
    }

    /** Adds text with the magics' Java in the places of the placeholders. */
    private void expand(String text, Expansion expansion) throws CellFailure {
        int at = 0;
        Matcher placeholder = MagicScanner.PLACEHOLDER.matcher(text);
        while (placeholder.find()) {
            if (Integer.parseInt(placeholder.group(1)) >= scan.uses().size()) {
                continue; // a method of the user's that has such a name
            }
            Use use = scan.uses().get(Integer.parseInt(placeholder.group(1)));
            if (use.help() || !magics.containsKey(use.name())) {
                throw magicFailure(use, "%" + use.name() + " stands alone on its line, outside of blocks");
            }
            expansion.addText(text.substring(at, placeholder.start()));
            expansion.addBefore(use, before(use, java(use)));
            at = placeholder.end();
        }
        expansion.addText(text.substring(at));
    }

    private void expandCell(Use use, Expansion expansion) throws CellFailure {
        Magic.Rewritten java = java(use);
        String body = use.body().orElse("");
        expansion.addBefore(use, before(use, java));
        expand("\n" + body.stripTrailing() + lineCommentEnd(body), expansion);
        expansion.addAfter(use, after(use, java));
    }

    private Magic.Rewritten java(Use use) throws CellFailure {
        try {
            return magics.get(use.name()).rewrite(call(use));
        } catch (MagicUsageException wrong) {
            throw magicFailure(use, wrong.getMessage());
        }
    }

    private Magic.Call call(Use use) {
        return new Magic.Call(use.arguments(), use.body(), use.asValue(), shell.names());
    }

    private String before(Use use, Magic.Rewritten java) throws CellFailure {
        if (java.declares().isEmpty()) {
            return oneLine(java.before());
        }
        if (use.asValue()) {
            throw magicFailure(use, "the result has a name already: remove one of the two names");
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

    // ---- places

    private int columnOfPiece(int line, String source) {
        String text = cell.line(line + 1).orElse("");
        String first = source.lines().findFirst().orElse("");
        int column = text.indexOf(first.endsWith(";") ? first.substring(0, first.length() - 1) : first);
        return Math.max(0, column);
    }

    /** An offset into a piece as line (from 1) and column of the cell; what a magic was turned into lies at its {@code %}. */
    private int[] place(String source, int line, int firstColumn, int offset) {
        String before = source.substring(0, Math.min(offset, source.length()));
        int below = (int) before.chars().filter(c -> c == '\n').count();
        int column = before.length() - (before.lastIndexOf('\n') + 1) + (below == 0 ? firstColumn : 0);
        int lineInCell = line + below;
        for (Use use : scan.uses()) {
            if (use.line() == lineInCell && column > use.column()) {
                column = use.column();
            }
        }
        int lastLine =
                (int) cell.code().stripTrailing().chars().filter(c -> c == '\n').count();
        return new int[] {Math.min(lineInCell, lastLine) + 1, column};
    }
}
