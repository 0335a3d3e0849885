package manyjvm.kernel.protocol;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Level;
import manyjvm.kernel.spi.IoReason;

/**
 * The inputs of all sessions of this user, one line of JSON for each cell ({@code history.sqlite} of the Python kernel, without a
 * database: some thousands of lines are read in a tenth of a second). Any number of kernels write to it; whoever reads or writes holds the lock of a file
 * beside it, which stays, since the file itself is another one after it was shortened.
 *
 * <p>Costs nothing until the first cell or question. Cells are written on a thread of its own, one by one as they begin, so that of a
 * kernel that is killed at most the last moment is missing. What cannot be read or written is told once, in the kernel's log,
 * and costs no cell. Safe for all threads.
 */
final class HistoryFile implements AutoCloseable {
    /** A longer file is cut down to its newer half. */
    private static final int MOST_BYTES = 4 << 20;

    /** A larger cell is data rather than something that a person wants back from last week. */
    private static final int LONGEST_INPUT = 256 << 10;

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    /** A lock of a file keeps other processes off, and makes a second thread of this one fail. */
    private static final ReentrantLock IN_THIS_JVM = new ReentrantLock();

    private final Path file;
    private final int mostBytes;
    private final Deque<Input> unwritten = new ArrayDeque<>(); // guarded by itself
    private final AtomicBoolean complained = new AtomicBoolean();
    private final ThreadPoolExecutor writer;

    /** The number of this session, 0 until it has written something. Guarded by {@link #IN_THIS_JVM}. */
    private int session;

    /** A cell as it was typed. */
    record Input(int session, int line, String text) {}

    /**
     * What a file holds.
     *
     * @param session the number of this session: that in the inputs, or the next one
     */
    record Content(List<Input> inputs, int session) {}

    HistoryFile(Path file) {
        this(file, MOST_BYTES);
    }

    HistoryFile(Path file, int mostBytes) {
        this(file, mostBytes, action -> new Thread(action, "history"));
    }

