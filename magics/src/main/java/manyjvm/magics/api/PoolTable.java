package manyjvm.magics.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import manyjvm.parallel.Pool;
import manyjvm.parallel.PoolStatus;

/** What {@code %pool status} shows: a row for each pool, and one for each of its workers. */
final class PoolTable {
    private static final List<String> HEADINGS =
            List.of("pool", "state", "on", "output", "worker", "pid", "queued", "running", "done", "failed");

    private PoolTable() {}

    static Table of(List<Pool> pools) {
        List<List<String>> rows = new ArrayList<>();
        for (Pool pool : pools) {
            PoolStatus status = pool.status();
            rows.add(List.of(
                    status.name(),
                    status.state(),
                    status.backend(),
                    status.output().name().toLowerCase(Locale.ROOT),
                    "",
                    "",
                    String.valueOf(status.queued()),
                    String.valueOf(status.running()),
                    String.valueOf(status.done()),
                    String.valueOf(status.failed())));
            for (PoolStatus.Worker worker : status.workers()) {
                rows.add(List.of(
                        "",
                        worker.state(),
                        "",
                        "",
                        String.valueOf(worker.number()),
                        worker.pid() == 0 ? "" : String.valueOf(worker.pid()),
                        "",
                        "",
                        String.valueOf(worker.tasks()),
                        ""));
            }
        }
        return new Table(
                HEADINGS, rows, "no pools: the first %pool map makes the default one, and %pool start makes others");
    }
}
