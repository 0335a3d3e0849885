package manyjvm.parallel.driver;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import manyjvm.parallel.spi.OutputOrigin;
import manyjvm.parallel.spi.OutputSink;
import manyjvm.parallel.spi.ProgressReport;
import org.jspecify.annotations.Nullable;

/**
 * Text of workers on the standard output and error of a plain program. A thread of its own prints it, in order, since a pipe
 * that nobody reads blocks whoever prints, and a stream that the program has set runs the user's code. The thread ends when
 * it has been idle for a while. It draws the line of progress, too, where standard error is a terminal: the latest state
 * alone, when no text waits.
 */
final class TerminalSink implements OutputSink {
    private static final Object TERMINAL = "terminal";
    private static final System.Logger LOG = System.getLogger("manyjvm.parallel");

    /** More characters than this that are not printed yet, and workers that print must wait. */
    private static final int MOST_WAITING = 1 << 20;

    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long BETWEEN_DRAWS = TimeUnit.MILLISECONDS.toNanos(100);

    /** How long a closing driver waits for the next piece of text to be printed, and for what it says then. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** @param line whether it is the last of a line of progress */
    private record Piece(Stream stream, String text, boolean line) {}

    /** Instead of a piece: the line of progress is to be drawn. */
    private static final Piece REDRAW = new Piece(Stream.STDERR, "", true);

    // all guarded by this
    private final ArrayDeque<Piece> waiting = new ArrayDeque<>(); // with the one that is being printed
    private final TreeMap<Long, List<Runnable>> commands = new TreeMap<>(); // by mark
    private long characters; // of what is waiting
    private long taken;
    private long shown;
    private @Nullable Thread printer; // null: none runs
    private boolean closed;
    private boolean givenUp;
    private final TreeMap<Long, ProgressReport> underWay = new TreeMap<>(); // by the number of the line
    private boolean redraw; // what is under way has changed, or text was printed over it
    private long drawnAt = System.nanoTime() - BETWEEN_DRAWS;

    private @Nullable Optional<TerminalLine> terminal; // null before it has been looked for; the driver's thread's

    private volatile @Nullable TerminalLine line; // the same for the printer; null for none
    private volatile long drawing; // written by the printer: nanoseconds

    private boolean failureTold; // the printer's

    /** The last text had no line end: nothing can be drawn without tearing it. The printer's, also before there is a line. */
    private boolean textUnfinished;

    private final ThreadFactory threads;
    private final Supplier<Optional<TerminalLine>> findTerminal;

    TerminalSink() {
        this(task -> new Thread(task, "parallel-terminal"), TerminalLine::ofStandardError);
    }

    /**
     * @param threads makes the one that prints
     * @param findTerminal gives the line of progress its place, if there is one; called once, when there is a line
     */
    TerminalSink(ThreadFactory threads, Supplier<Optional<TerminalLine>> findTerminal) {
        this.threads = threads;
        this.findTerminal = findTerminal;
    }

    @Override
    public Object place() {
        return TERMINAL;
    }

    @Override
    public synchronized void write(Object place, OutputOrigin origin, Stream stream, String text) {
        if (givenUp) {
            return; // as was said
        }
        add(new Piece(stream, text, false));
    }

    private void add(Piece piece) {
        waiting.add(piece);
        characters += piece.text().length();
        taken++;
        if (hasPrinter()) {
            notifyAll();
        }
    }

    @Override
    public boolean showsProgress() {
        return terminal().isPresent();
    }

    private Optional<TerminalLine> terminal() {
        Optional<TerminalLine> known = terminal;
        if (known == null) {
            known = findTerminal.get();
            terminal = known;
            line = known.orElse(null);
        }
        return known;
    }

    /** Without a terminal, the last line alone is printed, where somebody has asked for it. */
    @Override
    public void progress(Object place, ProgressReport report) {
        boolean drawn = terminal().isPresent();
        synchronized (this) {
            if (givenUp || !drawn && (report.end().isEmpty() || !report.asked())) {
                return;
            }
            if (report.end().isEmpty()) {
                underWay.put(report.line(), report);
                redraw();
            } else {
                underWay.remove(report.line());
                add(
                        drawn
                                ? new Piece(Stream.STDERR, report.toString(), true)
                                : new Piece(Stream.STDERR, report + "\n", false));
            }
        }
    }

    @Override
    public long drawingNanos() {
        return drawing;
    }

    private void redraw() {
        redraw = !underWay.isEmpty();
        if (redraw && hasPrinter()) {
            notifyAll();
        }
    }

    /** Whether a thread prints what is waiting; a missing one is started. */
    private boolean hasPrinter() {
        if (printer == null) {
            try {
                Thread thread = threads.newThread(this::print);
                thread.setDaemon(true);
                thread.start();
                printer = thread;
            } catch (OutOfMemoryError noThread) {
                // of the system, say: the text waits, and whatever asks for a printer next tries again
            }
        }
        return printer != null;
    }

    @Override
    public synchronized long taken() {
        return taken;
    }

    @Override
    public synchronized boolean hasShown(long mark) {
        return shown >= mark;
    }

    /** Where no thread can be had to print the text, the command runs before it: it must not wait for what may never come. */
    @Override
    public void whenShown(long mark, Runnable command) {
        synchronized (this) {
            if (shown < mark && hasPrinter()) {
                commands.computeIfAbsent(mark, any -> new ArrayList<>()).add(command);
                return;
            }
        }
        command.run();
    }

    @Override
    public synchronized boolean isBehind() {
        return characters > MOST_WAITING;
    }

    private void print() {
        try {
            printAll();
        } finally {
            leave();
        }
    }

