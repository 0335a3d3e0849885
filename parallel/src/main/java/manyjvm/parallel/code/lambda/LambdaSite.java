package manyjvm.parallel.code.lambda;

import java.util.List;

/**
 * What the call site of a lambda or method reference says: everything about the lambda but the values that it captured. It
 * stays one text, in which it travels and by which it is known, and is cut up only where it is linked for the first time:
 * of a submission that is made again and again, only the captured values are looked at.
 *
 * @param text ten lines, in the order of {@link #of}; no name and no descriptor has a line break in it
 */
public record LambdaSite(String text) {
    private static final char SEPARATOR = '\n';
    private static final String MARKER_SEPARATOR = " ";

    /**
     * @param capturingClass the class whose code made the lambda
     * @param functionalInterface binary name of the interface it was made for
     * @param markers further interfaces of the object, by binary name (intersection casts); {@code java.io.Serializable} aside
     * @param methodName the interface's method
     * @param erasedSignature the interface method's erased descriptor
     * @param instantiatedSignature the descriptor after type substitution
     * @param implementationKind a {@link java.lang.invoke.MethodHandleInfo} reference kind
     * @param implementationClass binary name
     */
    static LambdaSite of(
            String capturingClass,
            String functionalInterface,
            List<String> markers,
            String methodName,
            String erasedSignature,
            String instantiatedSignature,
            int implementationKind,
            String implementationClass,
            String implementationName,
            String implementationSignature) {
        return new LambdaSite(String.join(
                String.valueOf(SEPARATOR),
                capturingClass,
                functionalInterface,
                String.join(MARKER_SEPARATOR, markers),
                methodName,
                erasedSignature,
                instantiatedSignature,
                Integer.toString(implementationKind),
                implementationClass,
                implementationName,
                implementationSignature));
    }

    public String capturingClass() {
        return line(0);
    }

    public String functionalInterface() {
        return line(1);
    }

    public List<String> markers() {
        String joined = line(2);
        return joined.isEmpty() ? List.of() : List.of(joined.split(MARKER_SEPARATOR));
    }

    String methodName() {
        return line(3);
    }

    public String erasedSignature() {
        return line(4);
    }

    public String instantiatedSignature() {
        return line(5);
    }

    int implementationKind() {
        return Integer.parseInt(line(6));
    }

    public String implementationClass() {
        return line(7);
    }

    public String implementationName() {
        return line(8);
    }

    public String implementationSignature() {
        return line(9);
    }

    private String line(int index) {
        int from = 0;
        for (int before = 0; before < index; before++) {
            from = text.indexOf(SEPARATOR, from) + 1;
        }
        int end = text.indexOf(SEPARATOR, from);
        return end < 0 ? text.substring(from) : text.substring(from, end);
    }
}
