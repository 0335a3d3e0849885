package manyjvm.parallel;

import java.io.Serializable;
import java.util.concurrent.Callable;

/** Work with a result that may throw and that can travel to another JVM. */
@FunctionalInterface
public interface Task<R> extends Callable<R>, Serializable {}
