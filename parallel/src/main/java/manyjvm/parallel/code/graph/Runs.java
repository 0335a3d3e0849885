package manyjvm.parallel.code.graph;

import manyjvm.parallel.bytes.ByteInput;
import manyjvm.parallel.bytes.ByteOutput;
import org.jspecify.annotations.Nullable;

/** Neighbours of one type, which share a tag: both ends of their part of the {@link GraphFormat}. */
final class Runs {
    private Runs() {}

    /** How many parts from the first on, which is at {@code start}, are of one type that has runs. */
    static int length(Object first, @Nullable Object[] parts, int start) {
        Class<?> type = first.getClass();
        int index = start + 1;
        if (type == Integer.class || type == Long.class || type == Double.class) {
            for (; index < parts.length; index++) {
                Object part = parts[index]; // looked at once: see write
                if (part == null || part.getClass() != type) {
                    break;
                }
            }
        } else if (type == String.class) {
            index = start;
            while (index < parts.length
                    && parts[index] instanceof String text
                    && text.length() < GraphFormat.NUMBERED_STRING_LENGTH) {
                index++;
            }
        }
        return index - start;
    }

    /**
     * What {@link #length} found, from the part at {@code start} on.
     *
     * @throws GraphPlan.Refused when it is not there any more: the parts of an array are the user's own array
     */
    static void write(ByteOutput output, @Nullable Object[] parts, int start, int length) {
        Object first = parts[start];
        int end = start + length;
        if (first instanceof Integer) {
            output.writeByte(GraphFormat.RUN_OF_INTEGERS);
            output.writeUnsigned(length);
            for (int index = start; index < end; index++) {
                if (!(parts[index] instanceof Integer number)) {
                    throw changed();
                }
                output.writeInt(number);
            }
        } else if (first instanceof Long) {
            output.writeByte(GraphFormat.RUN_OF_LONGS);
            output.writeUnsigned(length);
            for (int index = start; index < end; index++) {
                if (!(parts[index] instanceof Long number)) {
                    throw changed();
                }
                output.writeLong(number);
            }
        } else if (first instanceof Double) {
            output.writeByte(GraphFormat.RUN_OF_DOUBLES);
            output.writeUnsigned(length);
            for (int index = start; index < end; index++) {
                if (!(parts[index] instanceof Double number)) {
                    throw changed();
                }
                output.writeDouble(number);
            }
        } else {
            output.writeByte(GraphFormat.RUN_OF_STRINGS);
            output.writeUnsigned(length);
            for (int index = start; index < end; index++) {
                if (!(parts[index] instanceof String text)) {
                    throw changed();
                }
                output.writeString(text);
            }
        }
    }

    private static GraphPlan.Refused changed() {
        return new GraphPlan.Refused(
                "and what follows it was changed while it was sent",
                "let no other thread change it meanwhile, or send a copy",
                null);
    }

    /** The next value of a run of this tag. */
    static Object next(ByteInput input, int tag) {
        return switch (tag) {
            case GraphFormat.RUN_OF_INTEGERS -> input.readInt();
            case GraphFormat.RUN_OF_LONGS -> input.readLong();
            case GraphFormat.RUN_OF_DOUBLES -> input.readDouble();
            default -> input.readString();
        };
    }
}
