package manyjvm.parallel.code;

import java.util.random.RandomGenerator;

/** Which objects are sources of random numbers: a copy of one gives the same numbers once more. */
final class RandomSources {
    private RandomSources() {}

    static boolean isOne(Object value) {
        return value instanceof RandomGenerator;
    }
}
