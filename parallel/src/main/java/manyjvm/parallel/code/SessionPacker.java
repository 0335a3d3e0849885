package manyjvm.parallel.code;

import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Stream;
import manyjvm.parallel.NotShippableException;
import manyjvm.parallel.spi.ClassSource;
import manyjvm.parallel.spi.Shared;

/**
 * Packs functions of a session.
 *
 * <p><b>The hard part, explained once.</b> {@code pool.map(x -> f(x), items)} looks as if the lambda held all it needs. It
 * holds nothing. {@code f} is a static method of a wrapper class that the session made up, which no class path has; the
 * variables that {@code f} uses are static fields of other wrappers, so nothing captures them, and another JVM would read
 * them as 0 or null without a word; and the lambda itself is of a hidden class that only its own JVM can name.
 *
 * <pre>
 *   submitting JVM                                         |  worker JVM
 *                                                          |
 *   function --take apart--&gt; roots  (SerializedLambdas)    |
 *                  |                                       |
 *        +-----&gt; walk the bytecode  (Closures)             |
 *        |         |  classes, static fields               |
 *        |       read the fields now: the snapshot         |
 *        |         |                                       |
 *        +--new--encode {function, values...} as one graph |
 *         roots    |                                       |
 *                Bundle -----------------------------------+--&gt; define classes   (ShippedLoader)
 *                                                          |    decode the graph, rebuild the lambda
 *                                                          |    set the static fields, run  (ShippedCode)
 * </pre>
 *
 * <p>The loop is there because a closure depends on values as well as on code: a variable may hold a list of lambdas, whose
 * bodies use further variables. What lies inside a graph is known once it is encoded, so the packer looks at what the codec
 * met and starts again when that asks for more. What can be seen without encoding (a variable that <em>is</em> a lambda, or
 * captures one) is followed beforehand, so a second turn is rare.
 *
 * <p>It is one graph so that a list that a lambda captured and a variable holds is one list there too. Static initializers
 * of the user's types may run while it is decoded, before the fields are set; the variables that they read travel twice,
 * once ahead. Arguments may be lambdas as well: those that use variables bring them along in the argument's own graph.
 *
 * <p>For use by any thread: each call borrows a codec of its own, whose notes of what it met are its alone. Reading a static
 * field of a user's type initializes that type here, if nothing has yet.
 */
final class SessionPacker implements CodePacker {
    /** First element of an encoded argument that brings variables along: {mark, names, argument, values...}. */
    static final String ARGUMENT_WITH_VARIABLES = "manyjvm: argument with variables";

    /** First element of a graph some of whose variables are set before the rest is decoded: {mark, graph, values...}. */
    static final String EARLY_VARIABLES = "manyjvm: early variables";

    /** Elements before the values in such a graph. */
    static final int EARLY_PARTS = 2;

    /** Elements before the values in such an argument. */
    static final int ARGUMENT_PARTS = 3;

    private final ClassSource source;
    private final Shared.Linker linker;
    private final Function<ObjectCodec.Host, ObjectCodec> codecs;
    private final SerializedLambdas lambdas = new SerializedLambdas();
    private final Closures closures;
    private final ObjectCodec reader;
    private final ConcurrentLinkedDeque<Recording> idle = new ConcurrentLinkedDeque<>();
    private final Map<String, ShippedClass> shippedByHash = new ConcurrentHashMap<>();
    private final Map<String, WeakReference<byte[]>> blobs = new ConcurrentHashMap<>();

    /** Where the code of a lambda class's instances starts; null until one was seen. */
    private final ClassValue<AtomicReference<Set<Root>>> lambdaRoots = new ClassValue<>() {
        @Override
        protected AtomicReference<Set<Root>> computeValue(Class<?> lambdaClass) {
            return new AtomicReference<>();
        }
    };

    private final ClassValue<ShippedClass> shipped = new ClassValue<>() {
        @Override
        protected ShippedClass computeValue(Class<?> type) {
            ShippedClass made = ShippedClass.of(type.getName(), source.bytes(type), source.isWrapper(type));
            shippedByHash.put(made.reference().hash(), made);
            return made;
        }
    };

    SessionPacker(ClassSource source, Shared.Linker linker, Function<ObjectCodec.Host, ObjectCodec> codecs) {
        this.source = source;
        this.linker = linker;
        this.codecs = codecs;
        this.closures = new Closures(source);
        this.reader = codecs.apply(new SessionHost(lambdas));
    }

    @Override
    public Bundle pack(Object function) {
        Recording recording = borrow();
        try {
            return recording.pack(function);
        } finally {
            idle.push(recording);
        }
    }

