package manyjvm.parallel.code.graph;

import java.io.ObjectStreamField;
import java.io.Serializable;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A class that has a shape in the bytes: the names of its fields, given once a graph. */
abstract class ShapedPlan extends GraphPlan {
    ShapedPlan(Class<?> type) {
        super(type);
    }

    /** The classes that the fields belong to, the topmost first. */
    abstract List<Level> levels();

    /** The reader's side for what the writer sent, which may come from another release of the class. */
    abstract GraphReader.Opener bind(List<LevelShape> shapes) throws ReflectiveOperationException;

    /** The fields of one class of a chain of superclasses, as the writer had them. */
    record LevelShape(String className, String[] names, char[] kinds) {
        int indexOf(String name) {
            for (int index = 0; index < names.length; index++) {
                if (names[index].equals(name)) {
                    return index;
                }
            }
            return -1;
        }
    }

    /** One class of a chain of superclasses. */
    static final class Level {
        /** Of what no method writes or reads yet. */
        static final Level NONE = new Level(Object.class, new String[0], new Class<?>[0], false);

        final Class<?> type;
        final LevelShape shape;
        final Class<?>[] fieldTypes;
        final @Nullable MethodHandle writeObject;
        final @Nullable MethodHandle readObject;
        private volatile SerialHooks.FieldAccess @Nullable [] access; // null until it is first used

        Level(Class<?> type, String[] names, Class<?>[] fieldTypes, boolean hooks) {
            this.type = type;
            this.fieldTypes = fieldTypes;
            char[] kinds = new char[names.length];
            for (int index = 0; index < names.length; index++) {
                kinds[index] = kind(fieldTypes[index]);
            }
            this.shape = new LevelShape(type.getName(), names, kinds);
            this.writeObject = hooks ? SerialHooks.writeObject(type) : null;
            this.readObject = hooks ? SerialHooks.readObject(type) : null;
        }

        static Level of(Class<?> type) {
            if (Serializable.class.isAssignableFrom(type)) {
                ObjectStreamField[] fields = SerialHooks.fields(type.asSubclass(Serializable.class));
                String[] names = new String[fields.length];
                Class<?>[] types = new Class<?>[fields.length];
                for (int index = 0; index < fields.length; index++) {
                    names[index] = fields[index].getName();
                    types[index] = fields[index].getType();
                }
                return new Level(type, names, types, true);
            }
            List<Field> fields = new ArrayList<>();
            for (Field field : type.getDeclaredFields()) {
                if ((field.getModifiers() & (Modifier.STATIC | Modifier.TRANSIENT)) == 0) {
                    fields.add(field);
                }
            }
            return new Level(
                    type,
                    fields.stream().map(Field::getName).toArray(String[]::new),
                    fields.stream().map(Field::getType).toArray(Class<?>[]::new),
                    false);
        }

        boolean hasHooks() {
            return writeObject != null || readObject != null;
        }

        /** Access to the fields of the shape, in order. Found when first used: persistent fields need not exist as fields. */
        SerialHooks.FieldAccess[] access() throws NoSuchFieldException {
            SerialHooks.FieldAccess[] found = access;
            if (found == null) {
                found = new SerialHooks.FieldAccess[shape.names.length];
                for (int index = 0; index < found.length; index++) {
                    Field field = type.getDeclaredField(shape.names[index]);
                    found[index] = TypeNames.isOfJdk(type)
                            ? SerialHooks.unsafeAccess(field)
                            : new SerialHooks.OpenAccess(open(field));
                }
                access = found;
            }
            return found;
        }
    }

    static char kind(Class<?> fieldType) {
        return fieldType.isPrimitive() ? fieldType.descriptorString().charAt(0) : 'L';
    }

    static Field open(Field field) {
        if (!field.trySetAccessible()) {
            throw closed(field.getDeclaringClass());
        }
        return field;
    }

    static @Nullable Object[] values(Field[] fields, Object object) throws IllegalAccessException {
        @Nullable Object[] values = new @Nullable Object[fields.length];
        for (int index = 0; index < values.length; index++) {
            values[index] = fields[index].get(object);
        }
        return values;
    }

    static Refused closed(Class<?> type) {
        String module = type.getModule().getName();
        return new Refused(
                "is a " + type.getName() + ", whose module " + module + " does not open it",
                "start this program with --add-opens " + module + "/" + type.getPackageName() + "=ALL-UNNAMED",
                null);
    }

    static IncompatibleClassChangeError differs(Class<?> type, String field) {
        return new IncompatibleClassChangeError(
                "the field " + field + " of " + type.getName() + " is not the same in both JVMs: " + SAME_JARS);
    }

    static Level local(List<Level> levels, LevelShape shape, Class<?> type) {
        for (Level level : levels) {
            if (level.shape.className.equals(shape.className)) {
                return level;
            }
        }
        throw new IncompatibleClassChangeError(
                type.getName() + " does not extend " + shape.className + " in both JVMs: " + SAME_JARS);
    }
}
