package manyjvm.parallel.code.graph;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Numbers objects by identity in order of first appearance. An open-addressing table, since {@code IdentityHashMap} would box
 * a number for each object. It also keeps alive what was made on the way (replacements), so that no identity is reused.
 */
final class GraphIdentities {
    private @Nullable Object[] keys = new @Nullable Object[64];
    private int[] numbers = new int[64];
    private int used;
    private int next;

    /** The number of the object, or -1 when it is new. */
    int find(Object object) {
        int mask = keys.length - 1;
        int slot = slot(object, mask);
        while (keys[slot] != null) {
            if (keys[slot] == object) {
                return numbers[slot];
            }
            slot = (slot + 1) & mask;
        }
        return -1;
    }

    /** Gives a new object the next number. */
    int add(Object object) {
        put(object, next);
        return next++;
    }

    /** Makes a second object share the number of another: what stands for it in the bytes. */
    void addAlias(Object object, int number) {
        put(object, number);
    }

    /**
     * Which of them have an object in common, be it by way of others, that could be changed or told from an equal one. Looks at
     * each object of all but the largest once or twice, and at no other.
     *
     * @param all null for one without objects
     * @return one number for each, the same for all that are connected
     */
    static int[] connected(List<@Nullable GraphIdentities> all) {
        int[] numbers = new int[all.size()];
        int largest = -1;
        int present = 0;
        int together = 0;
        for (int index = 0; index < numbers.length; index++) {
            numbers[index] = index;
            GraphIdentities each = all.get(index);
            if (each != null && each.used > 0) {
                present++;
                together += each.used;
                largest = largest < 0 || each.used > all.get(largest).used ? index : largest;
            }
        }
        if (present < 2) {
            return numbers;
        }
        GraphIdentities first = new GraphIdentities(); // the numbers are of those that had the object first
        first.makeRoom(together - all.get(largest).used);
        Class<?> lastType = null; // of many objects, most are of the same type as their neighbours
        boolean lastIsValue = false;
        for (int index = 0; index < numbers.length; index++) {
            GraphIdentities each = all.get(index);
            if (each != null && index != largest) {
                for (Object object : each.keys) {
                    if (object == null) {
                        continue;
                    }
                    if (object.getClass() != lastType) {
                        lastType = object.getClass();
                        lastIsValue = isValue(lastType);
                    }
                    int other = lastIsValue ? index : first.find(object);
                    if (other < 0) {
                        first.put(object, index);
                    } else {
                        connect(numbers, other, index);
                    }
                }
            }
        }
        for (int slot = 0; slot < first.keys.length; slot++) {
            if (first.keys[slot] != null && all.get(largest).find(first.keys[slot]) >= 0) {
                connect(numbers, first.numbers[slot], largest);
            }
        }
        return numbers;
    }

    private static void connect(int[] numbers, int one, int other) {
        int from = numbers[one];
        int to = numbers[other];
        for (int index = 0; from != to && index < numbers.length; index++) {
            if (numbers[index] == from) {
                numbers[index] = to;
            }
        }
    }

    /** Of those that are numbered: what cannot change and is the same as its equals. */
    private static boolean isValue(Class<?> objects) {
        if (objects == String.class || objects == Class.class || Enum.class.isAssignableFrom(objects)) {
            return true;
        }
        String type = objects.getName();
        return type.startsWith("java.time.")
                || type.startsWith("java.util.Collections$Empty")
                || type.startsWith("java.util.ImmutableCollections")
                || type.equals("java.util.UUID")
                || type.equals("java.util.Locale");
    }

    private void put(Object object, int number) {
        if (2 * used >= keys.length) {
            resize(2 * keys.length);
        }
        insert(object, number);
        used++;
    }

    private void insert(Object object, int number) {
        int mask = keys.length - 1;
        int slot = slot(object, mask);
        while (keys[slot] != null) {
            slot = (slot + 1) & mask;
        }
        keys[slot] = object;
        numbers[slot] = number;
    }

    private void makeRoom(int objects) {
        int length = keys.length;
        while (length < 1 << 30 && length <= 2L * objects) {
            length *= 2;
        }
        if (length > keys.length) {
            resize(length);
        }
    }

    private void resize(int length) {
        @Nullable Object[] oldKeys = keys;
        int[] oldNumbers = numbers;
        keys = new @Nullable Object[length];
        numbers = new int[length];
        for (int index = 0; index < oldKeys.length; index++) {
            if (oldKeys[index] != null) {
                insert(oldKeys[index], oldNumbers[index]);
            }
        }
    }

    private static int slot(Object object, int mask) {
        int hash = System.identityHashCode(object);
        return (hash ^ (hash >>> 15)) & mask;
    }
}