    @Override
    public Encoded encode(Object value) {
        Recording recording = borrow();
        try {
            return recording.encodeArgument(value);
        } finally {
            idle.push(recording);
        }
    }

    private Recording borrow() {
        Recording recording = idle.poll();
        return recording != null ? recording : new Recording();
    }

    @Override
    public Object decode(byte[] bytes) {
        return reader.decode(bytes);
    }

    @Override
    public Bundle.ClassReference reference(Class<?> sessionClass) {
        return shipped.get(sessionClass).reference();
    }

    @Override
    public byte[] classFile(Bundle.ClassReference reference) {
        ShippedClass known = shippedByHash.get(reference.hash());
        if (known == null) {
            throw new IllegalArgumentException(
                    "no class " + reference.binaryName() + " with this hash was packed here");
        }
        return known.classFile();
    }

    @Override
    public Optional<byte[]> classFile(String binaryName) {
        try {
            Class<?> type = source.find(binaryName);
            return source.defines(type) ? Optional.of(shipped.get(type).classFile()) : Optional.empty();
        } catch (ClassNotFoundException notOfTheSession) {
            return Optional.empty();
        }
    }

    @Override
    public byte[] blob(Bundle bundle, Bundle.BlobReference reference) {
        if (bundle.blobs() instanceof Blobs contents) {
            return contents.content(reference);
        }
        throw new IllegalArgumentException("this bundle was not packed in this JVM");
    }

    private static NotShippableException untakeable(Object lambda) {
        Class<?> type = lambda.getClass();
        String maker = type.getName().substring(0, type.getName().indexOf("$$Lambda"));
        boolean jdk = type.getClassLoader() == null || type.getClassLoader() == ClassLoader.getPlatformClassLoader();
        if (jdk) {
            return new NotShippableException("cannot send the function: it is a lambda made inside " + maker
                    + ", which nothing can take apart. Write it as a lambda of your own: x -> ...");
        }
        return new NotShippableException("cannot send a lambda of " + maker + ": its type, "
                + type.getInterfaces()[0].getName()
                + ", is not serializable. Use manyjvm.parallel.Fn, Task or Action instead.");
    }

    /** Adds where the code of a value starts, as far as can be seen without looking into objects. */
    private boolean follow(Object value, Set<Root> roots) {
        if (value == null) {
            return false;
        }
        if (!lambdas.isLambda(value)) {
            return isSessionClass(value.getClass()) && roots.add(new Root.OfClass(value.getClass()));
        }
        Optional<LambdaForm> form = lambdas.takeApart(value);
        if (form.isEmpty()) {
            return false;
        }
        boolean grew = roots.addAll(rootsOf(value, form.get()));
        for (Object captured : form.get().captured()) {
            grew |= follow(captured, roots);
        }
        return grew;
    }

    private Set<Root> rootsOf(Object lambda, LambdaForm form) {
        AtomicReference<Set<Root>> kept = lambdaRoots.get(lambda.getClass());
        Set<Root> roots = kept.get();
        if (roots == null) {
            roots = findRoots(form.site(), lambda.getClass().getClassLoader());
            kept.set(roots);
        }
        return roots;
    }

    private Set<Root> findRoots(LambdaSite site, ClassLoader loader) {
        Set<Root> roots = new LinkedHashSet<>();
        closures.sessionClass(site.implementationClass(), loader)
                .ifPresent(type ->
                        roots.add(new Root.OfMethod(type, site.implementationName(), site.implementationSignature())));
        Set<String> named = new LinkedHashSet<>(site.markers());
        named.add(site.capturingClass());
        named.add(site.functionalInterface());
        named.addAll(ClassFacts.named(site.instantiatedSignature()));
        named.addAll(ClassFacts.named(site.erasedSignature()));
        for (String name : named) {
            closures.sessionClass(name, loader).ifPresent(type -> roots.add(new Root.OfClass(type)));
        }
        return roots;
    }

    private boolean isSessionClass(Class<?> type) {
        return !type.isHidden() && !type.isArray() && !type.isPrimitive() && source.defines(type);
    }

    /** Values of the variables that some code uses, in the order of its closure. */
    private record Snapshot(Closure closure, Object[] values) {
        /** @return {first..., values...} */
        Object[] behind(Object... first) {
            Object[] graph = Arrays.copyOf(first, first.length + values.length, Object[].class);
            System.arraycopy(values, 0, graph, first.length, values.length);
            return graph;
        }

