package manyjvm.parallel.code;

import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import manyjvm.parallel.NotShippableException;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.code.classes.RecentClasses;
import manyjvm.parallel.code.closure.ClassFacts;
import manyjvm.parallel.code.closure.Closure;
import manyjvm.parallel.code.closure.Closures;
import manyjvm.parallel.code.closure.Root;
import manyjvm.parallel.code.closure.StaticHandle;
import manyjvm.parallel.code.lambda.LambdaForm;
import manyjvm.parallel.code.lambda.LambdaSite;
import manyjvm.parallel.code.lambda.SerializedLambdas;
import manyjvm.parallel.spi.ClassSource;
import org.jspecify.annotations.Nullable;

/**
 * What packing knows of a session: where the code of a value starts, what it uses, and what the variables hold now. For use by
 * any thread.
 */
final class Session {
    final ClassSource source;
    final Shared.Linker linker;
    final Closures closures;

    /** What is known of a class of functions. */
    private static final class Known {
        private volatile @Nullable Set<Root> roots; // where the code of a lambda starts; null until one was seen
        private volatile @Nullable KnownBase base; // null until one was submitted
    }

    private final RecentClasses<Known> known = new RecentClasses<>(RecentClasses.KEPT, functionClass -> new Known());

    private record KnownBase(Closure closure, CodeBase base) {}

    private record ClassPath(List<Path> entries, List<String> texts) {}

    /** As it was found last. */
    private volatile ClassPath classPath = new ClassPath(List.of(), List.of());

    /** Final fields whose value cannot travel, as a whole, or need not. */
    private final ClassValue<Set<String>> madeAnew = new ClassValue<>() {
        @Override
        protected Set<String> computeValue(Class<?> type) {
            return ConcurrentHashMap.newKeySet();
        }
    };

    Session(ClassSource source, Shared.Linker linker) {
        this.source = source;
        this.linker = linker;
        this.closures = new Closures(source);
    }

    boolean isSessionClass(Class<?> type) {
        return !type.isHidden() && !type.isArray() && !type.isPrimitive() && source.defines(type);
    }

    private List<String> classPath() {
        ClassPath known = classPath;
        List<Path> entries = source.classPath();
        if (!known.entries().equals(entries)) {
            known = new ClassPath(
                    List.copyOf(entries),
                    entries.stream()
                            .map(entry -> entry.toAbsolutePath().toString())
                            .toList());
            classPath = known;
        }
        return known.texts();
    }

    /**
     * What a function's submissions have in common; the very same for one after the other, unless something of it has changed.
     *
     * @param site empty for a function that travels as an object
     * @param references makes the references of classes
     */
    CodeBase base(
            Class<?> function,
            Closure closure,
            String site,
            Function<Collection<Class<?>>, List<Bundle.ClassReference>> references) {
        Known kept = known.get(function);
        KnownBase latest = kept.base;
        List<String> entries = classPath();
        if (latest == null
                || latest.closure() != closure
                || latest.base().classPath() != entries
                || !latest.base().site().equals(site)) {
            latest = new KnownBase(closure, new CodeBase(references.apply(closure.classes()), entries, site));
            kept.base = latest;
        }
        return latest.base();
    }

    /** Adds where the code of a value starts, as far as can be seen without looking into objects. */
    boolean follow(@Nullable Object value, Set<Root> roots) {
        if (value == null) {
            return false;
        }
        if (!SerializedLambdas.isLambda(value)) {
            return isSessionClass(value.getClass()) && roots.add(new Root.OfClass(value.getClass()));
        }
        Optional<LambdaForm> form = SerializedLambdas.takeApart(value);
        if (form.isEmpty()) {
            return false;
        }
        boolean grew = roots.addAll(rootsOf(value, form.get()));
        for (Object captured : form.get().captured()) {
            grew |= follow(captured, roots);
        }
        return grew;
    }

    Set<Root> rootsOf(Object lambda, LambdaForm form) {
        Known kept = known.get(lambda.getClass());
        Set<Root> roots = kept.roots;
        if (roots == null) {
            roots = findRoots(form.site(), lambda.getClass().getClassLoader());
            kept.roots = roots;
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

    /** Reads the variables that code uses now; adds to the roots the code that lies in their values. */
    Snapshot snapshot(Set<Root> roots) {
        while (true) {
            Closure closure = closures.of(roots);
            @Nullable Object[] values = new @Nullable Object[closure.variables().size()];
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

    private @Nullable Object read(Closure.Variable variable) {
        if ((variable.isFinal() || variable.ofConstant()) && !source.isInitialized(variable.initialized())) {
            return Snapshot.UNREAD;
        }
        try {
            if (variable.handle() instanceof StaticHandle.OfConstant constants && !constants.areMade()) {
                return Snapshot.UNREAD;
            }
            return variable.handle().get();
        } catch (LinkageError failedInitializer) {
            throw new NotShippableException(
                    "cannot read the static field " + variable.shownName() + ": its class could not be initialized",
                    failedInitializer);
        }
    }

    /** Whether the value of this final field cannot travel, or need not: nobody can give it another one. */
    boolean isMadeAnew(Closure.Variable variable) {
        return variable.isFinal() && madeAnew.get(variable.owner()).contains(variable.name());
    }

    void madeAnew(Closure.Variable variable) {
        madeAnew.get(variable.owner()).add(variable.name());
    }
}
