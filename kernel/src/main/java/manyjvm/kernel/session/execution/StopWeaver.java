package manyjvm.kernel.session.execution;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Weaves {@link CellGuard} into a session class: a check at each method entry and before each backward branch, a note at the
 * entry of a static initializer, and a refusal for each call that would end the JVM. A check is a call without arguments or result, so neither frames nor stack sizes
 * change. A check stands outside of the loop's {@code try} range or its handler jumps over another one: a loop around
 * {@code catch (Throwable)} ends too. The check at the entry has the line of the method's first instruction: a stack that
 * overflows there has one, too.
 */
final class StopWeaver {
    private static final String GUARD = CellGuard.class.getName().replace('.', '/');

    private StopWeaver() {}

    static byte[] weave(byte[] classFile) {
        ClassReader reader = new ClassReader(classFile);
        ClassWriter writer = new ClassWriter(reader, 0);
        reader.accept(
                new ClassVisitor(Opcodes.ASM9, writer) {
                    @Override
                    public MethodVisitor visitMethod(
                            int access, String name, String descriptor, String signature, String[] exceptions) {
                        return new GuardedMethod(
                                super.visitMethod(access, name, descriptor, signature, exceptions),
                                !name.equals("<clinit>"));
                    }
                },
                0);
        return writer.toByteArray();
    }

    private static final class GuardedMethod extends MethodVisitor {
        private final Set<Label> passed = new HashSet<>();
        private final boolean checkedAtEntry;
        /** Until it has its line; null where there is no check. */
        private @Nullable Label entry;

        GuardedMethod(MethodVisitor next, boolean checkedAtEntry) {
            super(Opcodes.ASM9, next);
            this.checkedAtEntry = checkedAtEntry;
        }

        @Override
        public void visitCode() {
            super.visitCode();
            if (checkedAtEntry) {
                entry = new Label();
                super.visitLabel(entry);
                check();
            } else {
                super.visitMethodInsn(Opcodes.INVOKESTATIC, GUARD, "initializing", "()V", false);
            }
        }

        @Override
        public void visitLineNumber(int line, Label start) {
            if (entry != null) {
                super.visitLineNumber(line, entry);
                entry = null;
            }
            super.visitLineNumber(line, start);
        }

        @Override
        public void visitLabel(Label label) {
            passed.add(label);
            super.visitLabel(label);
        }

        @Override
        public void visitJumpInsn(int opcode, Label label) {
            if (passed.contains(label)) {
                check();
            }
            super.visitJumpInsn(opcode, label);
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
            if (endsTheJvm(owner, name)) {
                super.visitMethodInsn(
                        Opcodes.INVOKESTATIC, GUARD, name, guardDescriptor(opcode == Opcodes.INVOKESTATIC), false);
            } else {
                super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
            }
        }

        @Override
        public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrap, Object... arguments) {
            Object[] guarded = arguments.clone();
            for (int i = 0; i < guarded.length; i++) {
                if (guarded[i] instanceof Handle handle && endsTheJvm(handle.getOwner(), handle.getName())) {
                    guarded[i] = new Handle(
                            Opcodes.H_INVOKESTATIC,
                            GUARD,
                            handle.getName(),
                            guardDescriptor(handle.getTag() == Opcodes.H_INVOKESTATIC),
                            false);
                }
            }
            super.visitInvokeDynamicInsn(name, descriptor, bootstrap, guarded);
        }

        private static boolean endsTheJvm(String owner, String name) {
            return owner.equals("java/lang/System") && name.equals("exit")
                    || owner.equals("java/lang/Runtime") && (name.equals("exit") || name.equals("halt"));
        }

        private static String guardDescriptor(boolean ofStaticMethod) {
            return ofStaticMethod ? "(I)V" : "(Ljava/lang/Runtime;I)V";
        }

        private void check() {
            super.visitMethodInsn(Opcodes.INVOKESTATIC, GUARD, "check", "()V", false);
        }
    }
}
