package manyjvm.parallel.code;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import manyjvm.parallel.NotShippableException;
import manyjvm.parallel.code.closure.StaticHandle;
import manyjvm.parallel.code.graph.Encoded;
import manyjvm.parallel.code.graph.EncodingFailure;
import manyjvm.parallel.code.graph.ObjectCodec;
import org.jspecify.annotations.Nullable;

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
 * <p>A value that is kept goes along to the loader of the submission that asks for it, and out of a loader that is let go,
 * together with all that shares objects with it.
 *
 * <p>Used by one task thread at a time.
 */
final class ShippedVariables {
    /** By name, see {@link StaticSlot}. */
    private final Map<String, Held> latest = new HashMap<>();

    private final Function<Object, String> arrays;

    /** @param arrays tells what the submitting JVM calls a large array of this content */
    ShippedVariables(Function<Object, String> arrays) {
        this.arrays = arrays;
    }

    /** One version of a variable, for all submissions that brought it. */
    static final class Held {
        private final ShippedLoader loader;
        private final ObjectCodec codec;
        private final String descriptor;
        private final String shownName;
        private final String version;
        private final String group;
        private final Object arrival;
        private final WeakReference<@Nullable Object> shipped; // null once it is known to be another one
        private @Nullable StaticSlot
                slot; // null from when it came from another loader, until a submission uses it in this one
        private @Nullable Object value;

        private Held(
                StaticSlot slot,
                ObjectCodec codec,
                String version,
                String group,
                Object arrival,
                @Nullable Object value) {
            this.loader = slot.loader();
            this.codec = codec;
            this.descriptor = slot.descriptor();
            this.shownName = slot.shownName();
            this.version = version;
            this.group = group;
            this.arrival = arrival;
            this.shipped = new WeakReference<>(value == null ? NONE : value);
            this.slot = slot;
            this.value = value;
        }

        /** The same in another loader. */
        private Held(Held from, ShippedLoader loader, ObjectCodec codec, @Nullable Object value) {
            this.loader = loader;
            this.codec = codec;
            this.descriptor = from.descriptor;
            this.shownName = from.shownName;
            this.version = from.version;
            this.group = from.group;
            this.arrival = from.arrival;
            this.shipped = new WeakReference<>(from.isReassigned() ? null : value == null ? NONE : value);
            this.value = value;
        }

        @Nullable
        Object value() {
            return value;
        }

        void set() {
            handle().set(value);
        }

        void save() {
            value = handle().get();
        }

        private StaticHandle handle() {
            return Objects.requireNonNull(slot, "only a submission that uses it here sets or saves it")
                    .handle();
        }

        private boolean isReassigned() {
            return shipped.get() != (value == null ? NONE : value);
        }
    }

    /** What one submission, or one argument, brings; decides for each of its fields before anything is decoded. */
    final class Arrival {
        private final ShippedLoader loader;
        private final ObjectCodec codec;
        private final List<Bundle.StaticField> fields;
        private final @Nullable Held[] kept;
        private final Object mark = new Object(); // of those that came together

        private Arrival(ShippedLoader loader, ObjectCodec codec, List<Bundle.StaticField> fields) {
            this.loader = loader;
            this.codec = codec;
            this.fields = fields;
            this.kept = new @Nullable Held[fields.size()];
        }

        /** What a field goes on with; null when it is to be set to what has come. */
        @Nullable
        Held kept(int index) {
            return kept[index];
        }

        /**
         * @param slot of the graph of all
         * @return empty where the initializer of the field's class fails here: whatever uses it is told
         */
        Optional<Held> take(int index, @Nullable Object slot) {
            Bundle.StaticField field = fields.get(index);
            StaticSlot target = slot(field);
            Held known = kept[index];
            if (known != null) {
                return Optional.of(known);
            }
            if (!target.initialize()) {
                return Optional.empty();
            }
            Held held;
            if (field.version().isEmpty()) {
                Object value = target.handle().get();
                held = new Held(target, codec, version(target.descriptor(), value, codec), field.group(), mark, value);
            } else {
                Object value = field.isApart() && slot instanceof byte[] own ? codec.decode(own) : slot;
                held = new Held(target, codec, field.version(), field.group(), mark, value);
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
                Object arrived = NONE;
                if (known != null && isSame(known, field)) {
                    kept[i] = known;
                    if (known.group.equals(field.group())
                            && !field.group().equals(Bundle.StaticField.WITH_FUNCTION)) { // and is as it was
                        arrived = known.arrival;
                    }
                }
                together.merge(field.group(), arrived, (one, other) -> one == other ? one : NONE);
            }
            for (int i = 0; i < kept.length; i++) {
                Bundle.StaticField field = fields.get(i);
                boolean anew = !field.isApart() && together.get(field.group()) == NONE;
                Held known = kept[i];
                if (known != null && anew && !known.isReassigned()) {
                    kept[i] = null;
                }
            }
            bringKept();
        }

