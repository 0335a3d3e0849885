package manyjvm.kernel.session.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import jdk.jshell.Snippet;
import manyjvm.kernel.session.Session;
import manyjvm.kernel.session.SessionHost;
import manyjvm.kernel.session.SessionSettings;
import manyjvm.kernel.session.assistance.CodeAssistant;
import manyjvm.kernel.session.command.SessionCommands;
import manyjvm.kernel.session.execution.CellGuard;
import manyjvm.kernel.session.execution.CellRun;
import manyjvm.kernel.session.execution.CellStopped;
import manyjvm.kernel.session.execution.CodeOrigin;
import manyjvm.kernel.session.execution.Engine;
import manyjvm.kernel.session.execution.OpenRuns;
import manyjvm.kernel.session.execution.StuckCell;
import manyjvm.kernel.session.execution.UserThread;
import manyjvm.kernel.session.shell.SessionVariables;
import manyjvm.kernel.session.shell.Shell;
import manyjvm.kernel.session.source.CellSource;
import manyjvm.kernel.session.source.CellSources;
import manyjvm.kernel.session.source.HelpLines;
import manyjvm.kernel.session.text.CellFrames;
import manyjvm.kernel.spi.SessionClasses;
import org.jspecify.annotations.Nullable;

/**
 * A session of JShell in this JVM.
 *
 * <p>One lock guards JShell, which is not made for several threads. Who evaluates a cell holds it while it compiles and gives it
 * up while user code runs, which it does on a thread of its own ({@link Engine}, {@link UserThread}); so completion and
 * inspection wait for a compilation at most, never for a cell, and give up after {@link #PATIENCE_SECONDS}. So do the cells of
 * subshells: their statements are compiled between those of others, and run beside them ({@link OpenRuns} says what may not).
 * {@link #interrupt} does without that lock.
 */
public final class JavaSession implements Session {
    /** How long a question about code waits for a compilation; afterwards it is answered without JShell. */
    private static final long PATIENCE_SECONDS = 3;

