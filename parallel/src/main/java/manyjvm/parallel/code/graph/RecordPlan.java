package manyjvm.parallel.code.graph;

import java.io.Serializable;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.RecordComponent;
import java.util.List;
import org.jspecify.annotations.Nullable;

final class RecordPlan extends ShapedPlan {
    private final Level level;
    private final Field[] fields;
    private final Class<?>[] componentTypes;

    RecordPlan(Class<?> type) {
        super(type);
        RecordComponent[] components = type.getRecordComponents();
        String[] names = new String[components.length];
        componentTypes = new Class<?>[components.length];
        fields = new Field[components.length];
        for (int index = 0; index < components.length; index++) {
            names[index] = components[index].getName();
            componentTypes[index] = components[index].getType();
            try {
                fields[index] = open(type.getDeclaredField(names[index]));
            } catch (NoSuchFieldException missing) {
                throw new IllegalStateException("a record without its field " + names[index], missing);
            }
        }
        level = new Level(type, names, componentTypes, false);
    }

    @Override
    List<Level> levels() {
        return List.of(level);
    }

    @Override
    void write(GraphWriter writer, Object object) throws IllegalAccessException {
        @Nullable Object[] parts = values(fields, object);
        writer.start(object, this);
        writer.open(this, object, parts, true);
    }

    @Override
    String step(Object owner, @Nullable Object[] parts, int index) {
        return "." + level.shape.names()[index];
    }

    @Override
    Class<?> holder(int index, int @Nullable [] ends) {
        return type;
    }

    @Override
    GraphReader.Opener bind(List<LevelShape> shapes) throws NoSuchMethodException {
        Constructor<?> constructor = type.getDeclaredConstructor(componentTypes);
        if (!constructor.trySetAccessible()) {
            throw closed(type);
        }
        LevelShape sent = shapes.get(0);
        int[] order = new int[fields.length];
        for (int index = 0; index < order.length; index++) {
            order[index] = sent.indexOf(level.shape.names()[index]);
            if (order[index] < 0 || sent.kinds()[order[index]] != level.shape.kinds()[index]) {
                throw differs(type, level.shape.names()[index]);
            }
        }
        // With a codec method of its own, Serializable records may resolve to another object.
        MethodHandle resolve = Serializable.class.isAssignableFrom(type) ? SerialHooks.readResolve(type) : null;
        return reader ->
                reader.open(null, new @Nullable Object[sent.names().length], sent.names().length, (shell, values) -> {
                    @Nullable Object[] arguments = new @Nullable Object[order.length];
                    for (int index = 0; index < order.length; index++) {
                        arguments[index] = values[order[index]];
                    }
                    Object made = constructor.newInstance(arguments);
                    return resolve == null ? made : (Object) resolve.invokeExact(made);
                });
    }
}
