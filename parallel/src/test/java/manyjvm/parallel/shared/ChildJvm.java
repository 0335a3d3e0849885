package manyjvm.parallel.shared;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.Task;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.shared.host.SharedObjectHosts;
import manyjvm.parallel.spi.ParallelRuntime;

/**
 * A real second JVM for tests, without the library's wire: it runs one serializable lambda and talks to the hosts over its
 * standard streams.
 *
 * <pre>{@code
 *   test JVM: hosts <== CALL, TELL, RESULT ==  stdout | child JVM: client, linker, lambda
 *                   == RUN, ANSWER ==========> stdin  |
 * }</pre>
 */
final class ChildJvm<R> implements AutoCloseable {
    private static final int CALL = 1;
    private static final int TELL = 2;
    private static final int RESULT = 3;
    private static final int RUN = 4;
    private static final int ANSWER = 5;

    private final Process process;
    private final int jvmId;
    private static final AtomicLong JOBS = new AtomicLong();

    private final SharedObjectHosts hosts;
    private final DataOutputStream out;
    private final CompletableFuture<R> result = new CompletableFuture<>();
    private final Thread reader;

    /** Starts a JVM and runs the task in it. Shared objects that the task captures must have been made by {@code client}. */
    ChildJvm(SharedObjectHosts hosts, SharedClient client, int jvmId, Task<R> task) throws IOException {
        this.hosts = hosts;
        this.jvmId = jvmId;
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        ChildJvm.class.getName(),
                        Integer.toString(jvmId),
                        client.folder().toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        out = new DataOutputStream(new BufferedOutputStream(process.getOutputStream(), 1 << 16));
        reader = new Thread(() -> read(client), "child-" + jvmId);
        reader.start();
        byte[] bytes = new SerializingCodec(handle -> {
            throw new IllegalStateException();
        }) {
            @Override
            void met(Shared.Handle handle) {
                long job = JOBS.incrementAndGet();
                hosts.submitted(job, List.of(handle));
                hosts.sent(jvmId, List.of(handle));
                hosts.delivered(job, List.of(handle));
            }
        }.encode(task);
        synchronized (out) {
            out.writeByte(RUN);
            writeBytes(out, bytes);
            out.flush();
        }
    }

    R get() throws Exception {
        return result.get(60, TimeUnit.SECONDS);
    }

