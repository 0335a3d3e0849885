package manyjvm.parallel.spi;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where the code of submitted functions comes from: a session whose classes exist only in memory (a notebook, or a worker
 * that received its classes), or the class path of a plain program. Safe for use by any thread.
 */
public interface ClassSource {
    /** Whether the session defined this class, so that it must travel as bytes. Always false for a plain program. */
    boolean defines(Class<?> type);

    /** Whether a class that is none of the JDK's is somebody else's work than the user's: of a jar that the user added. */
    default boolean isLibrary(Class<?> type) {
        return !defines(type);
    }

    /**
     * Whether this is a wrapper of the session's own making, whose static fields are variables and whose static methods are
     * single definitions, rather than a type that the user wrote. Wrappers are followed method by method.
     */
    boolean isWrapper(Class<?> type);

    /**
     * The class file to ship.
     *
     * @throws IllegalArgumentException when {@link #defines} is false for it
     */
    byte[] bytes(Class<?> type);

    /**
     * Whether the initializer of a class that this defined has begun to run in this JVM. To ask runs nothing. A source that
     * cannot tell says yes: then to look at a static field initializes its class.
     */
    default boolean isInitialized(Class<?> type) {
        return true;
    }

    /** The class of this binary name as submitted functions see it, the session's classes first. */
    Class<?> find(String binaryName) throws ClassNotFoundException;

    /** The loader that submitted functions are defined by or under. */
    ClassLoader loader();

    /** Jars and class folders that workers need for submitted functions, beside the session's classes; in order. */
    List<Path> classPath();

    /** The name of the session's variable that holds this very object. Runs no user code. */
    default Optional<String> variable(Object held) {
        return Optional.empty();
    }

    /** The place of a stack frame in the user's words ({@code In[3]:2} for notebook code), or the frame unchanged. */
    StackTraceElement locate(StackTraceElement frame);
}
