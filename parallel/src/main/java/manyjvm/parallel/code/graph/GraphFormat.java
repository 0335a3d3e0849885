package manyjvm.parallel.code.graph;

import manyjvm.parallel.bytes.SimpleValues;
import manyjvm.parallel.code.lambda.LambdaSite;

/**
 * The bytes of an object graph.
 *
 * <pre>
 *   payload   = VERSION  value  CRC-32C of all before (4 bytes)
 *   value     = tag, then what the tag says; a value with parts gives their number, and the parts follow as values
 * </pre>
 *
 * <p><b>One format for everything.</b> Simple values are tags of their own and load no class beyond the JDK's base; an
 * object of a user's class in the middle of them is one more tag, so there is no second pass and identity is kept throughout.
 * An own format, and not one of the known serializers, since none has the four things needed at once: it starts within
 * milliseconds in a fresh JVM, it needs neither flags nor warnings in a plain program, it finds classes anew for each reader
 * (a session redefines them), and it follows chains of any length. SERIALIZER.md has the measurements.
 *
 * <p><b>No recursion.</b> Writer and reader keep a stack of open values in the heap. The writer collects a value's parts when
 * it opens it (a snapshot; private {@code writeObject} methods write into a collector), the reader builds a value when its
 * last part is there. So a {@code readObject}, a record's constructor or a hash table meets finished parts.
 *
 * <p><b>Identity.</b> Every value but the small immutable ones (boxed numbers, short strings) has a number, in order of its
 * tag; a second occurrence is a {@link #REFERENCE}. What can be made empty and filled later (arrays, collections, objects) may be
 * part of a cycle. What cannot (records, {@code List.of}, lambdas) is patched into the former when it is done; a cycle of
 * nothing but the latter does not exist in practice, and is refused.
 *
 * <p><b>Lengths.</b> Every open part takes at least one byte. The reader adds up what is still promised, so no damaged length
 * makes it allocate more than a small multiple of the payload.
 */
final class GraphFormat {
    private GraphFormat() {}

    static final int VERSION = 1;

    /** Up to {@link SimpleValues#LAST} the tags are those of simple values, strings too short to be worth a number among them. */
    static final int NUMBERED_STRING = 13;

    /** The number of a value before. */
    static final int REFERENCE = 14;

    /** Runs of at least {@link #SHORTEST_RUN} neighbours of one type: count, then bare values; parts of the open value. */
    static final int RUN_OF_INTEGERS = 15;

    static final int RUN_OF_LONGS = 16;
    static final int RUN_OF_DOUBLES = 17;
    static final int RUN_OF_STRINGS = 18;

    /** Element type, length, elements. */
    static final int PRIMITIVE_ARRAY = 19;

    /** The content hash of a primitive array that travels apart. */
    static final int BLOB = 20;

    /** Element type, length; the elements are parts. */
    static final int OBJECT_ARRAY = 21;

    /** A {@code Class} object. */
    static final int CLASS = 22;

    /** Class, name of the constant. */
    static final int ENUM = 23;

    /** The handle of a shared object. */
    static final int SHARED = 24;

    /** The text of a {@link LambdaSite}; the captured values are parts. */
    static final int LAMBDA = 25;

    /** One of {@link GraphContainer}'s kinds, number of parts. */
    static final int CONTAINER = 26;

    /** A dynamic proxy: interfaces; its handler is the one part. */
    static final int PROXY = 27;

    /** An object by its {@link GraphPlan}'s shape, which is given at the first occurrence of its class. */
    static final int OBJECT = 28;

    static final int SHORTEST_RUN = 4;

    /** Strings from this length on have a number, so that a text shared by many objects is written once. */
    static final int NUMBERED_STRING_LENGTH = 32;

    /** The order is the number on the wire. */
    static final Class<?>[] PRIMITIVES = {
        boolean.class, byte.class, char.class, short.class, int.class, long.class, float.class, double.class, void.class
    };

    static int primitive(Class<?> type) {
        for (int index = 0; index < PRIMITIVES.length; index++) {
            if (PRIMITIVES[index] == type) {
                return index;
            }
        }
        throw new IllegalStateException("not a primitive type: " + type);
    }
}