        /** @return {mark, graph, values that are needed early, null for the others...} */
        Object[] withEarlyVariables(byte[] graph) {
            Object[] early = new Object[values.length];
            for (int index : closure.early()) {
                early[index] = values[index];
            }
            return new Snapshot(closure, early).behind(EARLY_VARIABLES, graph);
        }
    }

    private Snapshot snapshot(Set<Root> roots) {
        while (true) {
            Closure closure = closures.of(roots);
            Object[] values = new Object[closure.variables().size()];
            boolean grew = false;
            for (int i = 0; i < values.length; i++) {
                values[i] = read(closure.variables().get(i));
                grew |= follow(values[i], roots);
            }
            if (!grew) {
                return new Snapshot(closure, values);
            }
        }
    }

    private static Object read(Closure.Variable variable) {
        try {
            return variable.handle().get();
        } catch (LinkageError failedInitializer) {
            throw new NotShippableException(
                    "cannot read the static field " + variable.shownName() + ": its class could not be initialized",
                    failedInitializer);
        }
    }

    private List<Bundle.ClassReference> references(Set<Class<?>> classes) {
        List<Bundle.ClassReference> references = new ArrayList<>(classes.size());
        for (Class<?> type : classes) {
            references.add(reference(type));
        }
        return references;
    }

    private List<String> classPath() {
        List<String> entries = new ArrayList<>();
        for (Path entry : source.classPath()) {
            entries.add(entry.toAbsolutePath().toString());
        }
        return entries;
    }

    /** Says in the user's words which part of a graph cannot travel. */
    private static NotShippableException named(
            NotShippableException refused, Closure closure, int before, boolean parts) {
        if (!(refused instanceof EncodingFailure failure) || failure.path().isEmpty()) {
            return refused;
        }
        int index = index(failure.path().get(0));
        if (index >= before) {
            Closure.Variable variable = closure.variables().get(index - before);
            String kind = variable.ofWrapper() ? "notebook variable " : "static field ";
            String user = variable.usedBy().isEmpty() ? "the lambda" : variable.usedBy();
            return failure.named(kind + variable.shownName(), variable.shownName(), 1, " (used by " + user + ")");
        }
        if (parts && failure.path().size() > 1) {
            int captured = index(failure.path().get(1)) - FunctionSlot.PARTS;
            return failure.named("a value that the lambda captured", "captured[" + captured + "]", 2, "");
        }
        return failure.named("the function", "function", 1, "");
    }

    /** Of a path's step through an array, {@code [3]}. */
    private static int index(String step) {
        return Integer.parseInt(step.substring(1, step.length() - 1));
    }

    /** What a codec asks of a session. */
    private final class SessionHost implements ObjectCodec.Host {
        private final Lambdas lambdas;

        SessionHost(Lambdas lambdas) {
            this.lambdas = lambdas;
        }

        @Override
        public Class<?> find(String binaryName) throws ClassNotFoundException {
            return source.find(binaryName);
        }

        @Override
        public ClassLoader loader() {
            return source.loader();
        }

        @Override
        public boolean isSessionClass(Class<?> type) {
            return SessionPacker.this.isSessionClass(type);
        }

        @Override
        public boolean isLibrary(Class<?> type) {
            return source.isLibrary(type);
        }

        @Override
        public Lambdas lambdas() {
            return lambdas;
        }

        @Override
        public Object link(Shared.Handle handle) {
            return linker.link(handle);
        }

        @Override
        public Object blob(String hash) {
            throw new IllegalStateException(
                    "a worker's answer refers to a blob, which only submissions do; please report" + " this");
        }
    }

    /** A codec, and notes of the lambdas that it met in the present call. Used by one call at a time. */
    private final class Recording implements Lambdas {
        private final ObjectCodec codec = codecs.apply(new SessionHost(this));
        /** Guarded by itself: a codec may go on in a thread with a larger stack. */
        private final Set<Root> met = new LinkedHashSet<>();

        @Override
        public boolean isLambda(Object object) {
            return lambdas.isLambda(object);
        }

        @Override
        public Optional<LambdaForm> takeApart(Object lambda) {
            Optional<LambdaForm> form = lambdas.takeApart(lambda);
            if (form.isPresent()) {
                synchronized (met) {
                    met.addAll(rootsOf(lambda, form.get()));
                }
            }
            return form;
        }

        @Override
        public Object rebuild(LambdaForm form, ClassLoader loader) throws ReflectiveOperationException {
            return lambdas.rebuild(form, loader);
        }

        private void forget() {
            synchronized (met) {
                met.clear();
            }
        }

