package manyjvm.parallel.shared;

import java.lang.ref.Cleaner;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the shared objects that something encoded refers to, as long as this object is reachable: whoever has the bytes has
 * this too. What ends it is the garbage collector, on whatever way the bytes are dropped, or {@link #close}, sooner. The
 * protocol is at the head of {@code LocalHosts}.
 */
public final class Hold {
    /** Of what refers to no shared object. */
    public static final Hold NONE = new Hold(List.of());

    private static final Cleaner CLEANER = Cleaner.create();

    private final List<Hold> parts;
    private final Cleaner.@Nullable Cleanable end; // of what ends by itself, or by close()
    private volatile boolean lent;

    private Hold(List<Hold> parts) {
        this.parts = parts;
        this.end = null;
    }

    private Hold(Runnable release) {
        this.parts = List.of();
        this.end = CLEANER.register(this, release);
    }

    /** @param release run once, by {@link #close} or when this is unreachable; must not refer to this */
    public static Hold until(Runnable release) {
        return new Hold(release);
    }

    /** Keeps what these keep, and ends none of them. */
    public static Hold of(List<Hold> parts) {
        return parts.stream().allMatch(part -> part == NONE) ? NONE : new Hold(parts);
    }

    /**
     * Keeps what this keeps, for somebody who has a copy of the bytes and reads it whenever he likes. From now on only the
     * garbage collector ends this.
     */
    public Hold lend() {
        if (this == NONE) {
            return NONE;
        }
        lent = true;
        return new Hold(List.of(this));
    }

    /**
     * Watches an object of this JVM.
     *
     * @param release as {@link #until}
     */
    static void watch(Object object, Runnable release) {
        CLEANER.register(object, release);
    }

    /** Ends it now, unless it was lent. May be called twice. */
    public void close() {
        if (end != null && !lent) {
            end.clean();
        }
    }

    /** For messages in tests and debuggers. */
    @Override
    public String toString() {
        return end == null ? "Hold of " + parts.size() : "Hold";
    }
}
