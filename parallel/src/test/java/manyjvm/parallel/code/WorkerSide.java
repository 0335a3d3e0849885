package manyjvm.parallel.code;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.code.graph.Encoded;
import manyjvm.parallel.spi.ClassSource;

/** A worker's code store in the test's JVM, under a parent that shows what a worker shows; sends what the driver would. */
final class WorkerSide {
    static final Shared.Linker NO_SHARED_OBJECTS = handle -> {
        throw new AssertionError("no shared object was sent: " + handle);
    };

    private final CodePacker packer;
    private final CodeStore store;
    private final Set<String> sent = new HashSet<>();
    private final Set<String> hashes = new HashSet<>(); // of what was sent
    /** Names that the store asked for. */
    final List<String> fetched = new ArrayList<>();

    WorkerSide(CodePacker packer) {
        this.packer = packer;
        this.store = CodeStore.create(new ApiParent(), this::fetch, NO_SHARED_OBJECTS);
    }

    static CodePacker packer(ClassSource source) {
        return CodePacker.create(source, NO_SHARED_OBJECTS);
    }

    private Optional<byte[]> fetch(String name) {
        fetched.add(name);
        return packer.classFile(name);
    }

    CodeStore.LoadedCode load(Bundle bundle) {
        bundle.classes().forEach(this::send);
        for (Bundle.BlobReference blob : bundle.blobs()) {
            if (sent.add(blob.hash())) {
                hashes.add(blob.hash());
                store.addBlob(blob, packer.blob(bundle, blob));
            }
        }
        return store.load(bundle);
    }

    private void send(Bundle.ClassReference reference) {
        if (sent.add(reference.binaryName() + reference.hash())) {
            hashes.add(reference.hash());
            store.addClass(reference, packer.classFile(reference));
        }
    }

    /** As the driver does when no submission uses the contents any more. */
    void dropAll() {
        hashes.forEach(store::drop);
        hashes.clear();
        sent.clear();
    }

    int loaders() {
        return ((ShippedStore) store).loaders();
    }

    CodeStore store() {
        return store;
    }

    /** Packs a function here, loads it there and calls it once. */
    Object call(Object function, Object... arguments) throws Exception {
        return run(packer.pack(function), arguments);
    }

    Object run(Bundle bundle, Object... arguments) throws Exception {
        CodeStore.LoadedCode code = load(bundle);
        code.bind();
        try {
            return invoke(code.function(), arguments);
        } finally {
            code.release();
        }
    }

    /** Sends an argument by way of bytes. */
    Object argument(CodeStore.LoadedCode code, Object value) {
        Encoded encoded = packer.encode(value);
        packer.references(encoded.classes()).forEach(this::send);
        return code.decode(encoded.bytes());
    }

    /** Calls the one abstract method of the interfaces of a function object. */
    static Object invoke(Object function, Object... arguments) throws Exception {
        for (Class<?> type = function.getClass(); type != null; type = type.getSuperclass()) {
            for (Class<?> each : type.getInterfaces()) {
                for (Method method : each.getMethods()) {
                    if (Modifier.isAbstract(method.getModifiers())
                            && method.getParameterCount() == arguments.length
                            && !method.getName().equals("equals")) {
                        method.setAccessible(true);
                        try {
                            return method.invoke(function, arguments);
                        } catch (InvocationTargetException thrown) {
                            if (thrown.getCause() instanceof Exception failure) {
                                throw failure;
                            }
                            throw (Error) thrown.getCause();
                        }
                    }
                }
            }
        }
        throw new AssertionError("no functional interface: " + function);
    }

    /** Shows the JDK and the public packages, and nothing of the test. */
    private static final class ApiParent extends ClassLoader {
        ApiParent() {
            super("api", ClassLoader.getPlatformClassLoader());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            String inside = name.substring(0, Math.max(0, name.lastIndexOf('.')));
            if (inside.equals("manyjvm.parallel") || inside.equals("manyjvm.parallel.combine")) {
                return Class.forName(name, false, WorkerSide.class.getClassLoader());
            }
            throw new ClassNotFoundException(name);
        }
    }
}
