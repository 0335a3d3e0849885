package manyjvm.parallel.code.classes;

import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What was found out of classes, for so many of those that were asked for last; it is found out again when it is needed again.
 * A session makes new classes with each cell and lets none of them go, so what is kept of each would add up.
 *
 * <p>A value lies in its class itself ({@link ClassValue}), so this keeps no class from being unloaded. For use by any thread.
 */
public final class RecentClasses<V> {
    /** How many classes are remembered where nothing speaks for another number. */
    public static final int KEPT = 1024;

    private final int most;
    private final Function<Class<?>, V> maker;
    private final ClassValue<Slot<V>> slots = new ClassValue<>() {
        @Override
        protected Slot<V> computeValue(Class<?> type) {
            return new Slot<>();
        }
    };

    /** The full ones, oldest first; guarded by itself. */
    private final Deque<WeakReference<Slot<V>>> full = new ArrayDeque<>();

    private static final class Slot<V> {
        private volatile @Nullable V value; // written with the deque held
        private volatile boolean used; // since it was last looked at for room
    }

    /** @param maker called without any lock held, and for one class by several threads at a time when these are as fast */
    public RecentClasses(int most, Function<Class<?>, V> maker) {
        this.most = most;
        this.maker = maker;
    }

    /** Cost: a look-up in the class, when its value is here. */
    public V get(Class<?> type) {
        Slot<V> slot = slots.get(type);
        V value = slot.value;
        if (value == null) {
            return fill(slot, maker.apply(type));
        }
        if (!slot.used) {
            slot.used = true;
        }
        return value;
    }

    /** How many values are kept; some of these may be of classes that are gone. */
    int size() {
        synchronized (full) {
            return full.size();
        }
    }

    private V fill(Slot<V> slot, V made) {
        synchronized (full) {
            V others = slot.value;
            if (others != null) {
                return others;
            }
            slot.value = made;
            full.addLast(new WeakReference<>(slot));
            while (full.size() > most) {
                dropOne();
            }
            return made;
        }
    }

    /** The oldest goes, but one that was asked for meanwhile has another turn. */
    private void dropOne() {
        WeakReference<Slot<V>> oldest = full.removeFirst();
        Slot<V> slot = oldest.get();
        if (slot == null) {
            return; // its class is gone
        }
        if (slot.used) {
            slot.used = false;
            full.addLast(oldest);
        } else {
            slot.value = null;
        }
    }
}
