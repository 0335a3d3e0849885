package manyjvm.parallel.code;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Contents by their hash, each as long as somebody else has it. For use by any thread. */
final class WeakContents<V> {
    private final Map<String, Entry<V>> entries = new ConcurrentHashMap<>();
    private final ReferenceQueue<V> gone = new ReferenceQueue<>();

    private static final class Entry<V> extends WeakReference<V> {
        private final String hash;

        Entry(String hash, V content, ReferenceQueue<V> gone) {
            super(content, gone);
            this.hash = hash;
        }
    }

    Optional<V> get(String hash) {
        Entry<V> entry = entries.get(hash);
        return Optional.ofNullable(entry == null ? null : entry.get());
    }

    /** What is here already under this hash, or else the content itself. */
    V shared(String hash, V content) {
        forgetGone();
        while (true) {
            Entry<V> entry = entries.computeIfAbsent(hash, absent -> new Entry<>(hash, content, gone));
            V kept = entry.get();
            if (kept != null) {
                return kept;
            }
            entries.remove(hash, entry);
        }
    }

    int size() {
        forgetGone();
        return entries.size();
    }

    private void forgetGone() {
        for (Reference<? extends V> each = gone.poll(); each != null; each = gone.poll()) {
            Entry<?> entry = (Entry<?>) each;
            entries.remove(entry.hash, entry);
        }
    }
}
