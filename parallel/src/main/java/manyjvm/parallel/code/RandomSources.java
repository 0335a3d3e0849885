package manyjvm.parallel.code;

import java.security.SecureRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/** Which objects are sources of random numbers: a copy of one gives the same numbers once more. */
final class RandomSources {
    private RandomSources() {}

    static boolean isOne(Object value) {
        return value instanceof RandomGenerator;
    }

    /** Whether copies of one of these give the same numbers, rather than such as nobody can foresee. */
    static boolean repeats(Class<?> type) {
        return RandomGenerator.class.isAssignableFrom(type)
                && !SecureRandom.class.isAssignableFrom(type)
                && !ThreadLocalRandom.class.isAssignableFrom(type);
    }
}
