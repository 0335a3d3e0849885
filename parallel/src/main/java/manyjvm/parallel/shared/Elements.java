package manyjvm.parallel.shared;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

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
        ByteBuffer bytes = ByteBuffer.allocate(size);
        for (Element element : elements) {
            bytes.putLong(element.sequence()).putInt(element.body().length).put(element.body());
        }
        return bytes.array();
    }

    public static List<Element> of(byte[] bytes) {
        List<Element> elements = new ArrayList<>();
        for (ByteBuffer left = ByteBuffer.wrap(bytes); left.hasRemaining(); ) {
            long sequence = left.getLong();
            byte[] body = new byte[left.getInt()];
            left.get(body);
            elements.add(new Element(sequence, body));
        }
        return elements;
    }
}
