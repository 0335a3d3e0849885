package manyjvm.parallel.code.closure;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds which of the objects that travel with some code are changed by it. Here all code is followed method by method, from
 * what is run first, and the methods of a type that the JDK may call: that a class could change something, somewhere, is no
 * reason to warn. Confined to the calling thread.
 */
final class Changes {
    private static final Set<String> PLAIN_SUPERTYPES =
            Set.of("java.lang.Object", "java.lang.Record", "java.lang.Enum", "java.io.Serializable");

    private final Closures closures;
    private final Set<Class<?>> classes;
    private final Map<String, List<Reached>> reached = new HashMap<>();
    private final Deque<Reached> ahead = new ArrayDeque<>();
    private final Set<Closure.Changed> found = new LinkedHashSet<>();

    private record Reached(Class<?> type, String name, String key, ClassFacts.MethodFacts code) {}

    /**
     * Where an object comes from in the end: a static field, be it an enum's constant, or a parameter of the method that was
     * asked about, which has no owner.
     */
    private record Source(@Nullable Class<?> owner, String name, int parameter, boolean inside) {
        Source part() {
            return new Source(owner, name, parameter, true);
        }
    }

    Changes(Closures closures, Set<Class<?>> classes) {
        this.closures = closures;
        this.classes = classes;
    }

    List<Closure.Changed> of(Set<Root> roots) {
        for (Root root : roots) {
            if (root instanceof Root.OfMethod method) {
                reach(method.type(), method.name(), method.name() + method.descriptor());
            } else if (!closures.isWrapper(root.type())) {
                reachAll(root.type());
            }
        }
        for (Class<?> type : classes) {
            if (!closures.isWrapper(type) && isCalledByTheJdk(type)) {
                reachAll(type);
            }
        }
        while (!ahead.isEmpty()) {
            Reached method = ahead.remove();
            for (ClassFacts.Member call : method.code().calls()) {
                for (Class<?> type : related(call.owner(), method.type())) {
                    reach(type, call.name(), call.key());
                }
            }
        }
        boolean more = true;
        while (more) {
            more = false;
            for (List<Reached> methods : reached.values()) {
                for (Reached method : methods) {
                    more |= look(method);
                }
            }
        }
        return found.stream()
                .sorted(Comparator.<Closure.Changed, Boolean>comparing(
                                changed -> changed.how().locked())
                        .thenComparing(changed -> changed.how().inside()))
                .toList();
    }

    /** Notes what a method changes itself, and by the methods that it calls. */
    private boolean look(Reached method) {
        boolean more = false;
        for (Origin.Change change : method.code().changes()) {
            if (!change.assigned()) {
                more |= note(method, change.target(), new Closure.How(false, change.locked()));
            } else if (change.target() instanceof Origin.Field field) {
                more |= noteAssigned(method, field);
            }
        }
        for (Origin.Call call : method.code().passes()) {
            List<Reached> callees = callees(call.callee(), method.type());
            for (Reached callee : callees) {
                for (int i = 0; i < call.arguments().size(); i++) {
                    if (call.arguments().get(i) != null) {
                        for (Closure.How how : hows(callee, i)) {
                            more |= note(method, call.arguments().get(i), how);
                        }
                    }
                }
            }
            if (callees.isEmpty() && isInheritedChange(call.callee(), method.type())) {
                more |= note(method, call.arguments().get(0), new Closure.How(false, false));
            }
        }
        return more;
    }

    /** Of notebook variables, which are warned of by name already, nothing. */
    private boolean noteAssigned(Reached method, Origin.Field field) {
        Optional<Class<?>> owner = declaring(field.member(), method.type()).filter(type -> !closures.isWrapper(type));
        return owner.isPresent()
                && found.add(new Closure.Changed.OfVariable(
                        owner.get(), field.member().name(), new Closure.How(false, false)));
    }

    private boolean note(Reached method, @Nullable Origin target, Closure.How how) {
        boolean more = false;
        for (Source source : sources(target, method.type(), new HashSet<>())) {
            Closure.How whole = new Closure.How(how.inside() || source.inside(), how.locked());
            more |= found.add(
                    source.owner() == null
                            ? new Closure.Changed.OfParameter(root(method), source.parameter(), whole)
                            : new Closure.Changed.OfVariable(source.owner(), source.name(), whole));
        }
        return more;
    }

    private static Root.OfMethod root(Reached method) {
        return new Root.OfMethod(
                method.type(),
                method.name(),
                method.key().substring(method.name().length()));
    }

