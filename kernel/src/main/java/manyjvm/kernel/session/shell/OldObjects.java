package manyjvm.kernel.session.shell;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.TypeDeclSnippet;
import jdk.jshell.VarSnippet;
import manyjvm.kernel.session.text.CellFrames;
import manyjvm.kernel.session.text.ObjectNames;
import org.jspecify.annotations.Nullable;

/**
 * Objects of a type that was redefined after they were made. They have the name of the new type, and are of another: casts fail,
 * {@code equals} is false, and the JVM's words about it name one class twice. Changed by the holder of the session's lock; what
 * looks into variables runs as the cell's own code, because a container may wrap one of the user's, and so beside other cells.
 */
public final class OldObjects {
    private static final Pattern TYPE = Pattern.compile("(?U)(" + ObjectNames.WRAPPER + ")\\$([\\w$]+)");
    /** Of each variable. */
    private static final int OBJECTS_LOOKED_AT = 10_000;

    private final Shell shell;
    /** The wrapper class of the newest definition, by the type's name. */
    private final Map<String, String> wrappers = new ConcurrentHashMap<>();
    /** What has made the older definitions old, by the type's name. */
    private final Map<String, String> redefinitions = new ConcurrentHashMap<>();

    private final Set<String> justRedefined = new ConcurrentSkipListSet<>();

    OldObjects(Shell shell) {
        this.shell = shell;
    }

    /** Takes note of the types that a snippet has defined, or has had JShell compile anew. */
    void defined(List<SnippetEvent> events, String cell) {
        Optional<String> cause = events.stream()
                .filter(event -> event.causeSnippet() == null && event.snippet() instanceof DeclarationSnippet)
                .map(event -> ((DeclarationSnippet) event.snippet()).name())
                .findFirst();
        for (SnippetEvent event : events) {
            if (event.snippet() instanceof TypeDeclSnippet type && event.status() == Snippet.Status.VALID) {
                String wrapper = shell.analysis().wrapper(type).fullClassName();
                String before = wrappers.put(type.name(), wrapper);
                if (before != null && !before.equals(wrapper)) {
                    String name = ObjectNames.known(type.name());
                    String what = cause.map(ObjectNames::known).orElse(name);
                    redefinitions.put(
                            type.name(),
                            cell + " redefined " + what + (what.equals(name) ? "" : ", which " + name + " uses"));
                    justRedefined.add(type.name());
                }
            }
        }
    }

    /** A line for each type that was redefined since the last call and of which a variable holds older objects. */
    public List<String> news() {
        List<String> news = new ArrayList<>();
        for (String type : List.copyOf(justRedefined)) {
            justRedefined.remove(type);
            List<String> holders = holders(type);
            if (!holders.isEmpty()) {
                news.add(advice(type, holders));
            }
        }
        return news;
    }

    public boolean hasNews() {
        return !justRedefined.isEmpty();
    }