    /** The printer ends. If something has ended it that is not foreseen, another one takes over what waits, or nobody waits. */
    private void leave() {
        List<Runnable> due;
        synchronized (this) {
            if (printer != Thread.currentThread()) {
                return; // as it is meant to: there may be a new one by now
            }
            printer = null;
            due = waiting.isEmpty() || hasPrinter() ? List.of() : take(commands.values());
        }
        runAll(due);
    }

    private void printAll() {
        for (Piece piece = next(); piece != null; piece = next()) {
            try {
                if (piece.line()) {
                    draw(piece);
                    continue;
                }
                TerminalLine foot = line;
                if (foot != null) {
                    foot.wipe();
                }
                textUnfinished = !piece.text().endsWith("\n");
                PrintStream target = piece.stream() == Stream.STDOUT ? System.out : System.err;
                target.print(piece.text());
                target.flush();
            } catch (Throwable failure) { // of a stream that the program has set: it runs the user's code
                tellOnce(piece.stream(), failure);
            } finally {
                printed(piece);
            }
        }
    }

    private void draw(Piece piece) {
        TerminalLine foot = Objects.requireNonNull(line, "a terminal to draw on");
        if (piece != REDRAW) {
            foot.end((textUnfinished ? "\n" : "") + piece.text());
            textUnfinished = false;
            return;
        }
        if (textUnfinished) {
            return;
        }
        Optional<String> text;
        synchronized (this) {
            text = Optional.ofNullable(underWay.firstEntry())
                    .map(first -> first.getValue()
                            + (underWay.size() == 1 ? "" : "  and " + (underWay.size() - 1) + " more"));
        }
        long begun = System.nanoTime();
        text.ifPresent(foot::draw);
        drawing += System.nanoTime() - begun;
    }

    /** The piece whose turn it is; null when there has been none for long, and the thread must end. */
    private synchronized @Nullable Piece next() {
        long idle = System.nanoTime();
        while (waiting.isEmpty()) {
            long now = System.nanoTime();
            if (redraw && now - drawnAt >= BETWEEN_DRAWS) {
                redraw = false;
                drawnAt = now;
                return REDRAW;
            }
            long left = redraw ? BETWEEN_DRAWS - (now - drawnAt) : IDLE_NANOS - (now - idle);
            if (closed || left <= 0) {
                printer = null; // while nothing can be written: what comes next starts another one
                return null;
            }
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } catch (InterruptedException stray) {
                // by a stream that the program has set: nobody else knows this thread
            }
        }
        return waiting.peek();
    }

    private void printed(Piece piece) {
        List<Runnable> due;
        synchronized (this) {
            if (givenUp || piece == REDRAW) {
                return;
            }
            redraw = !underWay.isEmpty();
            waiting.remove();
            characters -= piece.text().length();
            shown++;
            due = take(commands.headMap(shown, true).values());
            notifyAll(); // a closing driver waits
        }
        runAll(due);
    }

    /** Each of them, whatever becomes of the others: somebody waits for each. */
    private static void runAll(List<Runnable> commands) {
        for (Runnable command : commands) {
            try {
                command.run();
            } catch (Throwable failure) {
                log("whoever waited for text of workers may not know that it is printed", failure);
            }
        }
    }

    private static List<Runnable> take(Collection<List<Runnable>> some) {
        List<Runnable> due = new ArrayList<>();
        some.forEach(due::addAll);
        some.clear();
        return due;
    }

    private void tellOnce(Stream stream, Throwable failure) {
        if (failureTold) {
            return;
        }
        failureTold = true;
        log(
                "text of workers is lost: System." + (stream == Stream.STDOUT ? "out" : "err")
                        + ", which the program has set, failed to print it",
                failure);
    }

    private static void log(String message, Throwable failure) {
        try {
            LOG.log(System.Logger.Level.WARNING, message, failure);
        } catch (Throwable broken) {
            // the logger prints to the same stream: there is no other place to say it
        }
    }

    /** Waits until all is printed, as long as that goes on. */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        long lost;
        List<Runnable> due;
        @Nullable Thread last;
        synchronized (this) {
            closed = true;
            if (!waiting.isEmpty()) {
                hasPrinter(); // or it is tried in vain once more, and what waits is lost
            }
            long seen = shown;
            long since = System.nanoTime();
            while (!waiting.isEmpty() && !givenUp) {
                long left = PATIENCE.toNanos() - (System.nanoTime() - since);
                if (left <= 0) {
                    givenUp = true;
                    break;
                }
                try {
                    TimeUnit.NANOSECONDS.timedWait(this, left);
                } catch (InterruptedException again) {
                    interrupted = true; // a driver that closes loses nothing
                }
                if (shown > seen) {
                    seen = shown;
                    since = System.nanoTime();
                }
            }
            lost = characters;
            characters = 0;
            waiting.clear();
            shown = taken;
            due = take(commands.values());
            last = printer;
            notifyAll();
        }
        runAll(due); // whoever waits for a result gets it, with its text or without
        if (lost > 0) {
            tellLoss(lost);
        } else if (last != null) {
            interrupted |= awaitEnd(last);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * On a thread of its own: standard error may be as blocked as the other one. Not by the logger, which a JVM that ends may
     * have closed.
     */
    private static void tellLoss(long characters) {
        Thread teller = new Thread(
                () -> System.err.println("warning: " + characters
                        + " characters that workers have printed are lost: nobody has read this program's output for "
                        + PATIENCE.toSeconds() + " s, and it ends"),
                "parallel-terminal-loss");
        teller.setDaemon(true);
        teller.start();
        if (awaitEnd(teller)) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return whether the wait was interrupted */
    private static boolean awaitEnd(Thread thread) {
        try {
            thread.join(PATIENCE.toMillis());
            return false;
        } catch (InterruptedException interrupt) {
            return true;
        }
    }
}
