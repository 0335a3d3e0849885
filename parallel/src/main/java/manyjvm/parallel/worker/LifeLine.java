package manyjvm.parallel.worker;

import java.io.IOException;
import java.io.InputStream;

/** Ends the JVM at once when standard input ends: the driver is gone, however it went, and nobody is left to work for. */
final class LifeLine extends Thread {
    private final InputStream input;
    private volatile boolean endExpected;

    LifeLine(InputStream input) {
        super("life-line");
        this.input = input;
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
            Runtime.getRuntime().halt(WorkerMain.NO_DRIVER);
        }
    }
}
