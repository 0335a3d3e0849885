package manyjvm.parallel;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import manyjvm.parallel.driver.Driver;
import manyjvm.parallel.spi.OutputOrigin;
import manyjvm.parallel.spi.OutputSink;
import manyjvm.parallel.spi.ParallelRuntime;

/** Counts how often each line was printed, whichever worker printed it. */
final class LineCounts implements OutputSink {
    private final Map<String, Integer> lines = new HashMap<>();

    /** Opens a driver that prints here, and makes it this JVM's own until the result is closed. */
    AutoCloseable openDriver() {
        Driver driver = Driver.builder().outputSink(this).open();
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
    public synchronized void write(Object place, OutputOrigin origin, Stream stream, String text) {
        for (String line : text.split("\n")) {
            lines.merge(line.replaceFirst("^\\[\\d+\\] ", ""), 1, Integer::sum);
        }
    }

    synchronized int count(String line) {
        return lines.getOrDefault(line, 0);
    }

    /** Lines in which the driver speaks of a fault of its own. */
    synchronized List<String> faults() {
        return lines.keySet().stream()
                .filter(line -> line.contains("a fault of manyjvm"))
                .toList();
    }
}
