package manyjvm.parallel.driver;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import manyjvm.parallel.code.Copied;
import manyjvm.parallel.spi.JvmSettings;
import manyjvm.parallel.wire.Code;

/** What a submitter is warned of: each thing once in a driver's life. Safe for use by any thread. */
final class SubmissionWarnings {
    private final EnvironmentOptions environment;
    private final BiConsumer<Object, String> complaints;
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    /** @param complaints hears the place and the text */
    SubmissionWarnings(EnvironmentOptions environment, BiConsumer<Object, String> complaints) {
        this.environment = environment;
        this.complaints = complaints;
    }

    /** Of what does not travel, or not as its submitter may expect. */
    void ofCode(Code.Shipped code, Object place) {
        for (String variable : code.bundle().written()) {
            warn(
                    variable,
                    place,
                    "warning: " + variable + " is assigned by code that runs in workers: each worker has its own"
                            + " copy of it, and yours does not change. Use Value, Array or a Queue to share it.");
        }
        for (Copied each : code.bundle().copied()) {
            warn(each.key(), place, "warning: " + each.warning());
        }
        for (String each : code.jvm().staying()) {
            warn(
                    each,
                    place,
                    "warning: " + each + " was changed in this JVM, and does not travel: workers have their own. Set"
                            + " it in the function, or as an option of the pool: jvmOptions(..).");
        }
    }

    /** Of a size of heap that the environment overrules. */
    void ofHeap(String who, JvmSettings jvm, Object place) {
        Optional<String> overruled = jvm.maxHeap().flatMap(size -> environment.overruled(who, size));
        overruled.ifPresent(text -> warn(EnvironmentOptions.STRONGEST, place, text));
    }

    private void warn(String what, Object place, String text) {
        if (told.add(what)) {
            complaints.accept(place, text + "\n");
        }
    }
}
