package manyjvm.parallel.code.graph;

import java.math.BigDecimal;
import java.math.BigInteger;

/** Numbers, truth values, characters and texts: both ends of their part of the {@link GraphFormat}. */
final class SimpleValues {
    private SimpleValues() {}

    static boolean isOne(Object value) {
        Class<?> type = value.getClass();
        return type == String.class
                || type == Integer.class
                || type == Long.class
                || type == Double.class
                || type == Boolean.class
                || type == Character.class
                || type == Byte.class
                || type == Short.class
                || type == Float.class
                || type == BigInteger.class
                || type == BigDecimal.class;
    }

    /** Writes one of them but a text; false for another value, of which nothing is written. */
    static boolean write(GraphOutput output, Object value) {
        if (value instanceof Integer number) {
            output.writeByte(GraphFormat.INTEGER);
            output.writeInt(number);
        } else if (value instanceof Long number) {
            output.writeByte(GraphFormat.LONG);
            output.writeLong(number);
        } else if (value instanceof Double number) {
            output.writeByte(GraphFormat.DOUBLE);
            output.writeDouble(number);
        } else if (value instanceof Boolean truth) {
            output.writeByte(truth ? GraphFormat.TRUE : GraphFormat.FALSE);
        } else if (value instanceof Character character) {
            output.writeByte(GraphFormat.CHARACTER);
            output.writeUnsigned(character);
        } else if (value instanceof Byte number) {
            output.writeByte(GraphFormat.BYTE);
            output.writeByte(number);
        } else if (value instanceof Short number) {
            output.writeByte(GraphFormat.SHORT);
            output.writeInt(number);
        } else if (value instanceof Float number) {
            output.writeByte(GraphFormat.FLOAT);
            output.writeFixedInt(Float.floatToRawIntBits(number));
        } else if (value.getClass() == BigInteger.class) {
            output.writeByte(GraphFormat.BIG_INTEGER);
            writeBigInteger(output, (BigInteger) value);
        } else if (value.getClass() == BigDecimal.class) {
            BigDecimal number = (BigDecimal) value;
            output.writeByte(GraphFormat.BIG_DECIMAL);
            output.writeInt(number.scale());
            writeBigInteger(output, number.unscaledValue());
        } else {
            return false;
        }
        return true;
    }

    /** What {@link #write} wrote, {@code null}, and texts without a number. */
    static Object read(GraphInput input, int tag) {
        return switch (tag) {
            case GraphFormat.NULL -> null;
            case GraphFormat.TRUE -> true;
            case GraphFormat.FALSE -> false;
            case GraphFormat.BYTE -> (byte) input.readByte();
            case GraphFormat.SHORT -> (short) input.readInt();
            case GraphFormat.CHARACTER -> (char) input.readUnsigned();
            case GraphFormat.INTEGER -> input.readInt();
            case GraphFormat.LONG -> input.readLong();
            case GraphFormat.FLOAT -> Float.intBitsToFloat(input.readFixedInt());
            case GraphFormat.DOUBLE -> input.readDouble();
            case GraphFormat.BIG_INTEGER -> readBigInteger(input);
            case GraphFormat.BIG_DECIMAL -> {
                int scale = input.readInt();
                yield new BigDecimal(readBigInteger(input), scale);
            }
            case GraphFormat.STRING -> input.readString();
            default -> throw input.damaged("unknown tag " + tag);
        };
    }

    /** How many parts from here on are of one type that has runs. */
    static int run(Object[] parts, int start) {
        Class<?> type = parts[start].getClass();
        int index = start + 1;
        if (type == Integer.class || type == Long.class || type == Double.class) {
            while (index < parts.length && parts[index] != null && parts[index].getClass() == type) {
                index++;
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

    /** What {@link #run} found, from the part at {@code start} on. */
    static void writeRun(GraphOutput output, Object[] parts, int start, int length) {
        Object first = parts[start];
        int end = start + length;
        if (first instanceof Integer) {
            output.writeByte(GraphFormat.RUN_OF_INTEGERS);
            output.writeUnsigned(length);
            for (int index = start; index < end; index++) {
                output.writeInt((Integer) parts[index]);
            }
        } else if (first instanceof Long) {
            output.writeByte(GraphFormat.RUN_OF_LONGS);
            output.writeUnsigned(length);
            for (int index = start; index < end; index++) {
                output.writeLong((Long) parts[index]);
            }
        } else if (first instanceof Double) {
            output.writeByte(GraphFormat.RUN_OF_DOUBLES);
            output.writeUnsigned(length);
            for (int index = start; index < end; index++) {
                output.writeDouble((Double) parts[index]);
            }
        } else {
            output.writeByte(GraphFormat.RUN_OF_STRINGS);
            output.writeUnsigned(length);
            for (int index = start; index < end; index++) {
                output.writeString((String) parts[index]);
            }
        }
    }

    private static void writeBigInteger(GraphOutput output, BigInteger number) {
        byte[] magnitude = number.toByteArray();
        output.writeUnsigned(magnitude.length);
        output.writeBytes(magnitude, 0, magnitude.length);
    }

    private static BigInteger readBigInteger(GraphInput input) {
        int length = input.readCount();
        if (length == 0) {
            throw input.damaged("a number without digits");
        }
        return new BigInteger(input.readBytes(length));
    }
}
