package manyjvm.parallel.code.closure;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import manyjvm.parallel.NotShippableException;
import org.jspecify.annotations.Nullable;

/**
 * Access to a static field, or to a field of an enum's constant, that neither initializes its class before it is used, nor
 * loads the types of the class's other fields, as reflection would.
 */
public class StaticHandle {
    /** A class loader that has changed static fields of its classes, and knows the way to each. */
    public interface Finder {
        StaticHandle staticHandle(String className, String field);
    }

    /** The same of a final field of an interface in a worker, by its keeper: see {@link OpenStatics}. */
    public static final class OfInterface extends StaticHandle {
        private final StaticHandle kept;
        private final StaticHandle isSet;

        public OfInterface(Class<?> owner, Class<?> keeper, String name, String descriptor) {
            super(owner, name, descriptor);
            this.kept = new StaticHandle(keeper, name, descriptor);
            this.isSet = new StaticHandle(keeper, OpenStatics.isSet(name), "Z");
        }

        @Override
        public @Nullable Object get() {
            return Boolean.TRUE.equals(isSet.get()) ? kept.get() : super.get();
        }

        @Override
        public void set(@Nullable Object value) {
            kept.set(value);
            isSet.set(true);
        }
    }

    /** The same of an instance field of an enum's constant. */
    public static final class OfConstant extends StaticHandle {
        private final String constant; // empty for the one whose body the class is
        private final String field;
        private volatile @Nullable Enum<?> found;

        private OfConstant(Class<?> owner, String name, String descriptor) {
            super(owner, name, descriptor);
            this.constant = name.substring(0, name.indexOf('.'));
            this.field = name.substring(name.indexOf('.') + 1);
        }

        /** Whether it is a field of the constant that an enum declares by this name; initializes the enum. */
        public boolean isOf(Class<?> type, String name) {
            return constant().getDeclaringClass() == type && constant().name().equals(name);
        }

        /** False while the enum's initializer, which has begun, is at work in this thread. */
        public boolean areMade() {
            return found != null || type().getEnumConstants() != null;
        }

        private Class<?> type() {
            return constant.isEmpty() ? owner().getSuperclass() : owner();
        }

        @SuppressWarnings("GetClassOnEnum") // the class of a constant with a body is meant
        private Enum<?> constant() {
            Enum<?> known = found;
            if (known == null) {
                initializeClass();
                known = Arrays.stream(type().getEnumConstants())
                        .map(each -> (Enum<?>) each)
                        .filter(each -> constant.isEmpty()
                                ? each.getClass() == owner()
                                : each.name().equals(constant))
                        .findFirst()
                        .orElseThrow(() -> unreachable(new NoSuchFieldException(constant)));
                found = known;
            }
            return known;
        }

        @Override
        public @Nullable Object get() {
            return handle().get(constant());
        }

        @Override
        public void set(@Nullable Object value) {
            handle().set(constant(), value);
        }

        @Override
        VarHandle find(MethodHandles.Lookup lookup, Class<?> type) throws ReflectiveOperationException {
            return lookup.findVarHandle(owner(), field, type);
        }
    }

    /** By the names that {@link ClassFacts#staticFields} has. */
    public static StaticHandle of(Class<?> owner, String name, String descriptor) {
        return isOfConstant(name) ? new OfConstant(owner, name, descriptor) : new StaticHandle(owner, name, descriptor);
    }

    static boolean isOfConstant(String name) {
        return name.indexOf('.') >= 0;
    }

    private final Class<?> owner;
    private final String name;
    private final String descriptor;
    private volatile @Nullable VarHandle handle;

    StaticHandle(Class<?> owner, String name, String descriptor) {
        this.owner = owner;
        this.name = name;
        this.descriptor = descriptor;
    }

    public @Nullable Object get() {
        return handle().get();
    }

    /** Its class's initializer has run then, so that it does not undo later what is set. */
    public void set(@Nullable Object value) {
        handle().set(value);
    }

    /** @throws LinkageError when the initializer of its class fails */
    public void initializeClass() {
        try {
            MethodHandles.privateLookupIn(owner, MethodHandles.lookup()).ensureInitialized(owner);
        } catch (IllegalAccessException failure) {
            throw unreachable(failure);
        }
    }

    final Class<?> owner() {
        return owner;
    }

    final VarHandle handle() {
        VarHandle known = handle;
        if (known == null) {
            known = find();
            handle = known;
        }
        return known;
    }

    private VarHandle find() {
        initializeClass();
        try {
            Class<?> type = MethodType.fromMethodDescriptorString("()" + descriptor, owner.getClassLoader())
                    .returnType();
            return find(MethodHandles.privateLookupIn(owner, MethodHandles.lookup()), type);
        } catch (ReflectiveOperationException | TypeNotPresentException | NoClassDefFoundError failure) {
            throw unreachable(failure);
        }
    }

    VarHandle find(MethodHandles.Lookup lookup, Class<?> type) throws ReflectiveOperationException {
        return lookup.findStaticVarHandle(owner, name, type);
    }

    final NotShippableException unreachable(Throwable failure) {
        return new NotShippableException(
                "cannot reach the field " + owner.getName() + "." + name + ": " + failure, failure);
    }
}
