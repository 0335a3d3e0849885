package manyjvm.parallel.code;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import manyjvm.parallel.NotShippableException;

/**
 * Access to a static field, that neither initializes its class before it is used, nor loads the types of the class's other
 * fields, as reflection would.
 */
class StaticHandle {
    /** The same of a final field of an interface in a worker, by its keeper: see {@link OpenStatics}. */
    static final class OfInterface extends StaticHandle {
        private final StaticHandle kept;
        private final StaticHandle isSet;

        OfInterface(Class<?> owner, Class<?> keeper, String name, String descriptor) {
            super(owner, name, descriptor);
            this.kept = new StaticHandle(keeper, name, descriptor);
            this.isSet = new StaticHandle(keeper, OpenStatics.isSet(name), "Z");
        }

        @Override
        Object get() {
            return (boolean) isSet.get() ? kept.get() : super.get();
        }

        @Override
        void set(Object value) {
            kept.set(value);
            isSet.set(true);
        }
    }

    private final Class<?> owner;
    private final String name;
    private final String descriptor;
    private volatile VarHandle handle;

    StaticHandle(Class<?> owner, String name, String descriptor) {
        this.owner = owner;
        this.name = name;
        this.descriptor = descriptor;
    }

    Object get() {
        return handle().get();
    }

    /** Its class's initializer has run then, so that it does not undo later what is set. */
    void set(Object value) {
        handle().set(value);
    }

    /** @throws LinkageError when the initializer of its class fails */
    void initializeClass() {
        try {
            MethodHandles.privateLookupIn(owner, MethodHandles.lookup()).ensureInitialized(owner);
        } catch (IllegalAccessException failure) {
            throw unreachable(failure);
        }
    }

    private VarHandle handle() {
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
            return MethodHandles.privateLookupIn(owner, MethodHandles.lookup()).findStaticVarHandle(owner, name, type);
        } catch (ReflectiveOperationException | TypeNotPresentException | NoClassDefFoundError failure) {
            throw unreachable(failure);
        }
    }

    private NotShippableException unreachable(Throwable failure) {
        return new NotShippableException(
                "cannot reach the static field " + owner.getName() + "." + name + ": " + failure, failure);
    }
}
