package manyjvm.parallel.code.closure;

import java.util.Optional;
import java.util.function.BiFunction;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Opens the final static fields of the user's types, and the final fields of enum constants, in a worker, so that they can be
 * given the values that they have where the work was submitted. Nothing else would do: neither {@code VarHandle} nor
 * reflection sets a static field that is final, and the compiler of the JVM takes its first value for good.
 *
 * <p>A class's fields are not final any more. An interface's must be; there each read is replaced by a call of a class made
 * for that interface, its keeper, which returns what was set, or else the interface's own.
 */
public final class OpenStatics {
    private static final String KEEPER = "$manyjvm$Keeper";
    private static final String IS_SET = "$set";

    private OpenStatics() {}

    /**
     * The class file, or another one in which those fields can be set.
     *
     * @param interfaces finds the interface of the session that declares the field that code names by a type and a name;
     *     empty for fields of classes, and for those that need no keeper. Binary names
     */
    public static byte[] apply(
            byte[] classFile, ClassFacts facts, BiFunction<String, String, Optional<String>> interfaces) {
        boolean opens = !facts.isInterface()
                && facts.staticFields().values().stream().anyMatch(ClassFacts.StaticField::isOpened);
        boolean redirects = facts.methods().values().stream()
                .flatMap(method -> method.reads().stream())
                .anyMatch(read -> interfaces.apply(read.owner(), read.name()).isPresent());
        if (!opens && !redirects) {
            return classFile;
        }
        ClassReader reader = new ClassReader(classFile);
        ClassWriter writer = new ClassWriter(reader, 0);
        reader.accept(new Opener(writer, facts, interfaces), 0);
        return writer.toByteArray();
    }

    public static String keeperOf(String ofInterface) {
        return ofInterface + KEEPER;
    }

    /** The interface whose keeper has this name. */
    public static Optional<String> keptBy(String binaryName) {
        return binaryName.endsWith(KEEPER)
                ? Optional.of(binaryName.substring(0, binaryName.length() - KEEPER.length()))
                : Optional.empty();
    }

    /** The field of the keeper that says whether another one was set. */
    static String isSet(String field) {
        return field + IS_SET;
    }

    /** The class file of an interface's keeper. */
    public static byte[] keeper(String ofInterface, ClassFacts facts) {
        String kept = ofInterface.replace('.', '/');
        String self = keeperOf(kept);
        ClassWriter writer = new ClassWriter(0);
        writer.visit(
                Opcodes.V17,
                Opcodes.ACC_PUBLIC | Opcodes.ACC_FINAL | Opcodes.ACC_SYNTHETIC | Opcodes.ACC_SUPER,
                self,
                null,
                "java/lang/Object",
                null);
        int access = Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC;
        facts.staticFields().forEach((name, field) -> {
            if (field.isOpened()) {
                writer.visitField(access, name, field.descriptor(), null, null).visitEnd();
                writer.visitField(access, isSet(name), "Z", null, null).visitEnd();
                Type type = Type.getType(field.descriptor());
                MethodVisitor code = writer.visitMethod(access, name, "()" + field.descriptor(), null, null);
                code.visitCode();
                code.visitFieldInsn(Opcodes.GETSTATIC, self, isSet(name), "Z");
                Label own = new Label();
                code.visitJumpInsn(Opcodes.IFEQ, own);
                code.visitFieldInsn(Opcodes.GETSTATIC, self, name, field.descriptor());
                code.visitInsn(type.getOpcode(Opcodes.IRETURN));
                code.visitLabel(own);
                code.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
                code.visitFieldInsn(Opcodes.GETSTATIC, kept, name, field.descriptor());
                code.visitInsn(type.getOpcode(Opcodes.IRETURN));
                code.visitMaxs(type.getSize(), 0);
                code.visitEnd();
            }
        });
        writer.visitEnd();
        return writer.toByteArray();
    }

    private static final class Opener extends ClassVisitor {
        private final ClassFacts facts;
        private final BiFunction<String, String, Optional<String>> interfaces;

        Opener(ClassVisitor next, ClassFacts facts, BiFunction<String, String, Optional<String>> interfaces) {
            super(Opcodes.ASM9, next);
            this.facts = facts;
            this.interfaces = interfaces;
        }

        @Override
        public FieldVisitor visitField(int access, String name, String descriptor, String signature, Object value) {
            boolean isStatic = (access & Opcodes.ACC_STATIC) != 0;
            boolean opened = isStatic
                    ? !facts.isInterface()
                            && ClassFacts.StaticField.of(access, descriptor, value)
                                    .isOpened()
                    : facts.opensOfConstants(name);
            return super.visitField(opened ? access & ~Opcodes.ACC_FINAL : access, name, descriptor, signature, value);
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String name, String descriptor, String signature, String[] exceptions) {
            return new MethodVisitor(Opcodes.ASM9, super.visitMethod(access, name, descriptor, signature, exceptions)) {
                @Override
                public void visitFieldInsn(int opcode, String owner, String field, String type) {
                    Optional<String> declaring = opcode == Opcodes.GETSTATIC
                            ? interfaces.apply(owner.replace('/', '.'), field)
                            : Optional.empty();
                    if (declaring.isEmpty()) {
                        super.visitFieldInsn(opcode, owner, field, type);
                    } else {
                        String keeper = keeperOf(declaring.get().replace('.', '/'));
                        super.visitMethodInsn(Opcodes.INVOKESTATIC, keeper, field, "()" + type, false);
                    }
                }
            };
        }
    }
}
