package manyjvm.parallel.code;

import java.util.Collection;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * An object that a worker has a copy of, where the code looks as if there were one for all.
 *
 * @param name the user's name for what holds it
 * @param key the same for what is worth one warning
 * @param warning what is so, and what to use instead
 */
public record Copied(String name, String key, String warning) {
    private static final String OWN = " by code that runs in workers: each worker has its own copy of it, and ";

    static Copied changed(String name, String key, Object value, boolean inside) {
        return new Copied(
                name,
                key,
                name + " is changed" + OWN + "yours does not change. Use " + cure(value, inside) + " to share it.");
    }

    static Copied locked(String name, String key) {
        return new Copied(
                name, key, name + " is locked" + OWN + "a worker never waits for another. Use a Lock to share it.");
    }

    static Copied random(String name, String key) {
        return new Copied(
                name,
                key,
                name + " gives random numbers to code that runs in workers: each worker has its own copy of it, and all"
                        + " copies give the same numbers. Make one for each item instead: random(seed, item).");
    }

    /** @param why a clause: {@code A.all[0] is a java.lang.Thread: ..} */
    static Copied madeAnew(String name, String why) {
        return new Copied(
                name,
                name,
                name + " does not travel, and each worker has what its class makes at its start: " + why + ".");
    }

    private static String cure(Object value, boolean inside) {
        if (inside) {
            return "Value, Array, a Queue or a Manager's map";
        } else if (value instanceof Map) {
            return "new Manager().map()";
        } else if (value instanceof Queue) {
            return "a Queue";
        } else if (value instanceof Set) {
            return "new Manager().set()";
        } else if (value instanceof Collection) {
            return "new Manager().list() or a Queue";
        } else if (value instanceof AtomicIntegerArray
                || value instanceof AtomicLongArray
                || value instanceof AtomicReferenceArray
                || value.getClass().isArray()) {
            return "Array";
        } else if (value.getClass().getName().startsWith("java.util.concurrent.atomic.") || value instanceof Number) {
            return "Value";
        }
        return "Value, Array or a Queue";
    }
}
