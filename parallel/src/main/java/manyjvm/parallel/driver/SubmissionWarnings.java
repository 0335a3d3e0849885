package manyjvm.parallel.driver;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import manyjvm.parallel.code.CodePacker;
import manyjvm.parallel.code.Copied;
import manyjvm.parallel.code.JvmChanges;
import manyjvm.parallel.spi.Explanation;
import manyjvm.parallel.spi.JvmSettings;
import manyjvm.parallel.wire.Code;

/** What a submitter is warned of: each thing once in a driver's life, and as often as somebody asks. Safe for use by any thread. */
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
        texts(code).forEach((what, text) -> warn(what, place, "warning: " + text));
    }

    /** What there is to be warned of, told already or not; by what is worth one warning. */
    static Map<String, String> texts(Code.Shipped code) {
        if (code.bundle().written().isEmpty()
                && code.bundle().copied().isEmpty()
                && code.jvm().staying().isEmpty()) {
            return Map.of(); // as it is nearly always
        }
        Map<String, String> texts = new LinkedHashMap<>();
        for (String variable : code.bundle().written()) {
            texts.put(
                    variable,
                    variable + " is assigned by code that runs in workers: each worker has its own"
                            + " copy of it, and yours does not change. Use Value, Array or a Queue to share it.");
        }
        for (Copied each : code.bundle().copied()) {
            texts.putIfAbsent(each.key(), each.warning());
        }
        for (String each : code.jvm().staying()) {
            texts.putIfAbsent(
                    each,
                    each + " was changed in this JVM, and does not travel: workers have their own. Set"
                            + " it in the function, or as an option of the pool: jvmOptions(..).");
        }
        return texts;
    }

    /** What a function would take along, with the settings of the JVM that go with it, and all that there is to be warned of. */
    static Explanation explained(CodePacker packer, Object function) {
        CodePacker.Explained explained = packer.explain(function);
        JvmChanges jvm = JvmChanges.now();
        Explanation found = explained.explanation();
        List<Explanation.Part> parts = new ArrayList<>(found.parts());
        for (String setting : jvm.values().keySet()) {
            // A zone goes along, too, where nobody can tell any more whether code has set it: that would only puzzle.
            if (!setting.equals(JvmChanges.ZONE)) {
                boolean locales = setting.equals(JvmChanges.LOCALES);
                String name = locales ? "default locales" : setting;
                String type = locales ? "setting of the JVM" : "system property";
                parts.add(new Explanation.Part(name, type, "", Explanation.Way.COPY, 0));
            }
        }
        Map<String, String> warnings = explained
                .bundle()
                .map(bundle -> texts(new Code.Shipped(bundle, jvm)))
                .orElse(Map.of());
        return new Explanation(parts, found.bytes(), found.refusals(), List.copyOf(warnings.values()));
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
