package manyjvm.parallel.driver;

import java.time.Duration;
import java.util.Optional;
import manyjvm.parallel.OutputMode;
import manyjvm.parallel.spi.ClassSource;
import manyjvm.parallel.spi.OutputSink;
import manyjvm.parallel.spi.ParallelRuntime;
import manyjvm.parallel.spi.WorkerApi;
import org.jspecify.annotations.Nullable;

/** How a driver is opened. */
public final class DriverBuilder {
    @Nullable
    ClassSource source; // null for that of the class path

    OutputSink sink = new TerminalSink();
    OutputMode output = OutputMode.LIVE;
    Duration processesDeadline = Duration.ofSeconds(10);
    Optional<ParallelRuntime.Nested> nested = Optional.empty();
    Optional<WorkerApi> workerApi = Optional.empty();
    int standbys;

    DriverBuilder() {}

    /** Where the code of submitted functions comes from; without it, from the class path. */
    public DriverBuilder classSource(ClassSource source) {
        this.source = source;
        return this;
    }

    /** Where workers' text goes; without it, to this JVM's standard output and error. */
    public DriverBuilder outputSink(OutputSink sink) {
        this.sink = sink;
        return this;
    }

    /** What code in workers may name besides this library; without it, nothing. */
    public DriverBuilder workerApi(WorkerApi api) {
        this.workerApi = Optional.of(api);
        return this;
    }

    /** The output mode of pools and processes that ask for none. */
    public DriverBuilder defaultOutput(OutputMode output) {
        this.output = output;
        return this;
    }

    /** How long a closing driver waits for processes that are no daemons. */
    public DriverBuilder processesDeadline(Duration deadline) {
        this.processesDeadline = deadline;
        return this;
    }

    /**
     * How many JVMs stand by for workers without settings of their own, so that these start in some milliseconds.
     * They are started one by one when nothing has run for a moment since {@link Driver#idle} was called or work ended,
     * and dismissed when nothing has run for long.
     */
    public DriverBuilder standbys(int count) {
        this.standbys = count;
        return this;
    }

    DriverBuilder nested(ParallelRuntime.Nested nested) {
        this.nested = Optional.of(nested);
        this.source = nested.classes();
        this.sink = nested.sink();
        this.workerApi = nested.api();
        return this;
    }

    /** Opens it. Cheap: no worker is started. {@link ParallelRuntime#install} makes it the JVM's own. */
    public Driver open() {
        return new Driver(this);
    }
}
