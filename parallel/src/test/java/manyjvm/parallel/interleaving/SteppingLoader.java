package manyjvm.parallel.interleaving;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Loads manyjvm's classes once more, rewritten so that each access to what threads meet by is a step: buffers, by index or
 * by a {@link VarHandle}, locks, volatile fields, atomics and concurrent maps. {@code synchronized} is left as it is, so a
 * scenario's threads must not meet there.
 *
 * <p>Needed since the tools that explore interleavings do not know buffers: Lincheck 3.7 refuses their VarHandles, and
 * jcstress looks at outcomes of real threads, for which it needs JVMs of its own and luck.
 */
final class SteppingLoader extends ClassLoader {
    private static final String STEPS = Type.getInternalName(Steps.class);
    private static final String LOCK = Type.getInternalName(Steps.Lock.class);
    private static final String REENTRANT_LOCK = Type.getInternalName(ReentrantLock.class);
    private static final String VAR_HANDLE = Type.getInternalName(VarHandle.class);
    private static final String BUFFER = Type.getInternalName(ByteBuffer.class);
    private static final Set<String> ATOMICS = Set.of(
            Type.getInternalName(AtomicBoolean.class),
            Type.getInternalName(AtomicLong.class),
            Type.getInternalName(AtomicReference.class),
            Type.getInternalName(ConcurrentHashMap.class),
            Type.getInternalName(Queue.class)); // as which a concurrent one is declared

    /** The methods of {@link Steps}: name and descriptor. */
    private static final Set<String> KNOWN = Arrays.stream(Steps.class.getMethods())
            .map(method -> method.getName() + Type.getMethodDescriptor(method))
            .collect(Collectors.toSet());

    /** {@code owner.name} to the class that has a static method in its place, whose first parameter is the receiver; it may call it. */
    private final Map<String, String> replaced;

    SteppingLoader(Map<String, String> replaced) {
        super(SteppingLoader.class.getClassLoader());
        this.replaced = replaced;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith("manyjvm.") || name.startsWith(SteppingLoader.class.getPackageName() + ".")) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            return known != null ? known : define(name);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            ClassReader reader = new ClassReader(in);
            ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
            reader.accept(new Rewriter(writer), 0);
            byte[] bytes = writer.toByteArray();
            return defineClass(name, bytes, 0, bytes.length);
        } catch (IOException unreadable) {
            throw new ClassNotFoundException(name, unreadable);
        }
    }

    private final class Rewriter extends ClassVisitor {
        private final Set<String> volatiles = new HashSet<>();
        private String type;

        Rewriter(ClassVisitor next) {
            super(Opcodes.ASM9, next);
        }

        @Override
        public void visit(int version, int access, String name, String signature, String parent, String[] interfaces) {
            type = name;
            super.visit(version, access | Opcodes.ACC_PUBLIC, name, signature, parent, interfaces);
        }

        @Override
        public FieldVisitor visitField(int access, String name, String descriptor, String signature, Object value) {
            if ((access & Opcodes.ACC_VOLATILE) != 0) {
                volatiles.add(name);
            }
            return super.visitField(access, name, descriptor, signature, value);
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String name, String descriptor, String signature, String[] exceptions) {
            // What is called in the place of another method is called from everywhere.
            boolean ofPackage = (access & (Opcodes.ACC_PRIVATE | Opcodes.ACC_PROTECTED)) == 0;
            int visible = ofPackage ? access | Opcodes.ACC_PUBLIC : access;
            MethodVisitor next = super.visitMethod(visible, name, descriptor, signature, exceptions);
            String place = type.substring(type.lastIndexOf('/') + 1) + "." + name;
            return new MethodVisitor(Opcodes.ASM9, next) {
                @Override
                public void visitTypeInsn(int opcode, String operand) {
                    boolean lock = opcode == Opcodes.NEW && operand.equals(REENTRANT_LOCK);
                    super.visitTypeInsn(opcode, lock ? LOCK : operand);
                }

                @Override
                public void visitFieldInsn(int opcode, String owner, String field, String fieldType) {
                    if (owner.equals(type) && volatiles.contains(field)) {
                        before(field);
                        super.visitMethodInsn(Opcodes.INVOKESTATIC, STEPS, "step", "()V", false);
                    }
                    super.visitFieldInsn(opcode, owner, field, fieldType);
                }

                @Override
                public void visitMethodInsn(
                        int opcode, String owner, String method, String parameters, boolean isInterface) {
                    String instead = replaced.get(owner + "." + method);
                    String receiver = "(L" + owner + ";" + parameters.substring(1);
                    if (instead != null && !instead.equals(type)) {
                        before(method);
                        String whole = opcode == Opcodes.INVOKESTATIC ? parameters : receiver;
                        super.visitMethodInsn(Opcodes.INVOKESTATIC, instead, method, whole, false);
                    } else if (owner.equals(VAR_HANDLE) && method.endsWith("Fence")) {
                        super.visitMethodInsn(Opcodes.INVOKESTATIC, STEPS, method, "()V", false);
                    } else if (owner.equals(VAR_HANDLE) && KNOWN.contains(method + kind(parameters) + receiver)) {
                        before(method);
                        super.visitMethodInsn(Opcodes.INVOKESTATIC, STEPS, method + kind(parameters), receiver, false);
                    } else if (owner.equals(BUFFER) && KNOWN.contains(method + receiver)) {
                        before(method);
                        super.visitMethodInsn(Opcodes.INVOKESTATIC, STEPS, method, receiver, false);
                    } else if (owner.equals("java/lang/Thread")
                            && Set.of("yield", "onSpinWait").contains(method)) {
                        before(method);
                        super.visitMethodInsn(Opcodes.INVOKESTATIC, STEPS, "spin", "()V", false);
                    } else if (owner.equals(REENTRANT_LOCK)) {
                        before(method);
                        boolean made = opcode == Opcodes.INVOKESPECIAL && method.equals("<init>");
                        super.visitMethodInsn(opcode, made ? LOCK : owner, method, parameters, isInterface);
                    } else {
                        if (ATOMICS.contains(owner) && !method.equals("<init>")) {
                            before(method);
                            super.visitMethodInsn(Opcodes.INVOKESTATIC, STEPS, "step", "()V", false);
                            super.visitMethodInsn(Opcodes.INVOKESTATIC, STEPS, "releaseFence", "()V", false);
                        }
                        super.visitMethodInsn(opcode, owner, method, parameters, isInterface);
                    }
                }

                private void before(String operation) {
                    super.visitLdcInsn(operation + " in " + place);
                    super.visitMethodInsn(Opcodes.INVOKESTATIC, STEPS, "at", "(Ljava/lang/String;)V", false);
                }
            };
        }

        /** The last that a VarHandle's method takes, or what it gives, is the value. */
        private String kind(String parameters) {
            Type[] types = Type.getArgumentTypes(parameters);
            Type given = types[types.length - 1];
            Type value = types.length == 2 ? Type.getReturnType(parameters) : given;
            return value.equals(Type.LONG_TYPE) ? "Long" : value.equals(Type.INT_TYPE) ? "Int" : "Other";
        }
    }
}
