package manyjvm.parallel.code;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.security.CodeSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import manyjvm.parallel.Fn;
import manyjvm.parallel.NotShippableException;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.code.graph.ObjectCodec;
import manyjvm.parallel.code.lambda.LambdaForm;
import manyjvm.parallel.code.lambda.SerializedLambdas;
import manyjvm.parallel.spi.ClassSource;

/**
 * Keeps what was sent to a worker, and makes submissions runnable.
 *
 * <p>Loaders, from the inside out: one of session classes ({@link ShippedLoader}), one of the class path that it was sent
 * with, the parent that shows the JDK and the public API. Class files and blobs are kept by content until the driver says
 * that it will send them again; loaders only as long as they are among the last few or a submission uses them. A session
 * makes classes with other names with each cell, which all agree: a loader that has got many of them, or much in their
 * variables, gets no more, so that it can go with them.
 */
final class ShippedStore implements CodeStore {
    /** Enough for submissions that take turns around a redefinition. */
    private static final int KEPT_LOADERS = 4;

    private final ClassLoader apiParent;
    private final Function<String, Optional<byte[]>> fetcher;
    private final Shared.Linker linker;
    /** For the contents of blobs, which are primitive arrays. */
    private final ObjectCodec arrays;

    private final Map<String, ShippedClass> classes = new ConcurrentHashMap<>();
    private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();

    private final ShippedVariables variables = new ShippedVariables(this::hash);

    /** Newest first; guarded by itself, as is {@link #jarLoaders}. */
    private final Deque<Generation> generations = new ArrayDeque<>();

    private final Map<List<String>, ClassLoader> jarLoaders = new HashMap<>();

    private final Set<ClassLoader> searchedForDrivers = ConcurrentHashMap.newKeySet();

    /** @param bases that have been loaded there, weakly */
    private record Generation(ShippedLoader loader, ObjectCodec codec, Set<CodeBase> bases) {}

    ShippedStore(ClassLoader apiParent, Function<String, Optional<byte[]>> fetcher, Shared.Linker linker) {
        this.apiParent = apiParent;
        this.fetcher = fetcher;
        this.linker = linker;
        this.arrays =
                new ObjectCodec(new WorkerHost(new ShippedLoader(List.of(), apiParent, name -> Optional.empty())));
    }

    /** The newest generation that knows a class; empty when none does. */
    Optional<ShippedLoader> loaderOf(String binaryName) {
        synchronized (generations) {
            return generations.stream()
                    .map(Generation::loader)
                    .filter(loader -> loader.knows(binaryName))
                    .findFirst();
        }
    }

    /** The loader of the running task, or else of the newest submission. */
    Optional<ShippedLoader> currentLoader() {
        for (ClassLoader each = Thread.currentThread().getContextClassLoader(); each != null; each = each.getParent()) {
            if (each instanceof ShippedLoader loader) {
                return Optional.of(loader);
            }
        }
        synchronized (generations) {
            return Optional.ofNullable(generations.peekFirst()).map(Generation::loader);
        }
    }

    /** How many of session classes are kept. */
    int loaders() {
        synchronized (generations) {
            return generations.size();
        }
    }

    ClassLoader apiParent() {
        return apiParent;
    }

    @Override
    public void addClass(Bundle.ClassReference reference, byte[] classFile) {
        classes.put(reference.hash(), new ShippedClass(reference, classFile));
    }

    @Override
    public void addBlob(Bundle.BlobReference reference, byte[] content) {
        blobs.put(reference.hash(), content);
    }

    @Override
    public void drop(String hash) {
        classes.remove(hash);
        blobs.remove(hash);
    }

    @Override
    public LoadedCode load(Bundle bundle) {
        Generation generation = generation(bundle);
        for (ShippedLoader old : leaving()) {
            variables.leave(old, generation.loader(), generation.codec());
        }
        if (generation.loader().getParent() instanceof URLClassLoader jars && searchedForDrivers.add(jars)) {
            JdbcDrivers.register(jars);
        }
        try {
            return new ShippedCode(bundle, generation.loader(), generation.codec(), variables);
        } catch (ReflectiveOperationException | LinkageError failure) {
            throw new NotShippableException("the function cannot be loaded in the worker: " + failure, failure);
        }
    }

    @Override
    public ClassSource classSource() {
        return new ShippedSource(this);
    }

