package manyjvm.parallel.worker;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TimeZone;
import manyjvm.parallel.code.JvmChanges;
import org.jspecify.annotations.Nullable;

/**
 * Makes this JVM as a whole what the submitting one is. As with variables: what comes as it came last leaves what tasks have
 * made of it here; what comes as another, or no longer, holds from then on. Confined to the task thread.
 */
final class JvmState {
    private JvmChanges latest = JvmChanges.NONE;

    /** What each was before a submission first changed it; empty for a property that was not there. */
    private final Map<String, Optional<String>> own = new HashMap<>();

    void become(JvmChanges changes) {
        if (changes.values().equals(latest.values())) {
            return;
        }
        Map<String, @Nullable String> last = latest.values();
        latest = changes;
        for (String key : last.keySet()) {
            if (!changes.values().containsKey(key) && own.containsKey(key)) {
                set(key, own.remove(key).orElse(null));
            }
        }
        changes.values().forEach((key, value) -> {
            // The options of a pool are for its workers, and stronger. Those for locales and the zone the driver heeds.
            boolean another = !last.containsKey(key) || !Objects.equals(last.get(key), value);
            if (another && !JvmChanges.isOfTheStart(key)) {
                own.computeIfAbsent(key, JvmState::get);
                set(key, value);
            }
        });
    }

    private static Optional<String> get(String key) {
        return switch (key) {
            case JvmChanges.LOCALES -> Optional.of(JvmChanges.locales());
            case JvmChanges.ZONE -> Optional.ofNullable(TimeZone.getDefault().getID());
            default -> Optional.ofNullable(System.getProperty(key));
        };
    }

    private static void set(String key, @Nullable String value) {
        switch (key) {
            case JvmChanges.LOCALES -> JvmChanges.setLocales(Objects.requireNonNull(value, "locales are never gone"));
            // One of a task's own making has no name, and cannot come back: then it is what this JVM began with.
            case JvmChanges.ZONE -> TimeZone.setDefault(value == null ? null : TimeZone.getTimeZone(value));
            default -> {
                if (value == null) {
                    System.clearProperty(key);
                } else {
                    System.setProperty(key, value);
                }
            }
        }
    }
}
