package manyjvm.kernel.session.sampleapi;

/** Has the name of a class that every Java source sees without an import. */
public final class Process {
    public int exitCode() {
        return 0;
    }
}
