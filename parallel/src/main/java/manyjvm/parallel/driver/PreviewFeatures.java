package manyjvm.parallel.driver;

import java.lang.invoke.MethodHandles;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;

/**
 * Whether this JVM was started with {@code --enable-preview}. Its classes may need it then, and so do workers, which get
 * them; they inherit the environment's options, but not those of a command line. The JVM is asked by a class that only such
 * a one takes.
 */
final class PreviewFeatures {
    /** The minor version of class files that need them (JVMS 4.1). */
    private static final int MINOR = 0xFFFF0000;

    private static final boolean ENABLED = probe();

    private PreviewFeatures() {}

    static boolean areEnabled() {
        return ENABLED;
    }

    private static boolean probe() {
        ClassWriter probe = new ClassWriter(0);
        probe.visit(
                MINOR | 44 + Runtime.version().feature(),
                Opcodes.ACC_FINAL | Opcodes.ACC_SUPER,
                PreviewFeatures.class.getName().replace('.', '/') + "Probe",
                null,
                "java/lang/Object",
                null);
        try {
            MethodHandles.lookup().defineHiddenClass(probe.toByteArray(), false);
            return true;
        } catch (UnsupportedClassVersionError disabled) {
            return false;
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
