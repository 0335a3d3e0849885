package manyjvm.parallel.code;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import manyjvm.parallel.NotShippableException;
import manyjvm.parallel.code.closure.ClassFacts;
import manyjvm.parallel.code.closure.Closures;
import manyjvm.parallel.code.closure.OpenStatics;
import manyjvm.parallel.code.closure.StaticHandle;
import org.jspecify.annotations.Nullable;

/**
 * Defines session classes in a worker. One name means one class file here, for good: another file for the same name needs
 * another loader.
 *
 * <p>A class that was not sent (named by reflection only, or by code that was not thought to run) is asked for, outside of
 * the class loading lock, since the answer takes a round trip to the driver. Only names in packages of known session
 * classes are asked for: others, which the JDK looks for by the dozen (resource bundles, customizers), cannot be the
 * session's.
 */
final class ShippedLoader extends ClassLoader implements StaticHandle.Finder {
    static {
        registerAsParallelCapable();
    }

    /** Each takes some ten thousand bytes, with its code. */
    static final int MOST_CLASSES = 1024;

    /** Of variables: old versions of them stay in the static fields of classes that were made again. */
    static final long MOST_BROUGHT = 8L << 20;

    private final List<String> classPath;
    private final Function<String, Optional<byte[]>> fetcher;
    private final Map<String, ShippedClass> classes = new ConcurrentHashMap<>();
    private final Map<String, ClassFacts> facts = new ConcurrentHashMap<>();
    private final Map<String, StaticSlot> slots = new ConcurrentHashMap<>();
    private final Set<String> packages = ConcurrentHashMap.newKeySet();

