package manyjvm.kernel.session.assistance;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jshell.MethodSnippet;
import manyjvm.kernel.session.Session.Completions.Kind;
import manyjvm.kernel.session.shell.Shell;
import manyjvm.kernel.session.source.Amended;
import manyjvm.kernel.session.source.LastExpression;
import manyjvm.kernel.session.text.CellFrames;
import org.jspecify.annotations.Nullable;

/** What the names are that complete a text, for front ends that show it beside them. Used by the holder of the session's lock. */
final class MemberKinds {
    private static final Kind TYPE = new Kind("class", "");
    private static final Kind PACKAGE = new Kind("module", "");

    /** A method that every object has: seldom what is looked for. */
    private static final String OF_OBJECTS = "of all objects";

    private static final String UNIMPORTED = "import ";

    /** JShell tells no type of a type. */
    private static final Pattern NAME =
            Pattern.compile("(?:[\\p{L}_$][\\p{L}\\p{N}_$]*\\.)*[\\p{L}_$][\\p{L}\\p{N}_$]*");

    private final Shell shell;
    private final TypeNames types;

    MemberKinds(Shell shell) {
        this.shell = shell;
        this.types = new TypeNames(shell);
    }

    static Kind unimported(String name) {
        return new Kind("class", UNIMPORTED + name);
    }

    /** The lower, the earlier in a list. */
    static int rank(@Nullable Kind kind) {
        if (kind == null) {
            return 5;
        }
        if (kind.signature().startsWith(UNIMPORTED)) {
            return 9;
        }
        if (kind.signature().endsWith(OF_OBJECTS)) {
            return 8;
        }
        return switch (kind.type()) {
            case "instance", "property" -> 0;
            case "function" -> 1;
            case "class" -> 6;
            default -> 7;
        };
    }

    /** Of names that stand alone. */
    Map<String, Kind> ofSession(Set<String> matches) {
        Map<String, Kind> kinds = new LinkedHashMap<>();
        Map<String, String> variables = shell.variables().all().stream()
                .collect(Collectors.toMap(
                        one -> one.name(), one -> shell.plain(one.typeName()), (first, later) -> later));
        Map<String, List<MethodSnippet>> methods =
                shell.jshell().methods().collect(Collectors.groupingBy(MethodSnippet::name));
        for (String match : matches) {
            String name = match.replaceFirst("\\(\\)?$", "");
            String type = variables.get(match);
            List<MethodSnippet> overloads = methods.get(name);
            if (type != null) {
                kinds.put(match, new Kind("instance", type));
            } else if (!name.equals(match)) {
                kinds.put(match, new Kind("function", overloads == null ? "" : signature(overloads)));
            } else if (match.endsWith(".") || isPackage(match)) {
                kinds.put(match, PACKAGE);
            } else if (Character.isUpperCase(match.charAt(0))) {
                kinds.put(match, TYPE);
            }
        }
        return kinds;
    }

    private static boolean isPackage(String name) {
        return name.equals("java") || name.equals("javax") || name.equals("jdk");
    }

    private String signature(List<MethodSnippet> overloads) {
        Matcher parts = Pattern.compile("\\((.*)\\)(.*)")
                .matcher(shell.plain(overloads.get(0).signature()));
        return parts.matches()
                ? "(" + parts.group(1).replace(",", ", ") + "): " + parts.group(2) + more(overloads.size())
                : "";
    }

    /** Of the members of what a text ends with: an expression, a type, or a package. */
    Map<String, Kind> ofReceiver(String text, Set<String> matches) {
        Map<String, Kind> kinds = new LinkedHashMap<>();
        if (matches.isEmpty()) {
            return kinds;
        }
        Optional<Class<?>> type = receiver(text);
        for (String match : matches) {
            Optional<Kind> kind = type.flatMap(one -> knownMember(one, match));
            if (kind.isPresent()) {
                kinds.put(match, kind.get());
            } else if (!match.contains("(")) {
                kinds.put(match, Character.isUpperCase(match.charAt(0)) ? TYPE : PACKAGE);
            } else {
                kinds.put(match, new Kind("function", ""));
            }
        }
        return kinds;
    }

