package manyjvm.parallel.driver;

import manyjvm.parallel.spi.ParallelRuntime;

/** Makes the driver of a plain program, and those inside workers. */
public final class DriverProvider implements ParallelRuntime.Provider {
    @Override
    public ParallelRuntime create() {
        Driver driver = Driver.builder().open();
        Runtime.getRuntime().addShutdownHook(new Thread(driver::close, "close-driver"));
        return driver;
    }

    @Override
    public ParallelRuntime createNested(ParallelRuntime.Nested nested) {
        return Driver.builder().nested(nested).open();
    }
}
