package manyjvm.parallel.wire;

import manyjvm.parallel.code.Bundle;
import manyjvm.parallel.code.JvmChanges;

/** The function of a job. */
public sealed interface Code {
    /** @param jvm what the submitting JVM was like, beside the function's own variables */
    record Shipped(Bundle bundle, JvmChanges jvm) implements Code {}

    /** For workers in this JVM: the function itself, and the place that it was submitted from. */
    record Local(Object function, Object place) implements Code {}
}