    private Optional<Class<?>> receiver(String text) {
        String expression = LastExpression.of(text);
        for (Amended meant : shell.choices().meant(expression, expression.length())) {
            String told =
                    shell.analysis().analyzeType(meant.text(), meant.text().length());
            if (told != null) {
                return types.type(told.replaceAll("<.*>", ""));
            }
        }
        Matcher name = NAME.matcher(expression);
        return name.matches() ? types.type(expression) : Optional.empty();
    }

    private static Optional<Kind> knownMember(Class<?> type, String match) {
        try {
            return Optional.of(member(type, match));
        } catch (LinkageError optional) {
            return Optional.empty(); // a member names a class that is not there: the names must do
        }
    }

    private static Kind member(Class<?> type, String match) {
        if (!match.contains("(")) {
            return fields(type)
                    .filter(field -> field.getName().equals(match))
                    .findFirst()
                    .map(MemberKinds::kind)
                    .orElse(match.equals("class") ? new Kind("keyword", "") : TYPE);
        }
        String name = match.substring(0, match.indexOf('('));
        List<Method> overloads = methods(type)
                .filter(method -> method.getName().equals(name))
                .sorted(Comparator.comparingInt(Method::getParameterCount).thenComparing(Method::toGenericString))
                .toList();
        if (overloads.isEmpty()) {
            boolean ofObjects = Arrays.stream(Object.class.getDeclaredMethods())
                    .anyMatch(method -> method.getName().equals(name));
            return new Kind("function", ofObjects ? OF_OBJECTS : "");
        }
        Method first = overloads.get(0);
        if (overloads.stream().allMatch(MemberKinds::isOfObjects)) {
            return new Kind("function", signature(first) + more(overloads.size()) + ", " + OF_OBJECTS);
        }
        return new Kind("function", signature(first) + more(overloads.size()));
    }

    /** Also where the type has its own. */
    private static boolean isOfObjects(Method method) {
        return Arrays.stream(Object.class.getDeclaredMethods())
                .anyMatch(one -> one.getName().equals(method.getName())
                        && Arrays.equals(one.getParameterTypes(), method.getParameterTypes()));
    }

    /** Those of cells need not be public. */
    private static Stream<Method> methods(Class<?> type) {
        Stream<Method> declared = Stream.<Class<?>>iterate(type, Objects::nonNull, Class::getSuperclass)
                .filter(one -> one != Object.class)
                .flatMap(one -> Arrays.stream(one.getDeclaredMethods()))
                .filter(method ->
                        !Modifier.isPublic(method.getModifiers()) && !Modifier.isPrivate(method.getModifiers()));
        return Stream.concat(Arrays.stream(type.getMethods()), declared).filter(method -> !method.isSynthetic());
    }

    private static Stream<Field> fields(Class<?> type) {
        Stream<Field> declared = Stream.<Class<?>>iterate(type, Objects::nonNull, Class::getSuperclass)
                .flatMap(one -> Arrays.stream(one.getDeclaredFields()))
                .filter(field -> !Modifier.isPublic(field.getModifiers()) && !Modifier.isPrivate(field.getModifiers()));
        return Stream.concat(Arrays.stream(type.getFields()), declared);
    }

    private static String more(int overloads) {
        return overloads > 1 ? ", and " + (overloads - 1) + " more" : "";
    }

    private static Kind kind(Field field) {
        boolean constant = Modifier.isStatic(field.getModifiers()) && Modifier.isFinal(field.getModifiers());
        return new Kind(constant ? "property" : "instance", simple(field.getGenericType()));
    }

    private static String signature(Method method) {
        String parameters = Arrays.stream(method.getGenericParameterTypes())
                .map(MemberKinds::simple)
                .collect(Collectors.joining(", "));
        return "(" + parameters + "): " + simple(method.getGenericReturnType());
    }

    /** A type without packages. */
    private static String simple(Type type) {
        return CellFrames.plain(type.getTypeName()).replaceAll("(?:[\\w]+[.$])+(?=\\w)", "");
    }
}
