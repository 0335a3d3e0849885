package manyjvm.parallel.code.graph;

import org.jspecify.annotations.Nullable;

/** What types are called in refusals, and whose they are. */
public final class TypeNames {
    private static final ClassLoader PLATFORM = ClassLoader.getPlatformClassLoader();

    private TypeNames() {}

    public static boolean isOfJdk(Class<?> type) {
        return type.getClassLoader() == null || type.getClassLoader() == PLATFORM;
    }

    static boolean isOfThisLibrary(Class<?> type) {
        return type.getProtectionDomain() == TypeNames.class.getProtectionDomain()
                || type.getProtectionDomain().getCodeSource() != null
                        && type.getProtectionDomain()
                                .getCodeSource()
                                .equals(TypeNames.class.getProtectionDomain().getCodeSource());
    }

    /** {@code "is a "} or the like; the name follows. */
    static String article(Class<?> type) {
        return type.isHidden() ? "is " : article(nameOf(type));
    }

    static String article(String name) {
        return "is " + aOrAn(name);
    }

    private static String aOrAn(String name) {
        return "AEIOUaeiou".indexOf(name.charAt(0)) < 0 ? "a " : "an ";
    }

    private static String object(Class<?> type) {
        String name = nameOf(type);
        return !type.isHidden() ? aOrAn(name) + name : name.startsWith("of ") ? "an object " + name : name;
    }

    /** The name of a value's class. */
    static String of(@Nullable Object value) {
        return value == null ? "null" : value.getClass().getName();
    }

    public static String nameOf(Class<?> type) {
        if (type.isHidden()) {
            int cut = type.getName().indexOf("$$Lambda");
            return cut > 0 ? "a lambda made inside " + type.getName().substring(0, cut) : "of a hidden class";
        }
        // Ours are known to users by their simple names.
        return isOfThisLibrary(type) && type.getCanonicalName() != null
                ? type.getCanonicalName().substring(type.getPackageName().length() + 1)
                : type.getTypeName();
    }

    /** A key or other small value in a path. */
    public static String shortText(@Nullable Object value) {
        if (value instanceof String text) {
            return '"' + (text.length() > 40 ? text.substring(0, 40) + "..." : text) + '"';
        }
        if (value instanceof Number || value instanceof Boolean || value instanceof Character) {
            return isOfJdk(value.getClass()) ? value.toString() : object(value.getClass());
        }
        if (value instanceof Enum<?> constant) {
            return constant.name();
        }
        return value == null ? "null" : object(value.getClass());
    }
}
