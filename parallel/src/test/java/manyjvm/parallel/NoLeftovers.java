package manyjvm.parallel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import manyjvm.parallel.driver.Driver;
import manyjvm.parallel.driver.DriverBuilder;
import manyjvm.parallel.spi.ParallelRuntime;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A fresh driver for each test, and after it no child process, no thread and no file of ours. */
public final class NoLeftovers implements BeforeEachCallback, AfterEachCallback {
    private static final Set<String> OURS =
            Set.of("parallel-driver", "parallel-terminal", "parallel-classes", "wire", "task", "sweep");

    private final RecordingSink sink = new RecordingSink();
    private final Supplier<DriverBuilder> builder;
    private Driver driver;

    public NoLeftovers() {
        this(Driver::builder);
    }

    /** With a driver that is opened in another way. */
    public NoLeftovers(Supplier<DriverBuilder> builder) {
        this.builder = builder;
    }

    public RecordingSink sink() {
        return sink;
    }

    public Driver driver() {
        return driver;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        open();
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        closeAndCheck();
    }

    /** For a class whose tests share a driver: to be called before all of them. */
    void open() {
        sink.clear();
        driver = builder.get().outputSink(sink).open();
        ParallelRuntime.install(driver);
    }

    /** To be called after all tests that share a driver. */
    void closeAndCheck() throws Exception {
        driver.close();
        ParallelRuntime.install(null);
        CompletableFuture<?>[] ends =
                ProcessHandle.current().descendants().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(ends).get(10, TimeUnit.SECONDS);
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (OURS.contains(thread.getName())) {
                thread.join(10_000);
                assertThat(thread.isAlive()).as("thread " + thread).isFalse();
            }
        }
        assertThat(folders()).isEmpty();
    }

    private static Set<Path> folders() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/dev/shm"))) {
            return all.filter(path -> path.getFileName()
                            .toString()
                            .startsWith("manyjvm-" + ProcessHandle.current().pid() + "-"))
                    .collect(Collectors.toSet());
        }
    }
}
