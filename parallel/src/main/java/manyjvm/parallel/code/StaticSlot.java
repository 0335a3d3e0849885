package manyjvm.parallel.code;

import manyjvm.parallel.NotShippableException;
import manyjvm.parallel.code.closure.OpenStatics;
import manyjvm.parallel.code.closure.StaticHandle;

/**
 * A static field of a worker's loader.
 *
 * @param name by which the worker knows the variable: of a notebook variable its own, whatever wrapper class it is in now,
 *     of another field with its class
 * @param shownName what the user calls it
 * @param declaredFinal whether the user declared it final; it can be set all the same, see {@link OpenStatics}
 */
record StaticSlot(
        ShippedLoader loader,
        String name,
        String shownName,
        String descriptor,
        boolean declaredFinal,
        StaticHandle handle) {
    /**
     * Runs the initializer of its class, which must not undo later what is set.
     *
     * @return false when that fails and the field is final or of an enum's constant: then whatever uses it is told
     */
    boolean initialize() {
        try {
            handle.initializeClass();
            return true;
        } catch (LinkageError failure) {
            if (declaredFinal || handle instanceof StaticHandle.OfConstant) {
                return false;
            }
            throw new NotShippableException("cannot set " + shownName + " in the worker: " + failure, failure);
        }
    }
}
