package manyjvm.parallel.code;

import java.lang.invoke.SerializedLambda;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import manyjvm.parallel.spi.Shared;

/**
 * A codec's surroundings: classes of one loader, of which the fixtures count as the session's; lambdas through the JDK's own
 * serialization of lambdas; shared objects and blobs from maps.
 */
final class FakeHost implements ObjectCodec.Host, Lambdas {
    final Map<Long, Object> shared = new HashMap<>();
    final Map<String, Object> blobs = new HashMap<>();
    private final ClassLoader loader;

    FakeHost(ClassLoader loader) {
        this.loader = loader;
    }

    @Override
    public Class<?> find(String binaryName) throws ClassNotFoundException {
        return Class.forName(binaryName, false, loader);
    }

    @Override
    public ClassLoader loader() {
        return loader;
    }

    @Override
    public boolean isSessionClass(Class<?> type) {
        return type.getName().startsWith(Fixtures.class.getName());
    }

    @Override
    public Lambdas lambdas() {
        return this;
    }

    @Override
    public Object link(Shared.Handle handle) {
        return shared.get(handle.id());
    }

    @Override
    public Object blob(String hash) {
        return blobs.get(hash);
    }

    @Override
    public boolean isLambda(Object object) {
        return object.getClass().isHidden();
    }

    @Override
    public Optional<LambdaForm> takeApart(Object lambda) {
        SerializedLambda parts;
        try {
            var writeReplace = SerialHooks.writeReplace(lambda.getClass());
            if (writeReplace == null) {
                return Optional.empty();
            }
            parts = (SerializedLambda) writeReplace.invoke(lambda);
        } catch (Throwable failure) {
            throw new IllegalStateException(failure);
        }
        Object[] captured = new Object[parts.getCapturedArgCount()];
        for (int index = 0; index < captured.length; index++) {
            captured[index] = parts.getCapturedArg(index);
        }
        return Optional.of(new LambdaForm(
                parts.getCapturingClass().replace('/', '.'),
                parts.getFunctionalInterfaceClass().replace('/', '.'),
                List.of(),
                parts.getFunctionalInterfaceMethodName(),
                parts.getFunctionalInterfaceMethodSignature(),
                parts.getInstantiatedMethodType(),
                parts.getImplMethodKind(),
                parts.getImplClass(),
                parts.getImplMethodName(),
                parts.getImplMethodSignature(),
                captured));
    }

    @Override
    public Object rebuild(LambdaForm form, ClassLoader within) throws ReflectiveOperationException {
        SerializedLambda parts = new SerializedLambda(
                Class.forName(form.capturingClass(), false, within),
                form.functionalInterface().replace('.', '/'),
                form.methodName(),
                form.erasedSignature(),
                form.implementationKind(),
                form.implementationClass(),
                form.implementationName(),
                form.implementationSignature(),
                form.instantiatedSignature(),
                form.captured());
        try {
            return SerialHooks.readResolve(SerializedLambda.class).invoke(parts);
        } catch (ReflectiveOperationException | RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** A loader that defines the fixtures anew, as a worker's does with the session's classes. */
    static ClassLoader anotherLoader() {
        return new ClassLoader(FakeHost.class.getClassLoader()) {
            @Override
            protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                if (!name.startsWith(Fixtures.class.getName())) {
                    return super.loadClass(name, resolve);
                }
                synchronized (getClassLoadingLock(name)) {
                    Class<?> loaded = findLoadedClass(name);
                    if (loaded != null) {
                        return loaded;
                    }
                    try (var file = getResourceAsStream(name.replace('.', '/') + ".class")) {
                        byte[] bytes = file.readAllBytes();
                        return defineClass(name, bytes, 0, bytes.length);
                    } catch (java.io.IOException unreadable) {
                        throw new ClassNotFoundException(name, unreadable);
                    }
                }
            }
        };
    }
}