    HistoryFile(Path file, int mostBytes, ThreadFactory threads) {
        this.file = file.toAbsolutePath();
        this.mostBytes = mostBytes;
        writer = new ThreadPoolExecutor(1, 1, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), action -> {
            Thread thread = threads.newThread(action);
            thread.setDaemon(true);
            return thread;
        });
        writer.allowCoreThreadTimeOut(true);
        writer.setRejectedExecutionHandler((action, ended) -> {
            // The kernel is about to exit, and has written what there was.
        });
    }

    /** Takes down a cell. Returns at once. */
    void add(int line, String text) {
        if (text.length() > LONGEST_INPUT) {
            KernelLog.LOGGER.log(Level.INFO, "A cell of {0} characters is too long for the history", text.length());
            return;
        }
        synchronized (unwritten) {
            unwritten.add(new Input(0, line, text));
        }
        try {
            writer.execute(this::write);
        } catch (OutOfMemoryError noThread) {
            // Cells may have started as many as there can be. The caller runs cells, and is to run the next.
            complain("A cell is not in the history yet, but is written with the next one: " + noThread.getMessage());
        }
    }

    private void write() {
        try {
            locked(() -> {
                appendUnwritten();
                return session;
            });
        } catch (IOException failure) {
            complain("The history of cells is not kept in " + file + ": " + IoReason.of(failure)
                    + ". Set MANYJVM_HISTORY to another file, or to off");
        }
    }

    /** All inputs of the file, those of other kernels too, in its order; nothing but the number where it cannot be read. */
    Content read() {
        try {
            return locked(() -> {
                appendUnwritten();
                List<Input> inputs = load();
                return new Content(inputs, session > 0 ? session : latest(inputs) + 1);
            });
        } catch (IOException failure) {
            complain("The history of earlier sessions cannot be read from " + file + ": " + IoReason.of(failure));
            return new Content(List.of(), 1);
        }
    }

    private static int latest(List<Input> inputs) {
        return inputs.stream().mapToInt(Input::session).max().orElse(0);
    }

    private void complain(String what) {
        if (complained.compareAndSet(false, true)) {
            KernelLog.LOGGER.warning(what);
        }
    }

    /** Waits a few seconds at most for what is to be written. */
    @Override
    public void close() {
        boolean behind;
        synchronized (unwritten) {
            behind = !unwritten.isEmpty() && writer.getPoolSize() == 0; // there was no thread for it
        }
        if (behind) {
            write();
        }
        writer.shutdown();
        try {
            if (!writer.awaitTermination(2, TimeUnit.SECONDS)) {
                KernelLog.LOGGER.warning("The last cells are missing in " + file + ": it could not be written in time");
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- all below is called by the holder of the lock

    private interface Action<T> {
        T run() throws IOException;
    }

    private <T> T locked(Action<T> action) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        boolean held = false;
        try {
            held = IN_THIS_JVM.tryLock(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
            Path folder = file.getParent();
            if (folder != null && !Files.isDirectory(folder)) {
                Files.createDirectories(folder, attributes(folder, "rwx------"));
            }
            Path lockFile = file.resolveSibling(file.getFileName() + ".lock");
            try (FileChannel channel = FileChannel.open(
                    lockFile,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                    attributes(lockFile, "rw-------"))) {
                FileLock lock = held ? channel.tryLock() : null;
                while (lock == null && System.nanoTime() < end) {
                    TimeUnit.MILLISECONDS.sleep(10);
                    lock = held ? channel.tryLock() : null;
                }
                if (lock == null) {
                    throw new IOException("another kernel holds it for " + PATIENCE.toSeconds() + " s");
                }
                return action.run();
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", hurried);
        } finally {
            if (held) {
                IN_THIS_JVM.unlock();
            }
        }
    }

    private static FileAttribute<?>[] attributes(Path path, String permissions) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private void appendUnwritten() throws IOException {
        List<Input> batch;
        synchronized (unwritten) {
            batch = List.copyOf(unwritten);
        }
        if (batch.isEmpty()) {
            return;
        }
        if (session == 0) {
            session = latest(load()) + 1;
        }
        StringBuilder lines = new StringBuilder();
        for (Input one : batch) {
            lines.append(json(new Input(session, one.line(), one.text())));
        }
        byte[] bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
        long size;
        try (FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND),
                attributes(file, "rw-------"))) {
            long before = channel.size();
            try {
                ByteBuffer buffer = ByteBuffer.wrap(bytes);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            } catch (IOException full) {
                channel.truncate(before); // half a line would be damage
                throw full;
            }
            size = channel.size();
        }
        synchronized (unwritten) {
            batch.forEach(one -> unwritten.remove());
        }
        if (size > mostBytes) {
            shorten();
        }
    }

    private static String json(Input input) {
        JsonObject line = new JsonObject();
        line.addProperty("session", input.session());
        line.addProperty("line", input.line());
        line.addProperty("input", input.text());
        return GSON.toJson(line) + "\n";
    }

    private void shorten() throws IOException {
        List<Input> inputs = load();
        int kept = 0;
        int first = inputs.size();
        while (first > 0 && kept < mostBytes / 2) {
            first--;
            kept += json(inputs.get(first)).getBytes(StandardCharsets.UTF_8).length;
        }
        replace(inputs.subList(first, inputs.size()));
    }

    /** In one go: whoever is killed meanwhile leaves the old file or the new one. */
    private void replace(List<Input> inputs) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        StringBuilder lines = new StringBuilder();
        inputs.forEach(input -> lines.append(json(input)));
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, attributes(fresh, "rw-------"));
        Files.writeString(fresh, lines);
        Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private List<Input> load() throws IOException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException none) {
            return List.of();
        }
        List<Input> inputs = new ArrayList<>();
        int damaged = 0;
        for (int start = 0; start < bytes.length; ) {
            int end = start;
            while (end < bytes.length && bytes[end] != '\n') {
                end++;
            }
            Optional<Input> input =
                    end < bytes.length ? input(Arrays.copyOfRange(bytes, start, end)) : Optional.empty();
            input.ifPresent(inputs::add);
            damaged += input.isEmpty() ? 1 : 0;
            start = end + 1;
        }
        if (damaged > 0) {
            putAside(inputs, damaged);
        }
        return inputs;
    }

    private static Optional<Input> input(byte[] line) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line))
                    .toString();
            JsonElement json = JsonParser.parseString(text);
            JsonObject fields = json.getAsJsonObject();
            int session = fields.get("session").getAsInt();
            Input input = new Input(
                    session, fields.get("line").getAsInt(), fields.get("input").getAsString());
            return session > 0 ? Optional.of(input) : Optional.empty();
        } catch (CharacterCodingException | RuntimeException damaged) {
            return Optional.empty(); // counted by the caller, who tells of it
        }
    }

    /** Nothing is lost: what can be read goes on, and the whole is kept beside it. */
    private void putAside(List<Input> readable, int damaged) throws IOException {
        Path aside = file.resolveSibling(file.getFileName() + ".damaged");
        Files.copy(file, aside, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
        replace(readable);
        KernelLog.LOGGER.log(
                Level.WARNING,
                "The history in {0} was damaged: {1} of its lines could not be read, {2} could and stay. The file as it was is {3}",
                new Object[] {file, damaged, readable.size(), aside});
    }
}
