package manyjvm.kernel.session.execution;

import jdk.jshell.spi.SPIResolutionException;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * The code that JShell gives a declaration that lacks something: each of its methods throws a {@link SPIResolutionException},
 * whose number only the JShell of this JVM can read. Where such code leaves this JVM it throws what says the reason itself.
 */
public final class UnresolvedCode {
    private static final String UNREADABLE =
            SPIResolutionException.class.getName().replace('.', '/');
    private static final String READABLE = IllegalStateException.class.getName().replace('.', '/');
    private static final String CONSTRUCTOR = "<init>";

    private UnresolvedCode() {}

    public static byte[] saying(String reason, byte[] classFile) {
        ClassReader reader = new ClassReader(classFile);
        ClassWriter writer = new ClassWriter(reader, 0);
        reader.accept(
                new ClassVisitor(Opcodes.ASM9, writer) {
                    @Override
                    public MethodVisitor visitMethod(
                            int access, String name, String descriptor, String signature, String[] exceptions) {
                        return new MethodVisitor(
                                Opcodes.ASM9, super.visitMethod(access, name, descriptor, signature, exceptions)) {
                            @Override
                            public void visitTypeInsn(int opcode, String type) {
                                super.visitTypeInsn(opcode, type.equals(UNREADABLE) ? READABLE : type);
                            }

                            @Override
                            public void visitMethodInsn(
                                    int opcode, String owner, String method, String types, boolean ofInterface) {
                                if (owner.equals(UNREADABLE) && method.equals(CONSTRUCTOR)) {
                                    // The reason takes the place of the number on the stack.
                                    visitInsn(Opcodes.POP);
                                    visitLdcInsn(reason);
                                    super.visitMethodInsn(
                                            opcode, READABLE, CONSTRUCTOR, "(Ljava/lang/String;)V", false);
                                } else {
                                    super.visitMethodInsn(opcode, owner, method, types, ofInterface);
                                }
                            }
                        };
                    }
                },
                0);
        return writer.toByteArray();
    }
}
