package manyjvm.parallel;

/** Lets the functional types pass checked exceptions through the JDK's interfaces, which declare none. */
final class Thrower {
    private Thrower() {}

    /** Throws the failure itself, whatever its type; declared to return so that callers can write {@code throw}. */
    static RuntimeException asUnchecked(Throwable failure) {
        return Thrower.<RuntimeException>rethrow(failure);
    }

    @SuppressWarnings("unchecked") // the cast is erased: this is how a checked exception passes
    private static <T extends Throwable> T rethrow(Throwable failure) throws T {
        throw (T) failure;
    }
}
