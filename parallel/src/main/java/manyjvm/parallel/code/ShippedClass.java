package manyjvm.parallel.code;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import manyjvm.parallel.code.classes.ClassFiles;
import org.objectweb.asm.Attribute;
import org.objectweb.asm.ByteVector;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;

/**
 * A session class as it travels: its class file, and its name with the hash of that file.
 *
 * <p>Wrappers carry a mark in the file, an attribute that the JVM ignores, so that a worker that submits work of its own
 * knows them too.
 */
record ShippedClass(Bundle.ClassReference reference, byte[] classFile) {
    private static final String WRAPPER_MARK = "manyjvm.Wrapper";

    static ShippedClass of(String binaryName, byte[] classFile, boolean wrapper) {
        byte[] shipped = wrapper && !isMarkedWrapper(binaryName, classFile) ? marked(binaryName, classFile) : classFile;
        return new ShippedClass(new Bundle.ClassReference(binaryName, hash(shipped)), shipped);
    }

    /** SHA-256 in hexadecimal, of one content in parts. */
    static String hash(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    static boolean isMarkedWrapper(String binaryName, byte[] classFile) {
        boolean[] found = new boolean[1];
        ClassFiles.open(binaryName, classFile)
                .accept(
                        new ClassVisitor(Opcodes.ASM9) {
                            @Override
                            public void visitAttribute(Attribute attribute) {
                                found[0] |= attribute.type.equals(WRAPPER_MARK);
                            }
                        },
                        ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG);
        return found[0];
    }

    private static byte[] marked(String binaryName, byte[] classFile) {
        ClassReader reader = ClassFiles.open(binaryName, classFile);
        ClassWriter writer = new ClassWriter(reader, 0);
        reader.accept(writer, 0);
        writer.visitAttribute(new Mark());
        return writer.toByteArray();
    }

    private static final class Mark extends Attribute {
        Mark() {
            super(WRAPPER_MARK);
        }

        @Override
        protected ByteVector write(ClassWriter writer, byte[] code, int codeLength, int maxStack, int maxLocals) {
            return new ByteVector();
        }
    }
}
