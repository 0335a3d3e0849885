package manyjvm.kernel.session.execution;

/** A cell tried to end the JVM that holds the kernel. Also an {@code Error}: code after {@code System.exit} must not run. */
final class KernelExitRefused extends Error {
    private static final long serialVersionUID = 1L;

    KernelExitRefused(String call) {
        super(call + " would end the kernel and lose all variables: use the front end's restart to do that."
                + " In a Process or a pool task it ends that worker only.");
    }
}
