package manyjvm.parallel.code.classes;

import manyjvm.parallel.ParallelException;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;

/** Opens class files, and tells of those that are too new for the library that reads them. */
public final class ClassFiles {
    /** Java 1.1 has 45. */
    private static final int VERSION_OF_JAVA_0 = 44;

    private static final int MAJOR_VERSION = 6;

    private ClassFiles() {}

    /** @throws ParallelException for a class file of a newer Java than can be read */
    public static ClassReader open(String binaryName, byte[] classFile) {
        try {
            return new ClassReader(classFile);
        } catch (IllegalArgumentException tooNew) {
            int version = (classFile[MAJOR_VERSION] & 0xff) << 8 | classFile[MAJOR_VERSION + 1] & 0xff;
            int newest = Opcodes.V28 - VERSION_OF_JAVA_0;
            throw new ParallelException(
                    binaryName + " was compiled for Java " + (version - VERSION_OF_JAVA_0)
                            + ", and this manyjvm reads class files up to Java " + newest
                            + ": compile it with javac --release " + newest + ", or use an older JDK",
                    tooNew);
        }
    }
}
