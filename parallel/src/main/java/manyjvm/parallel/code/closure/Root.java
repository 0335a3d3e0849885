package manyjvm.parallel.code.closure;

/** Where a closure starts: code that a function object, or a value, will run in another JVM. */
public sealed interface Root {
    Class<?> type();

    /** A session class: the whole of a user's type, or only the declaration of a wrapper. */
    record OfClass(Class<?> type) implements Root {}

    /** The body of a lambda, or the method that a method reference names. */
    record OfMethod(Class<?> type, String name, String descriptor) implements Root {}
}
