package manyjvm.parallel.code;

import java.util.Arrays;
import java.util.List;

/**
 * The first element of a bundle's graph: the function. A lambda stands there in its parts, as an array of plain values, so
 * that the graph of the usual submission needs no general serializer; anything else stands there as itself. A function is
 * never an array, so the two cannot be mixed up.
 */
final class FunctionSlot {
    /** Elements before the captured values. */
    static final int PARTS = 10;

    private FunctionSlot() {}

    static Object[] of(LambdaForm form) {
        Object[] slot = Arrays.copyOf(
                new Object[] {
                    form.capturingClass(),
                    form.functionalInterface(),
                    String.join(" ", form.markers()),
                    form.methodName(),
                    form.erasedSignature(),
                    form.instantiatedSignature(),
                    form.implementationKind(),
                    form.implementationClass(),
                    form.implementationName(),
                    form.implementationSignature()
                },
                PARTS + form.captured().length);
        System.arraycopy(form.captured(), 0, slot, PARTS, form.captured().length);
        return slot;
    }

    static LambdaForm form(Object[] slot) {
        String markers = (String) slot[2];
        return new LambdaForm(
                (String) slot[0],
                (String) slot[1],
                markers.isEmpty() ? List.of() : List.of(markers.split(" ")),
                (String) slot[3],
                (String) slot[4],
                (String) slot[5],
                (Integer) slot[6],
                (String) slot[7],
                (String) slot[8],
                (String) slot[9],
                Arrays.copyOfRange(slot, PARTS, slot.length));
    }
}
