package manyjvm.parallel.code;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import manyjvm.parallel.NotShippableException;

/**
 * One submission's code and variables in a worker. Its values are its own: made from the snapshot when it is loaded, kept
 * aside while another submission has the static fields. Used by one task thread at a time.
 */
final class ShippedCode implements CodeStore.LoadedCode {
    private final ShippedLoader loader;
    private final ObjectCodec codec;
    private final Map<Bundle.StaticField, Variable> variables = new LinkedHashMap<>();
    private final Object function;

    private static final class Variable {
        private final VarHandle handle;
        private Object value;

        Variable(VarHandle handle, Object value) {
            this.handle = handle;
            this.value = value;
        }
    }

    ShippedCode(Bundle bundle, ShippedLoader loader, ObjectCodec codec, Lambdas lambdas)
            throws ReflectiveOperationException {
        this.loader = loader;
        this.codec = codec;
        Object[] graph = (Object[]) codec.decode(bundle.graph());
        if (SessionPacker.EARLY_VARIABLES.equals(graph[0])) {
            graph = setEarly(bundle.fields(), graph);
        }
        for (int i = 0; i < bundle.fields().size(); i++) {
            put(bundle.fields().get(i), graph[i + 1]);
        }
        this.function =
                graph[0] instanceof Object[] parts ? lambdas.rebuild(FunctionSlot.form(parts), loader) : graph[0];
    }

    /**
     * Decoding the rest may run static initializers that read these variables. They get copies; afterwards all variables
     * are set from the one graph, in which identity holds.
     */
    private Object[] setEarly(List<Bundle.StaticField> fields, Object[] outer) {
        for (int i = 0; i < fields.size(); i++) {
            if (outer[i + SessionPacker.EARLY_PARTS] != null) {
                put(fields.get(i), outer[i + SessionPacker.EARLY_PARTS]);
            }
        }
        loader.bind(this);
        Object[] graph = (Object[]) codec.decode((byte[]) outer[1]);
        loader.unbind();
        return graph;
    }

    private void put(Bundle.StaticField field, Object value) {
        Variable known = variables.get(field);
        if (known == null) {
            variables.put(field, new Variable(handle(field), value));
        } else {
            known.value = value;
        }
    }

    private VarHandle handle(Bundle.StaticField field) {
        try {
            Class<?> owner = Class.forName(field.className(), false, loader);
            // Its initializer must not run later and undo what is set here.
            MethodHandles.privateLookupIn(owner, MethodHandles.lookup()).ensureInitialized(owner);
            String descriptor = ClassFacts.read(field.className(), loader.classFile(field.className()))
                    .staticFields()
                    .get(field.fieldName())
                    .descriptor();
            return Closures.handle(owner, field.fieldName(), descriptor);
        } catch (ReflectiveOperationException | LinkageError failure) {
            throw new NotShippableException(
                    "cannot set " + field.className() + "." + field.fieldName() + " in the worker: " + failure,
                    failure);
        }
    }

    void setVariables() {
        for (Variable variable : variables.values()) {
            variable.handle.set(variable.value);
        }
    }

    void saveVariables() {
        for (Variable variable : variables.values()) {
            variable.value = variable.handle.get();
        }
    }

    @Override
    public Object function() {
        return function;
    }

    @Override
    public void bind() {
        loader.bind(this);
    }

    @Override
    public ClassLoader loader() {
        return loader;
    }

    @Override
    public Object decode(byte[] bytes) {
        Object value = codec.decode(bytes);
        if (value instanceof Object[] graph
                && graph.length > SessionPacker.ARGUMENT_PARTS
                && SessionPacker.ARGUMENT_WITH_VARIABLES.equals(graph[0])) {
            bringAlong(graph);
            return graph[2];
        }
        return value;
    }

    /** Sets the variables that an argument brings along; those that the function uses too keep the function's values. */
    private void bringAlong(Object[] graph) {
        String[] names = (String[]) graph[1];
        List<Variable> added = new ArrayList<>();
        for (int i = 0; i < names.length / 2; i++) {
            Bundle.StaticField field = new Bundle.StaticField(names[2 * i], names[2 * i + 1]);
            if (!variables.containsKey(field)) {
                put(field, graph[SessionPacker.ARGUMENT_PARTS + i]);
                added.add(variables.get(field));
            }
        }
        loader.bind(this);
        added.forEach(variable -> variable.handle.set(variable.value));
    }

    @Override
    public Encoded encode(Object value) {
        return codec.encode(value);
    }
}
