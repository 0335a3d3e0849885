package manyjvm.parallel.wire;

import manyjvm.parallel.code.Bundle;

/** The function of a job. */
public sealed interface Code {
    record Shipped(Bundle bundle) implements Code {}

    /** For workers in this JVM: the function itself, and the place that it was submitted from. */
    record Local(Object function, Object place) implements Code {}
}
