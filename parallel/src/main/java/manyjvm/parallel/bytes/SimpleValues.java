package manyjvm.parallel.bytes;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * Null, numbers, truth values, characters and texts: a tag, and what it says. Tags behind {@link #LAST} are for the formats that
 * these values are a part of.
 */
public final class SimpleValues {
    public static final int NULL = 0;
    private static final int TRUE = 1;
    private static final int FALSE = 2;
    private static final int BYTE = 3;
    private static final int SHORT = 4;
    private static final int CHARACTER = 5;
    private static final int INTEGER = 6;
    private static final int LONG = 7;
    private static final int FLOAT = 8;
    private static final int DOUBLE = 9;
    private static final int BIG_INTEGER = 10;
    private static final int BIG_DECIMAL = 11;
    private static final int STRING = 12;
    public static final int LAST = STRING;

    private SimpleValues() {}

    /**
     * Writes one of them; false, with nothing written, for another value.
     *
     * @param longest how many characters a text may have, to be one of them
     */
    public static boolean write(ByteOutput output, @Nullable Object value, int longest) {
        if (value == null) {
            output.writeByte(NULL);
        } else if (value instanceof String text) {
            if (text.length() > longest) {
                return false;
            }
            output.writeByte(STRING);
            output.writeString(text);
        } else if (value instanceof Integer number) {
            output.writeByte(INTEGER); // of fixed width, since a million of them are what is mapped over
            output.writeFixedInt(number);
        } else if (value instanceof Long number) {
            output.writeByte(LONG);
            output.writeLong(number);
        } else if (value instanceof Double number) {
            output.writeByte(DOUBLE);
            output.writeDouble(number);
        } else if (value instanceof Boolean truth) {
            output.writeByte(truth ? TRUE : FALSE);
        } else if (value instanceof Character character) {
            output.writeByte(CHARACTER);
            output.writeUnsigned(character);
        } else if (value instanceof Byte number) {
            output.writeByte(BYTE);
            output.writeByte(number);
        } else if (value instanceof Short number) {
            output.writeByte(SHORT);
            output.writeInt(number);
        } else if (value instanceof Float number) {
            output.writeByte(FLOAT);
            output.writeFixedInt(Float.floatToRawIntBits(number));
        } else if (value.getClass() == BigInteger.class) {
            output.writeByte(BIG_INTEGER);
            output.writeArray(((BigInteger) value).toByteArray());
        } else if (value.getClass() == BigDecimal.class) {
            BigDecimal number = (BigDecimal) value;
            output.writeByte(BIG_DECIMAL);
            output.writeInt(number.scale());
            output.writeArray(number.unscaledValue().toByteArray());
        } else {
            return false;
        }
        return true;
    }

    /** The value of a tag up to {@link #LAST}, which was read. */
    public static @Nullable Object read(ByteInput input, int tag) {
        return switch (tag) {
            case NULL -> null;
            case TRUE -> true;
            case FALSE -> false;
            case BYTE -> (byte) input.readByte();
            case SHORT -> (short) input.readInt();
            case CHARACTER -> (char) input.readUnsigned();
            case INTEGER -> input.readFixedInt();
            case LONG -> input.readLong();
            case FLOAT -> Float.intBitsToFloat(input.readFixedInt());
            case DOUBLE -> input.readDouble();
            case BIG_INTEGER -> readBigInteger(input);
            case BIG_DECIMAL -> {
                int scale = input.readInt();
                yield new BigDecimal(readBigInteger(input), scale);
            }
            case STRING -> input.readString();
            default -> throw input.damaged("unknown tag " + tag);
        };
    }

    private static BigInteger readBigInteger(ByteInput input) {
        byte[] magnitude = input.readArray();
        if (magnitude.length == 0) {
            throw input.damaged("a number without digits");
        }
        return new BigInteger(magnitude);
    }
}
