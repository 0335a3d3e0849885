package manyjvm.kernel.display;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an object is made of, by name. Of a record, what its fields hold, as its {@code toString()} has it: no code of the user's
 * runs. Of other objects what getters give, and fields that are not private; this is for where a user asks for it.
 */
final class Components {
    private Components() {}

    /** Stands for a component whose accessor threw. */
    record Failed(String reason) {
        @Override
        public String toString() {
            return "(" + reason + ")";
        }
    }

    static Map<String, @Nullable Object> of(Record one) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (RecordComponent component : one.getClass().getRecordComponents()) {
            values.put(component.getName(), value(one, component));
        }
        return values;
    }

    private static @Nullable Object value(Record one, RecordComponent component) {
        try {
            Field field = one.getClass().getDeclaredField(component.getName());
            if (field.trySetAccessible()) {
                return field.get(one);
            }
        } catch (NoSuchFieldException | IllegalAccessException impossible) {
            throw new IllegalStateException(impossible);
        }
        return called(component.getAccessor(), one); // a module keeps its fields to itself
    }

    /** Whether this record has the {@code toString()} that the compiler makes: no look of its own would be passed over. */
    static boolean speaksAsRecordsDo(Record one) {
        StringBuilder usual = new StringBuilder(one.getClass().getSimpleName()).append('[');
        String between = "";
        for (Map.Entry<String, @Nullable Object> component : of(one).entrySet()) {
            usual.append(between).append(component.getKey()).append('=').append(component.getValue());
            between = ", ";
        }
        return usual.append(']').toString().equals(one.toString());
    }

    /** By the names of properties, in the order of fields where there are such; empty for what has none. */
    static Map<String, @Nullable Object> ofBean(Object bean) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        List<String> order = new ArrayList<>();
        for (Class<?> type = bean.getClass(); type != null && type != Object.class; type = type.getSuperclass()) {
            order.addAll(
                    0,
                    Arrays.stream(type.getDeclaredFields()).map(Field::getName).toList());
        }
        getters(bean.getClass()).entrySet().stream()
                .sorted(Comparator.comparingInt(entry -> {
                    int place = order.indexOf(entry.getKey());
                    return place < 0 ? Integer.MAX_VALUE : place;
                }))
                .forEach(entry -> values.put(entry.getKey(), called(entry.getValue(), bean)));
        for (Field field : fields(bean.getClass())) {
            try {
                if (!values.containsKey(field.getName()) && field.trySetAccessible()) {
                    values.put(field.getName(), field.get(bean));
                }
            } catch (IllegalAccessException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
        return values;
    }

    private static Map<String, Method> getters(Class<?> type) {
        Map<String, Method> getters = new LinkedHashMap<>();
        Arrays.stream(type.getMethods())
                .sorted(Comparator.comparing(Method::getName))
                .forEach(method -> {
                    String property = property(method);
                    if (!property.isEmpty() && method.trySetAccessible()) {
                        getters.putIfAbsent(property, method);
                    }
                });
        return getters;
    }

    private static String property(Method method) {
        String name = method.getName();
        int prefix =
                name.startsWith("get") ? 3 : name.startsWith("is") && method.getReturnType() == boolean.class ? 2 : 0;
        boolean getter = prefix > 0
                && name.length() > prefix
                && Character.isUpperCase(name.charAt(prefix))
                && method.getParameterCount() == 0
                && method.getReturnType() != void.class
                && !Modifier.isStatic(method.getModifiers())
                && !method.isSynthetic()
                && method.getDeclaringClass() != Object.class
                && !method.getDeclaringClass().getName().startsWith("java.");
        return getter ? name.substring(prefix, prefix + 1).toLowerCase(Locale.ROOT) + name.substring(prefix + 1) : "";
    }

    private static List<Field> fields(Class<?> type) {
        List<Field> fields = new ArrayList<>();
        for (Class<?> each = type; each != null && !each.getName().startsWith("java."); each = each.getSuperclass()) {
            fields.addAll(
                    0,
                    Arrays.stream(each.getDeclaredFields())
                            .filter(field -> !field.isSynthetic()
                                    && (field.getModifiers() & (Modifier.STATIC | Modifier.PRIVATE)) == 0)
                            .toList());
        }
        return fields;
    }

    private static @Nullable Object called(Method accessor, Object of) {
        try {
            return accessor.trySetAccessible() ? accessor.invoke(of) : new Failed("it cannot be read");
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(impossible);
        } catch (InvocationTargetException failure) {
            Throwable cause = failure.getCause();
            if (cause instanceof Error error && ValueText.isStop(error)) {
                throw error;
            }
            String thrown = cause == null ? "something" : ValueText.typeName(cause);
            return new Failed(accessor.getName() + "() threw " + thrown);
        }
    }
}
