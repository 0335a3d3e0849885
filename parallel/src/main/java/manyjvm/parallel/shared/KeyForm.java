package manyjvm.parallel.shared;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.bytes.ByteOutput;
import manyjvm.parallel.bytes.SimpleValues;
import org.jspecify.annotations.Nullable;

/**
 * The bytes by which keys are compared, equal in all JVMs for keys that are equal. Hash codes would not do (those of enums
 * differ from JVM to JVM), nor would encoded keys (the same strings, shared or not, are encoded differently), nor calling
 * {@code equals} (the host of a map runs no user code).
 */
public final class KeyForm {
    /** Values of the JDK whose text tells all that their {@code equals} looks at. */
    private static final Set<Class<?>> TOLD_BY_TEXT = Set.of(
            UUID.class,
            Instant.class,
            Duration.class,
            Period.class,
            LocalDate.class,
            LocalTime.class,
            LocalDateTime.class,
            OffsetDateTime.class,
            OffsetTime.class,
            ZonedDateTime.class,
            Year.class,
            YearMonth.class,
            MonthDay.class);

    private final ByteOutput out = new ByteOutput(32);
    private final Function<Object, byte[]> encoder;

    private KeyForm(Function<Object, byte[]> encoder) {
        this.encoder = encoder;
    }

    /**
     * @param encoder for objects of classes that are not known here
     * @throws ParallelException when a copy of the key could never be equal to it
     */
    public static byte[] of(@Nullable Object key, Function<Object, byte[]> encoder) {
        KeyForm form = new KeyForm(encoder);
        form.write(key);
        return form.out.toByteArray();
    }

    private void write(@Nullable Object key) {
        if (SimpleValues.write(out, withOneNaN(key), Integer.MAX_VALUE) || key == null) {
            return; // null is one of those written
        }
        if (key instanceof Enum<?> constant) {
            out.writeByte('e');
            out.writeString(constant.getDeclaringClass().getName());
            out.writeString(constant.name());
        } else if (TOLD_BY_TEXT.contains(key.getClass())) {
            out.writeByte('t');
            out.writeString(key.getClass().getName());
            out.writeString(key.toString());
        } else if (key instanceof Class<?> type) {
            out.writeByte('C');
            out.writeString(type.getName());
        } else if (key instanceof Shared) {
            writeEncoded(key);
        } else if (key instanceof Record record) {
            out.writeByte('r');
            writeRecord(record);
        } else {
            writeContainer(key);
        }
    }

    private void writeContainer(Object key) {
        if (key instanceof List<?> list) {
            out.writeByte('l');
            writeAll(list);
        } else if (key instanceof Set<?> set) {
            out.writeByte('S');
            writeSorted(set);
        } else if (key instanceof Map<?, ?> map) {
            out.writeByte('m');
            writeSorted(map.entrySet());
        } else if (key instanceof Map.Entry<?, ?> entry) {
            out.writeByte('E');
            write(entry.getKey());
            write(entry.getValue());
        } else if (key instanceof Optional<?> optional) {
            out.writeByte('o');
            write(optional.orElse(null));
        } else if (hasEquals(key.getClass())) {
            writeEncoded(key);
        } else {
            throw new ParallelException(
                    "An object of type " + key.getClass().getTypeName() + " cannot be a key or an element of a set: "
                            + (key.getClass().isArray()
                                    ? "arrays are equal only to themselves. Use a List."
                                    : "it does not define equals(), so a copy would never be equal to it. Use a String, a number, or a record."));
        }
    }

    /** All that are not a number are equal, whatever their bits. */
    private static @Nullable Object withOneNaN(@Nullable Object key) {
        if (key instanceof Double number && number.isNaN()) {
            return Double.NaN;
        }
        return key instanceof Float number && number.isNaN() ? (Object) Float.NaN : key;
    }

    private void writeAll(Collection<?> parts) {
        Object[] all = parts.toArray();
        out.writeUnsigned(all.length);
        for (Object part : all) {
            write(part);
        }
    }

    private void writeSorted(Collection<?> parts) {
        List<byte[]> forms = new ArrayList<>(parts.size());
        for (Object part : parts) {
            forms.add(of(part, encoder));
        }
        forms.sort(Arrays::compare);
        out.writeArray(Parts.join(forms));
    }

    private void writeRecord(Record record) {
        out.writeString(record.getClass().getName());
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            Method accessor = component.getAccessor();
            accessor.setAccessible(true); // a record that a method or a cell declares is not public
            try {
                write(accessor.invoke(record));
            } catch (InvocationTargetException failure) {
                throw new ParallelException(accessor + " failed for a key: " + failure.getCause(), failure.getCause());
            } catch (IllegalAccessException impossible) {
                throw new IllegalStateException(accessor + " was made accessible", impossible);
            }
        }
    }

    private void writeEncoded(Object key) {
        out.writeByte('x');
        out.writeArray(encoder.apply(key));
    }

    private static boolean hasEquals(Class<?> type) {
        try {
            return type.getMethod("equals", Object.class).getDeclaringClass() != Object.class;
        } catch (NoSuchMethodException impossible) {
            throw new IllegalStateException(type + " has no equals", impossible);
        }
    }
}
