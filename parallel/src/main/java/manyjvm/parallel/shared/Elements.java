package manyjvm.parallel.shared;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import manyjvm.parallel.bytes.ByteInput;
import manyjvm.parallel.bytes.ByteOutput;

/** Several elements of a queue in one answer: for each its sequence number, its size and its bytes. */
public final class Elements {
    private static final int LONGEST_HEAD = 10 + 5;

    /** Of more bytes than this, {@link SharedOperation#DRAIN} makes several answers; but one element always fits. */
    public static final int MOST_BYTES = 4 << 20;

    private Elements() {}

    /**
     * @param sequence counts the elements put into this queue; names one of them for {@link SharedOperation#REMOVE}
     * @param body the encoded element; not copied, do not change
     */
    public record Element(long sequence, byte[] body) {
        /** How many bytes it takes at most. */
        public int size() {
            return LONGEST_HEAD + body.length;
        }
    }

    /** @throws ArithmeticException beyond 2 GiB */
    public static byte[] toBytes(Collection<Element> elements) {
        int size = 0;
        for (Element element : elements) {
            size = Math.addExact(size, element.size());
        }
        ByteOutput out = new ByteOutput(size);
        for (Element element : elements) {
            out.writeLong(element.sequence());
            out.writeArray(element.body());
        }
        return out.take();
    }

    public static List<Element> of(byte[] bytes) {
        List<Element> elements = new ArrayList<>();
        for (ByteInput in = new ByteInput(bytes, 0, bytes.length); in.remaining() > 0; ) {
            elements.add(new Element(in.readLong(), in.readArray()));
        }
        return elements;
    }
}
