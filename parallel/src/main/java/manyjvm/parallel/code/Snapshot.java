package manyjvm.parallel.code;

import manyjvm.parallel.code.closure.Closure;
import org.jspecify.annotations.Nullable;

/** Values of the variables that some code uses, in the order of its closure. */
record Snapshot(Closure closure, @Nullable Object[] values) {
    /** The value of a final static, or of an enum constant's field, of a class that has not been initialized here. */
    static final Object UNREAD = new Object();
}