        /** What is kept in other generations of classes comes to this one. */
        private void bringKept() {
            Set<Held> wanted = Collections.newSetFromMap(new IdentityHashMap<>());
            Set<ShippedLoader> others = new LinkedHashSet<>();
            for (Held each : kept) {
                if (each != null && each.loader != loader) {
                    wanted.add(each);
                    others.add(each.loader);
                }
            }
            others.forEach(other -> move(other, wanted::contains, loader, codec));
            for (int i = 0; i < kept.length; i++) {
                Held known = kept[i];
                if (known == null) {
                    continue;
                }
                StaticSlot slot = slot(fields.get(i));
                if (known.loader != loader) {
                    known = latest.get(slot.name()); // null when it could not move
                    kept[i] = known;
                }
                if (known != null) {
                    known.slot = slot;
                }
            }
        }

        /** A final field that the submitting JVM has not initialized has no other value there. */
        private boolean isSame(Held known, Bundle.StaticField field) {
            return field.version().isEmpty() || known.version.equals(field.version());
        }
    }

    /** As the submitting JVM would tell it, once it has initialized the class itself. */
    private String version(String descriptor, @Nullable Object value, ObjectCodec codec) {
        return Version.ofSimple(descriptor, value).orElseGet(() -> {
            try {
                return Version.ofGraph(
                        descriptor, codec.encodePart(value, arrays).encoded().bytes(), arrays);
            } catch (NotShippableException staysHere) {
                return "none"; // nor will it come
            }
        });
    }

    /** A value on its way to another loader; {@code part} is null for a simple one, which goes as it is. */
    private record Move(String name, Held held, ObjectCodec.@Nullable Part part) {}

    /**
     * To another generation of classes, which are other classes though they have the same names. What shares objects with a
     * wanted value goes with it, as one graph.
     */
    private void move(ShippedLoader from, Predicate<Held> wanted, ShippedLoader to, ObjectCodec codec) {
        List<Move> ahead = new ArrayList<>();
        for (Map.Entry<String, Held> each : List.copyOf(latest.entrySet())) {
            Held held = each.getValue();
            if (held.loader != from) {
                continue;
            }
            try {
                boolean simple = Version.ofSimple(held.descriptor, held.value).isPresent();
                ahead.add(new Move(each.getKey(), held, simple ? null : held.codec.encodePart(held.value, null)));
            } catch (NotShippableException stays) {
                if (wanted.test(held)) {
                    lost(each.getKey(), held, reason(stays, held, 0));
                }
            }
        }
        int[] numbers = ObjectCodec.Part.connected(
                ahead.stream().<ObjectCodec.@Nullable Part>map(Move::part).toList());
        Map<Integer, List<Move>> connected = new LinkedHashMap<>();
        for (int i = 0; i < numbers.length; i++) {
            connected.computeIfAbsent(numbers[i], absent -> new ArrayList<>()).add(ahead.get(i));
        }
        for (List<Move> together : connected.values()) {
            if (together.stream().anyMatch(each -> wanted.test(each.held()))) {
                moveTogether(together, from, to, codec);
            }
        }
    }

    private void moveTogether(List<Move> together, ShippedLoader from, ShippedLoader to, ObjectCodec codec) {
        try {
            @Nullable
            Object[] values = together.stream().map(each -> each.held().value).toArray();
            Encoded encoded = together.get(0).held().codec.encode(values);
            to.learn(from, encoded.classes());
            @Nullable
            Object[] there =
                    (@Nullable Object[]) Objects.requireNonNull(codec.decode(encoded.bytes()), "the array of values");
            for (int i = 0; i < there.length; i++) {
                Move each = together.get(i);
                latest.put(each.name(), new Held(each.held(), to, codec, there[i]));
            }
        } catch (NotShippableException stays) {
            Held culprit = culprit(stays, together);
            together.forEach(each -> lost(each.name(), each.held(), reason(stays, culprit, 1)));
        }
    }

    /** Of the values that were encoded as one array the one that could not be. */
    private static Held culprit(NotShippableException stays, List<Move> together) {
        String first = stays instanceof EncodingFailure known && !known.path().isEmpty()
                ? known.path().get(0)
                : "";
        for (int i = 0; i < together.size(); i++) {
            if (first.equals("[" + i + "]")) {
                return together.get(i).held();
            }
        }
        return together.get(0).held();
    }

    /** @param skip how many steps of the way the name of the variable stands for */
    private static String reason(NotShippableException stays, Held culprit, int skip) {
        return stays instanceof EncodingFailure known
                ? known.describe(culprit.shownName, skip)
                : String.valueOf(stays.getMessage());
    }

    private void lost(String name, Held held, String reason) {
        latest.remove(name);
        System.err.println("warning: this worker's own value of " + held.shownName
                + " is lost, because classes or libraries of the notebook have changed and it cannot be copied: "
                + reason);
    }

    private static final Object NONE = new Object();

    Arrival arrival(ShippedLoader loader, ObjectCodec codec, List<Bundle.StaticField> fields) {
        latest.values().stream().map(held -> held.loader).distinct().forEach(ShippedLoader::save);
        Arrival arrival = new Arrival(loader, codec, fields);
        arrival.decide();
        return arrival;
    }

    /** Lets go of what a loader's fields hold; what this worker has made of them goes on in another loader. */
    void leave(ShippedLoader loader, ShippedLoader to, ObjectCodec codec) {
        loader.save();
        move(loader, held -> !held.version.equals(version(held.descriptor, held.value, held.codec)), to, codec);
        latest.values().removeIf(held -> held.loader == loader);
    }
}