    /** Sends itself a submission, loads it and runs it. */
    void warmUp() {
        Class<?> type = WarmUpTask.class;
        Bundle.ClassReference reference = new Bundle.ClassReference(type.getName(), "warm-up");
        try (InputStream file = type.getResourceAsStream(type.getSimpleName() + ".class")) {
            addClass(reference, file.readAllBytes());
        } catch (IOException incomplete) {
            throw new UncheckedIOException("manyjvm's jar cannot be read", incomplete);
        }
        LambdaForm form = SerializedLambdas.takeApart(WarmUpTask.task(1)).orElseThrow();
        byte[] graph = arrays.encode(new Object[] {form.captured()}).bytes();
        CodeBase base = new CodeBase(List.of(reference), List.of(), form.site().text());
        LoadedCode code = load(new Bundle(base, List.of(), graph, List.of(), List.of(), Set.of()));
        code.bind();
        @SuppressWarnings("unchecked") // made above
        Fn<Object, Object> function = (Fn<Object, Object>) code.function();
        code.decode(code.encode(function.apply(2)).bytes());
    }

    private Generation generation(Bundle bundle) {
        synchronized (generations) {
            Generation newest = generations.peekFirst();
            if (newest != null && newest.bases().contains(bundle.base())) {
                return newest; // all that follows would find the same
            }
            Generation found = generations.stream()
                    .filter(each -> each.loader().agreesWith(bundle))
                    .filter(each -> each.loader().knows(bundle))
                    .findFirst()
                    .or(() -> generations.stream()
                            .filter(each -> each.loader().agreesWith(bundle))
                            .filter(each -> !each.loader().isFull(bundle))
                            .findFirst())
                    .orElseGet(() -> generation(bundle.classPath()));
            generations.remove(found);
            generations.addFirst(found);
            if (!found.loader().knows(bundle)) {
                found.loader().brought(bundle);
            }
            for (Bundle.ClassReference reference : bundle.classes()) {
                found.loader().add(sent(reference));
            }
            found.bases().add(bundle.base());
            return found;
        }
    }

    /** Those that are no longer among the last few; class paths go with them. */
    private List<ShippedLoader> leaving() {
        List<ShippedLoader> leaving = new ArrayList<>();
        synchronized (generations) {
            while (generations.size() > KEPT_LOADERS) {
                leaving.add(generations.removeLast().loader());
            }
            if (!leaving.isEmpty()) {
                jarLoaders
                        .keySet()
                        .retainAll(generations.stream()
                                .map(each -> each.loader().classPath())
                                .toList());
                searchedForDrivers.retainAll(jarLoaders.values());
            }
        }
        return leaving;
    }

    private String hash(Object array) {
        return ShippedClass.hash(arrays.encode(array).bytes());
    }

    private ShippedClass sent(Bundle.ClassReference reference) {
        ShippedClass shipped = classes.get(reference.hash());
        if (shipped == null) {
            throw new IllegalStateException("the class " + reference.binaryName()
                    + " was not sent before its submission" + "; this is a fault of manyjvm, please report it");
        }
        // Two names may have one content only by a mistake of the sender; the name asked for counts.
        return shipped.reference().equals(reference) ? shipped : new ShippedClass(reference, shipped.classFile());
    }

    private Generation generation(List<String> classPath) {
        ClassLoader parent = jarLoaders.computeIfAbsent(classPath, this::jarLoader);
        ShippedLoader loader = new ShippedLoader(classPath, parent, fetcher);
        return new Generation(
                loader, new ObjectCodec(new WorkerHost(loader)), Collections.newSetFromMap(new WeakHashMap<>()));
    }

    private ClassLoader jarLoader(List<String> classPath) {
        if (classPath.isEmpty()) {
            return apiParent;
        }
        URL[] urls = classPath.stream().map(ShippedStore::url).toArray(URL[]::new);
        return new URLClassLoader("class path", urls, apiParent);
    }

    private static URL url(String entry) {
        try {
            return new File(entry).toURI().toURL();
        } catch (MalformedURLException impossible) {
            throw new IllegalStateException("a file has a URL: " + entry, impossible);
        }
    }

    /** What a codec asks of a worker; one for each loader, so that no class of another generation is met. */
    private final class WorkerHost implements ObjectCodec.Host {
        private final ShippedLoader loader;

        WorkerHost(ShippedLoader loader) {
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
            return !type.isHidden() && type.getClassLoader() instanceof ShippedLoader;
        }

        /** A plain program has no session: there what is not in a jar is its own. */
        @Override
        public boolean isLibrary(Class<?> type) {
            return !isSessionClass(type) && (!loader.isEmpty() || isInJar(type));
        }

        private static boolean isInJar(Class<?> type) {
            CodeSource origin = type.getProtectionDomain().getCodeSource();
            return origin != null
                    && origin.getLocation() != null
                    && origin.getLocation().getPath().endsWith(".jar");
        }

        @Override
        public Object link(Shared.Handle handle) {
            return linker.link(handle);
        }

        @Override
        public Object blob(String hash) {
            byte[] content = blobs.get(hash);
            if (content == null) {
                throw new IllegalStateException(
                        "a blob was not sent before its submission" + "; this is a fault of manyjvm, please report it");
            }
            return Objects.requireNonNull(arrays.decode(content), "a blob is an array");
        }
    }
}
