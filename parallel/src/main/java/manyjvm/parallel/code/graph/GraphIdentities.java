package manyjvm.parallel.code.graph;

/**
 * Numbers objects by identity in order of first appearance. An open-addressing table, since {@code IdentityHashMap} would box
 * a number for each object. It also keeps alive what was made on the way (replacements), so that no identity is reused.
 */
final class GraphIdentities {
    private Object[] keys = new Object[64];
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

    /** Whether both have an object in common that could be changed, or told from an equal one. */
    boolean meets(GraphIdentities other) {
        GraphIdentities fewer = used <= other.used ? this : other;
        GraphIdentities more = fewer == this ? other : this;
        if (fewer.used == 0) {
            return false;
        }
        for (Object each : fewer.keys) {
            if (each != null && !isValue(each) && more.find(each) >= 0) {
                return true;
            }
        }
        return false;
    }

    /** Of those that are numbered: what cannot change and is the same as its equals. */
    private static boolean isValue(Object object) {
        if (object instanceof String || object instanceof Enum || object instanceof Class) {
            return true;
        }
        String type = object.getClass().getName();
        return type.startsWith("java.time.")
                || type.startsWith("java.util.Collections$Empty")
                || type.startsWith("java.util.ImmutableCollections")
                || type.equals("java.util.UUID")
                || type.equals("java.util.Locale");
    }

    private void put(Object object, int number) {
        if (2 * used >= keys.length) {
            grow();
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

    private void grow() {
        Object[] oldKeys = keys;
        int[] oldNumbers = numbers;
        keys = new Object[2 * oldKeys.length];
        numbers = new int[keys.length];
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
