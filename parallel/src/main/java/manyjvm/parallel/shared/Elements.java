package manyjvm.parallel.shared;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import manyjvm.parallel.bytes.ByteInput;
import manyjvm.parallel.bytes.ByteOutput;

/** Several elements of a queue in one answer: for each its sequence number, its size and its bytes. */
public final class Elements {
    private static final int HEAD = Long.BYTES + Integer.BYTES;

    /** Of more bytes than this, {@link SharedOperation#DRAIN} makes several answers; but one element always fits. */
    public static final int MOST_BYTES = 4 << 20;

    private Elements() {}

    /**
     * @param sequence counts the elements put into this queue; names one of them for {@link SharedOperation#REMOVE}
     * @param body the encoded element; not copied, do not change
     */
    public record Element(long sequence, byte[] body) {
        public int size() {
            return HEAD + body.length;
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
            out.writeFixedLong(element.sequence()); // of fixed width, so that the array is just full, and not copied
            out.writeFixedInt(element.body().length);
            out.writeBytes(element.body(), 0, element.body().length);
        }
        return out.take();
    }

    public static List<Element> of(byte[] bytes) {
        List<Element> elements = new ArrayList<>();
        for (ByteInput in = new ByteInput(bytes, 0, bytes.length); in.remaining() > 0; ) {
            elements.add(new Element(in.readFixedLong(), in.readBytes(in.readFixedInt())));
        }
        return elements;
    }
}
