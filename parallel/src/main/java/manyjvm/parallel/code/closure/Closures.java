package manyjvm.parallel.code.closure;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import manyjvm.parallel.code.classes.RecentClasses;
import manyjvm.parallel.spi.ClassSource;

/**
 * Finds what a piece of session code needs elsewhere, by reading its bytecode.
 *
 * <p>A wrapper holds a whole snippet: the definition that others use, and in {@code do_it$} the cell's own statements, which
 * never run elsewhere. So a wrapper is walked method by method, from what is called; its bytes travel whole all the same, and
 * whatever its other methods name is linked lazily, which is never. A type that the user wrote may be used in any way once
 * an instance exists (by reflection, through an interface, by the JDK), so it is walked whole, with its kin.
 *
 * <p>Facts and closures are kept with the classes that they describe, the last so many: classes never change, a
 * redefinition makes new ones.
 * For use by any thread.
 */
public final class Closures {
    /** A class's map of closures is emptied when it holds this many: argument types may combine without end. */
    private static final int KEPT_PER_CLASS = 256;

    private final ClassSource source;

    private final RecentClasses<ClassFacts> facts;
    private final RecentClasses<Map<Set<Root>, Closure>> known =
            new RecentClasses<>(RecentClasses.KEPT, type -> new ConcurrentHashMap<>());

    private static final Closure NOTHING = new Closure(Set.of(), List.of(), Set.of(), Set.of(), List::of);

    public Closures(ClassSource source) {
        this.source = source;
        this.facts =
                new RecentClasses<>(RecentClasses.KEPT, type -> ClassFacts.read(type.getName(), source.bytes(type)));
    }

    /** Cost: a look-up when these roots were asked for before, else some tens of microseconds per class. */
    public Closure of(Set<Root> roots) {
        if (roots.isEmpty()) {
            return NOTHING;
        }
        Map<Set<Root>, Closure> ofFirst = known.get(roots.iterator().next().type());
        Closure closure = ofFirst.get(roots);
        if (closure == null) {
            closure = new Walk().from(roots);
            if (ofFirst.size() >= KEPT_PER_CLASS) {
                ofFirst.clear();
            }
            ofFirst.put(Set.copyOf(roots), closure);
        }
        return closure;
    }

    /** The session class that a name in some class's code means; empty when it is not the session's. */
    public Optional<Class<?>> sessionClass(String binaryName, ClassLoader loader) {
        try {
            Class<?> type = Class.forName(binaryName, false, loader);
            return source.defines(type) ? Optional.of(type) : Optional.empty();
        } catch (ClassNotFoundException | LinkageError absent) {
            // The code can be run without it, or fails there as it would fail here.
            return Optional.empty();
        }
    }

    public ClassFacts facts(Class<?> sessionClass) {
        return facts.get(sessionClass);
    }

    boolean isWrapper(Class<?> type) {
        return source.isWrapper(type);
    }

    /** The class that declares a static field named through a class or one of its subclasses. */
    Optional<Class<?>> declaring(Class<?> named, String field) {
        Deque<Class<?>> candidates = new ArrayDeque<>(List.of(named));
        while (!candidates.isEmpty()) {
            Class<?> type = candidates.remove();
            if (!source.defines(type)) {
                continue;
            }
            ClassFacts read = facts.get(type);
            if (read.staticFields().containsKey(field)) {
                return Optional.of(type);
            }
            for (String above : read.supertypes()) {
                sessionClass(above, type.getClassLoader()).ifPresent(candidates::add);
            }
        }
        return Optional.empty();
    }

    /** One walk; confined to the calling thread. */
    private final class Walk {
        private final Set<Class<?>> classes = new LinkedHashSet<>();
        private final Map<Object, Closure.Variable> variables = new LinkedHashMap<>();
        private final Set<String> written = new LinkedHashSet<>();
        private final Set<Root.OfMethod> methods = new HashSet<>();
        private final Deque<Step> ahead = new ArrayDeque<>();

        /** @param chain names that lead here, oldest first */
        private record Step(Class<?> type, ClassFacts.MethodFacts code, List<String> chain) {}

        Closure from(Set<Root> roots) {
            for (Root root : roots) {
                include(root.type(), List.of());
                if (root instanceof Root.OfMethod method) {
                    call(method.type(), method.name(), method.descriptor(), List.of());
                }
            }
            while (!ahead.isEmpty()) {
                follow(ahead.remove());
            }
            Closures all = Closures.this; // so that what is kept does not keep this walk
            Set<Class<?>> walked = Collections.unmodifiableSet(classes);
            Set<Root> asked = new LinkedHashSet<>(roots); // the caller's set may grow
            return new Closure(
                    walked,
                    List.copyOf(variables.values()),
                    Set.copyOf(written),
                    readByInitializers(),
                    () -> new Changes(all, walked).of(asked));
        }

