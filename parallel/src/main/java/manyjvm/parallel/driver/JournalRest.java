package manyjvm.parallel.driver;

import java.util.Optional;
import manyjvm.parallel.wire.Payload;
import manyjvm.parallel.wire.Values;
import manyjvm.parallel.wire.connect.WorkerJournal;

/**
 * The outcomes that a dead worker had no time to send, from the log of its journal: the next {@code count} of the chunk.
 *
 * @param failed how many of them are failures
 */
record JournalRest(int count, int failed, Payload outcomes) {
    /** @param chunk that the worker was at */
    static Optional<JournalRest> of(Chunk chunk, WorkerJournal.Snapshot snapshot) {
        byte[] log = snapshot.log();
        Values.Reader entries = new Values.Reader(log);
        int already = chunk.next - snapshot.logBase();
        int count = 0;
        int failed = 0;
        while (entries.next()) {
            failed += count >= already && entries.isFailure() ? 1 : 0;
            count++;
        }
        return count > already && already >= 0
                ? Optional.of(new JournalRest(count - already, failed, new Payload.Bytes(Values.from(log, already))))
                : Optional.empty();
    }
}
