package manyjvm.kernel.spi;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The classes that cells have defined, as JShell made them: user types, and wrappers that hold methods and variables. */
public interface SessionClasses {
    /** Whether a cell defined this class. */
    boolean defines(Class<?> type);

    /**
     * Whether this is one of JShell's wrapper classes, whose public static fields are the notebook's variables and whose
     * public static methods are the notebook's methods, rather than a type that the user wrote.
     */
    boolean isWrapper(Class<?> type);

    /**
     * The class file after all transforms, without the kernel's stop checks.
     *
     * @throws IllegalArgumentException when no cell defined it
     */
    byte[] bytes(Class<?> type);

    /** Whether the static initializer of a class that a cell defined has begun to run; to ask runs nothing. */
    boolean isInitialized(Class<?> type);

    /** The loader that cells run in: it finds the session's classes, the API's, the JDK's and those of added jars. */
    ClassLoader loader();

    /** The name of the variable that holds this very object. Runs no code of cells. */
    Optional<String> variable(Object held);

    /** Jars and class folders that cells have added, in order. */
    List<Path> classPath();

    /**
     * The place of a stack frame in the user's own words: for a frame in session code one whose {@code toString()} reads
     * {@code notebook.f(In[3]:2)}, or {@code Point.norm(In[3]:5)} for a method of a user's type; any other frame unchanged.
     * ({@code notebook} stands for the wrapper class: no stack frame can be without a class.)
     */
    StackTraceElement locate(StackTraceElement frame);
}
