package manyjvm.parallel.code.graph;

import java.io.Externalizable;
import java.io.ObjectStreamField;
import java.io.Serializable;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.code.classes.RandomSources;
import manyjvm.parallel.code.classes.RecentClasses;

/**
 * How the objects of one class travel. A function of the class alone, kept in the class itself ({@link RecentClasses}): no
 * codec holds a class, so redefined and dropped classes can be collected. Immutable; shared by all threads.
 *
 * <ul>
 *   <li>A user's class needs no {@code Serializable} and no constructor: its fields travel, transient ones aside.
 *   <li>A user's {@code Serializable} class has its {@code writeObject}, {@code readObject}, {@code writeReplace}, {@code
 *       readResolve} and {@code Externalizable} methods honoured.
 *   <li>A class of the JDK travels as the JDK says: by those methods, or by its parts where {@link GraphContainer} knows it. One
 *       that is not {@code Serializable} has nothing to say, and is refused.
 * </ul>
 */
public abstract class GraphPlan {
    private static final RecentClasses<GraphPlan> PLANS = new RecentClasses<>(4096, GraphPlan::make);

    private static final ClassLoader PLATFORM = ClassLoader.getPlatformClassLoader();

    final Class<?> type;

    GraphPlan(Class<?> type) {
        this.type = type;
    }

    static GraphPlan of(Class<?> type) {
        return PLANS.get(type);
    }

    /** The plan of a class whose objects have come with a shape. */
    static Shaped shaped(Class<?> type) {
        GraphPlan plan = of(type);
        if (plan instanceof LockPlan lock) {
            plan = lock.own();
        } else if (plan instanceof ReplacedPlan replaced) {
            plan = replaced.own();
        }
        if (plan instanceof Shaped shaped) {
            return shaped;
        }
        throw new IncompatibleClassChangeError(type.getName() + " travels differently in the other JVM");
    }

    static boolean isOfJdk(Class<?> type) {
        return type.getClassLoader() == null || type.getClassLoader() == PLATFORM;
    }

    static boolean isOfThisLibrary(Class<?> type) {
        return type.getProtectionDomain() == GraphPlan.class.getProtectionDomain()
                || type.getProtectionDomain().getCodeSource() != null
                        && type.getProtectionDomain()
                                .getCodeSource()
                                .equals(GraphPlan.class.getProtectionDomain().getCodeSource());
    }

    /** Writes the tag and what follows it, and opens the parts in the writer. */
    abstract void write(GraphWriter writer, Object object) throws Throwable;

    /** The name of one part on the way from the root. */
    String step(Object owner, Object[] parts, int index) {
        return "[" + index + "]";
    }

    /**
     * The class whose author put a part there, as the content of a field; null where the way leads through something that
     * holds whatever it is given, an array or a collection.
     *
     * @param ends where the parts of each class of the chain end; null when they are one class's
     */
    Class<?> holder(int index, int[] ends) {
        return null;
    }

    /** Thrown by a plan while it writes: this object cannot travel. The writer adds where it is. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final String culprit;
        private final String advice;

        Refused(String culprit, String advice, Throwable cause) {
            super(culprit, cause, false, false);
            this.culprit = culprit;
            this.advice = advice;
        }

        String culprit() {
            return culprit;
        }

        String advice() {
            return advice;
        }
    }

    /** A class that has a shape in the bytes: the names of its fields, given once a graph. */
    abstract static class Shaped extends GraphPlan {
        Shaped(Class<?> type) {
            super(type);
        }

        /** The classes that the fields belong to, the topmost first. */
        abstract List<Level> levels();

        /** The reader's side for what the writer sent, which may come from another release of the class. */
        abstract GraphReader.Opener bind(List<LevelShape> shapes) throws ReflectiveOperationException;
    }

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
        final Class<?> type;
        final LevelShape shape;
        final Class<?>[] fieldTypes;
        final MethodHandle writeObject;
        final MethodHandle readObject;
        private volatile SerialHooks.FieldAccess[] access;

