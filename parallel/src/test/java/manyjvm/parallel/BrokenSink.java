package manyjvm.parallel;

import manyjvm.parallel.driver.Driver;
import manyjvm.parallel.spi.OutputOrigin;
import manyjvm.parallel.spi.OutputSink;
import manyjvm.parallel.spi.ParallelRuntime;

/** Throws whatever it is given. In a file of its own, since workers do not know these types. */
public final class BrokenSink implements OutputSink {
    /** Opens a driver with one. */
    static AutoCloseable driver() {
        Driver driver = Driver.builder().outputSink(new BrokenSink()).open();
        ParallelRuntime.install(driver);
        return () -> {
            driver.close();
            ParallelRuntime.install(null);
        };
    }

    @Override
    public Object place() {
        return "here";
    }

    @Override
    public void write(Object place, OutputOrigin origin, Stream stream, String text) {
        throw new IllegalStateException("the sink is broken");
    }
}