        /** Adds what the last encoding met. */
        private boolean gather(Encoded encoded, Set<Root> roots) {
            boolean grew = false;
            for (Class<?> type : encoded.classes()) {
                grew |= isSessionClass(type) && roots.add(new Root.OfClass(type));
            }
            synchronized (met) {
                grew |= roots.addAll(met);
            }
            return grew;
        }

        Bundle pack(Object function) {
            Objects.requireNonNull(function, "there is no function to send: it is null");
            Optional<LambdaForm> form = Optional.empty();
            if (lambdas.isLambda(function)) {
                form = lambdas.takeApart(function);
                if (form.isEmpty()) {
                    throw untakeable(function);
                }
            }
            Set<Root> roots = new LinkedHashSet<>();
            follow(function, roots);
            while (true) {
                Snapshot snapshot = snapshot(roots);
                Closure closure = snapshot.closure();
                // As itself where a variable holds the same lambda, so that both stay one.
                boolean parts =
                        form.isPresent() && Arrays.stream(snapshot.values()).noneMatch(v -> v == function);
                Blobs contents = new Blobs();
                Encoded encoded;
                forget();
                try {
                    encoded = codec.encodeWithBlobs(
                            snapshot.behind(parts ? FunctionSlot.of(form.get()) : function), contents);
                } catch (NotShippableException refused) {
                    throw named(refused, closure, 1, parts);
                }
                if (gather(encoded, roots)) {
                    continue;
                }
                byte[] graph = closure.early().isEmpty()
                        ? encoded.bytes()
                        : codec.encode(snapshot.withEarlyVariables(encoded.bytes()))
                                .bytes();
                return new Bundle(
                        references(closure.classes()),
                        classPath(),
                        closure.variables().stream()
                                .map(Closure.Variable::reference)
                                .toList(),
                        graph,
                        contents,
                        encoded.shared(),
                        closure.written());
            }
        }

        /** An argument whose code uses variables that the submission's function may not use brings them along. */
        Encoded encodeArgument(Object value) {
            forget();
            Encoded encoded = codec.encode(value);
            Set<Root> roots = new LinkedHashSet<>();
            if (!gather(encoded, roots)) {
                return encoded;
            }
            while (true) {
                Snapshot snapshot = snapshot(roots);
                Closure closure = snapshot.closure();
                if (closure.variables().isEmpty()) {
                    return new Encoded(encoded.bytes(), closure.classes(), encoded.shared());
                }
                String[] names = closure.variables().stream()
                        .flatMap(variable -> Stream.of(variable.owner().getName(), variable.name()))
                        .toArray(String[]::new);
                forget();
                try {
                    encoded = codec.encode(snapshot.behind(ARGUMENT_WITH_VARIABLES, names, value));
                } catch (NotShippableException refused) {
                    throw named(refused, closure, ARGUMENT_PARTS, false);
                }
                if (!gather(encoded, roots)) {
                    return new Encoded(encoded.bytes(), closure.classes(), encoded.shared());
                }
            }
        }
    }

    /**
     * The large arrays of one bundle, as the bundle's own list, so that the contents live just as long as the bundle. An
     * array that another living bundle has too is kept once. Filled by the packing thread, then only read.
     */
    private final class Blobs extends AbstractList<Bundle.BlobReference>
            implements Function<Object, Bundle.BlobReference> {
        private final List<Bundle.BlobReference> references = new ArrayList<>();
        private final Map<String, byte[]> contents = new HashMap<>();

        /** Copies first and hashes the copy: the array may change meanwhile. */
        @Override
        public Bundle.BlobReference apply(Object array) {
            byte[] content = reader.encode(array).bytes();
            Bundle.BlobReference reference = new Bundle.BlobReference(ShippedClass.hash(content), content.length);
            if (contents.put(reference.hash(), shared(reference.hash(), content)) == null) {
                references.add(reference);
            }
            return reference;
        }

        private byte[] shared(String hash, byte[] content) {
            WeakReference<byte[]> kept = blobs.get(hash);
            byte[] same = kept == null ? null : kept.get();
            if (same != null) {
                return same;
            }
            blobs.values().removeIf(each -> each.get() == null);
            blobs.put(hash, new WeakReference<>(content));
            return content;
        }

        byte[] content(Bundle.BlobReference reference) {
            byte[] content = contents.get(reference.hash());
            if (content == null) {
                throw new IllegalArgumentException("this bundle has no blob " + reference.hash());
            }
            return content;
        }

        @Override
        public Bundle.BlobReference get(int index) {
            return references.get(index);
        }

        @Override
        public int size() {
            return references.size();
        }
    }
}