        private Level(Class<?> type, String[] names, Class<?>[] fieldTypes, boolean hooks) {
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
                    found[index] =
                            isOfJdk(type) ? SerialHooks.unsafeAccess(field) : new SerialHooks.OpenAccess(open(field));
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

    private static Refused closed(Class<?> type) {
        String module = type.getModule().getName();
        return new Refused(
                "is a " + type.getName() + ", whose module " + module + " does not open it",
                "start this program with --add-opens " + module + "/" + type.getPackageName() + "=ALL-UNNAMED",
                null);
    }

    // ---- which plan -------------------------------------------------------------------------------------------------

    private static GraphPlan make(Class<?> type) {
        if (Shared.class.isAssignableFrom(type)) {
            return new SharedPlan(type);
        }
        if (type.isArray()) {
            return type.getComponentType().isPrimitive() ? new PrimitiveArrayPlan(type) : new ArrayPlan(type);
        }
        if (type == Class.class) {
            return new ClassPlan(type);
        }
        if (Enum.class.isAssignableFrom(type)) {
            return new EnumPlan(type);
        }
        GraphContainer container = GraphContainer.of(type);
        if (container != null) {
            return new ContainerPlan(type, container);
        }
        if (RandomSources.isClosed(type)) {
            return new RefusedPlan(
                    type,
                    notSerializable(type),
                    "make one for each item inside the function, random(seed, item): copies would give the same numbers");
        }
        Optional<GraphRefusals.Advice> advice = GraphRefusals.adviceOn(type);
        if (advice.isPresent()) {
            // Users know what they asked for, a Stream, not the class inside the JDK or the kernel that they were
            // given.
            boolean known = Modifier.isPublic(type.getModifiers()) || isOfThisLibrary(type);
            String name = known ? nameOf(type) : advice.get().type();
            RefusedPlan refused =
                    new RefusedPlan(type, article(name) + name, advice.get().text());
            boolean lock = advice.get().isOnLock() && Serializable.class.isAssignableFrom(type);
            return lock ? new LockPlan(type, refused) : refused;
        }
        if (type.isHidden()) {
            if (isOfJdk(type) && Serializable.class.isAssignableFrom(type)) {
                // The JDK's own serializable lambdas, Comparator.comparing and the like, know how to be rebuilt.
                MethodHandle replace = SerialHooks.writeReplace(type);
                if (replace != null) {
                    return new ReplacedPlan(type, replace);
                }
            }
            return new LambdaPlan(type);
        }
        if (Proxy.isProxyClass(type)) {
            return new ProxyPlan(type);
        }
        MethodHandle replace = Serializable.class.isAssignableFrom(type) ? SerialHooks.writeReplace(type) : null;
        if (replace != null) {
            return new ReplacedPlan(type, replace);
        }
        try {
            return plain(type);
        } catch (Refused refused) {
            return new RefusedPlan(type, refused.culprit(), refused.advice());
        }
    }

    /** The plan of what is left when {@code writeReplace} has been asked. */
    private static GraphPlan plain(Class<?> type) {
        if (type.isRecord()) {
            return new RecordPlan(type);
        }
        if (isOfJdk(type) && ViewCopy.isView(type)) {
            ViewCopy copy = ViewCopy.of(type);
            return copy == null
                    ? new RefusedPlan(type, notSerializable(type), "send a list or a map of your own, copied from it")
                    : new ViewPlan(type, copy);
        }
        if (isOfJdk(type) && !Serializable.class.isAssignableFrom(type)) {
            return new RefusedPlan(type, notSerializable(type), "");
        }
        List<Level> levels = new ArrayList<>();
        Class<?> base = chain(type, levels);
        Constructor<?> constructor;
        try {
            constructor = SerialHooks.rawConstructor(type, base);
        } catch (NoSuchMethodException missing) {
            return new RefusedPlan(
                    type,
                    article(type) + nameOf(type) + ", which cannot be made anew",
                    "it lacks " + missing.getMessage());
        }
        boolean hooks = Externalizable.class.isAssignableFrom(type)
                || (Serializable.class.isAssignableFrom(type) && SerialHooks.readResolve(type) != null);
        for (Level level : levels) {
            hooks |= level.hasHooks() || isOfJdk(level.type);
        }
        if (hooks) {
            return new HooksPlan(type, constructor, levels);
        }
        return new FieldsPlan(type, constructor, levels);
    }

    private static String notSerializable(Class<?> type) {
        return article(type) + nameOf(type) + ", which the JDK does not let travel";
    }

    /** Collects the classes whose fields travel, and gives the superclass above them, whose constructor runs. */
    private static Class<?> chain(Class<?> type, List<Level> levels) {
        Class<?> level = type;
        while (!isOfJdk(level) || Serializable.class.isAssignableFrom(level)) {
            levels.add(0, Level.of(level));
            level = level.getSuperclass();
        }
        if (!Serializable.class.isAssignableFrom(type)) {
            for (Class<?> lost = level; lost != null; lost = lost.getSuperclass()) {
                for (Field field : lost.getDeclaredFields()) {
                    if ((field.getModifiers() & (Modifier.STATIC | Modifier.TRANSIENT)) == 0) {
                        throw new Refused(
                                article(type) + nameOf(type) + ", part of which is a " + lost.getName(),
                                "the JDK does not let that travel",
                                null);
                    }
                }
            }
        }
        return level;
    }

    /** {@code "is a "} or the like; the name follows. */
    static String article(Class<?> type) {
        return type.isHidden() ? "is " : article(nameOf(type));
    }

    private static String article(String name) {
        return "AEIOUaeiou".indexOf(name.charAt(0)) < 0 ? "is a " : "is an ";
    }

    public static String nameOf(Class<?> type) {
        if (type.isHidden()) {
            int cut = type.getName().indexOf("$$Lambda");
            return cut > 0 ? "a lambda made inside " + type.getName().substring(0, cut) : "of a hidden class";
        }
        // Ours are known to users by their simple names.
        return isOfThisLibrary(type) && type.getCanonicalName() != null
                ? type.getCanonicalName().substring(type.getPackageName().length() + 1)
                : type.getTypeName();
    }

    /** A key or other small value in a path. */
    static String shortText(Object value) {
        if (value instanceof String text) {
            return '"' + (text.length() > 40 ? text.substring(0, 40) + "..." : text) + '"';
        }
        if (value instanceof Number || value instanceof Boolean || value instanceof Character) {
            return isOfJdk(value.getClass()) ? value.toString() : "a " + nameOf(value.getClass());
        }
        if (value instanceof Enum<?> constant) {
            return constant.name();
        }
        return value == null ? "null" : "a " + nameOf(value.getClass());
    }

    // ---- the plans --------------------------------------------------------------------------------------------------

    private static final class RefusedPlan extends GraphPlan {
        private final String culprit;
        private final String advice;

        RefusedPlan(Class<?> type, String culprit, String advice) {
            super(type);
            this.culprit = culprit;
            this.advice = advice;
        }

        @Override
        void write(GraphWriter writer, Object object) {
            throw new Refused(
                    culprit,
                    advice.isEmpty()
                            ? "send the values that it is made of, or make it inside the function; a field of your own"
                                    + " class can be marked transient"
                            : advice,
                    null);
        }
    }

    /**
     * A lock, or what else only serves the threads of one JVM, of a kind that Java serialization lets travel: refused, but as a
     * part of a library's serializable object, where it arrives as that says, a lock unlocked.
     */
    static final class LockPlan extends GraphPlan {
        private final RefusedPlan refused;
        private volatile GraphPlan own;

        LockPlan(Class<?> type, RefusedPlan refused) {
            super(type);
            this.refused = refused;
        }

        @Override
        void write(GraphWriter writer, Object object) throws Throwable {
            if (writer.isSessionClass(type) || !writer.isInsideLibrary()) {
                refuse();
            }
            writer.addInnerLock(object);
            own().write(writer, object);
        }

        void refuse() {
            refused.write(null, null);
        }

        GraphPlan own() {
            GraphPlan plan = own;
            if (plan == null) {
                plan = plain(type);
                own = plan;
            }
            return plan;
        }
    }

    private static final class SharedPlan extends GraphPlan {
        SharedPlan(Class<?> type) {
            super(type);
        }

        @Override
        void write(GraphWriter writer, Object object) {
            Shared.Handle handle = ((Shared) object).handle();
            writer.number(object);
            writer.output().writeByte(GraphFormat.SHARED);
            writer.output().writeString(handle.kind());
            writer.output().writeLong(handle.id());
            writer.output().writeString(handle.detail());
            writer.addShared((Shared) object);
        }
    }

    private static final class PrimitiveArrayPlan extends GraphPlan {
        PrimitiveArrayPlan(Class<?> type) {
            super(type);
        }

        @Override
        void write(GraphWriter writer, Object object) {
            writer.writePrimitiveArray(object);
        }
    }

    private static final class ArrayPlan extends GraphPlan {
        ArrayPlan(Class<?> type) {
            super(type);
        }

        @Override
        void write(GraphWriter writer, Object object) {
            Object[] elements = (Object[]) object;
            writer.number(object);
            writer.output().writeByte(GraphFormat.OBJECT_ARRAY);
            writer.writeClass(type.getComponentType());
            writer.output().writeUnsigned(elements.length);
            writer.open(this, object, elements, false);
        }
    }

    private static final class ClassPlan extends GraphPlan {
        ClassPlan(Class<?> type) {
            super(type);
        }

        @Override
        void write(GraphWriter writer, Object object) {
            Class<?> value = (Class<?>) object;
            if (value.isHidden()) {
                throw new Refused("is the class of a lambda", "send the lambda itself", null);
            }
            writer.number(object);
            writer.output().writeByte(GraphFormat.CLASS);
            writer.writeClass(value);
        }
    }

    private static final class EnumPlan extends GraphPlan {
        EnumPlan(Class<?> type) {
            super(type);
        }

        @Override
        void write(GraphWriter writer, Object object) {
            Enum<?> constant = (Enum<?>) object;
            writer.number(object);
            writer.output().writeByte(GraphFormat.ENUM);
            // A constant with a body has a class of its own, which valueOf does not know.
            writer.writeClass(constant.getDeclaringClass());
            writer.output().writeString(constant.name());
        }
    }

    private static final class ContainerPlan extends GraphPlan {
        private final GraphContainer container;

        ContainerPlan(Class<?> type, GraphContainer container) {
            super(type);
            this.container = container;
        }

        @Override
        void write(GraphWriter writer, Object object) {
            Object[] parts = container.parts(object);
            GraphContainer kind = container.forInstance(object, parts);
            writer.number(object);
            writer.output().writeByte(GraphFormat.CONTAINER);
            writer.output().writeUnsigned(kind.ordinal());
            writer.output().writeUnsigned(parts.length);
            writer.open(this, object, parts, kind.shell(new Object[0]) == null);
        }

        @Override
        String step(Object owner, Object[] parts, int index) {
            return container.step(parts, index);
        }
    }

    private static final class LambdaPlan extends GraphPlan {
        LambdaPlan(Class<?> type) {
            super(type);
        }

        @Override
        void write(GraphWriter writer, Object object) {
            writer.writeLambda(this, object);
        }

        @Override
        String step(Object owner, Object[] parts, int index) {
            return ", which captures" + (parts.length == 1 ? "" : " as its number " + (index + 1)) + " what";
        }

        /** The class that the lambda stands in. */
        @Override
        Class<?> holder(int index, int[] ends) {
            return type.getNestHost();
        }
    }

    private static final class ProxyPlan extends GraphPlan {
        ProxyPlan(Class<?> type) {
            super(type);
        }

        @Override
        void write(GraphWriter writer, Object object) {
            Class<?>[] interfaces = type.getInterfaces();
            writer.number(object);
            writer.output().writeByte(GraphFormat.PROXY);
            writer.output().writeUnsigned(interfaces.length);
            for (Class<?> one : interfaces) {
                writer.writeClass(one);
            }
            writer.open(this, object, new Object[] {Proxy.getInvocationHandler(object)}, true);
        }

        @Override
        String step(Object owner, Object[] parts, int index) {
            return ".getInvocationHandler()";
        }
    }

    /** {@code writeReplace}. */
    private static final class ReplacedPlan extends GraphPlan {
        private final MethodHandle replace;

        /** Not made when the plan is, since a refusal of what is never sent must not count. */
        private volatile GraphPlan own;

        ReplacedPlan(Class<?> type, MethodHandle replace) {
            super(type);
            this.replace = replace;
        }

        @Override
        void write(GraphWriter writer, Object object) throws Throwable {
            Object replacement = replace.invokeExact(object);
            if (replacement != null && replacement.getClass() == type) {
                // A class may replace some of its objects only, or by another of its own; that one goes as it is.
                writer.replace(object, replacement, own());
            } else {
                writer.replace(object, replacement, null);
            }
        }

        GraphPlan own() {
            GraphPlan plan = own;
            if (plan == null) {
                plan = plain(type);
                own = plan;
            }
            return plan;
        }
    }

    private static final class ViewPlan extends GraphPlan {
        private final ViewCopy copy;

        ViewPlan(Class<?> type, ViewCopy copy) {
            super(type);
            this.copy = copy;
        }

        @Override
        void write(GraphWriter writer, Object object) throws Throwable {
            writer.replace(object, copy.of(object), null);
        }
    }

    private static final class RecordPlan extends Shaped {
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
            Object[] parts = new Object[fields.length];
            for (int index = 0; index < parts.length; index++) {
                parts[index] = fields[index].get(object);
            }
            writer.number(object);
            writer.output().writeByte(GraphFormat.OBJECT);
            writer.writeShape(this);
            writer.open(this, object, parts, true);
        }

        @Override
        String step(Object owner, Object[] parts, int index) {
            return "." + level.shape.names[index];
        }

        @Override
        Class<?> holder(int index, int[] ends) {
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
                order[index] = sent.indexOf(level.shape.names[index]);
                if (order[index] < 0 || sent.kinds[order[index]] != level.shape.kinds[index]) {
                    throw differs(type, level.shape.names[index]);
                }
            }
            // With a codec method of its own, Serializable records may resolve to another object.
            MethodHandle resolve = Serializable.class.isAssignableFrom(type) ? SerialHooks.readResolve(type) : null;
            return reader -> reader.open(null, new Object[sent.names.length], sent.names.length, (shell, values) -> {
                Object[] arguments = new Object[order.length];
                for (int index = 0; index < order.length; index++) {
                    arguments[index] = values[order[index]];
                }
                Object made = constructor.newInstance(arguments);
                return resolve == null ? made : (Object) resolve.invokeExact(made);
            });
        }
    }

    static IncompatibleClassChangeError differs(Class<?> type, String field) {
        return new IncompatibleClassChangeError(
                "the field " + field + " of " + type.getName() + " is not the same in both JVMs");
    }

    /** A user's class without any say in how it travels: the fields, primitive ones first. */
    private static final class FieldsPlan extends Shaped {
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
                for (String name : level.shape.names) {
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
            Object[] parts = new Object[references.length];
            for (int index = 0; index < parts.length; index++) {
                parts[index] = references[index].get(object);
            }
            writer.number(object);
            GraphOutput output = writer.output();
            output.writeByte(GraphFormat.OBJECT);
            writer.writeShape(this);
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
        String step(Object owner, Object[] parts, int index) {
            return "." + references[index].getName();
        }

        @Override
        Class<?> holder(int index, int[] ends) {
            return references[index].getDeclaringClass();
        }

        @Override
        GraphReader.Opener bind(List<LevelShape> shapes) throws ReflectiveOperationException {
            List<Field> values = new ArrayList<>();
            List<Field> objects = new ArrayList<>();
            for (LevelShape shape : shapes) {
                Level level = local(levels, shape, type);
                for (int index = 0; index < shape.names.length; index++) {
                    int own = level.shape.indexOf(shape.names[index]);
                    if (own < 0 || level.shape.kinds[own] != shape.kinds[index]) {
                        throw differs(level.type, shape.names[index]);
                    }
                    Field field = field(level.type, shape.names[index]);
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
                reader.open(shell, new Object[objects.size()], objects.size(), (made, parts) -> {
                    for (int index = 0; index < parts.length; index++) {
                        objects.get(index).set(made, parts[index]);
                    }
                    return made;
                });
            };
        }
    }

    private static Level local(List<Level> levels, LevelShape shape, Class<?> type) {
        for (Level level : levels) {
            if (level.shape.className.equals(shape.className)) {
                return level;
            }
        }
        throw new IncompatibleClassChangeError(
                type.getName() + " does not extend " + shape.className + " in both JVMs");
    }

    /** Java serialization's protocol: a class that says how it travels, or has such a superclass. */
    private static final class HooksPlan extends Shaped {
        private final Constructor<?> constructor;
        private final List<Level> levels;

        HooksPlan(Class<?> type, Constructor<?> constructor, List<Level> levels) {
            super(type);
            this.constructor = constructor;
            this.levels = Externalizable.class.isAssignableFrom(type)
                    ? List.of(new Level(type, new String[0], new Class<?>[0], false))
                    : levels.stream()
                            .filter(level -> level.hasHooks() || level.shape.names.length > 0)
                            .toList();
        }

        @Override
        List<Level> levels() {
            return levels;
        }

        @Override
        void write(GraphWriter writer, Object object) throws Throwable {
            writer.number(object);
            GraphOutput output = writer.output();
            output.writeByte(GraphFormat.OBJECT);
            writer.writeShape(this);
            List<Object> parts = new ArrayList<>();
            int[] ends = levels.size() == 1 ? null : new int[levels.size()];
            collect(writer.hooks(), object, parts, output, ends);
            writer.open(this, object, parts.toArray(), false, ends);
        }

        @Override
        Class<?> holder(int index, int[] ends) {
            int level = 0;
            while (ends != null && index >= ends[level]) {
                level++;
            }
            return levels.get(level).type;
        }

        private void collect(HookOutput hooks, Object object, List<Object> parts, GraphOutput output, int[] ends)
                throws Throwable {
            for (int at = 0; at < levels.size(); at++) {
                Level level = levels.get(at);
                int before = parts.size();
                hooks.start(object, level, parts);
                if (object instanceof Externalizable external) {
                    external.writeExternal(hooks);
                } else if (level.writeObject != null) {
                    level.writeObject.invokeExact(object, (Object) hooks);
                } else {
                    hooks.defaultWriteObject();
                }
                if (output != null) {
                    GraphOutput block = hooks.block();
                    output.writeUnsigned(block.size());
                    output.writeBytes(block.backing(), 0, block.size());
                    output.writeUnsigned(parts.size() - before);
                }
                if (ends != null) {
                    ends[at] = parts.size();
                }
            }
        }

        /** Best effort: the order of parts is the class's own affair. */
        @Override
        String step(Object owner, Object[] parts, int index) {
            Object part = parts[index];
            if (isOfJdk(type) && owner instanceof Map<?, ?> map) {
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    if (entry.getValue() == part) {
                        return ".get(" + shortText(entry.getKey()) + ")";
                    }
                }
            }
            if (isOfJdk(type) && owner instanceof Collection<?> collection) {
                int position = 0;
                for (Object element : collection) {
                    if (element == part) {
                        return "[" + position + "]";
                    }
                    position++;
                }
            }
            try {
                // Collected once more, this time with the names of the fields.
                HookOutput hooks = new HookOutput();
                List<String> names = hooks.keepNames();
                collect(hooks, owner, new ArrayList<>(), null, null);
                if (index < names.size() && names.get(index) != null) {
                    return "." + names.get(index);
                }
            } catch (Throwable unreadable) {
                // The name is a courtesy in a message that is about something else, and comes with a substitute.
            }
            return ".(part " + (index + 1) + " of " + type.getSimpleName() + ")";
        }

        @Override
        GraphReader.Opener bind(List<LevelShape> shapes) {
            Level[] local = new Level[shapes.size()];
            for (int index = 0; index < local.length; index++) {
                local[index] = local(levels, shapes.get(index), type);
            }
            MethodHandle resolve = Serializable.class.isAssignableFrom(type) ? SerialHooks.readResolve(type) : null;
            return reader -> {
                Object shell = constructor.newInstance();
                GraphInput[] blocks = new GraphInput[local.length];
                int[] ends = new int[local.length];
                int parts = 0;
                for (int index = 0; index < local.length; index++) {
                    blocks[index] = reader.input().slice(reader.input().readCount());
                    parts = Math.addExact(parts, reader.input().readCount());
                    ends[index] = parts;
                }
                reader.openHooked(shell, parts, resolve != null, (made, values) -> {
                    HookInput hooks = reader.hooks();
                    for (int index = 0; index < local.length; index++) {
                        Level level = local[index];
                        int start = index == 0 ? 0 : ends[index - 1];
                        hooks.start(made, level, shapes.get(index), blocks[index], values, start, ends[index]);
                        if (made instanceof Externalizable external) {
                            external.readExternal(hooks);
                        } else if (level.readObject != null) {
                            level.readObject.invokeExact(made, (Object) hooks);
                        } else {
                            hooks.defaultReadObject();
                        }
                    }
                    return resolve == null ? made : (Object) resolve.invokeExact(made);
                });
            };
        }
    }
}
