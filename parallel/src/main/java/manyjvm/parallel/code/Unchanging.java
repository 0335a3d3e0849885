package manyjvm.parallel.code;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Period;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import manyjvm.parallel.code.lambda.LambdaForm;
import manyjvm.parallel.code.lambda.SerializedLambdas;
import org.jspecify.annotations.Nullable;

/**
 * Tells values that stay as they were made, with all that they lead to, and that an initializer makes alike in each JVM:
 * numbers, texts, and what is made of them; no points in time and no identifiers.
 */
final class Unchanging {
    private static final Set<Class<?>> VALUES = Set.of(
            Boolean.class,
            Character.class,
            Byte.class,
            Short.class,
            Integer.class,
            Long.class,
            Float.class,
            Double.class,
            String.class,
            Class.class,
            BigInteger.class,
            BigDecimal.class,
            Duration.class,
            Period.class,
            URI.class,
            Locale.class,
            Pattern.class);

    /** Deeper ones are taken to change. */
    private static final int DEEPEST = 16;

    private Unchanging() {}

    /** An enum's constant is one, whatever its fields hold: those are variables of their own. */
    static boolean is(@Nullable Object value) {
        return is(value, 0);
    }

    private static boolean is(@Nullable Object value, int depth) {
        if (value == null || value instanceof Enum) {
            return true;
        }
        Class<?> type = value.getClass();
        if (VALUES.contains(type)) {
            return true;
        }
        if (depth == DEEPEST) {
            return false;
        }
        if (SerializedLambdas.isLambda(value)) {
            Optional<LambdaForm> form = SerializedLambdas.takeApart(value);
            return form.isPresent() && all(form.get().captured(), depth);
        }
        if (type.getName().startsWith("java.util.ImmutableCollections$")) {
            return value instanceof Map<?, ?> map
                    ? all(map.keySet().toArray(), depth) && all(map.values().toArray(), depth)
                    : value instanceof Collection<?> elements && all(elements.toArray(), depth);
        }
        return type.isRecord() && isOfUnchanging(value, depth);
    }

    private static boolean all(@Nullable Object[] values, int depth) {
        for (Object each : values) {
            if (!is(each, depth + 1)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isOfUnchanging(Object rec, int depth) {
        for (Field field : rec.getClass().getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers())) {
                try {
                    if (!field.trySetAccessible() || !is(field.get(rec), depth + 1)) {
                        return false;
                    }
                } catch (IllegalAccessException closed) {
                    return false; // nobody can tell: taken to change, which is never wrong
                }
            }
        }
        return true;
    }
}
