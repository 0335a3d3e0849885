package manyjvm.kernel.display;

import java.lang.reflect.Array;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import manyjvm.kernel.session.execution.CellStopped;
import manyjvm.kernel.session.text.ObjectNames;
import org.jspecify.annotations.Nullable;

/**
 * The {@code text/plain} of any value, for people: arrays show their elements, also inside the JDK's collections; what is
 * long is cut with a visible note, so that a result never floods the page. Types that are not the JDK's speak by their
 * own {@code toString()}.
 *
 * <p>User code runs in here. Whatever it throws becomes part of the text, so that a value cannot end its cell.
 */
final class ValueText {
    static final int MOST_ELEMENTS = 1_000;
    static final int MOST_CHARACTERS = 100_000;
    private static final int DEEPEST = 20;

    private final StringBuilder text = new StringBuilder();
    private final Set<Object> open = Collections.newSetFromMap(new IdentityHashMap<>());

    private final int most;

    private ValueText(int most) {
        this.most = most;
    }

    static String of(@Nullable Object value) {
        if (!isTakenApart(value)) {
            return cut(toStringOf(value)); // without another copy of what may be large
        }
        ValueText writer = new ValueText(MOST_CHARACTERS);
        writer.append(value);
        return cut(writer.text);
    }

    /** For where there is little room: one line, of about so many characters. */
    static String brief(@Nullable Object value, int most) {
        ValueText writer = new ValueText(most);
        writer.append(value);
        StringBuilder line = new StringBuilder();
        String text = writer.text.length() <= most ? writer.text.toString() : head(writer.text, most - 1) + "\u2026";
        text.codePoints().forEach(character -> {
            switch (character) {
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                default -> line.appendCodePoint(Character.isISOControl(character) ? '\ufffd' : character);
            }
        });
        return line.toString();
    }

    private static String cut(CharSequence text) {
        int more = text.length() - MOST_CHARACTERS;
        if (more <= 0) {
            return text.toString();
        }
        return head(text, MOST_CHARACTERS) + String.format("... (%,d more characters; print it to see them)", more);
    }

    private static String head(CharSequence text, int most) {
        int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
        return text.subSequence(0, end).toString();
    }

    private void append(@Nullable Object value) {
        if (text.length() > most) {
            return;
        }
        if (value == null || !isTakenApart(value)) {
            text.append(toStringOf(value));
        } else if (open.size() >= DEEPEST) {
            text.append("...");
        } else if (!open.add(value)) {
            text.append("(this ")
                    .append(value.getClass().isArray() ? "array" : "collection")
                    .append(')');
        } else {
            appendContainer(value);
            open.remove(value);
        }
    }

    private static boolean isTakenApart(@Nullable Object value) {
        return value != null && value.getClass().isArray() || isOfJdk(value);
    }

    private static boolean isOfJdk(@Nullable Object value) {
        return (value instanceof Collection || value instanceof Map)
                && value.getClass().getName().startsWith("java.");
    }

    private void appendContainer(Object value) {
        int start = text.length();
        try {
            if (value instanceof Map<?, ?> map) {
                appendEntries(map);
            } else if (value instanceof Collection<?> collection) {
                appendElements(collection.iterator(), collection.size());
            } else {
                appendArray(value);
            }
        } catch (Throwable failure) {
            if (isStop(failure)) {
                throw failure;
            }
            // Another thread changes the collection, or an iterator of the user's threw.
            text.setLength(start);
            text.append(instead(value, "showing it", failure));
        }
    }

    private void appendArray(Object array) {
        int length = Array.getLength(array);
        text.append('[');
        for (int i = 0; i < Math.min(length, MOST_ELEMENTS); i++) {
            separate(i);
            append(Array.get(array, i));
        }
        noteRest(length);
        text.append(']');
    }

    private void appendElements(Iterator<?> elements, int size) {
        text.append('[');
        for (int i = 0; i < MOST_ELEMENTS && elements.hasNext(); i++) {
            separate(i);
            append(elements.next());
        }
        noteRest(size);
        text.append(']');
    }

    private void appendEntries(Map<?, ?> map) {
        Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
        text.append('{');
        for (int i = 0; i < MOST_ELEMENTS && entries.hasNext(); i++) {
            separate(i);
            Map.Entry<?, ?> entry = entries.next();
            append(entry.getKey());
            text.append('=');
            append(entry.getValue());
        }
        noteRest(map.size());
        text.append('}');
    }

    private void separate(int index) {
        if (index > 0) {
            text.append(", ");
        }
    }

    private void noteRest(int size) {
        if (size > MOST_ELEMENTS) {
            text.append(String.format(", ... (%,d more of %,d)", size - MOST_ELEMENTS, size));
        }
    }

    /** {@code String.valueOf}, or what to show when that throws. */
    private static String toStringOf(@Nullable Object value) {
        try {
            String told = String.valueOf(String.valueOf(value));
            return value instanceof CharSequence ? told : ObjectNames.plain(told);
        } catch (Throwable failure) {
            if (failure instanceof ThreadDeath) {
                throw failure;
            }
            return instead(value, "its toString()", failure);
        }
    }

    /** As its user knows it. */
    static String typeName(Object value) {
        return ObjectNames.plain(value.getClass().getTypeName());
    }

    /** Whether this is to end the thread, rather than a failure of the user's code. */
    static boolean isStop(Throwable thrown) {
        return thrown instanceof ThreadDeath || thrown instanceof CellStopped;
    }

    static String instead(@Nullable Object value, String what, Throwable failure) {
        String message;
        try {
            message = String.valueOf(failure);
        } catch (Throwable evenThat) {
            // The exception's own toString() may be the user's, too.
            message = failure.getClass().getName();
        }
        String identity = value == null
                ? "null"
                : value.getClass().getTypeName() + "@" + Integer.toHexString(System.identityHashCode(value));
        return ObjectNames.plain(identity + " (" + what + " threw " + message + ")");
    }
}