        /**
         * Static initializers of the user's types run while values are decoded, before the variables are set, so what they
         * read needs care. Here the user's types are followed method by method too: naming a class runs nothing.
         */
        private Set<Integer> readByInitializers() {
            Deque<Step> initializing = new ArrayDeque<>();
            Set<Root.OfMethod> seen = new HashSet<>();
            for (Class<?> type : classes) {
                ClassFacts.MethodFacts code = facts.get(type).methods().get("<clinit>()V");
                if (code != null && !source.isWrapper(type)) {
                    initializing.add(new Step(type, code, List.of()));
                }
            }
            List<Object> order = new ArrayList<>(variables.keySet());
            Set<Integer> early = new TreeSet<>();
            while (!initializing.isEmpty()) {
                Step step = initializing.remove();
                ClassLoader loader = step.type().getClassLoader();
                for (ClassFacts.Member read : step.code().reads()) {
                    sessionClass(read.owner(), loader)
                            .filter(source::isWrapper)
                            .map(owner -> order.indexOf(List.of(owner, read.name())))
                            .filter(index -> index >= 0)
                            .ifPresent(early::add);
                }
                for (ClassFacts.Member call : step.code().calls()) {
                    sessionClass(call.owner(), loader).ifPresent(owner -> {
                        ClassFacts.MethodFacts code = facts.get(owner).methods().get(call.key());
                        if (code != null && seen.add(new Root.OfMethod(owner, call.name(), call.descriptor()))) {
                            initializing.add(new Step(owner, code, List.of()));
                        }
                    });
                }
            }
            return early;
        }

        private void include(Class<?> type, List<String> chain) {
            if (!classes.add(type)) {
                return;
            }
            ClassFacts read = facts.get(type);
            includeAll(read.supertypes(), type, chain);
            if (source.isWrapper(type)) {
                ClassFacts.MethodFacts initializer = read.methods().get("<clinit>()V");
                if (initializer != null) {
                    ahead.add(new Step(type, initializer, chain));
                }
                return;
            }
            List<String> longer = longer(chain, simpleName(type));
            read.staticFields().keySet().stream()
                    .filter(StaticHandle::isOfConstant)
                    .sorted()
                    .forEach(field -> use(type, field, longer, true));
            includeAll(read.kin(), type, longer);
            for (ClassFacts.MethodFacts code : read.methods().values()) {
                ahead.add(new Step(type, code, longer));
            }
        }

        private void includeAll(Set<String> names, Class<?> from, List<String> chain) {
            for (String name : names) {
                sessionClass(name, from.getClassLoader()).ifPresent(type -> include(type, chain));
            }
        }

        private void follow(Step step) {
            ClassLoader loader = step.type().getClassLoader();
            includeAll(step.code().classes(), step.type(), step.chain());
            for (ClassFacts.Member call : step.code().calls()) {
                sessionClass(call.owner(), loader)
                        .ifPresent(owner -> call(owner, call.name(), call.descriptor(), step.chain()));
            }
            for (ClassFacts.Member read : step.code().reads()) {
                use(read, step, true);
            }
            for (ClassFacts.Member write : step.code().writes()) {
                use(write, step, false);
                sessionClass(write.owner(), loader)
                        .filter(source::isWrapper)
                        .filter(owner -> isVariable(owner, write.name()))
                        .ifPresent(owner -> written.add(write.name()));
            }
        }

        private void use(ClassFacts.Member field, Step step, boolean read) {
            sessionClass(field.owner(), step.type().getClassLoader())
                    .flatMap(owner -> declaring(owner, field.name()))
                    .ifPresent(owner -> use(owner, field.name(), step.chain(), read));
        }

        /** Only wrappers need it: a user's type is walked whole as soon as it is named. */
        private void call(Class<?> owner, String name, String descriptor, List<String> chain) {
            if (!source.isWrapper(owner) || !methods.add(new Root.OfMethod(owner, name, descriptor))) {
                return;
            }
            ClassFacts.MethodFacts code = facts.get(owner).methods().get(name + descriptor);
            if (code != null) {
                boolean made = name.startsWith("lambda$") || name.startsWith("do_it$");
                ahead.add(new Step(owner, code, made ? chain : longer(chain, name)));
            }
        }

        private boolean isVariable(Class<?> wrapper, String name) {
            ClassFacts.StaticField field = facts.get(wrapper).staticFields().get(name);
            return field != null && field.travels();
        }

        private void use(Class<?> owner, String name, List<String> chain, boolean read) {
            ClassFacts.StaticField field = facts.get(owner).staticFields().get(name);
            if (field == null || !field.travels()) {
                return;
            }
            List<Object> key = List.of(owner, name);
            Closure.Variable known = variables.get(key);
            if (known == null || read && !known.isRead()) {
                variables.put(
                        key,
                        new Closure.Variable(
                                owner,
                                name,
                                field.descriptor(),
                                handle(owner, name, field),
                                source.isWrapper(owner),
                                field.isFinal(),
                                read,
                                String.join(" -> ", chain)));
            }
        }

        private StaticHandle handle(Class<?> owner, String name, ClassFacts.StaticField field) {
            return owner.getClassLoader() instanceof StaticHandle.Finder loader
                    ? loader.staticHandle(owner.getName(), name)
                    : StaticHandle.of(owner, name, field.descriptor());
        }

        private List<String> longer(List<String> chain, String name) {
            if (!chain.isEmpty() && chain.get(chain.size() - 1).equals(name)) {
                return chain;
            }
            List<String> longer = new ArrayList<>(chain);
            longer.add(name);
            return List.copyOf(longer);
        }
    }

    /** What the user calls a field of a type of his. */
    public static String shownName(Class<?> owner, String field) {
        boolean ofBody = field.startsWith(".");
        return ofBody ? simpleName(owner.getSuperclass()) + field : simpleName(owner) + "." + field;
    }

    /** {@link Class#getSimpleName} would load the enclosing classes. */
    static String simpleName(Class<?> type) {
        String name = type.getName();
        return name.substring(Math.max(name.lastIndexOf('.'), name.lastIndexOf('$')) + 1);
    }
}
