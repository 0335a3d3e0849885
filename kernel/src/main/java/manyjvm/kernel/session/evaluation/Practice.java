package manyjvm.kernel.session.evaluation;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import manyjvm.kernel.session.SessionHost;
import manyjvm.kernel.session.assistance.CodeAssistant;
import manyjvm.kernel.session.command.SessionCommands;
import manyjvm.kernel.session.execution.CellRun;
import manyjvm.kernel.session.shell.Shell;
import manyjvm.kernel.session.source.CellSource;
import manyjvm.kernel.session.source.CellSources;

/**
 * Runs typical cells in a session that nobody sees. JShell's compiler is four times slower in its first fifty snippets than
 * later, when the JVM has compiled it in turn; what is practised before the user's first cell, the user need not wait for.
 *
 * <p>A session of its own, with its own lock: a user's cell that comes meanwhile waits for nothing, and finds none of the names.
 */
final class Practice {
    /** Afterwards a snippet hardly gets any quicker. */
    private static final int ROUNDS = 25;

    /** On a slow machine the processor time is worth more. */
    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(4);

    static final List<String> CELLS = List.of(
            "1 + 1",
            """
            int square(int x) { return x * x; }
            """,
            """
            var list = new ArrayList<Integer>();
            for (int i = 0; i < 3; i++) {
                list.add(square(i));
            }
            list.stream().map(x -> x + 1).toList()
            """);

    private Practice() {}

    /** @param enough asked before each cell */
    static void run(SessionHost host, BooleanSupplier enough) {
        if (enough.getAsBoolean()) {
            return;
        }
        long start = System.nanoTime();
        ReentrantLock lock = new ReentrantLock();
        lock.lock();
        try (Shell shell = new Shell(host, lock)) {
            SessionCommands commands = new SessionCommands(host, new CellSources());
            for (int round = 0; round < ROUNDS && System.nanoTime() - start < MOST_NANOS; round++) {
                for (String cell : CELLS) {
                    if (enough.getAsBoolean()) {
                        return;
                    }
                    CellSource text = new CellSource("practice", cell);
                    CellRun run = shell.startupRun();
                    new CellEvaluation(shell, commands, run, text, cell, value -> {}, new CellSources()).evaluate();
                }
                new CodeAssistant(shell, commands, List::of).complete("Math.ma", "Math.ma".length());
            }
        } finally {
            lock.unlock();
        }
    }
}