    private Set<Closure.How> hows(Reached method, int parameter) {
        Root.OfMethod asked = root(method);
        Set<Closure.How> hows = new LinkedHashSet<>();
        for (boolean inside : new boolean[] {false, true}) {
            for (boolean locked : new boolean[] {false, true}) {
                Closure.How how = new Closure.How(inside, locked);
                if (found.contains(new Closure.Changed.OfParameter(asked, parameter, how))) {
                    hows.add(how);
                }
            }
        }
        return hows;
    }

    private Set<Source> sources(@Nullable Origin origin, Class<?> from, Set<Object> seen) {
        Set<Source> sources = new LinkedHashSet<>();
        if (origin instanceof Origin.Parameter parameter) {
            sources.add(new Source(null, "", parameter.index(), false));
        } else if (origin instanceof Origin.Part part) {
            sources(part.whole(), from, seen).forEach(each -> sources.add(each.part()));
        } else if (origin instanceof Origin.Field field) {
            declaring(field.member(), from)
                    .ifPresent(owner ->
                            sources.add(new Source(owner, field.member().name(), -1, false)));
        } else if (origin instanceof Origin.Result result && seen.add(result)) {
            for (Reached callee : callees(result.call().callee(), from)) {
                for (Origin given : callee.code().returns()) {
                    for (Source source : sources(given, callee.type(), seen)) {
                        sources.addAll(source.owner() != null ? Set.of(source) : argument(result, source, from, seen));
                    }
                }
            }
        }
        return sources;
    }

    private Set<Source> argument(Origin.Result result, Source given, Class<?> from, Set<Object> seen) {
        List<@Nullable Origin> arguments = result.call().arguments();
        if (given.parameter() >= arguments.size()) {
            return Set.of();
        }
        Set<Source> sources = new LinkedHashSet<>();
        for (Source source : sources(arguments.get(given.parameter()), from, seen)) {
            sources.add(given.inside() ? source.part() : source);
        }
        return sources;
    }

    private Optional<Class<?>> declaring(ClassFacts.Member field, Class<?> from) {
        return closures.sessionClass(field.owner(), from.getClassLoader())
                .flatMap(owner -> closures.declaring(owner, field.name()))
                .filter(owner -> {
                    ClassFacts facts = closures.facts(owner);
                    ClassFacts.StaticField known = facts.staticFields().get(field.name());
                    return known != null && known.travels() || facts.constants().contains(field.name());
                });
    }

    // ---- which methods run ----

    private void reachAll(Class<?> type) {
        closures.facts(type).methods().forEach((key, code) -> {
            if (!code.isStatic()) {
                reach(type, key.substring(0, key.indexOf('(')), key);
            }
        });
    }

    private void reach(Class<?> type, String name, String key) {
        ClassFacts.MethodFacts code = closures.facts(type).methods().get(key);
        List<Reached> same = reached.computeIfAbsent(key, absent -> new ArrayList<>());
        if (code != null && same.stream().noneMatch(each -> each.type() == type)) {
            Reached method = new Reached(type, name, key, code);
            same.add(method);
            ahead.add(method);
        }
    }

    private List<Reached> callees(ClassFacts.Member callee, Class<?> from) {
        List<Reached> same = reached.getOrDefault(callee.key(), List.of());
        if (same.isEmpty()) {
            return same;
        }
        List<Class<?>> related = related(callee.owner(), from);
        return same.stream().filter(each -> related.contains(each.type())).toList();
    }

    /** The classes whose method a call may mean: the one that it names, those above it and those below it. */
    private List<Class<?>> related(String owner, Class<?> from) {
        Optional<Class<?>> named = closures.sessionClass(owner, from.getClassLoader());
        if (named.isEmpty()) {
            return List.of();
        }
        Class<?> type = named.get();
        if (closures.isWrapper(type)) {
            return List.of(type);
        }
        return classes.stream()
                .filter(each -> type.isAssignableFrom(each) || each.isAssignableFrom(type))
                .<Class<?>>map(each -> each)
                .toList();
    }

    private boolean isInheritedChange(ClassFacts.Member callee, Class<?> from) {
        return JdkChanges.changesContainer(callee.name())
                && closures.sessionClass(callee.owner(), from.getClassLoader())
                        .filter(type -> Collection.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type))
                        .isPresent();
    }

    private static boolean isCalledByTheJdk(Class<?> type) {
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            for (Class<?> above : each.getInterfaces()) {
                if (isCalling(above)) {
                    return true;
                }
            }
            if (isCalling(each)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isCalling(Class<?> type) {
        return type.getClassLoader() == null && !PLAIN_SUPERTYPES.contains(type.getName());
    }
}
