package manyjvm.kernel;

import com.google.gson.JsonObject;
import io.github.spencerpark.jupyter.kernel.comm.Comm;
import io.github.spencerpark.jupyter.kernel.comm.CommManager;
import io.github.spencerpark.jupyter.messages.Message;
import io.github.spencerpark.jupyter.messages.comm.CommCloseCommand;
import io.github.spencerpark.jupyter.messages.comm.CommMsgCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import manyjvm.kernel.spi.Cell;
import manyjvm.kernel.spi.CellOutput;
import manyjvm.kernel.spi.KernelExtension;
import manyjvm.kernel.spi.KernelServices;

/** An extension that uses what extensions may use: a comm target {@code echo}, and text of its own at a cell's end. */
public final class FakeExtension implements KernelExtension {
    private static final AtomicReference<String> SETTLE_TEXT = new AtomicReference<>();
    private static final AtomicReference<CountDownLatch> SETTLED = new AtomicReference<>();
    private static final AtomicReference<KernelServices> KERNEL = new AtomicReference<>();

    static void sayWhenSettled(String text) {
        SETTLE_TEXT.set(text);
    }

    /** The end of the running cell waits until a front end opens a comm for the target {@code settled}. */
    static void waitWhenSettled() {
        SETTLED.set(new CountDownLatch(1));
    }

    static String openComm(String target) {
        return KERNEL.get().comms().openComm(target, Echo::new).getID();
    }

    @Override
    public void start(KernelServices kernel) {
        if (Boolean.getBoolean("fake.extension.fails")) {
            throw new UncheckedIOException("cannot make it: disk full", new IOException("disk full"));
        }
        KERNEL.set(kernel);
        kernel.comms().registerTarget("echo", Echo::new);
        kernel.comms().registerTarget("settled", (manager, id, target, opening) -> {
            SETTLED.get().countDown();
            return new Echo(manager, id, target, opening);
        });
    }

    @Override
    public void settle(Cell cell) {
        CountDownLatch settled = SETTLED.get();
        if (settled != null) {
            KERNEL.get().output().write(cell, CellOutput.Stream.STDOUT, "worker 1", "settling\n");
            try {
                settled.await();
            } catch (InterruptedException impossible) {
                throw new IllegalStateException(impossible);
            }
            SETTLED.set(null);
        }
        String text = SETTLE_TEXT.getAndSet(null);
        if (text != null) {
            KERNEL.get().output().write(cell, CellOutput.Stream.STDOUT, "worker 1", text + "\n");
            throw new IllegalStateException("an extension's failure harms no cell");
        }
    }

    @Override
    public void close() {}

    private static final class Echo extends Comm {
        Echo(CommManager manager, String id, String target, Message<?> opening) {
            super(manager, id, target);
        }

        @Override
        protected void onMessage(Message<CommMsgCommand> message) {
            System.out.println("comm heard");
            JsonObject data = message.getContent().getData();
            if (data.has("close")) {
                close();
            } else if (data.has("throw")) {
                throw new StackOverflowError("in a comm");
            } else {
                send(data, java.util.Map.of("echo", true), message.getBlobs());
            }
        }

        @Override
        protected void onClose(Message<CommCloseCommand> closing, boolean sending) {}
    }
}
