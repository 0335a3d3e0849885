package manyjvm.parallel.code.lambda;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.OutputStream;
import java.io.Serializable;
import java.lang.invoke.CallSite;
import java.lang.invoke.LambdaConversionException;
import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import manyjvm.parallel.code.classes.RecentClasses;
import org.jspecify.annotations.Nullable;

/**
 * Takes lambdas apart through {@link SerializedLambda} and rebuilds them, by one of three ways:
 *
 * <ol>
 *   <li>the capturing class has the accessor of {@link LambdaTransform}: {@link LambdaMetafactory} with that class's own
 *       lookup, as its code would do;
 *   <li>it was compiled with a serializable lambda (a plain program): its own {@code $deserializeLambda$};
 *   <li>it lies where reflection may not go (the JDK's serializable comparators): an object stream calls the same two
 *       private methods on our behalf. Captured values never pass through that stream, only their places do, so they need
 *       not be serializable. No {@code --add-opens} is needed anywhere.
 * </ol>
 *
 * <p>What only depends on the call site is kept with the hidden class, and how a site's lambdas are made again with its
 * capturing class, so both go when their classes go. For use by any thread.
 */
public final class SerializedLambdas {
    /** How one lambda class's instances are taken apart; empty when nothing can. */
    private static final RecentClasses<Optional<Shape>> SHAPES = new RecentClasses<>(RecentClasses.KEPT, Shape::of);

    /** How the lambdas of a call site are made again, by capturing class. */
    private static final RecentClasses<Map<LambdaSite, Maker>> MAKERS =
            new RecentClasses<>(RecentClasses.KEPT, capturingClass -> new ConcurrentHashMap<>());

    private SerializedLambdas() {}

    /** Makes a lambda of one call site. */
    private interface Maker {
        Object make(@Nullable Object[] captured) throws Throwable;
    }

    /** Whether the object is a lambda or method reference, of whoever's making. */
    public static boolean isLambda(Object object) {
        Class<?> type = object.getClass();
        return type.isHidden() && type.isSynthetic() && type.getName().contains("$$Lambda");
    }

    /** Its parts; empty when it is no lambda, or nothing can take it apart (made inside a library, not serializable). */
    public static Optional<LambdaForm> takeApart(Object lambda) {
        if (!isLambda(lambda)) {
            return Optional.empty();
        }
        Optional<Shape> shape = SHAPES.get(lambda.getClass());
        if (shape.isEmpty()) {
            return Optional.empty();
        }
        SerializedLambda parts = shape.get().replacement(lambda);
        @Nullable Object[] captured = new @Nullable Object[parts.getCapturedArgCount()];
        for (int i = 0; i < captured.length; i++) {
            captured[i] = parts.getCapturedArg(i);
        }
        return Optional.of(new LambdaForm(shape.get().site(lambda, parts), captured));
    }

    /** @throws ReflectiveOperationException when the class or method it names is not there */
    public static Object rebuild(LambdaForm form, ClassLoader loader) throws ReflectiveOperationException {
        LambdaSite site = form.site();
        Class<?> capturing = Class.forName(site.capturingClass(), false, loader);
        Map<LambdaSite, Maker> known = MAKERS.get(capturing);
        Maker maker = known.get(site);
        if (maker == null) {
            maker = maker(site, capturing, form.captured().length);
            known.put(site, maker);
        }
        try {
            return maker.make(form.captured());
        } catch (ReflectiveOperationException | RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable failure) {
            throw new InvocationTargetException(failure);
        }
    }

    private static Maker maker(LambdaSite site, Class<?> capturing, int captured) throws ReflectiveOperationException {
        Optional<MethodHandles.Lookup> own = ownLookup(capturing);
        if (own.isEmpty()) {
            return deserializer(site, capturing);
        }
        MethodHandle factory = link(site, captured, own.get());
        MethodHandle spread = factory.asType(factory.type().generic())
                .asSpreader(Object[].class, captured)
                .asType(MethodType.methodType(Object.class, Object[].class));
        return spread::invokeExact;
    }

