package manyjvm.parallel.driver;

import java.util.List;
import java.util.Optional;
import manyjvm.parallel.spi.Exit;
import manyjvm.parallel.wire.connect.WorkerJournal;

/**
 * Why a worker ended.
 *
 * @param reason {@code exit code 3}, {@code signal 9 (SIGKILL)}, {@code out of memory}, or why the driver killed it
 * @param exitCode the code of an exit, -n for signal n
 * @param hint what to do about it; may be empty
 * @param byDriver whether the driver killed it, for a reason of its own
 */
record Death(String reason, int exitCode, String hint, List<String> lastLines, boolean byDriver) {
    private static final String SIGNAL = "signal ";
    private static final int SIGNALLED = 128;
    private static final int LAST_SIGNAL = 64;
    private static final int OUT_OF_MEMORY_STATUS = 3; // of -XX:+ExitOnOutOfMemoryError
    private static final int SIGKILL = 9;
    private static final int SIGTERM = 15;
    static final int STATUS_OF_SIGKILL = SIGNALLED + SIGKILL;
    private static final String MORE_HEAP =
            "Give the workers more memory: Pool.builder().maxHeap(\"1g\"), or --heap 1g.";

    Death(String reason, int exitCode, String hint, List<String> lastLines) {
        this(reason, exitCode, hint, lastLines, false);
    }

    /**
     * A status of 128 + n is signal n unless the worker announced that it exits of its own accord.
     *
     * @param killedFor why the driver killed it, if it did
     */
    static Death of(Exit exit, WorkerJournal.Announcement announcement, Optional<String> killedFor) {
        int status = exit.status();
        List<String> lines = exit.lastLines();
        if (announcement == WorkerJournal.Announcement.TERMINATED && status == SIGNALLED + SIGTERM) {
            return bySignal(SIGTERM, killedFor, lines);
        }
        if (announcement != WorkerJournal.Announcement.EXIT
                && status > SIGNALLED
                && status <= SIGNALLED + LAST_SIGNAL) {
            return bySignal(status - SIGNALLED, killedFor, lines);
        }
        boolean outOfMemory = announcement == WorkerJournal.Announcement.NONE
                && status == OUT_OF_MEMORY_STATUS
                && lines.stream().anyMatch(line -> line.contains("java.lang.OutOfMemoryError"));
        return outOfMemory
                ? new Death("out of memory", status, MORE_HEAP, lines)
                : new Death(killedFor.orElse("exit code " + status), status, "", lines, killedFor.isPresent());
    }

    /** Whether somebody other than the driver ended it. */
    boolean isBySignal() {
        return reason.startsWith(SIGNAL);
    }

    /** {@code (exit code 1): Unrecognized option | Program will exit}: a sentence's end without its full stop. */
    String told() {
        String lines = String.join(" | ", lastLines);
        return "(" + reason + ")" + (lines.isEmpty() ? "" : ": " + lines.replaceFirst("[.\\s]+$", ""));
    }

    private static Death bySignal(int signal, Optional<String> killedFor, List<String> lines) {
        String hint = signal == SIGKILL && killedFor.isEmpty()
                ? "The out-of-memory killer does this: use fewer workers or a smaller heap."
                : "";
        return new Death(killedFor.orElse(Exit.signal(signal)), -signal, hint, lines, killedFor.isPresent());
    }
}
