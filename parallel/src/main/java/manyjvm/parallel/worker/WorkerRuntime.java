package manyjvm.parallel.worker;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.ProcessInfo;
import manyjvm.parallel.shared.SharedClient;
import manyjvm.parallel.spi.ClassSource;
import manyjvm.parallel.spi.OutputOrigin;
import manyjvm.parallel.spi.OutputSink;
import manyjvm.parallel.spi.ParallelRuntime;
import manyjvm.parallel.spi.PoolSettings;
import manyjvm.parallel.spi.ProcessControl;
import manyjvm.parallel.spi.ProcessSettings;
import manyjvm.parallel.spi.WorkerPool;
import manyjvm.parallel.wire.Message;
import manyjvm.parallel.wire.connect.JournaledSendQueue;
import manyjvm.parallel.wire.connect.WorkerStart;
import org.jspecify.annotations.Nullable;

/**
 * What the public classes stand on in a worker. Shared objects live with the root driver; a pool made in a worker gets a
 * driver of this worker's own, made when first needed, whose workers are this worker's children and die with it.
 */
final class WorkerRuntime extends ParallelRuntime {
    /** A pool in a pool in a pool is still somebody's plan; deeper is a recursion that eats the machine. */
    static final int DEEPEST = 3;

    private final WorkerStart start;
    private final WorkerShared shared;
    private final JournaledSendQueue sendQueue;
    private final Supplier<ClassSource> classes;
    private @Nullable ParallelRuntime nested; // guarded by this; null until it is first used

    WorkerRuntime(WorkerStart start, WorkerShared shared, JournaledSendQueue sendQueue, Supplier<ClassSource> classes) {
        this.start = start;
        this.shared = shared;
        this.sendQueue = sendQueue;
        this.classes = classes;
    }

    @Override
    public SharedClient shared() {
        return shared;
    }

    @Override
    public WorkerPool open(PoolSettings settings) {
        return nested().open(settings);
    }

    @Override
    public ProcessControl start(ProcessSettings settings, Object target) {
        return nested().start(settings, target);
    }

    @Override
    public Executor callbacks() {
        return nested().callbacks();
    }

    @Override
    public void complain(Object place, String text) {
        nested().complain(place, text);
    }

    @Override
    public void show(byte[] content) {
        TaskContext context = TaskContext.current();
        JournaledSendQueue.Receipt receipt =
                sendQueue.append(new Message.Shown(context.job(), context.task(), content));
        if (content.length >= JournaledSendQueue.ATTACHED_BYTES) {
            sendQueue.awaitReceived(
                    receipt); // it lies in this JVM's memory, and must be out before the task ends the JVM
        }
    }

    @Override
    public Object place() {
        TaskContext context = TaskContext.current();
        return new TaskContext(context.job(), context.task(), context.code()); // the context's own item moves on
    }

    @Override
    public ProcessInfo currentProcess() {
        return new ProcessInfo(start.name(), ProcessHandle.current().pid());
    }

    @Override
    public Optional<ProcessInfo> parentProcess() {
        return Optional.of(new ProcessInfo(start.parentName(), start.parentPid()));
    }

    @Override
    public synchronized List<ProcessInfo> activeChildren() {
        return nested == null ? List.of() : nested.activeChildren();
    }

    private synchronized ParallelRuntime nested() {
        if (nested == null) {
            if (start.depth() >= DEEPEST) {
                throw new ParallelException(
                        "a worker at depth " + start.depth() + " may not start workers of its own (the"
                                + " limit is a depth of " + DEEPEST + "): submit the work to a pool further out");
            }
            nested = ServiceLoader.load(Provider.class, WorkerRuntime.class.getClassLoader())
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException(
                            "manyjvm's jar is incomplete: it names no " + Provider.class.getName()))
                    .createNested(new Nested(
                            currentProcess(),
                            start.depth(),
                            classes.get(),
                            new Upwards(),
                            shared,
                            shared,
                            start.api()));
        }
        return nested;
    }

    /** Text of nested workers is this worker's: it belongs to the task that submitted the work. */
    private final class Upwards implements OutputSink {
        @Override
        public Object place() {
            return WorkerRuntime.this.place();
        }

        @Override
        public void write(Object place, OutputOrigin origin, Stream stream, String text) {
            TaskContext context = (TaskContext) place;
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            sendQueue.append(new Message.Output(context.job(), context.task(), stream == Stream.STDERR, bytes));
        }

        @Override
        public void enter(Object place) {
            ((TaskContext) place).adopt();
        }

        @Override
        public void show(Object place, OutputOrigin origin, byte[] content) {
            TaskContext context = (TaskContext) place;
            sendQueue.append(new Message.Shown(context.job(), context.task(), content));
        }
    }
}