    private static LambdaSite site(Class<?> lambdaClass, SerializedLambda parts) {
        String functionalInterface = binaryName(parts.getFunctionalInterfaceClass());
        return LambdaSite.of(
                binaryName(parts.getCapturingClass()),
                functionalInterface,
                markers(lambdaClass, functionalInterface),
                parts.getFunctionalInterfaceMethodName(),
                parts.getFunctionalInterfaceMethodSignature(),
                parts.getInstantiatedMethodType(),
                parts.getImplMethodKind(),
                binaryName(parts.getImplClass()),
                parts.getImplMethodName(),
                parts.getImplMethodSignature());
    }

    private static List<String> markers(Class<?> lambdaClass, String functionalInterface) {
        List<String> markers = new ArrayList<>();
        for (Class<?> each : lambdaClass.getInterfaces()) {
            if (each != Serializable.class && !each.getName().equals(functionalInterface)) {
                markers.add(each.getName());
            }
        }
        return List.copyOf(markers);
    }

    private static String binaryName(String internalName) {
        return internalName.replace('/', '.');
    }

    /** The lookup with full privileges of a class that {@link LambdaTransform} wove. */
    private static Optional<MethodHandles.Lookup> ownLookup(Class<?> capturing) throws ReflectiveOperationException {
        if (!SerializedLambdas.class.getModule().canRead(capturing.getModule())
                || !capturing.getModule().isOpen(capturing.getPackageName(), SerializedLambdas.class.getModule())) {
            return Optional.empty();
        }
        try {
            MethodHandle accessor = MethodHandles.privateLookupIn(capturing, MethodHandles.lookup())
                    .findStatic(capturing, LambdaTransform.ACCESSOR, MethodType.methodType(MethodHandles.Lookup.class));
            return Optional.of((MethodHandles.Lookup) accessor.invokeExact());
        } catch (NoSuchMethodException notWoven) {
            return Optional.empty(); // a class of a library: its own $deserializeLambda$ must do
        } catch (ReflectiveOperationException | RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable failure) {
            throw new InvocationTargetException(failure);
        }
    }

    /** Does what the capturing class's {@code invokedynamic} did when it was linked. */
    private static MethodHandle link(LambdaSite site, int captured, MethodHandles.Lookup lookup)
            throws ReflectiveOperationException {
        ClassLoader loader = lookup.lookupClass().getClassLoader();
        Class<?> functionalInterface = Class.forName(site.functionalInterface(), false, loader);
        MethodHandle implementation = implementation(site, lookup, loader);
        MethodType erased = MethodType.fromMethodDescriptorString(site.erasedSignature(), loader);
        MethodType instantiated = MethodType.fromMethodDescriptorString(site.instantiatedSignature(), loader);
        MethodType factory = implementation
                .type()
                .dropParameterTypes(captured, implementation.type().parameterCount())
                .changeReturnType(functionalInterface);

        List<Object> options = new ArrayList<>(List.of(erased, implementation, instantiated));
        Set<Class<?>> markers = new LinkedHashSet<>();
        for (String marker : site.markers()) {
            markers.add(Class.forName(marker, false, loader));
        }
        Set<MethodType> bridges = bridges(functionalInterface, markers, site.methodName(), erased);
        int flags = LambdaMetafactory.FLAG_SERIALIZABLE;
        flags |= markers.isEmpty() ? 0 : LambdaMetafactory.FLAG_MARKERS;
        flags |= bridges.isEmpty() ? 0 : LambdaMetafactory.FLAG_BRIDGES;
        options.add(flags);
        if (!markers.isEmpty()) {
            options.add(markers.size());
            options.addAll(markers);
        }
        if (!bridges.isEmpty()) {
            options.add(bridges.size());
            options.addAll(bridges);
        }
        try {
            CallSite linked = LambdaMetafactory.altMetafactory(lookup, site.methodName(), factory, options.toArray());
            return linked.getTarget();
        } catch (LambdaConversionException unfit) {
            throw new ReflectiveOperationException("cannot link the lambda again: " + unfit.getMessage(), unfit);
        }
    }