    private static final long PATIENCE_MILLIS = TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS);
    private static final long IS_COMPLETE_MILLIS = 200;

    private final SessionHost host;
    private final SessionSettings settings;
    private final ReentrantLock lock = new ReentrantLock(true);
    private final OpenRuns open = new OpenRuns();
    private final CellSources sources = new CellSources();
    private final DefinedClasses classes = new DefinedClasses(this::started);
    /** A stop is never half done when its cell ends: the other half would hit the next cell. Held for moments. */
    private final Object stopping = new Object();

    private volatile @Nullable Thread starter;
    private volatile @Nullable Shell shell;
    private volatile @Nullable SessionCommands commands;
    /** Whether a cell has been run. Confined to whoever holds the lock. */
    private boolean begun;
    /** Guarded by the lock. */
    private @Nullable CodeAssistant assistant;

    private volatile boolean needed;
    private volatile boolean closed;

    private JavaSession(SessionHost host, SessionSettings settings) {
        this.host = host;
        this.settings = settings;
    }

    /** A session without settings of its user's. */
    public static JavaSession create(SessionHost host) {
        return create(host, SessionSettings.NONE);
    }

    /** A session that starts with {@link #warmUp}, or else with its first use. Costs nothing yet. */
    public static JavaSession create(SessionHost host, SessionSettings settings) {
        return new JavaSession(host, settings);
    }

    /**
     * Starts in the background, which takes a second or two, so that the first cell finds the session warm; then practises
     * until somebody needs the session. Returns at once.
     */
    @Override
    public void warmUp() {
        starter = new Thread(
                () -> {
                    warm();
                    Practice.run(host, () -> closed || needed);
                    warm();
                },
                "session-start");
        starter.setDaemon(true);
        starter.start();
    }

    /** Starts the session if need be, and has the compiler read what each cell needs. A block defines nothing. */
    private void warm() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            Shell ready = started();
            if (!closed && !needed) {
                ready.evaluate("{ int warm = 1 + 1; }", new CodeOrigin("startup", 1, ""), ready.startupRun());
                assistant().isComplete("1 + 1"); // a console asks that first
            }
        } finally {
            lock.unlock();
        }
    }

    /** Made when first needed: the classes of so many are loaded in the background, and not while the kernel starts. */
    private SessionCommands commands() {
        SessionCommands made = commands;
        if (made == null) {
            synchronized (sources) {
                made = commands;
                if (made == null) {
                    made = new SessionCommands(host, sources);
                    commands = made;
                }
            }
        }
        return made;
    }

    private Shell started() {
        Shell ready = shell;
        if (ready != null && !closed) {
            return ready;
        }
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("The session is closed.");
            }
            ready = shell;
            if (ready == null) {
                ready = new Shell(host, lock, open, settings);
                shell = ready;
            }
            return ready;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Run begin(int executionCount, Runnable join) {
        return begin(executionCount, join, () -> started().userThread());
    }

    private Run begin(int executionCount, Runnable join, Supplier<UserThread> thread) {
        needed = true;
        CellRun run = new CellRun("In[" + executionCount + "]", join);
        open.add(run);
        return new Cell(run, thread);
    }

    @Override
    public Subshell openSubshell() {
        return new OwnThread();
    }

    private final class OwnThread implements Subshell {
        /** Guarded by this object. */
        private @Nullable UserThread thread;

        @Override
        public Run begin(int executionCount, Runnable join) {
            return JavaSession.this.begin(executionCount, join, this::thread);
        }

        private synchronized UserThread thread() {
            if (thread == null) {
                thread = new UserThread("cell-subshell");
            }
            return thread;
        }

        @Override
        public synchronized void close() {
            if (thread != null) {
                thread.close();
            }
        }
    }

    /** Used on the thread that began it. */
    private final class Cell implements Run {
        private final CellRun run;
        private final Supplier<UserThread> thread;

        Cell(CellRun run, Supplier<UserThread> thread) {
            this.run = run;
            this.thread = thread;
        }

        @Override
        public Outcome run(String code, Consumer<Object> values) {
            HelpLines help = HelpLines.of(code);
            CellSource cell = new CellSource(run.label(), help.rest());
            CellSource whole = new CellSource(run.label(), code);
            sources.add(whole);
            Outcome outcome = evaluated(ready -> {
                if (!begun) {
                    begun = true;
                    new StartUp(settings)
                            .run(source -> evaluation(ready, source, any -> {}).evaluate(), sources);
                }
                return evaluation(ready, cell, values).evaluate();
            });
            for (HelpLines.Question question : help.questions()) {
                Outcome answer = outcome instanceof Outcome.Done ? answered(question, whole, values) : outcome;
                if (!(answer instanceof Outcome.Done)) {
                    return answer;
                }
            }
            return outcome;
        }

        /** Shows what the name means. */
        private Outcome answered(HelpLines.Question question, CellSource cell, Consumer<Object> values) {
            return evaluated(ready -> {
                String name = question.name();
                Optional<Inspection> found = assistant().inspect(name, name.length(), question.detail());
                if (found.isPresent()) {
                    values.accept(found.get());
                    return new Outcome.Done(Optional.empty());
                }
                String message = "nothing here is called " + name + assistant().nearest(name);
                int column =
                        Math.max(0, cell.line(question.line() + 1).orElse("").indexOf(name));
                return new Outcome.Failed(
                        "HelpError",
                        cell.label() + ":" + (question.line() + 1) + ": " + message,
                        cell.pointAt(question.line() + 1, column, name.length(), message, List.of()));
            });
        }

        @Override
        public Outcome evaluate(String expression) {
            CellSource cell = new CellSource(SessionVariables.EXPRESSION, expression);
            return evaluated(ready -> {
                List<Snippet> parsed = ready.analysis().sourceToSnippets(expression);
                boolean isExpression = parsed.size() == 1
                        && (parsed.get(0).kind() == Snippet.Kind.EXPRESSION
                                || parsed.get(0).kind() == Snippet.Kind.ERRONEOUS
                                || parsed.get(0).subKind() == Snippet.SubKind.TEMP_VAR_EXPRESSION_SUBKIND);
                if (!isExpression) {
                    String message = "not an expression: " + expression;
                    return new Outcome.Failed("CompilationError", message, List.of(message));
                }
                try {
                    return evaluation(ready, cell, value -> {}).evaluate();
                } finally {
                    ready.variables().dropResultsOfExpressions();
                }
            });
        }

        private CellEvaluation evaluation(Shell ready, CellSource cell, Consumer<Object> values) {
            return new CellEvaluation(ready, commands(), run, cell, cell.code(), values, sources);
        }

        private Outcome evaluated(Function<Shell, Outcome> evaluation) {
            try {
                run.take(lock);
            } catch (CellStopped stopped) {
                return CellEvaluation.stopped();
            }
            try {
                if (run.thread() == null) {
                    Shell ready = started();
                    run.attach(thread.get(), ready.loader());
                    CellGuard.forgetEndedRuns();
                }
                return evaluation.apply(Objects.requireNonNull(shell, "a run is attached to what has started"));
            } finally {
                lock.unlock();
            }
        }

        @Override
        public Outcome show(Supplier<?> look) {
            try {
                Outcome shown = run.inUserCode(() -> shown(look));
                return run.stopRequested() ? CellEvaluation.stopped() : shown;
            } catch (CellStopped stopped) {
                return CellEvaluation.stopped();
            } catch (Throwable impossible) {
                throw new IllegalStateException(impossible);
            }
        }

        @Override
        public Optional<String> nextInput() {
            return Optional.ofNullable(run.nextInput());
        }

        private Outcome shown(Supplier<?> look) {
            try {
                return new Outcome.Done(Optional.ofNullable(look.get()));
            } catch (Exception | Error failure) {
                return new Outcome.Failed(
                        CellFrames.typeName(failure.getClass().getName()),
                        CellFrames.message(failure),
                        CellFrames.traceback(failure, sources));
            }
        }

        @Override
        public void close() {
            synchronized (stopping) {
                open.remove(run);
            }
            run.end();
        }

        @Override
        public void interrupt(Runnable others) {
            stop(run, true, others);
        }
    }

    @Override
    public void interrupt(Runnable others) {
        open.all().forEach(run -> stop(run, true, others));
    }

    /** @param watched whether somebody is left who reads where a cell hangs that does not end */
    private void stop(CellRun run, boolean watched, Runnable others) {
        synchronized (stopping) {
            if (!open.has(run)) {
                return;
            }
            if (run.requestStop() && watched) {
                StuckCell.watch(run, commands().magics().containsKey("process"));
            }
            open.look();
            others.run();
            CellGuard.stop(run, open.all().stream().allMatch(CellRun::stopRequested));
            run.interruptThreads();
        }
    }

    /**
     * A console stands still until the answer is there, and the first of Debian's breaks down after half a second. So while the
     * session starts, or somebody else has it, the text alone tells.
     */
    @Override
    public Completeness isComplete(String code) {
        needed = true;
        Optional<Completeness> told = shell == null
                ? Optional.empty()
                : ask(Optional.empty(), IS_COMPLETE_MILLIS, assistant -> Optional.of(assistant.isComplete(code)));
        return told.orElseGet(() -> CodeAssistant.isCompleteByText(code));
    }

    @Override
    public Completions complete(String code, int cursor) {
        return ask(
                new Completions(List.of(), cursor, cursor),
                PATIENCE_MILLIS,
                assistant -> assistant.complete(code, cursor));
    }

    @Override
    public Optional<Inspection> inspect(String code, int cursor, int detail) {
        return ask(Optional.empty(), PATIENCE_MILLIS, assistant -> assistant.inspect(code, cursor, detail));
    }

    private <T> T ask(T otherwise, long patience, Function<CodeAssistant, T> question) {
        needed = true;
        boolean locked = false;
        try {
            locked = lock.tryLock(patience, TimeUnit.MILLISECONDS);
            return locked && !closed ? question.apply(assistant()) : otherwise;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return otherwise;
        } finally {
            if (locked) {
                lock.unlock();
            }
        }
    }

    private List<String> latestCells() {
        List<String> cells = new ArrayList<>();
        sources.cells().forEach(cell -> cells.add(0, cell.code()));
        return cells;
    }

    private CodeAssistant assistant() {
        CodeAssistant known = assistant;
        if (known == null) {
            known = new CodeAssistant(started(), commands(), this::latestCells);
            assistant = known;
        }
        return known;
    }

    @Override
    public SessionClasses classes() {
        return classes;
    }

    /** Interrupts a running cell, and waits a few seconds at most for it. */
    @Override
    public void close() {
        closed = true;
        open.all().forEach(run -> stop(run, false, () -> {}));
        boolean locked = false;
        try {
            if (starter != null) {
                // Practice has a folder of its own to remove.
                starter.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            }
            locked = lock.tryLock(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        try {
            Shell last = shell;
            if (last != null) {
                last.close();
            }
        } finally {
            if (locked) {
                lock.unlock();
            }
        }
    }
}
