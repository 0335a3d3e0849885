package manyjvm.parallel.code.graph;

import java.io.Externalizable;
import java.io.ObjectStreamClass;
import java.io.ObjectStreamField;
import java.io.Serializable;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's own door for serializers, {@code sun.reflect.ReflectionFactory} of the supported module {@code jdk.unsupported}:
 * objects without their constructor, and the private {@code writeObject}, {@code readObject}, {@code writeReplace} and {@code
 * readResolve} methods of any serializable class, the JDK's included, without {@code --add-opens}. It is called by
 * reflection, since compiling against it warns.
 *
 * <p>What it does not offer before JDK 24 is the default fields of the JDK's classes; there {@code sun.misc.Unsafe} reads and
 * writes them, which those releases do without a warning. From 24 on, where Unsafe warns, it is not touched.
 */
final class SerialHooks {
    private static final Object FACTORY;
    private static final Class<?> FACTORY_TYPE;
    private static final Method CONSTRUCTOR;
    private static final @Nullable Method DEFAULT_WRITE; // null before JDK 24
    private static final @Nullable Method DEFAULT_READ;

    static {
        try {
            FACTORY_TYPE = Class.forName("sun.reflect.ReflectionFactory");
            FACTORY = FACTORY_TYPE.getMethod("getReflectionFactory").invoke(null);
            CONSTRUCTOR = FACTORY_TYPE.getMethod("newConstructorForSerialization", Class.class, Constructor.class);
        } catch (ReflectiveOperationException missing) {
            throw new IllegalStateException(
                    "this JVM lacks the module jdk.unsupported, which manyjvm needs to send objects", missing);
        }
        Method write = null;
        Method read = null;
        try {
            write = FACTORY_TYPE.getMethod("defaultWriteObjectForSerialization", Class.class);
            read = FACTORY_TYPE.getMethod("defaultReadObjectForSerialization", Class.class);
        } catch (NoSuchMethodException olderJdk) {
            // expected before JDK 24: see the class comment
        }
        DEFAULT_WRITE = write;
        DEFAULT_READ = read;
    }

    private SerialHooks() {}

    private static @Nullable MethodHandle hook(String finder, Class<?> type) {
        try {
            return (MethodHandle) FACTORY_TYPE.getMethod(finder, Class.class).invoke(FACTORY, type);
        } catch (ReflectiveOperationException failure) {
            throw new IllegalStateException("cannot look for " + finder + " of " + type.getName(), failure);
        }
    }

    static @Nullable MethodHandle writeObject(Class<?> type) {
        return generic(hook("writeObjectForSerialization", type), 2, void.class);
    }

    static @Nullable MethodHandle readObject(Class<?> type) {
        return generic(hook("readObjectForSerialization", type), 2, void.class);
    }

    static @Nullable MethodHandle writeReplace(Class<?> type) {
        return generic(hook("writeReplaceForSerialization", type), 1, Object.class);
    }

    static @Nullable MethodHandle readResolve(Class<?> type) {
        return generic(hook("readResolveForSerialization", type), 1, Object.class);
    }

    /** {@code (Object owner, Object stream)void}; null when this JDK does not offer it for the class. */
    static @Nullable MethodHandle defaultWrite(Class<?> type) {
        return byDefault(DEFAULT_WRITE, type);
    }

    static @Nullable MethodHandle defaultRead(Class<?> type) {
        return byDefault(DEFAULT_READ, type);
    }

    private static @Nullable MethodHandle byDefault(@Nullable Method finder, Class<?> type) {
        if (finder == null) {
            return null;
        }
        try {
            return generic((MethodHandle) finder.invoke(FACTORY, type), 2, void.class);
        } catch (ReflectiveOperationException failure) {
            throw new IllegalStateException("cannot look for the default fields of " + type.getName(), failure);
        }
    }

    private static @Nullable MethodHandle generic(@Nullable MethodHandle handle, int arguments, Class<?> result) {
        return handle == null
                ? null
                : handle.asType(MethodType.genericMethodType(arguments).changeReturnType(result));
    }

