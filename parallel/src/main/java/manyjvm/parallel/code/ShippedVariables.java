package manyjvm.parallel.code;

import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import manyjvm.parallel.NotShippableException;

/**
 * The static fields that submissions have set in this worker, with what became of them.
 *
 * <p><b>Whose value holds.</b> A submission brings its variables as they were when it was made. Where a variable comes in the
 * version in which it came last, nobody has changed it there since, and what this worker has made of it goes on: what the
 * pool's initializer assigned, or put into it, is there for all later tasks. Where it comes in another version, that one holds
 * from then on. Submissions that came before with another value keep their own, and take turns with the later ones
 * ({@link ShippedLoader#bind}).
 *
 * <p>Variables that share objects come as a group. They stay as they are when all of them came in the same versions, and
 * together; else all are taken anew, for otherwise one could lead to the old copy of an object and another to the new one.
 * Only what this worker has assigned to one of them stays with it: that never was part of what came.
 *
 * <p>Used by one task thread at a time.
 */
final class ShippedVariables {
    private final Map<String, Held> latest = new HashMap<>();

    /** One version of a variable, for all submissions that brought it. */
    static final class Held {
        private final StaticSlot slot;
        private final ObjectCodec codec;
        private final String version;
        private final String group;
        private final Object arrival;
        private final WeakReference<Object> shipped;
        private Object value;

        private Held(StaticSlot slot, ObjectCodec codec, String version, String group, Object arrival, Object value) {
            this.slot = slot;
            this.codec = codec;
            this.version = version;
            this.group = group;
            this.arrival = arrival;
            this.shipped = new WeakReference<>(value);
            this.value = value;
        }

        Object value() {
            return value;
        }

        void set() {
            slot.handle().set(value);
        }

        void save() {
            value = slot.handle().get();
        }

        private boolean isReassigned() {
            return shipped.get() != value;
        }
    }

    /** What one submission, or one argument, brings; decides for each of its fields before anything is decoded. */
    final class Arrival {
        private final ShippedLoader loader;
        private final ObjectCodec codec;
        private final List<Bundle.StaticField> fields;
        private final Held[] kept;

        private Arrival(ShippedLoader loader, ObjectCodec codec, List<Bundle.StaticField> fields) {
            this.loader = loader;
            this.codec = codec;
            this.fields = fields;
            this.kept = new Held[fields.size()];
        }

        /** What a field goes on with; null when it is to be set to what has come. */
        Held kept(int index) {
            return kept[index];
        }

        /**
         * @param slot of the graph of all
         * @return empty where the initializer of the field's class fails here: whatever uses it is told
         */
        Optional<Held> take(int index, Object slot) {
            Bundle.StaticField field = fields.get(index);
            StaticSlot target = slot(field);
            if (kept[index] != null) {
                return Optional.of(kept[index]);
            }
            if (!target.initialize()) {
                return Optional.empty();
            }
            Held held;
            if (field.version().isEmpty()) {
                Object value = target.handle().get();
                held = new Held(target, codec, version(target.descriptor(), value), field.group(), this, value);
            } else {
                boolean apart = field.isApart() && slot instanceof byte[];
                held = new Held(
                        target,
                        codec,
                        field.version(),
                        field.group(),
                        this,
                        apart ? codec.decode((byte[]) slot) : slot);
            }
            latest.put(target.name(), held);
            return Optional.of(held);
        }

        private StaticSlot slot(Bundle.StaticField field) {
            return loader.slot(field.className(), field.fieldName());
        }

        private void decide() {
            Map<String, Object> together = new HashMap<>(); // by group: the arrival of all its fields, or NONE
            for (int i = 0; i < kept.length; i++) {
                Bundle.StaticField field = fields.get(i);
                Held known = latest.get(slot(field).name());
                if (known != null && isSame(known, field)) {
                    kept[i] = known;
                }
                boolean asItWas = kept[i] != null
                        && known.group.equals(field.group())
                        && !field.group().equals(Bundle.StaticField.WITH_FUNCTION);
                together.merge(
                        field.group(), asItWas ? known.arrival : NONE, (one, other) -> one == other ? one : NONE);
            }
            for (int i = 0; i < kept.length; i++) {
                Bundle.StaticField field = fields.get(i);
                boolean anew = !field.isApart() && together.get(field.group()) == NONE;
                if (kept[i] != null && anew && !kept[i].isReassigned()) {
                    kept[i] = null;
                }
                if (kept[i] != null && kept[i].slot.loader() != loader) {
                    kept[i] = moved(kept[i], field);
                }
            }
        }

        /** A final field that the submitting JVM has not initialized has no other value there. */
        private boolean isSame(Held known, Bundle.StaticField field) {
            return field.version().isEmpty() || known.version.equals(field.version());
        }

        /** As the submitting JVM would tell it, once it has initialized the class itself. */
        private String version(String descriptor, Object value) {
            return Version.ofSimple(descriptor, value).orElseGet(() -> {
                try {
                    return Version.ofGraph(descriptor, codec.encode(value).bytes());
                } catch (NotShippableException staysHere) {
                    return "none"; // nor will it come
                }
            });
        }

        /** To another generation of classes, which are other classes though they have the same names. */
        private Held moved(Held from, Bundle.StaticField field) {
            StaticSlot target = slot(field);
            try {
                Object value = codec.decode(from.codec.encode(from.value).bytes());
                Held held = new Held(target, codec, from.version, from.group, this, value);
                latest.put(target.name(), held);
                return held;
            } catch (NotShippableException stays) {
                System.err.println("warning: what this worker has assigned to " + target.shownName()
                        + " is lost, since classes or libraries of the session have changed: " + stays.getMessage());
                return null;
            }
        }
    }

    private static final Object NONE = new Object();

    Arrival arrival(ShippedLoader loader, ObjectCodec codec, List<Bundle.StaticField> fields) {
        latest.values().stream().map(held -> held.slot.loader()).distinct().forEach(ShippedLoader::save);
        Arrival arrival = new Arrival(loader, codec, fields);
        arrival.decide();
        return arrival;
    }

    /** Lets go of what a loader's fields hold. */
    void forget(ShippedLoader loader) {
        latest.values().removeIf(held -> held.slot.loader() == loader);
    }
}
