package manyjvm.kernel.spi;

import java.lang.invoke.MethodHandles;
import java.util.List;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;

/**
 * Whether this JVM was started with {@code --enable-preview}, wherever it had that option from. Cells may use preview
 * features then, and only then: they run in this JVM. The JVM itself is asked, by a class that only such a one takes: the
 * options of its command line and those of the environment can be read in no other way that costs nothing.
 */
public final class PreviewFeatures {
    /** The minor version of class files that need them (JVMS 4.1). */
    private static final int MINOR = 0xFFFF0000;

    private static final boolean ENABLED = probe();

    private PreviewFeatures() {}

    public static boolean areEnabled() {
        return ENABLED;
    }

    /** What a compiler needs to know to let them pass; nothing when they are not enabled. */
    public static List<String> compilerOptions() {
        return ENABLED
                ? List.of(
                        "--enable-preview",
                        "--source",
                        String.valueOf(Runtime.version().feature()))
                : List.of();
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
