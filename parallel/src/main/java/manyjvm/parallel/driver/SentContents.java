package manyjvm.parallel.driver;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The class files and large arrays that a worker has, by content: those that its submissions use, and the last of those that
 * none uses any more, in case they are submitted again. The worker itself keeps what it is sent until it is told to drop it;
 * messages arrive in order, so both sides know the same. Confined to the driver's thread.
 */
final class SentContents {
    /** What a worker keeps of contents that no submission uses. */
    static final long KEPT_BYTES = 32L << 20;

    private static final class Content {
        private final String hash;
        private final long bytes;
        private int users = 1; // submissions that use it

        Content(String hash, long bytes) {
            this.hash = hash;
            this.bytes = bytes;
        }
    }

    private final long keptBytes;
    private final Map<String, Content> contents = new HashMap<>();
    private final Map<String, Content> unused = new LinkedHashMap<>(); // the one that was used last comes last
    private long unusedBytes;

    SentContents(long keptBytes) {
        this.keptBytes = keptBytes;
    }

    /**
     * One more submission uses a content, until it is {@link #release released}.
     *
     * @return whether the worker has to be sent it now
     */
    boolean use(String hash, long bytes) {
        Content content = contents.get(hash);
        if (content == null) {
            contents.put(hash, new Content(hash, bytes));
            return true;
        }
        if (unused.remove(hash) != null) {
            unusedBytes -= content.bytes;
        }
        content.users++;
        return false;
    }

    /**
     * A submission that used these uses them no longer.
     *
     * @return what the worker has to drop now
     */
    List<String> release(Iterable<String> hashes) {
        for (String hash : hashes) {
            Content content = Objects.requireNonNull(contents.get(hash), "what is released has been used");
            if (--content.users == 0) {
                unused.put(hash, content);
                unusedBytes += content.bytes;
            }
        }
        List<String> dropped = new ArrayList<>();
        while (unusedBytes > keptBytes) {
            Content oldest = unused.values().iterator().next();
            unused.remove(oldest.hash);
            contents.remove(oldest.hash);
            unusedBytes -= oldest.bytes;
            dropped.add(oldest.hash);
        }
        return dropped;
    }

    int size() {
        return contents.size();
    }
}
