package manyjvm.parallel.code;

import manyjvm.parallel.base.Shared;
import manyjvm.parallel.code.graph.ObjectCodecs;
import manyjvm.parallel.spi.ClassSource;

/** Makes the submitting side of code shipping. */
public final class CodePackers {
    private CodePackers() {}

    /**
     * @param source where the submitted code comes from
     * @param linker links shared objects in what workers answer
     */
    public static CodePacker create(ClassSource source, Shared.Linker linker) {
        return new SessionPacker(source, linker, ObjectCodecs::create);
    }
}
