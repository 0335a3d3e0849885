package manyjvm.parallel.driver;

import java.lang.ref.WeakReference;
import java.util.function.Supplier;
import manyjvm.parallel.wire.Payload;
import manyjvm.parallel.wire.Values;
import org.jspecify.annotations.Nullable;

/** An item of a chunk in short, as its {@code toString} gives it: for words about it. */
final class ItemText {
    /** What takes more is not kept for the sake of a few words about it. */
    static final int MOST_BYTES = 1024;

    private static final int LONGEST = 80;

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
            if (value instanceof Number && value.getClass().getModule() == Object.class.getModule()) {
                return () -> text(() -> value); // it is the same for ever, and small
            }
            WeakReference<Object> object = new WeakReference<>(value);
            return () -> text(object::get);
        }
        Values.Reader reader = at((Payload.Bytes) items, item);
        if (!reader.isEncoded()) {
            String known = text(reader::value); // of a simple type, which is the JDK's
            return () -> known;
        }
        byte[] bytes = reader.bytes();
        return bytes.length > MOST_BYTES
                ? () -> "(" + bytes.length / 1024 + " KB)"
                : () -> text(() -> reading.decoder().apply(bytes));
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
