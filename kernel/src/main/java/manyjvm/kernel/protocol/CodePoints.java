package manyjvm.kernel.protocol;

/** Positions in code: the protocol counts Unicode code points, a session counts UTF-16 units. */
final class CodePoints {
    private CodePoints() {}

    /** The UTF-16 index of a position in code points; positions outside the text become its nearest end. */
    static int toUtf16(String text, int codePoints) {
        int within = Math.max(0, Math.min(codePoints, text.codePointCount(0, text.length())));
        return text.offsetByCodePoints(0, within);
    }

    static int fromUtf16(String text, int index) {
        return text.codePointCount(0, Math.max(0, Math.min(index, text.length())));
    }
}
