package manyjvm.parallel.worker;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import manyjvm.parallel.bytes.ByteOutput;
import manyjvm.parallel.code.CodeStore;
import manyjvm.parallel.wire.Values;
import manyjvm.parallel.wire.connect.WorkerConnector;

/**
 * What a worker does while it waits for its greeting. One that was started before it is wanted waits for long, and then has
 * loaded and linked what its first task needs; one that is wanted at once finds its greeting there, and skips all of this.
 */
final class WarmUp {
    private WarmUp() {}

    private interface Step {
        void run() throws IOException;
    }

    static void untilGreeted(InputStream input, ClassLoader apiParent) throws IOException {
        List<Step> steps = List.of(WorkerConnector::warmUp, WarmUp::values, () -> CodeStore.warmUp(apiParent));
        for (Step step : steps) {
            if (input.available() > 0) {
                return;
            }
            step.run();
        }
    }

    private static void values() {
        ByteOutput out = new ByteOutput(16);
        Values.writeSimple(out, 1);
        Values.writeSimple(out, "text");
        Values.Reader reader = new Values.Reader(out.toByteArray());
        while (reader.next()) {
            reader.value();
        }
    }
}
