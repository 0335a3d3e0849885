package manyjvm.parallel.code.graph;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import manyjvm.parallel.bytes.ByteOutput;
import org.jspecify.annotations.Nullable;

/** A user's class without any say in how it travels: the fields, primitive ones first. */
final class FieldsPlan extends ShapedPlan {
    private final Constructor<?> constructor;
    private final List<Level> levels;
    private final Field[] primitives;
    private final Field[] references;

    FieldsPlan(Class<?> type, Constructor<?> constructor, List<Level> levels) {
        super(type);
        this.constructor = constructor;
        this.levels = List.copyOf(levels);
        List<Field> values = new ArrayList<>();
        List<Field> objects = new ArrayList<>();
        for (Level level : levels) {
            for (String name : level.shape.names()) {
                Field field = field(level.type, name);
                (field.getType().isPrimitive() ? values : objects).add(field);
            }
        }
        primitives = values.toArray(Field[]::new);
        references = objects.toArray(Field[]::new);
    }

    private static Field field(Class<?> type, String name) {
        try {
            return open(type.getDeclaredField(name));
        } catch (NoSuchFieldException missing) {
            throw new Refused(
                    "is a " + type.getName() + ", which names a field " + name + " that it does not have",
                    "correct its serialPersistentFields",
                    missing);
        }
    }

    @Override
    List<Level> levels() {
        return levels;
    }

    @Override
    void write(GraphWriter writer, Object object) throws IllegalAccessException {
        @Nullable Object[] parts = values(references, object);
        writer.start(object, this);
        ByteOutput output = writer.output();
        for (Field field : primitives) {
            Class<?> kind = field.getType();
            if (kind == int.class) {
                output.writeInt(field.getInt(object));
            } else if (kind == double.class) {
                output.writeDouble(field.getDouble(object));
            } else if (kind == long.class) {
                output.writeLong(field.getLong(object));
            } else {
                HookOutput.writePrimitive(output, kind(kind), field.get(object));
            }
        }
        writer.open(this, object, parts, false);
    }

    @Override
    String step(Object owner, @Nullable Object[] parts, int index) {
        return "." + references[index].getName();
    }

    @Override
    Class<?> holder(int index, int @Nullable [] ends) {
        return references[index].getDeclaringClass();
    }

    @Override
    GraphReader.Opener bind(List<LevelShape> shapes) throws ReflectiveOperationException {
        List<Field> values = new ArrayList<>();
        List<Field> objects = new ArrayList<>();
        for (LevelShape shape : shapes) {
            Level level = local(levels, shape, type);
            for (int index = 0; index < shape.names().length; index++) {
                int own = level.shape.indexOf(shape.names()[index]);
                if (own < 0 || level.shape.kinds()[own] != shape.kinds()[index]) {
                    throw differs(level.type, shape.names()[index]);
                }
                Field field = field(level.type, shape.names()[index]);
                (field.getType().isPrimitive() ? values : objects).add(field);
            }
        }
        return reader -> {
            Object shell = constructor.newInstance();
            for (Field field : values) {
                Class<?> kind = field.getType();
                if (kind == int.class) {
                    field.setInt(shell, reader.input().readInt());
                } else if (kind == double.class) {
                    field.setDouble(shell, reader.input().readDouble());
                } else if (kind == long.class) {
                    field.setLong(shell, reader.input().readLong());
                } else {
                    field.set(shell, HookInput.readPrimitive(reader.input(), kind(kind)));
                }
            }
            reader.open(shell, new @Nullable Object[objects.size()], objects.size(), (made, parts) -> {
                for (int index = 0; index < parts.length; index++) {
                    objects.get(index).set(made, parts[index]);
                }
                return made;
            });
        };
    }
}
