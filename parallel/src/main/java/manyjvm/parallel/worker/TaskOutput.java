package manyjvm.parallel.worker;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import manyjvm.parallel.wire.Message;
import manyjvm.parallel.wire.connect.JournaledSendQueue;

/** What tasks print, with the task that printed it, on its way to the driver. Blocks while the driver is far behind. */
final class TaskOutput extends OutputStream {
    /** Below the size from which an array would travel outside the ring that survives this process. */
    private static final int PIECE = 16 * 1024;

    // Ours, whatever streams a task may set; of the task thread.
    private static PrintStream out = System.out;
    private static PrintStream err = System.err;

    private final JournaledSendQueue sendQueue;
    private final boolean error;
    private final PrintStream real;

    private TaskOutput(JournaledSendQueue sendQueue, boolean error, PrintStream real) {
        this.sendQueue = sendQueue;
        this.error = error;
        this.real = real;
    }

    /** From now on {@code System.out} and {@code System.err} are the tasks', and {@code System.in} is at its end. */
    static void install(JournaledSendQueue sendQueue) {
        out = new PrintStream(new TaskOutput(sendQueue, false, System.out), true, StandardCharsets.UTF_8);
        err = new PrintStream(new TaskOutput(sendQueue, true, System.err), true, StandardCharsets.UTF_8);
        System.setOut(out);
        System.setErr(err);
        System.setIn(InputStream.nullInputStream());
    }

    /**
     * Writes what a failure has left in the buffers of the two streams: a stack that overflows inside a {@code println} leaves
     * its text there, and the next print, of another task, would bring it along. Printing nothing empties them;
     * {@code PrintStream.flush} does not look at them.
     */
    static void push() {
        out.print("");
        err.print("");
    }

    @Override
    public void write(int single) {
        write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        TaskContext context = TaskContext.current();
        long job = context.job();
        long task = context.task();
        for (int done = 0; done < length; done += PIECE) {
            int from = offset + done;
            int to = offset + Math.min(length, done + PIECE);
            try {
                sendQueue.append(new Message.Output(job, task, error, Arrays.copyOfRange(bytes, from, to)));
            } catch (JournaledSendQueue.SealedException full) {
                real.write(bytes, from, to - from); // a talkative shutdown hook: the driver reads the pipe, too
                real.flush();
            }
        }
    }
}
