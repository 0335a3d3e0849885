package manyjvm.parallel.code.closure;

import java.util.Set;

/** Which methods of the JDK change an object that they are called on or given, and which give out a part of one. */
public final class JdkChanges {
    private static final int NONE = -1;

    private static final Set<String> OF_CONTAINERS = Set.of(
            "add",
            "addAll",
            "addAllAbsent",
            "addElement",
            "addFirst",
            "addIfAbsent",
            "addLast",
            "and",
            "andNot",
            "clear",
            "compute",
            "computeIfAbsent",
            "computeIfPresent",
            "drainTo",
            "flip",
            "insertElementAt",
            "load",
            "merge",
            "offer",
            "offerFirst",
            "offerLast",
            "or",
            "poll",
            "pollFirst",
            "pollFirstEntry",
            "pollLast",
            "pollLastEntry",
            "pop",
            "push",
            "put",
            "putAll",
            "putFirst",
            "putIfAbsent",
            "putLast",
            "remove",
            "removeAll",
            "removeAllElements",
            "removeElement",
            "removeElementAt",
            "removeFirst",
            "removeFirstOccurrence",
            "removeIf",
            "removeLast",
            "removeLastOccurrence",
            "removeRange",
            "replace",
            "replaceAll",
            "retainAll",
            "set",
            "setElementAt",
            "setProperty",
            "setSize",
            "setValue",
            "sort",
            "take",
            "takeFirst",
            "takeLast",
            "transfer",
            "tryTransfer",
            "xor");

    /** Of {@code java.util.concurrent.atomic}: all else changes the object. */
    private static final Set<String> READING_ATOMICS = Set.of(
            "<init>",
            "compare",
            "doubleValue",
            "equals",
            "floatValue",
            "get",
            "getAcquire",
            "getClass",
            "getOpaque",
            "getPlain",
            "getReference",
            "getStamp",
            "hashCode",
            "intValue",
            "isMarked",
            "length",
            "longValue",
            "newUpdater",
            "sum",
            "toString");

    private static final Set<String> OF_TEXT_BUFFERS = Set.of(
            "append",
            "appendCodePoint",
            "delete",
            "deleteCharAt",
            "insert",
            "repeat",
            "replace",
            "reverse",
            "setCharAt",
            "setLength");

    private static final Set<String> OF_COLLECTIONS =
            Set.of("addAll", "fill", "replaceAll", "reverse", "rotate", "shuffle", "sort", "swap");

    private static final Set<String> OF_ARRAYS =
            Set.of("fill", "parallelPrefix", "parallelSetAll", "parallelSort", "setAll", "sort");

    private static final Set<String> GIVING_PARTS = Set.of(
            "ceilingEntry",
            "computeIfAbsent",
            "descendingIterator",
            "descendingMap",
            "descendingSet",
            "element",
            "elementAt",
            "entrySet",
            "first",
            "firstElement",
            "firstEntry",
            "floorEntry",
            "get",
            "getAcquire",
            "getAndSet",
            "getFirst",
            "getKey",
            "getLast",
            "getOrDefault",
            "getPlain",
            "getReference",
            "getValue",
            "headMap",
            "headSet",
            "iterator",
            "keySet",
            "last",
            "lastElement",
            "lastEntry",
            "listIterator",
            "navigableKeySet",
            "next",
            "orElse",
            "orElseThrow",
            "peek",
            "peekFirst",
            "peekLast",
            "previous",
            "putIfAbsent",
            "reversed",
            "subList",
            "subMap",
            "subSet",
            "tailMap",
            "tailSet",
            "values");

    private JdkChanges() {}

    /**
     * Which of the arguments, {@code this} first, a method of the JDK changes.
     *
     * @param owner internal name
     * @return {@link #NONE} for none: see {@link #isOne}
     */
    public static int changed(String owner, String name) {
        if (owner.startsWith("java/util/concurrent/atomic/")) {
            return READING_ATOMICS.contains(name) ? NONE : 0;
        } else if (owner.equals("java/util/Collections")) {
            return OF_COLLECTIONS.contains(name) ? 0 : NONE;
        } else if (owner.equals("java/util/Arrays")) {
            return OF_ARRAYS.contains(name) ? 0 : NONE;
        } else if (owner.equals("java/lang/System")) {
            return name.equals("arraycopy") ? 2 : NONE;
        } else if (owner.equals("java/lang/reflect/Array")) {
            return name.startsWith("set") ? 0 : NONE;
        } else if (owner.equals("java/lang/StringBuilder") || owner.equals("java/lang/StringBuffer")) {
            return OF_TEXT_BUFFERS.contains(name) ? 0 : NONE;
        } else if (owner.startsWith("java/util/") && changesContainer(name)) {
            String type = owner.substring(owner.lastIndexOf('/') + 1);
            boolean other = owner.startsWith("java/util/stream/")
                    || owner.startsWith("java/util/function/")
                    || owner.startsWith("java/util/regex/")
                    || type.startsWith("Optional")
                    || type.equals("Objects")
                    || type.startsWith("ThreadLocal");
            return other ? NONE : 0;
        }
        return NONE;
    }

    static boolean isOne(int argument) {
        return argument != NONE;
    }

    /** The same of a method that a container of the user's inherits. */
    static boolean changesContainer(String name) {
        return OF_CONTAINERS.contains(name);
    }

    /** Whether what a method gives is its first argument itself, a view of it, or lies inside it. */
    static boolean givesPart(String owner, String name) {
        if (owner.equals("java/util/Collections")) {
            return name.startsWith("synchronized") || name.startsWith("checked");
        } else if (owner.equals("java/util/Objects")) {
            return name.startsWith("requireNonNull");
        } else if (owner.equals("java/lang/StringBuilder") || owner.equals("java/lang/StringBuffer")) {
            return OF_TEXT_BUFFERS.contains(name);
        }
        return owner.startsWith("java/util/") && GIVING_PARTS.contains(name);
    }
}
