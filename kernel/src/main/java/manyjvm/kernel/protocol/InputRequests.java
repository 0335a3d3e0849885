package manyjvm.kernel.protocol;

import com.google.gson.JsonObject;
import io.github.spencerpark.jupyter.messages.MessageType;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import manyjvm.kernel.spi.Cell;
import org.jspecify.annotations.Nullable;

/**
 * Asks the front end for lines of input ("Messages on the stdin channel"). One question is open at a time; it ends with
 * the answer, an interrupt of the asking thread, the end of the cell, or the end of the kernel.
 */
final class InputRequests {
    private final CellOutputRouter outputs;
    private final String session;
    private final Consumer<JupyterMessage> send;
    private final ReentrantLock oneAtATime = new ReentrantLock();

    // Guarded by this object's lock.
    /** The running cells, one a shell at most, and the request that each answers. */
    private final Map<Cell, JupyterMessage> askers = new HashMap<>();

    private @Nullable Question open;

    private record Question(Cell cell, CompletableFuture<String> answer) {}

    /** Input was asked for where nobody can give it. Unchecked, since readers and scanners swallow an IOException. */
    static final class InputNotAvailableException extends IllegalStateException {
        private static final long serialVersionUID = 1L;

        InputNotAvailableException(@Nullable String message) {
            super(message);
        }
    }

    /** @param send puts a message on the stdin channel, from any thread */
    InputRequests(CellOutputRouter outputs, String session, Consumer<JupyterMessage> send) {
        this.outputs = outputs;
        this.session = session;
        this.send = send;
    }

    synchronized void begin(Cell cell, JupyterMessage request) {
        askers.put(cell, request);
    }

    synchronized void end(Cell cell) {
        askers.remove(cell);
        if (open != null && open.cell().equals(cell)) {
            open.answer()
                    .completeExceptionally(new InputNotAvailableException(
                            "The cell that asked for input has ended without waiting for it."));
        }
    }

    /** The stdin channel has brought a message. An answer that nobody waits for any more is dropped. */
    synchronized void onMessage(JupyterMessage message) {
        if (message.type().equals(MessageType.INPUT_REPLY.getName()) && open != null) {
            open.answer().complete(message.text("value", ""));
        }
    }

    /**
     * One line, without its end.
     *
     * @throws InputNotAvailableException when the front end takes no questions, or no cell is running
     * @throws InterruptedIOException when the calling thread is interrupted; the flag stays set
     */
    String ask(String prompt, boolean password) throws InterruptedIOException {
        try {
            oneAtATime.lockInterruptibly();
            try {
                return answer(send(prompt, password));
            } finally {
                oneAtATime.unlock();
            }
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while waiting for input");
        }
    }

    private CompletableFuture<String> send(String prompt, boolean password) {
        Optional<Cell> cell = outputs.current();
        JupyterMessage request;
        CompletableFuture<String> question = new CompletableFuture<>();
        synchronized (this) {
            request = cell.map(askers::get).orElse(null);
            if (request == null) {
                throw new InputNotAvailableException(
                        "Input can be read only while the cell that asks for it is running.");
            }
            if (!request.flag("allow_stdin", true)) {
                throw new InputNotAvailableException(
                        "The program that runs this cell cannot be asked for input (allow_stdin is false), so System.in"
                                + " cannot be read. Run it in a notebook, or put the value into the cell.");
            }
            open = new Question(cell.orElseThrow(), question);
        }
        // What was printed so far often is the question.
        outputs.drain(cell.orElseThrow());
        JsonObject content = new JsonObject();
        content.addProperty("prompt", prompt);
        content.addProperty("password", password);
        send.accept(request.reply(MessageType.INPUT_REQUEST.getName(), content, new JsonObject(), session));
        return question;
    }

    private String answer(CompletableFuture<String> question) throws InterruptedException {
        try {
            return question.get();
        } catch (ExecutionException ended) {
            throw new InputNotAvailableException(
                    Objects.requireNonNull(ended.getCause()).getMessage());
        } finally {
            synchronized (this) {
                open = null;
            }
        }
    }

    /** {@code System.in}: each line that is missing is asked for. It has no end. */
    InputStream stream() {
        return new Lines();
    }

    /** Confined to its own lock, which waits interruptibly. */
    private final class Lines extends InputStream {
        private final ReentrantLock lock = new ReentrantLock();
        private byte[] line = {};
        private int position;

        @Override
        public int read() throws InterruptedIOException {
            byte[] one = new byte[1];
            read(one, 0, 1);
            return one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws InterruptedIOException {
            Objects.checkFromIndexSize(offset, length, target.length);
            if (length == 0) {
                return 0;
            }
            lockInterruptibly();
            try {
                if (position == line.length) {
                    line = (ask("", false) + "\n").getBytes(StandardCharsets.UTF_8);
                    position = 0;
                }
                int count = Math.min(length, line.length - position);
                System.arraycopy(line, position, target, offset, count);
                position += count;
                return count;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public int available() throws InterruptedIOException {
            lockInterruptibly();
            try {
                return line.length - position;
            } finally {
                lock.unlock();
            }
        }

        private void lockInterruptibly() throws InterruptedIOException {
            try {
                lock.lockInterruptibly();
            } catch (InterruptedException interrupt) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("Interrupted while waiting for input");
            }
        }
    }
}