    /** A maker of raw instances: runs the constructor of {@code base} only, which must be a superclass of {@code type}. */
    static Constructor<?> rawConstructor(Class<?> type, Class<?> base) throws NoSuchMethodException {
        if (Externalizable.class.isAssignableFrom(type)) {
            Constructor<?> own;
            try {
                own = (Constructor<?>) FACTORY_TYPE
                        .getMethod("newConstructorForExternalization", Class.class)
                        .invoke(FACTORY, type);
            } catch (ReflectiveOperationException failure) {
                throw new IllegalStateException("cannot look for the constructor of " + type.getName(), failure);
            }
            if (own == null) {
                throw new NoSuchMethodException("a public constructor without arguments");
            }
            return own;
        }
        Constructor<?> start = base.getDeclaredConstructor();
        boolean reachable = (start.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0
                || ((start.getModifiers() & Modifier.PRIVATE) == 0
                        && base.getPackageName().equals(type.getPackageName())
                        && base.getClassLoader() == type.getClassLoader());
        if (!reachable) {
            throw new NoSuchMethodException("a reachable constructor of " + base.getName() + " without arguments");
        }
        try {
            return (Constructor<?>) CONSTRUCTOR.invoke(FACTORY, type, start);
        } catch (IllegalAccessException | InvocationTargetException failure) {
            throw new IllegalStateException("cannot make instances of " + type.getName(), failure);
        }
    }

    /** The fields that Java serialization knows of a class. */
    static ObjectStreamField[] fields(Class<? extends Serializable> type) {
        return ObjectStreamClass.lookup(type).getFields();
    }

    /** Reads and writes one field of an object, boxed. */
    interface FieldAccess {
        @Nullable
        Object get(Object owner) throws Throwable;

        void set(Object owner, @Nullable Object value) throws Throwable;
    }

    /** Access to a field of a class of the JDK, for JDKs before 24. */
    static FieldAccess unsafeAccess(Field field) {
        return UnsafeAccess.of(field);
    }

    /** Loaded on JDKs before 24 only. */
    private record UnsafeAccess(Class<?> type, MethodHandle getter, MethodHandle setter, long offset)
            implements FieldAccess {
        private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
        private static final Object UNSAFE = unsafe();

        private static Object unsafe() {
            try {
                Field instance = Class.forName("sun.misc.Unsafe").getDeclaredField("theUnsafe");
                instance.setAccessible(true);
                return instance.get(null);
            } catch (ReflectiveOperationException missing) {
                throw new IllegalStateException("this JVM lacks sun.misc.Unsafe", missing);
            }
        }

        static UnsafeAccess of(Field field) {
            Class<?> type = field.getType().isPrimitive() ? field.getType() : Object.class;
            String name = Character.toUpperCase(type.getSimpleName().charAt(0))
                    + type.getSimpleName().substring(1);
            try {
                long offset = (long) UNSAFE.getClass()
                        .getMethod("objectFieldOffset", Field.class)
                        .invoke(UNSAFE, field);
                MethodHandle getter = LOOKUP.findVirtual(
                                UNSAFE.getClass(), "get" + name, MethodType.methodType(type, Object.class, long.class))
                        .bindTo(UNSAFE);
                MethodHandle setter = LOOKUP.findVirtual(
                                UNSAFE.getClass(),
                                "put" + name,
                                MethodType.methodType(void.class, Object.class, long.class, type))
                        .bindTo(UNSAFE);
                return new UnsafeAccess(
                        field.getType(),
                        getter.asType(MethodType.methodType(Object.class, Object.class, long.class)),
                        setter.asType(MethodType.methodType(void.class, Object.class, long.class, Object.class)),
                        offset);
            } catch (ReflectiveOperationException failure) {
                throw new IllegalStateException("cannot reach " + field, failure);
            }
        }

        @Override
        public @Nullable Object get(Object owner) throws Throwable {
            return getter.invokeExact(owner, offset);
        }

        @Override
        public void set(Object owner, @Nullable Object value) throws Throwable {
            Object checked = type.isPrimitive() ? value : type.cast(value); // Unsafe itself would not check
            setter.invokeExact(owner, offset, checked);
        }
    }

    /** Access to a field that is open to this library. */
    record OpenAccess(Field field) implements FieldAccess {
        @Override
        public @Nullable Object get(Object owner) throws IllegalAccessException {
            return field.get(owner);
        }

        @Override
        public void set(Object owner, @Nullable Object value) throws IllegalAccessException {
            field.set(owner, value);
        }
    }
}
