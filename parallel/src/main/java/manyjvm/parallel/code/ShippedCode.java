package manyjvm.parallel.code;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import manyjvm.parallel.code.graph.Encoded;
import manyjvm.parallel.code.graph.ObjectCodec;
import manyjvm.parallel.code.lambda.LambdaForm;
import manyjvm.parallel.code.lambda.LambdaSite;
import manyjvm.parallel.code.lambda.SerializedLambdas;
import org.jspecify.annotations.Nullable;

/**
 * One submission's code and variables in a worker. Its values are kept aside while another submission has the static fields;
 * {@link ShippedVariables} says which they are. Used by one task thread at a time.
 */
final class ShippedCode implements CodeStore.LoadedCode {
    private final ShippedLoader loader;
    private final ObjectCodec codec;
    private final ShippedVariables all;
    private final Map<String, ShippedVariables.Held> variables = new LinkedHashMap<>(); // by class and name
    private final Set<String> ofFunction; // names, too
    private volatile @Nullable Object function; // null once released

    ShippedCode(Bundle bundle, ShippedLoader loader, ObjectCodec codec, ShippedVariables all)
            throws ReflectiveOperationException {
        this.loader = loader;
        this.codec = codec;
        this.all = all;
        List<Bundle.StaticField> fields = bundle.fields();
        this.ofFunction = fields.stream().map(ShippedCode::name).collect(Collectors.toUnmodifiableSet());
        ShippedVariables.Arrival arrival = all.arrival(loader, codec, fields);
        @Nullable Object[] graph = decoded(codec, bundle.graph());
        if (Packing.EARLY_VARIABLES.equals(graph[0])) {
            graph = setEarly(arrival, fields, graph);
        }
        for (int i = 0; i < fields.size(); i++) {
            take(arrival, i, fields.get(i), graph[i + 1]);
        }
        this.function = graph[0] instanceof Object[] captured // a function is never an array
                ? SerializedLambdas.rebuild(
                        new LambdaForm(new LambdaSite(bundle.base().site()), captured), loader)
                : graph[0];
    }

    private Optional<ShippedVariables.Held> take(
            ShippedVariables.Arrival arrival, int index, Bundle.StaticField field, @Nullable Object slot) {
        Optional<ShippedVariables.Held> held = arrival.take(index, slot);
        held.ifPresent(present -> variables.put(name(field), present));
        return held;
    }

    private static String name(Bundle.StaticField field) {
        return field.className() + "." + field.fieldName();
    }

    /**
     * Decoding the rest may run static initializers that read these variables. They get copies; afterwards all variables
     * are set from the one graph, in which identity holds.
     */
    private @Nullable Object[] setEarly(
            ShippedVariables.Arrival arrival, List<Bundle.StaticField> fields, @Nullable Object[] outer) {
        loader.save();
        loader.unbind();
        for (int i = 0; i < fields.size(); i++) {
            ShippedVariables.Held kept = arrival.kept(i);
            Object early = kept != null ? kept.value() : outer[i + Packing.EARLY_PARTS];
            if (outer[i + Packing.EARLY_PARTS] != null) {
                loader.slot(fields.get(i).className(), fields.get(i).fieldName())
                        .handle()
                        .set(early);
            }
        }
        return decoded(codec, (byte[]) Objects.requireNonNull(outer[1], "the rest, as Packing.bundle puts it there"));
    }

    /** What {@link Packing} made is an array, never null. */
    private static @Nullable Object[] decoded(ObjectCodec codec, byte[] graph) {
        return (@Nullable Object[]) Objects.requireNonNull(codec.decode(graph), "a graph is an array of its parts");
    }

    void setVariables() {
        variables.values().forEach(ShippedVariables.Held::set);
    }

    void saveVariables() {
        variables.values().forEach(ShippedVariables.Held::save);
    }

    @Override
    public Object function() {
        return Objects.requireNonNull(function, "a submission that was released runs no more");
    }

    @Override
    public void bind() {
        loader.bind(this);
    }

    @Override
    public void release() {
        function = null; // the static fields stay: what they will hold when another submission gets them is kept
    }

    @Override
    public ClassLoader loader() {
        return loader;
    }

    @Override
    public @Nullable Object decode(byte[] bytes) {
        Object value = codec.decode(bytes);
        if (!(value instanceof Object[])) {
            return value;
        }
        @Nullable Object[] graph = (@Nullable Object[]) value;
        if (graph.length > Packing.ARGUMENT_PARTS && Packing.ARGUMENT_WITH_VARIABLES.equals(graph[0])) {
            bringAlong(graph);
            return graph[2];
        }
        return value;
    }

    /**
     * Sets the variables that an argument brings along, as they were when it was made: the next argument may bring others.
     * Those that the function uses too keep the function's values.
     */
    private void bringAlong(@Nullable Object[] graph) {
        List<Bundle.StaticField> fields = new ArrayList<>();
        List<@Nullable Object> slots = new ArrayList<>();
        String[] names = (String[]) Objects.requireNonNull(graph[1], "the names, as Packing puts them there");
        for (int i = 0; i * Packing.FIELD_PARTS < names.length; i++) {
            int at = i * Packing.FIELD_PARTS;
            Bundle.StaticField field = new Bundle.StaticField(names[at], names[at + 1], names[at + 2], names[at + 3]);
            if (!ofFunction.contains(name(field))) {
                fields.add(field);
                slots.add(graph[Packing.ARGUMENT_PARTS + i]);
            }
        }
        ShippedVariables.Arrival arrival = all.arrival(loader, codec, fields);
        List<ShippedVariables.Held> added = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
            take(arrival, i, fields.get(i), slots.get(i)).ifPresent(added::add);
        }
        loader.bind(this);
        added.forEach(ShippedVariables.Held::set);
    }

    @Override
    public Encoded encode(@Nullable Object value) {
        return codec.encode(value);
    }
}
