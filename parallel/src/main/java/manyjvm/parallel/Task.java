package manyjvm.parallel;

import java.io.Serializable;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Work with a result that may throw and that can travel to another JVM.
 *
 * <pre>{@code
 * Task<Long> pid = () -> ProcessHandle.current().pid();
 * try (var pool = new Pool(1)) {
 *     System.out.println(pool.apply(pid).equals(pid.call()));    // false
 * }
 * }</pre>
 */
@FunctionalInterface
public interface Task<R extends @Nullable Object> extends Callable<R>, Serializable {}
