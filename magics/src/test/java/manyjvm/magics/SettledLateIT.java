package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.spencerpark.jupyter.kernel.display.Renderer;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import manyjvm.kernel.spi.Cell;
import manyjvm.kernel.spi.CellOutput;
import manyjvm.kernel.spi.KernelServices;
import manyjvm.parallel.spi.ParallelRuntime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Front ends take nothing more for a cell that has ended, so a cell that ends too early says so. */
@Timeout(60)
class SettledLateIT {
    private static final Cell CELL = new Cell(1, 1);

    /** Holds the driver's thread until it is released. */
    private static final class SlowOutput implements CellOutput {
        private final CountDownLatch released = new CountDownLatch(1);
        private final List<String> written = new CopyOnWriteArrayList<>();

        @Override
        public Optional<Cell> current() {
            return Optional.of(CELL);
        }

        @Override
        public void write(Cell cell, Stream stream, Object source, String text) {
            if (Thread.currentThread().getName().equals("parallel-driver")) {
                try {
                    released.await(30, TimeUnit.SECONDS);
                } catch (InterruptedException impossible) {
                    throw new IllegalStateException(impossible);
                }
            }
            written.add(stream + " " + text);
        }

        @Override
        public void display(Cell cell, Map<String, Object> bundle, Optional<String> displayId, boolean update) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void displayDrawnLater(
                Cell cell, Supplier<Map<String, Object>> bundle, String displayId, boolean update, LongConsumer took) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void apply(Cell cell, byte[] pageChange) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void workFor(Optional<Cell> cell) {
            // there is but one
        }
    }

    @Test
    void settle_thatTakesTooLong_isToldInTheCell() {
        SlowOutput output = new SlowOutput();
        Renderer renderer = new Renderer();
        KernelServices kernel = (KernelServices) Proxy.newProxyInstance(
                KernelServices.class.getClassLoader(),
                new Class<?>[] {KernelServices.class},
                (proxy, method, arguments) -> method.getName().equals("output")
                        ? output
                        : method.getName().equals("renderer") ? renderer : null);
        try (MagicsExtension extension = new MagicsExtension()) {
            extension.start(kernel);
            extension.settle(CELL);
            assertThat(output.written).isEmpty();
            ParallelRuntime.current().complain(CELL, "text of a worker\n");
            extension.settle(CELL);
            assertThat(output.written)
                    .containsExactly(
                            "STDERR note: output of workers may still be missing here, because the machine is very busy.\n");
            output.released.countDown();
        } finally {
            ParallelRuntime.install(null);
        }
    }
}