    /** SIGKILL, and returns when the hosts have been told. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        reader.join();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
        result.exceptionally(ended -> null).join(); // completed by the reader, at the end of the output at the latest
    }

    @SuppressWarnings("unchecked") // the child answers what the task returns
    private void read(SharedClient client) {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(process.getInputStream(), 1 << 16))) {
            while (true) {
                switch (in.readByte()) {
                    case CALL -> {
                        long call = in.readLong();
                        hosts.handle(jvmId, readRequest(in), answer -> answer(call, answer));
                    }
                    case TELL -> hosts.handle(jvmId, readRequest(in), nobody -> {});
                    case RESULT -> result.complete((R) client.decode(readBytes(in)));
                    default -> throw new IOException("the child prints to its standard output");
                }
                if (in.available() == 0) {
                    synchronized (out) {
                        out.flush();
                    }
                }
            }
        } catch (IOException end) {
            // The child has ended: told below.
        } finally {
            hosts.jvmGone(jvmId, FakeDriver.DEATH);
            result.completeExceptionally(new EOFException("child " + jvmId + " has ended"));
        }
    }

    private void answer(long call, SharedAnswer answer) {
        try {
            synchronized (out) {
                out.writeByte(ANSWER);
                out.writeLong(call);
                out.writeInt(answer.status());
                out.writeLong(answer.number());
                writeBytes(out, answer.body());
                if (Thread.currentThread() != reader) {
                    out.flush(); // the reader flushes when it has read all there is
                }
            }
        } catch (IOException gone) {
            // The child has ended; the reader meets the end of its output.
        }
    }

    private static SharedRequest readRequest(DataInputStream in) throws IOException {
        Shared.Handle handle = new Shared.Handle(in.readUTF(), in.readLong(), in.readUTF());
        return new SharedRequest(handle, in.readInt(), in.readLong(), readBytes(in));
    }

    private static void writeRequest(DataOutputStream out, SharedRequest request) throws IOException {
        out.writeUTF(request.target().kind());
        out.writeLong(request.target().id());
        out.writeUTF(request.target().detail());
        out.writeInt(request.operation());
        out.writeLong(request.number());
        writeBytes(out, request.body());
    }

    private static byte[] readBytes(DataInputStream in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return bytes;
    }

    private static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    // ---- the child

    public static void main(String[] arguments) throws Exception {
        Client client = new Client(Integer.parseInt(arguments[0]), Path.of(arguments[1]));
        ParallelRuntime.install(new ParallelRuntime() {
            @Override
            public SharedClient shared() {
                return client;
            }
        });
        DataInputStream in = new DataInputStream(new BufferedInputStream(System.in, 1 << 16));
        while (true) {
            int kind;
            try {
                kind = in.readByte();
            } catch (EOFException end) {
                return;
            }
            if (kind == RUN) {
                byte[] task = readBytes(in);
                Thread runner = new Thread(() -> client.run(task), "task");
                runner.setDaemon(true);
                runner.start();
            } else {
                client.answered(in.readLong(), new SharedAnswer(in.readInt(), in.readLong(), readBytes(in)));
            }
        }
    }

    private static final class Client implements SharedClient {
        private final int jvmId;
        private final Path folder;
        private final SharedLinker linker = new SharedLinker(this);
        private final SerializingCodec codec = new SerializingCodec(linker);
        private final AtomicLong ids = new AtomicLong();
        private final AtomicLong calls = new AtomicLong();
        private final Map<Long, CompletableFuture<SharedAnswer>> open = new ConcurrentHashMap<>();
        private final DataOutputStream out = new DataOutputStream(new BufferedOutputStream(System.out, 1 << 16));

        Client(int jvmId, Path folder) {
            this.jvmId = jvmId;
            this.folder = folder;
        }

        void run(byte[] task) {
            Object result;
            try {
                result = ((Task<?>) codec.decode(task)).call();
            } catch (Throwable failure) {
                failure.printStackTrace();
                result = failure;
            }
            byte[] bytes = codec.encode(result);
            send(() -> {
                out.writeByte(RESULT);
                writeBytes(out, bytes);
                out.flush();
            });
        }

        void answered(long call, SharedAnswer answer) {
            open.remove(call).complete(answer);
        }

        @Override
        public CompletableFuture<SharedAnswer> call(SharedRequest request) {
            long call = calls.incrementAndGet();
            CompletableFuture<SharedAnswer> answer = new CompletableFuture<>();
            open.put(call, answer);
            send(() -> {
                out.writeByte(CALL);
                out.writeLong(call);
                writeRequest(out, request);
                out.flush();
            });
            return answer;
        }

        @Override
        public void tell(SharedRequest request) {
            send(() -> {
                out.writeByte(TELL);
                writeRequest(out, request);
                // Puts may wait for company; whatever others wait for may not.
                if (SharedOperation.of(request) != SharedOperation.PUT) {
                    out.flush();
                }
            });
        }

        private interface Writing {
            void write() throws IOException;
        }

        private void send(Writing writing) {
            try {
                synchronized (out) {
                    writing.write();
                }
            } catch (IOException gone) {
                throw new ParallelException("the test JVM is gone", new UncheckedIOException(gone));
            }
        }

        @Override
        public long newId() {
            return ((long) jvmId << 40) + ids.incrementAndGet();
        }

        @Override
        public int jvmId() {
            return jvmId;
        }

        @Override
        public Path folder() {
            return folder;
        }

        @Override
        public SharedLinker linker() {
            return linker;
        }

        @Override
        public byte[] encode(Object value) {
            return codec.encode(value);
        }

        @Override
        public Object decode(byte[] bytes) {
            return codec.decode(bytes);
        }
    }
}
