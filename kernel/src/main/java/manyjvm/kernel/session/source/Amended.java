package manyjvm.kernel.session.source;

import java.util.Map;
import java.util.TreeMap;

/** What the compiler is given for a text: the text as it was written, with words inserted. Knows both ways of counting. */
public final class Amended {
    private final String written;
    private final TreeMap<Integer, String> insertions;

    private Amended(String written, TreeMap<Integer, String> insertions) {
        this.written = written;
        this.insertions = insertions;
    }

    public static Amended nothingIn(String written) {
        return new Amended(written, new TreeMap<>());
    }

    /** The text without the insertions. */
    public String written() {
        return written;
    }

    /** @param offset counted in the text as written; what was inserted there before stays in front */
    public Amended insert(int offset, String words) {
        TreeMap<Integer, String> more = new TreeMap<>(insertions);
        more.merge(offset, words, String::concat);
        return new Amended(written, more);
    }

    /** This text with the insertions of another amendment of the same text, too. */
    public Amended and(Amended other) {
        Amended both = this;
        for (Map.Entry<Integer, String> one : other.insertions.entrySet()) {
            both = both.insert(one.getKey(), one.getValue());
        }
        return both;
    }

    /** The text with the insertions; they hold no line ends. */
    public String text() {
        StringBuilder text = new StringBuilder();
        int done = 0;
        for (Map.Entry<Integer, String> one : insertions.entrySet()) {
            text.append(written, done, one.getKey()).append(one.getValue());
            done = one.getKey();
        }
        return text.append(written.substring(done)).toString();
    }

    /** Where an offset into {@link #text} lies in the text as written; within an insertion, the place of that. */
    public int writtenOffset(int offset) {
        int inserted = 0;
        for (Map.Entry<Integer, String> one : insertions.entrySet()) {
            int start = one.getKey() + inserted;
            int length = one.getValue().length();
            if (offset < start) {
                break;
            }
            if (offset < start + length) {
                return one.getKey();
            }
            inserted += length;
        }
        return offset - inserted;
    }

    /** The words inserted in which an offset into {@link #text} lies; empty in the text as written. */
    String wordsAt(int offset) {
        int inserted = 0;
        for (Map.Entry<Integer, String> one : insertions.entrySet()) {
            int start = one.getKey() + inserted;
            inserted += one.getValue().length();
            if (offset >= start && offset < start + one.getValue().length()) {
                return one.getValue();
            }
        }
        return "";
    }
}
