package manyjvm.kernel.session.text;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.util.Collection;
import java.util.Map;

/**
 * A few words about a variable's value. Runs no user code and costs the same for any size: only what the JDK's immutable
 * types say of themselves, lengths and class names.
 */
public final class ShortText {
    private static final int LONGEST = 80;

    private ShortText() {}

    public static String of(Field variable) {
        try {
            return of(variable.get(null));
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    public static String of(Object value) {
        if (value instanceof String text) {
            String shown = text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
            return '"' + shown.replace("\n", "\\n").replace("\"", "\\\"") + '"';
        }
        if (value == null || value instanceof Boolean || value instanceof Character || isNumber(value)) {
            return String.valueOf(value);
        }
        Class<?> type = value.getClass();
        if (type.isArray()) {
            String of = CellFrames.plain(type.getComponentType().getTypeName());
            return of + "[" + Array.getLength(value) + "]";
        }
        if (type.isHidden() && type.getName().contains("$$Lambda")) {
            return "a lambda";
        }
        String name = CellFrames.typeName(type.getName());
        boolean ofTheJdk = type.getClassLoader() == null;
        if (ofTheJdk && value instanceof Collection<?> collection) {
            return name + " of " + collection.size();
        }
        if (ofTheJdk && value instanceof Map<?, ?> map) {
            return name + " of " + map.size();
        }
        String shown = name.startsWith("manyjvm.") ? name.substring(name.lastIndexOf('.') + 1) : name;
        return ("AEIOUaeiou".indexOf(shown.charAt(0)) < 0 ? "a " : "an ") + shown;
    }

    private static boolean isNumber(Object value) {
        return value instanceof Number && value.getClass().getPackageName().equals("java.lang");
    }
}