    private static MethodHandle implementation(LambdaSite site, MethodHandles.Lookup lookup, ClassLoader loader)
            throws ReflectiveOperationException {
        Class<?> owner = Class.forName(site.implementationClass(), false, loader);
        String name = site.implementationName();
        MethodType type = MethodType.fromMethodDescriptorString(site.implementationSignature(), loader);
        switch (site.implementationKind()) {
            case MethodHandleInfo.REF_invokeStatic:
                return lookup.findStatic(owner, name, type);
            case MethodHandleInfo.REF_invokeVirtual:
            case MethodHandleInfo.REF_invokeInterface:
                return lookup.findVirtual(owner, name, type);
            case MethodHandleInfo.REF_invokeSpecial:
                return lookup.findSpecial(owner, name, type, lookup.lookupClass());
            case MethodHandleInfo.REF_newInvokeSpecial:
                return lookup.findConstructor(owner, type);
            default:
                throw new ReflectiveOperationException(
                        "a lambda cannot be implemented by a handle of kind " + site.implementationKind());
        }
    }

    /**
     * Further signatures under which the interface's method is called; javac lists them at the call site, but
     * {@link SerializedLambda} does not say them, so they are read from the interfaces.
     */
    private static Set<MethodType> bridges(
            Class<?> functionalInterface, Set<Class<?>> markers, String name, MethodType erased) {
        Set<Class<?>> interfaces = new LinkedHashSet<>(Set.of(functionalInterface));
        interfaces.addAll(markers);
        Set<MethodType> bridges = new LinkedHashSet<>();
        for (Class<?> each : interfaces) {
            for (Method method : each.getMethods()) {
                if (Modifier.isAbstract(method.getModifiers())
                        && method.getName().equals(name)
                        && method.getParameterCount() == erased.parameterCount()) {
                    bridges.add(MethodType.methodType(method.getReturnType(), method.getParameterTypes()));
                }
            }
        }
        bridges.remove(erased);
        return bridges;
    }

    /** Has the capturing class's {@code $deserializeLambda$} make them. */
    private static Maker deserializer(LambdaSite site, Class<?> capturing) throws ReflectiveOperationException {
        Method deserialize;
        try {
            deserialize = capturing.getDeclaredMethod("$deserializeLambda$", SerializedLambda.class);
        } catch (NoSuchMethodException notSerializable) {
            throw new ReflectiveOperationException(
                    capturing.getName() + " was not compiled with a serializable lambda of this kind", notSerializable);
        }
        Function<@Nullable Object[], SerializedLambda> parts = parts(site, capturing);
        if (deserialize.trySetAccessible()) {
            return captured -> deserialize.invoke(null, parts.apply(captured));
        }
        return captured -> {
            try {
                Object[] places = new Object[captured.length];
                Arrays.setAll(places, Streamed.Place::new);
                return Streamed.rebuild(parts.apply(places), captured, capturing);
            } catch (IOException failure) {
                throw new ReflectiveOperationException(
                        "cannot rebuild a lambda of " + capturing.getName() + ": " + failure.getMessage(), failure);
            }
        };
    }

    /** The site's {@link SerializedLambda} for given captured values. */
    private static Function<@Nullable Object[], SerializedLambda> parts(LambdaSite site, Class<?> capturing) {
        String functionalInterface = internalName(site.functionalInterface());
        String methodName = site.methodName();
        String erasedSignature = site.erasedSignature();
        int kind = site.implementationKind();
        String implementationClass = internalName(site.implementationClass());
        String implementationName = site.implementationName();
        String implementationSignature = site.implementationSignature();
        String instantiatedSignature = site.instantiatedSignature();
        return captured -> new SerializedLambda(
                capturing,
                functionalInterface,
                methodName,
                erasedSignature,
                kind,
                implementationClass,
                implementationName,
                implementationSignature,
                instantiatedSignature,
                captured);
    }

