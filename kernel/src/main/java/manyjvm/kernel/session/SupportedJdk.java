package manyjvm.kernel.session;

import java.util.Optional;
import org.objectweb.asm.Opcodes;

/**
 * Which JDKs a session can run on. Each class of a session is read and changed on its way from the compiler to the JVM, by a
 * library that knows class files up to some version. On a newer JDK cells are therefore compiled for the newest Java that
 * it knows: they run, but the new JDK's own syntax and API are not to be had in them.
 */
public final class SupportedJdk {
    /** {@code launcher/jdk.sh} says the same number. */
    public static final int NEWEST = Opcodes.V28 - 44;

    private SupportedJdk() {}

    /** What people should know of the JDK that this kernel runs on; empty when there is nothing to say. */
    public static Optional<String> note() {
        return note(Runtime.version().feature());
    }

    static Optional<String> note(int running) {
        return running <= NEWEST
                ? Optional.empty()
                : Optional.of("JDK " + running + " is newer than this manyjvm knows; cells are compiled for Java "
                        + NEWEST
                        + ". For the whole of JDK " + running + " install a newer manyjvm; to choose an older JDK run"
                        + " install.sh --jdk with its home.");
    }

    public static String[] compilerOptions() {
        return compilerOptions(Runtime.version().feature(), NEWEST);
    }

    public static String[] compilerOptions(int running, int newest) {
        return running <= newest ? new String[0] : new String[] {"--release", String.valueOf(newest)};
    }
}
