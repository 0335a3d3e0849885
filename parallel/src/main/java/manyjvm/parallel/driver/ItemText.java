package manyjvm.parallel.driver;

import java.lang.ref.WeakReference;
import java.util.Set;
import java.util.function.Supplier;
import manyjvm.parallel.wire.Payload;
import manyjvm.parallel.wire.Values;
import org.jspecify.annotations.Nullable;

/** An item of a chunk in short, as its {@code toString} gives it: for words about it. */
final class ItemText {
    /** What takes more is not kept for the sake of a few words about it. */
    static final int MOST_BYTES = 1024;

    private static final int LONGEST = 80;

    /** The same for ever, and small. */
    private static final Set<Class<?>> IMMUTABLE = Set.of(
            Integer.class,
            Long.class,
            Double.class,
            Float.class,
            Short.class,
            Byte.class,
            Character.class,
            Boolean.class);

    private ItemText() {}

    /** Of an item whose chunk is kept. Decodes it, and runs its {@code toString}. */
    static String now(Payload items, int item, Batches.Reading reading) {
        if (items instanceof Payload.Local local) {
            return text(() -> local.objects()[item]);
        }
        return text(() -> {
            Values.Reader reader = at((Payload.Bytes) items, item);
            return reader.isEncoded() ? reading.decoder().apply(reader.bytes()) : reader.value();
        });
    }

    /**
     * Of an item whose chunk is let go: keeps no more of it than that takes, and of an object of this JVM nothing. On the driver's
     * thread; whoever asks for the text decodes the item and runs its {@code toString}.
     */
    static Supplier<String> of(Payload items, int item, Batches.Reading reading) {
        if (items instanceof Payload.Local local) {
            Object value = local.objects()[item];
            if (value == null) {
                return () -> "";
            }
            if (value instanceof String text) {
                String known = cut(text);
                return () -> known;
            }
            if (IMMUTABLE.contains(value.getClass())) {
                return () -> text(() -> value);
            }
            WeakReference<Object> object = new WeakReference<>(value);
            return () -> text(object::get);
        }
        Values.Reader reader = at((Payload.Bytes) items, item);
        int length = reader.length();
        if (length > MOST_BYTES) {
            return () -> "(" + length / 1024 + " KB)";
        }
        if (!reader.isEncoded()) {
            @Nullable Object value = reader.value(); // of a simple type, all of which are immutable
            return () -> text(() -> value);
        }
        byte[] bytes = reader.bytes();
        return () -> text(() -> reading.decoder().apply(bytes));
    }

    private static Values.Reader at(Payload.Bytes items, int item) {
        Values.Reader reader = new Values.Reader(items.bytes());
        reader.skip(item + 1);
        return reader;
    }

    private static String text(Supplier<@Nullable Object> read) {
        try {
            Object value = read.get();
            return value == null ? "" : cut(value.toString());
        } catch (RuntimeException | Error broken) {
            return "(cannot be shown: " + broken.getClass().getName() + ")"; // whose message may throw, too
        }
    }

    private static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
    }
}