    /** What to do about an exception that comes from an object of a redefined type; empty when it does not. */
    public Optional<String> advice(Throwable thrown) {
        for (Throwable each : CellFrames.chain(thrown)) {
            String message = CellFrames.messageOf(each);
            if (message != null) {
                Optional<String> type = each instanceof ClassCastException
                        ? typeInTwoVersions(message)
                        : each instanceof ArrayStoreException ? typeWithOldObjects(message) : Optional.empty();
                if (type.isPresent()) {
                    return Optional.of(advice(type.get(), holders(type.get())));
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> typeInTwoVersions(String message) {
        Map<String, String> versions = new HashMap<>();
        Matcher type = TYPE.matcher(message);
        while (type.find()) {
            String before = versions.putIfAbsent(type.group(2), type.group(1));
            if (before != null && !before.equals(type.group(1))) {
                return Optional.of(outermost(type.group(2)));
            }
        }
        return Optional.empty();
    }

    /** The message names the array's type or the element's, and not both. */
    private Optional<String> typeWithOldObjects(String message) {
        return TYPE.matcher(message)
                .results()
                .map(type -> outermost(type.group(2)))
                .filter(type -> !holders(type).isEmpty())
                .findFirst();
    }

    private String advice(String type, List<String> holders) {
        String name = ObjectNames.known(type);
        String since = redefinitions.getOrDefault(type, "a cell redefined " + name);
        return switch (holders.size()) {
            case 0 -> "an object of " + name + " was made before " + since + ": make it again";
            case 1 -> holders.get(0) + " was made before " + since + ": run its cell again";
            default -> String.join(", ", holders) + " were made before " + since + ": run their cells again";
        };
    }

    private List<String> holders(String type) {
        List<String> holders = new ArrayList<>();
        for (VarSnippet variable : shell.variables().ofUsers()) {
            Field field = shell.variables().field(variable);
            if (field != null && !field.getType().isPrimitive() && holdsOld(type, value(field, null))) {
                holders.add(variable.name());
            }
        }
        return holders;
    }

    private boolean holdsOld(String type, @Nullable Object value) {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Object> waiting = new ArrayDeque<>();
        Set<Class<?>> current = new HashSet<>();
        add(value, seen, waiting);
        while (!waiting.isEmpty()) {
            Object next = waiting.remove();
            if (!current.contains(next.getClass())) {
                if (isOld(type, next.getClass())) {
                    return true;
                }
                current.add(next.getClass());
            }
            addParts(next, seen, waiting);
        }
        return false;
    }

    private boolean isOld(String type, Class<?> of) {
        Class<?> element = of;
        while (element.isArray()) {
            element = element.getComponentType();
        }
        Matcher name = TYPE.matcher(element.getName());
        return name.matches()
                && outermost(name.group(2)).equals(type)
                && !name.group(1).equals(wrappers.get(type));
    }

    private static String outermost(String type) {
        int end = type.indexOf('$', 1);
        return end < 0 ? type : type.substring(0, end);
    }

    private void addParts(Object whole, Set<Object> seen, Deque<Object> waiting) {
        if (whole instanceof Object[] array) {
            for (int i = 0; i < array.length && add(array[i], seen, waiting); i++) {}
        } else if (whole.getClass().getClassLoader() == null) {
            try {
                addContent(whole, seen, waiting);
            } catch (RuntimeException unreadable) {
                // Another thread changes the container, or one of the user's in it fails: the rest stays unknown.
            }
        } else if (whole.getClass().getClassLoader() == shell.loader()) {
            for (Class<?> type = whole.getClass();
                    type.getClassLoader() == shell.loader();
                    type = type.getSuperclass()) {
                for (Field field : type.getDeclaredFields()) {
                    if (!Modifier.isStatic(field.getModifiers())
                            && !field.getType().isPrimitive()
                            && field.trySetAccessible()) {
                        add(value(field, whole), seen, waiting);
                    }
                }
            }
        }
    }

    private static void addContent(Object container, Set<Object> seen, Deque<Object> waiting) {
        if (container instanceof Collection<?> elements) {
            for (Object element : elements) {
                if (!add(element, seen, waiting)) {
                    return;
                }
            }
        } else if (container instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                if (!add(entry.getKey(), seen, waiting) || !add(entry.getValue(), seen, waiting)) {
                    return;
                }
            }
        } else if (container instanceof Map.Entry<?, ?> entry) {
            add(entry.getKey(), seen, waiting);
            add(entry.getValue(), seen, waiting);
        } else if (container instanceof Optional<?> optional) {
            add(optional.orElse(null), seen, waiting);
        } else if (container instanceof AtomicReference<?> reference) {
            add(reference.get(), seen, waiting);
        }
    }

    /** Whether there is room for more. */
    private static boolean add(@Nullable Object object, Set<Object> seen, Deque<Object> waiting) {
        if (object != null && seen.add(object)) {
            waiting.add(object);
        }
        return seen.size() < OBJECTS_LOOKED_AT;
    }

    private static @Nullable Object value(Field field, @Nullable Object of) {
        try {
            return field.get(of);
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
