package manyjvm.parallel.driver;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Where the text of submissions goes, by their numbers. Confined to the driver's thread. */
final class OutputTargets {
    private static final int REMEMBERED = 1000;

    private final Map<Long, OutputTarget> running = new HashMap<>();
    private final Map<Long, OutputTarget> ended = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        /** Threads may print for a submission that has ended: its place is remembered for a while. */
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, OutputTarget> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** A submission begins. */
    void begun(OutputTarget output) {
        running.put(output.submission(), output);
    }

    /** It has ended, and stays known for what its threads still print. */
    void ended(OutputTarget output) {
        running.remove(output.submission());
        ended.put(output.submission(), output);
    }

    /** Whether no submission is under way. */
    boolean isEmpty() {
        return running.isEmpty();
    }

    /** Of a submission, unless it has ended long ago. */
    Optional<OutputTarget> of(long submission) {
        return Optional.ofNullable(running.get(submission)).or(() -> Optional.ofNullable(ended.get(submission)));
    }
}
