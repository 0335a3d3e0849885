package manyjvm.parallel.interleaving;

import java.util.List;
import java.util.concurrent.Callable;

/** What a few threads do with code under test; made anew for each order of their steps, see {@link Interleavings}. */
public interface Scenario {
    /** What each thread does. It waits by what is rewritten (locks, conditions) and by {@link Steps#await}, and by nothing else. */
    List<Callable<?>> threads();

    /** What must be so when all threads have ended. */
    default void check() throws Exception {}
}