    private final ClassValue<Boolean> wrappers = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            return ShippedClass.isMarkedWrapper(type.getName(), classFile(type.getName()));
        }
    };

    /** The submission whose values the static fields hold; null for none yet; guarded by this loader's {@link #binding}. */
    private @Nullable ShippedCode bound;

    private final Object binding = new Object();

    /** Large arrays and graphs of {@link #brought}, by hash. */
    private final Set<String> broughtBlobs = new HashSet<>();

    private long brought;

    ShippedLoader(List<String> classPath, ClassLoader parent, Function<String, Optional<byte[]>> fetcher) {
        super("session", parent);
        this.classPath = List.copyOf(classPath);
        this.fetcher = fetcher;
    }

    List<String> classPath() {
        return classPath;
    }

    /** Whether these classes can live here: none is known here with another content. */
    boolean agreesWith(Bundle bundle) {
        if (!bundle.classPath().equals(classPath)) {
            return false;
        }
        for (Bundle.ClassReference reference : bundle.classes()) {
            ShippedClass known = classes.get(reference.binaryName());
            if (known != null && !known.reference().hash().equals(reference.hash())) {
                return false;
            }
        }
        return true;
    }

    /** Whether all its classes are here. */
    boolean knows(Bundle bundle) {
        return bundle.classes().stream().allMatch(reference -> classes.containsKey(reference.binaryName()));
    }

    /** Whether it has got so much, beside what these classes use too, that they had better have another. */
    boolean isFull(Bundle bundle) {
        long present = bundle.blobs().stream()
                .filter(blob -> broughtBlobs.contains(blob.hash()))
                .mapToLong(Bundle.BlobReference::bytes)
                .sum();
        return classes.size() >= MOST_CLASSES || brought - present >= MOST_BROUGHT;
    }

    /** A submission adds classes, with their variables; by the thread that has the store's generations. */
    void brought(Bundle bundle) {
        if (!bundle.fields().isEmpty()) {
            brought += bundle.graph().length;
            brought += bundle.blobs().stream()
                    .filter(blob -> broughtBlobs.add(blob.hash()))
                    .mapToLong(Bundle.BlobReference::bytes)
                    .sum();
        }
    }

    /** Takes over classes of another loader, those whose names are new here. */
    void learn(ShippedLoader other, Set<Class<?>> types) {
        for (Class<?> type : types) {
            ShippedClass known = other.classes.get(type.getName());
            if (known != null) {
                add(known);
            }
        }
    }

    void add(ShippedClass shipped) {
        String name = shipped.reference().binaryName();
        if (classes.putIfAbsent(name, shipped) == null) {
            packages.add(packageOf(name));
        }
    }

    /** Whether no class of a session was sent. */
    boolean isEmpty() {
        return classes.isEmpty();
    }

    boolean knows(String binaryName) {
        return classes.containsKey(binaryName);
    }

    /** @throws IllegalArgumentException when no such class was sent */
    byte[] classFile(String binaryName) {
        ShippedClass shipped = classes.get(binaryName);
        if (shipped == null) {
            throw new IllegalArgumentException(binaryName + " is not a class of the session");
        }
        return shipped.classFile();
    }

    boolean isWrapper(Class<?> type) {
        return wrappers.get(type);
    }

    /** A static field that a submission sets. */
    StaticSlot slot(String className, String field) {
        return slots.computeIfAbsent(className + "." + field, name -> slot(className, field, name));
    }

    @Override
    public StaticHandle staticHandle(String className, String field) {
        return slot(className, field).handle();
    }

    private StaticSlot slot(String className, String field, String name) {
        try {
            Class<?> owner = Class.forName(className, false, this);
            ClassFacts.StaticField declared = Objects.requireNonNull(
                    facts(className).staticFields().get(field), "a submission names fields that its classes have");
            boolean variable = isWrapper(owner);
            return new StaticSlot(
                    this,
                    variable ? field : name,
                    variable ? field : Closures.shownName(owner, field),
                    declared.descriptor(),
                    declared.isFinal(),
                    handle(owner, field, declared));
        } catch (ClassNotFoundException | LinkageError failure) {
            throw new NotShippableException(
                    "cannot set " + className + "." + field + " in the worker: " + failure, failure);
        }
    }

    private StaticHandle handle(Class<?> owner, String field, ClassFacts.StaticField declared)
            throws ClassNotFoundException {
        if (!owner.isInterface() || !declared.isOpened()) {
            return StaticHandle.of(owner, field, declared.descriptor());
        }
        Class<?> keeper = Class.forName(OpenStatics.keeperOf(owner.getName()), false, this);
        return new StaticHandle.OfInterface(owner, keeper, field, declared.descriptor());
    }

    private ClassFacts facts(String sessionClass) {
        return facts.computeIfAbsent(sessionClass, name -> ClassFacts.readWithoutOrigins(name, classFile(name)));
    }

    /** See {@link OpenStatics#apply}. */
    private Optional<String> declaringInterface(String named, String field) {
        Deque<String> candidates = new ArrayDeque<>(List.of(named));
        while (!candidates.isEmpty()) {
            String candidate = candidates.remove();
            if (!knows(candidate)) {
                continue;
            }
            ClassFacts read = facts(candidate);
            ClassFacts.StaticField found = read.staticFields().get(field);
            if (found != null) {
                return read.isInterface() && found.isOpened() ? Optional.of(candidate) : Optional.empty();
            }
            candidates.addAll(read.supertypes());
        }
        return Optional.empty();
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!classes.containsKey(name)) {
            Optional<String> kept = OpenStatics.keptBy(name).filter(this::knows);
            if (kept.isPresent()) {
                return define(name, resolve, () -> OpenStatics.keeper(kept.get(), facts(kept.get())));
            }
            try {
                return super.loadClass(name, resolve);
            } catch (ClassNotFoundException notOfTheParent) {
                if (fetch(name).isEmpty()) {
                    throw notOfTheParent;
                }
            }
        }
        return define(name, resolve, () -> OpenStatics.apply(classFile(name), facts(name), this::declaringInterface));
    }

    private Class<?> define(String name, boolean resolve, Supplier<byte[]> classFile) {
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded == null) {
                byte[] file = classFile.get();
                loaded = defineClass(name, file, 0, file.length);
            }
            if (resolve) {
                resolveClass(loaded);
            }
            return loaded;
        }
    }

    private Optional<ShippedClass> fetch(String name) {
        if (!packages.contains(packageOf(name))) {
            return Optional.empty();
        }
        return fetcher.apply(name).map(file -> {
            add(ShippedClass.of(name, file, false));
            return classes.get(name);
        });
    }

    private static String packageOf(String binaryName) {
        return binaryName.substring(0, Math.max(binaryName.lastIndexOf('.'), 0));
    }

    /** Notes what the static fields hold now with the submission that has them. */
    void save() {
        synchronized (binding) {
            if (bound != null) {
                bound.saveVariables();
            }
        }
    }

    /** Gives the static fields to a submission, and lets the one that had them keep what they hold now. */
    void bind(ShippedCode code) {
        synchronized (binding) {
            if (bound == code) {
                return;
            }
            if (bound != null) {
                bound.saveVariables();
            }
            code.setVariables();
            bound = code;
        }
    }

    /** Makes the next {@link #bind} set the fields, whoever's it is. */
    void unbind() {
        synchronized (binding) {
            bound = null;
        }
    }
}
