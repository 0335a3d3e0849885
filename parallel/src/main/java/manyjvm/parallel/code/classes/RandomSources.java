package manyjvm.parallel.code.classes;

import java.io.Serializable;
import java.security.SecureRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Which objects are sources of random numbers: a copy of one gives the same numbers once more. */
public final class RandomSources {
    private RandomSources() {}

    public static boolean isOne(@Nullable Object value) {
        return value instanceof RandomGenerator;
    }

    /** Whether a field of this descriptor holds one whose copies give the same numbers. */
    public static boolean isOneDeclared(String descriptor) {
        return descriptor.equals("Ljava/util/Random;")
                || descriptor.equals("Ljava/util/SplittableRandom;")
                || descriptor.startsWith("Ljava/util/random/RandomGenerator");
    }

    /** Whether copies of one of these give the same numbers, rather than such as nobody can foresee. */
    public static boolean repeats(Class<?> type) {
        return RandomGenerator.class.isAssignableFrom(type)
                        && !SecureRandom.class.isAssignableFrom(type)
                        && !ThreadLocalRandom.class.isAssignableFrom(type)
                // the state inside a SecureRandom of the algorithm SHA1PRNG
                || type.getName().equals("sun.security.provider.SecureRandom");
    }

    /** One of the JDK's that cannot travel, since it does not tell its state. */
    public static boolean isClosed(Class<?> type) {
        return RandomGenerator.class.isAssignableFrom(type)
                && type.getModule().isNamed()
                && !Serializable.class.isAssignableFrom(type);
    }

    /** Whether a call gives a source of random numbers a seed. Internal name of the owner. */
    public static boolean isSeeded(String owner, String name, String descriptor) {
        return isOfSource(owner)
                && (name.equals("<init>") || name.equals("create") || name.equals("setSeed"))
                && (descriptor.startsWith("(J)") || descriptor.startsWith("([B)") || descriptor.startsWith("(I)"));
    }

    /** Whether a call gives a source of numbers that nobody can foresee. */
    public static boolean isFresh(String owner, String name, String descriptor) {
        return isOfSource(owner)
                && (descriptor.startsWith("()") && !name.startsWith("next")
                        || name.equals("of") && owner.equals("java/util/random/RandomGenerator"));
    }

    private static boolean isOfSource(String owner) {
        return owner.startsWith("java/util/random/")
                || owner.equals("java/util/Random")
                || owner.equals("java/util/SplittableRandom")
                || owner.equals("java/util/concurrent/ThreadLocalRandom")
                || owner.equals("java/security/SecureRandom");
    }
}
