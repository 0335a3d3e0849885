package manyjvm.parallel.code;

import java.util.Arrays;
import manyjvm.parallel.code.lambda.LambdaForm;
import manyjvm.parallel.code.lambda.LambdaSite;

/**
 * The first element of a bundle's graph: the function. A lambda stands there in its parts, as an array of its site's text
 * and the captured values, so that the graph of the usual submission needs no more than the small format of simple values; anything else stands
 * there as itself. A function is never an array, so the two cannot be mixed up.
 */
final class FunctionSlot {
    /** Elements before the captured values. */
    static final int PARTS = 1;

    private FunctionSlot() {}

    static Object[] of(LambdaForm form) {
        Object[] slot = new Object[PARTS + form.captured().length];
        slot[0] = form.site().text();
        System.arraycopy(form.captured(), 0, slot, PARTS, form.captured().length);
        return slot;
    }

    static LambdaForm form(Object[] slot) {
        return new LambdaForm(new LambdaSite((String) slot[0]), Arrays.copyOfRange(slot, PARTS, slot.length));
    }
}
