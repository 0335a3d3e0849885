package manyjvm.parallel.worker;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import manyjvm.parallel.machine.OwnedFolder;

/**
 * Ends the JVM at once when standard input ends: the driver is gone, however it went, and nobody is left to work for. A
 * driver that was killed could not remove its folder in shared memory; its workers do, the first to notice.
 */
final class LifeLine extends Thread {
    /** By then a driver that is dying has let go of its folder. */
    private static final long PATIENCE_MILLIS = 500;

    private static final long STEP_MILLIS = 10;

    private final InputStream input;
    private final Path folder;
    private volatile boolean endExpected;

    /** @param folder the driver's own */
    LifeLine(InputStream input, Path folder) {
        super("life-line");
        this.input = input;
        this.folder = folder;
        setDaemon(true);
    }

    /** The JVM is ending anyway: the end of the input is only the end of this thread. */
    void expectEnd() {
        endExpected = true;
    }

    @Override
    public void run() {
        try {
            while (input.read() >= 0) {
                // nothing is sent after the start; only the end matters
            }
        } catch (IOException broken) {
            // as good as the end
        }
        if (!endExpected) {
            driverIsGone();
        }
    }

    /** Does not return. By whichever thread notices first; others wait for the end with it. */
    synchronized void driverIsGone() {
        try {
            long deadline = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
            while (!OwnedFolder.deleteIfOrphaned(folder) && System.nanoTime() < deadline) {
                Thread.sleep(STEP_MILLIS);
            }
        } catch (IOException | InterruptedException | RuntimeException left) {
            // for the next driver to sweep; or the driver lives, and has only broken with this worker
        } finally {
            Runtime.getRuntime().halt(WorkerMain.NO_DRIVER);
        }
    }
}