    private static String internalName(String binaryName) {
        return binaryName.replace('.', '/');
    }

    /** How the lambdas of one call site are taken apart. A hidden class is one call site's alone. */
    private static final class Shape {
        /** The lambda's own method; null where only an object stream may call it. */
        private final @Nullable Method writeReplace;

        private volatile @Nullable LambdaSite site; // once it is known

        private Shape(@Nullable Method writeReplace) {
            this.writeReplace = writeReplace;
        }

        static Optional<Shape> of(Class<?> lambdaClass) {
            if (!Serializable.class.isAssignableFrom(lambdaClass)) {
                return Optional.empty();
            }
            Method writeReplace;
            try {
                writeReplace = lambdaClass.getDeclaredMethod("writeReplace");
            } catch (NoSuchMethodException notMadeByTheMetafactory) {
                return Optional.empty();
            }
            try {
                writeReplace.setAccessible(true);
            } catch (InaccessibleObjectException closedModule) {
                return Optional.of(new Shape(null));
            }
            return Optional.of(new Shape(writeReplace));
        }

        SerializedLambda replacement(Object lambda) {
            try {
                return writeReplace == null
                        ? Streamed.takeApart(lambda)
                        : (SerializedLambda) writeReplace.invoke(lambda);
            } catch (IOException | ReflectiveOperationException failure) {
                throw new IllegalStateException("cannot take " + lambda.getClass() + " apart", failure);
            }
        }

        LambdaSite site(Object lambda, SerializedLambda parts) {
            LambdaSite known = site;
            if (known == null) {
                known = SerializedLambdas.site(lambda.getClass(), parts);
                site = known;
            }
            return known;
        }
    }

    /** Lets object streams, which may enter any module, call the private methods of a lambda and its class. */
    private static final class Streamed {
        /** Stands in the stream for a captured value. */
        private record Place(int index) implements Serializable {}

        private static SerializedLambda takeApart(Object lambda) throws IOException {
            class Taker extends ObjectOutputStream {
                private @Nullable SerializedLambda taken;

                Taker() throws IOException {
                    super(OutputStream.nullOutputStream());
                    enableReplaceObject(true);
                }

                @Override
                protected @Nullable Object replaceObject(Object each) {
                    if (taken == null && each instanceof SerializedLambda parts) {
                        taken = parts;
                        return null;
                    }
                    return each;
                }
            }
            try (Taker taker = new Taker()) {
                taker.writeObject(lambda);
                return Objects.requireNonNull(taker.taken, "a lambda that its stream does not show");
            }
        }

        private static Object rebuild(SerializedLambda parts, @Nullable Object[] captured, Class<?> capturing)
                throws IOException, ReflectiveOperationException {
            class Reader extends ObjectInputStream {
                Reader(byte[] bytes) throws IOException {
                    super(new ByteArrayInputStream(bytes));
                    enableResolveObject(true);
                }

                @Override
                protected Class<?> resolveClass(ObjectStreamClass description) throws ClassNotFoundException {
                    String name = description.getName();
                    if (name.equals(Place.class.getName())) {
                        return Place.class;
                    }
                    return Class.forName(name, false, capturing.getClassLoader());
                }

                @Override
                protected @Nullable Object resolveObject(@Nullable Object each) {
                    return each instanceof Place place ? captured[place.index()] : each;
                }
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ObjectOutputStream writer = new ObjectOutputStream(bytes)) {
                writer.writeObject(parts);
            }
            try (Reader reader = new Reader(bytes.toByteArray())) {
                return reader.readObject();
            }
        }
    }
}
