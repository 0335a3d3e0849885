package manyjvm.kernel.session.text;

import java.util.Arrays;
import java.util.OptionalInt;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The names that the session's classes have for the JVM, in texts that are about them: {@code Point} for
 * {@code REPL.$JShell$12$Point}, and {@code lambda} for the class that the JVM makes of one. Knows the form of the names alone.
 */
public final class ObjectNames {
    /** The class that JShell puts around a snippet, as a regular expression. */
    public static final String WRAPPER = "REPL\\.\\$JShell\\$\\d+[A-Z]*";

    /** How the name of the interface that is put around a sealed family begins; it ends with an underscore. */
    public static final String FAMILY = "_Family_";

    private static final Pattern WRAPPER_BEFORE = Pattern.compile("(?:REPL\\.)?\\$JShell\\$\\d+[A-Z]*[.$]");
    private static final Pattern WRAPPER_ALONE = Pattern.compile("REPL\\.\\$JShell\\$(\\d+)[A-Z]*");
    private static final Pattern AROUND_FAMILY = Pattern.compile("(?U)" + FAMILY + "(\\w+)_");
    private static final Pattern MEMBER_OF_FAMILY = Pattern.compile("(?U)\\b" + FAMILY + "\\w+?_[.$]");
    private static final Pattern LAMBDA = Pattern.compile(
            "(?:REPL\\.\\$JShell|manyjvm\\.)(?U:[\\w.$]*?)\\$\\$Lambda(?:\\$\\d+)?[/.](?:0x)?[0-9a-f]+");
    private static final Pattern TYPE = Pattern.compile(WRAPPER + "\\$((?U:[\\w$]+))");
    private static final Pattern IDENTITY = Pattern.compile("(REPL\\.\\$JShell\\$(?U:[\\w$./]+))(@[0-9a-f]{1,8})\\b");

    /** JShell gives such a class a name, where it is the type of a variable. */
    private static final Pattern JSHELL_ANONYMOUS = Pattern.compile("\\$JShell\\$anonymous\\S*$");

    private ObjectNames() {}

    /** A text about objects. */
    public static String plain(String text) {
        return text.contains("$JShell$") || text.contains("$$Lambda")
                ? TYPE.matcher(LAMBDA.matcher(text).replaceAll("lambda")).replaceAll(ObjectNames::simple)
                : text;
    }

    /** Any text: only what {@code Object.toString()} has made, {@code Point@1b2c3d}, is about objects for sure. */
    public static String plainIdentities(String text) {
        return IDENTITY.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(plain(found.group(1)) + found.group(2)));
    }

    /**
     * A class inside a session's wrapper as its user calls it: {@code Outer.Inner} for {@code Outer$Inner}, {@code Local} for
     * {@code 1Local}, {@code anonymous} for {@code 1}; without the type that is put around a sealed family.
     */
    public static String nested(String binaryName) {
        String written = withoutFamilies(binaryName);
        return Arrays.stream(JSHELL_ANONYMOUS.matcher(written).replaceFirst("1").split("\\$"))
                .filter(part -> !part.isEmpty())
                .map(part -> part.replaceFirst("^\\d+", ""))
                .map(part -> part.isEmpty() ? "anonymous" : part)
                .collect(Collectors.joining("."));
    }

    /** The name of the interface that is put around a sealed family, by that of the family's first type; no user is to see it. */
    public static String aroundFamily(String first) {
        return FAMILY + first + "_";
    }

    /** Whether this is a name that {@link #aroundFamily} gives. */
    public static boolean isAroundFamily(String name) {
        return AROUND_FAMILY.matcher(name).matches();
    }

    /** The name of a type as a user knows it: of the interface around a family, that of the first type in it. */
    public static String known(String typeName) {
        return AROUND_FAMILY.matcher(typeName).replaceFirst("$1");
    }

    /** A text in which the members of the interfaces around families go by their own names. */
    static String withoutFamilies(String text) {
        return MEMBER_OF_FAMILY.matcher(text).replaceAll("");
    }

    /** A text in which what lies in wrappers goes without them. */
    static String withoutWrappers(String text) {
        return WRAPPER_BEFORE.matcher(text).replaceAll("");
    }

    /** The number of the snippet that a class is the wrapper of; empty for other classes. */
    public static OptionalInt snippet(String className) {
        Matcher wrapper = WRAPPER_ALONE.matcher(className);
        return wrapper.matches() ? OptionalInt.of(Integer.parseInt(wrapper.group(1))) : OptionalInt.empty();
    }

    /** The wrapper that a class is, or lies in; empty for a class that is no session's. */
    public static String wrapperOf(String binaryName) {
        Matcher wrapper = WRAPPER_ALONE.matcher(binaryName);
        return wrapper.lookingAt() ? wrapper.group() : "";
    }

    private static String simple(MatchResult found) {
        return Matcher.quoteReplacement(nested(found.group(1)));
    }
}
