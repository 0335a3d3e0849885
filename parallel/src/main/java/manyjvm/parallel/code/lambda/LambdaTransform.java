package manyjvm.parallel.code.lambda;

import java.lang.invoke.LambdaMetafactory;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import manyjvm.parallel.code.classes.ClassFiles;
import manyjvm.parallel.combine.Combinators;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Makes the lambdas of a session class fit to travel; applied to every session class when it is defined, before other
 * transforms or after them.
 *
 * <p>A lambda is an instance of a hidden class, of which no other JVM has ever heard. The one door that the JDK leaves is
 * {@link java.lang.invoke.SerializedLambda}, and it is open only to lambdas made with {@code FLAG_SERIALIZABLE}, which javac
 * sets for serializable interfaces alone. So each {@code metafactory} call becomes an {@code altMetafactory} call with that
 * flag.
 *
 * <p>Putting the lambda together again needs the full privileges of the class that made it: its body is a private method
 * there, and {@code LambdaMetafactory} rejects any {@code Lookup} that came through {@code privateLookupIn} ("Invalid
 * caller"). So a class with lambdas gets a private static method {@value #ACCESSOR} that returns its own lookup. The name
 * cannot be met by accident, and only who may break into the class anyhow can call it.
 *
 * <p>Last, calls of the JDK's combining methods ({@code f.andThen(g)}) go to {@link Combinators}, since the lambdas that the
 * JDK makes there are not serializable. A comparator's are, so {@code Comparator} is left alone.
 *
 * <p>Applying it twice changes nothing more.
 */
public final class LambdaTransform {
    /** Name of the method that returns the class's own lookup. */
    public static final String ACCESSOR = "$manyjvm$lookup";

    private static final String LOOKUP = "java/lang/invoke/MethodHandles$Lookup";
    private static final String ACCESSOR_DESCRIPTOR = "()L" + LOOKUP + ";";
    private static final String METAFACTORY = "java/lang/invoke/LambdaMetafactory";
    private static final String FUNCTIONS = "java/util/function/";
    private static final String COMBINATORS = Type.getInternalName(Combinators.class);

    private static final Handle ALT_METAFACTORY = new Handle(
            Opcodes.H_INVOKESTATIC,
            METAFACTORY,
            "altMetafactory",
            "(L" + LOOKUP
                    + ";Ljava/lang/String;Ljava/lang/invoke/MethodType;[Ljava/lang/Object;)Ljava/lang/invoke/CallSite;",
            false);

    private static final Handle BIND = new Handle(
            Opcodes.H_INVOKESTATIC,
            COMBINATORS,
            "bind",
            "(L" + LOOKUP + ";Ljava/lang/String;Ljava/lang/invoke/MethodType;Ljava/lang/invoke/MethodHandle;)"
                    + "Ljava/lang/invoke/CallSite;",
            false);

    /** The JDK's static combining methods, and their twins' names. */
    private static final Map<String, String> STATIC_TWINS = Map.of(
            FUNCTIONS + "Function.identity()Ljava/util/function/Function;", "functionIdentity",
            FUNCTIONS + "UnaryOperator.identity()Ljava/util/function/UnaryOperator;", "unaryIdentity",
            FUNCTIONS + "IntUnaryOperator.identity()Ljava/util/function/IntUnaryOperator;", "intIdentity",
            FUNCTIONS + "LongUnaryOperator.identity()Ljava/util/function/LongUnaryOperator;", "longIdentity",
            FUNCTIONS + "DoubleUnaryOperator.identity()Ljava/util/function/DoubleUnaryOperator;", "doubleIdentity",
            FUNCTIONS + "Predicate.not(Ljava/util/function/Predicate;)Ljava/util/function/Predicate;", "predicateNot",
            FUNCTIONS + "Predicate.isEqual(Ljava/lang/Object;)Ljava/util/function/Predicate;", "predicateIsEqual",
            FUNCTIONS + "BinaryOperator.minBy(Ljava/util/Comparator;)Ljava/util/function/BinaryOperator;", "minBy",
            FUNCTIONS + "BinaryOperator.maxBy(Ljava/util/Comparator;)Ljava/util/function/BinaryOperator;", "maxBy");

    /** The JDK's combining instance methods that have a twin, as {@code owner.nameDescriptor}. */
    private static final Set<String> INSTANCE_TWINS = Arrays.stream(Combinators.class.getDeclaredMethods())
            .filter(method -> Modifier.isPublic(method.getModifiers()))
            .filter(method -> method.getParameterCount() > 0)
            .filter(method -> method.getParameterTypes()[0].getName().startsWith("java.util.function."))
            .map(LambdaTransform::replacedBy)
            .collect(Collectors.toUnmodifiableSet());

    /** The same without the owner, for receivers declared as a subtype. */
    private static final Set<String> INSTANCE_SHAPES = INSTANCE_TWINS.stream()
            .map(key -> key.substring(key.indexOf('.') + 1))
            .collect(Collectors.toUnmodifiableSet());

    private LambdaTransform() {}

    /**
     * Transforms one class file. Cost: one pass over it, some tens of microseconds.
     *
     * @return the new class file, or {@code classFile} itself when there was nothing to do
     */
    public static byte[] apply(String binaryName, byte[] classFile) {
        ClassReader reader = ClassFiles.open(binaryName, classFile);
        ClassWriter writer = new ClassWriter(reader, 0);
        Weaver weaver = new Weaver(writer);
        reader.accept(weaver, 0);
        return weaver.changed ? writer.toByteArray() : classFile;
    }

    private static String replacedBy(Method twin) {
        Type[] parameters = Type.getArgumentTypes(twin);
        return parameters[0].getInternalName()
                + "."
                + twin.getName()
                + Type.getMethodDescriptor(
                        Type.getReturnType(twin), Arrays.copyOfRange(parameters, 1, parameters.length));
    }

    private static final class Weaver extends ClassVisitor {
        private boolean hasLambdas;
        private boolean hasAccessor;
        private boolean changed;

        Weaver(ClassVisitor next) {
            super(Opcodes.ASM9, next);
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String name, String descriptor, String signature, String[] exceptions) {
            hasAccessor |= name.equals(ACCESSOR) && descriptor.equals(ACCESSOR_DESCRIPTOR);
            return new CodeWeaver(super.visitMethod(access, name, descriptor, signature, exceptions));
        }

        @Override
        public void visitEnd() {
            if (hasLambdas && !hasAccessor) {
                changed = true;
                MethodVisitor accessor = super.visitMethod(
                        Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC | Opcodes.ACC_SYNTHETIC,
                        ACCESSOR,
                        ACCESSOR_DESCRIPTOR,
                        null,
                        null);
                accessor.visitCode();
                accessor.visitMethodInsn(
                        Opcodes.INVOKESTATIC, "java/lang/invoke/MethodHandles", "lookup", ACCESSOR_DESCRIPTOR, false);
                accessor.visitInsn(Opcodes.ARETURN);
                accessor.visitMaxs(1, 0);
                accessor.visitEnd();
            }
            super.visitEnd();
        }

        private final class CodeWeaver extends MethodVisitor {
            CodeWeaver(MethodVisitor next) {
                super(Opcodes.ASM9, next);
            }

            @Override
            public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrap, Object... arguments) {
                if (!bootstrap.getOwner().equals(METAFACTORY)) {
                    super.visitInvokeDynamicInsn(name, descriptor, bootstrap, arguments);
                    return;
                }
                hasLambdas = true;
                Object[] made;
                if (bootstrap.getName().equals("metafactory")) {
                    made = Arrays.copyOf(arguments, 4);
                    made[3] = LambdaMetafactory.FLAG_SERIALIZABLE;
                } else {
                    made = arguments.clone();
                    made[3] = (Integer) made[3] | LambdaMetafactory.FLAG_SERIALIZABLE;
                }
                made[1] = twinOf((Handle) made[1]);
                changed |= !Arrays.equals(made, arguments);
                super.visitInvokeDynamicInsn(name, descriptor, ALT_METAFACTORY, made);
            }

            @Override
            public void visitMethodInsn(int opcode, String type, String name, String descriptor, boolean ofInterface) {
                String key = type + "." + name + descriptor;
                String staticTwin = opcode == Opcodes.INVOKESTATIC ? STATIC_TWINS.get(key) : null;
                if (staticTwin != null) {
                    changed = true;
                    super.visitMethodInsn(Opcodes.INVOKESTATIC, COMBINATORS, staticTwin, descriptor, false);
                } else if (opcode == Opcodes.INVOKEINTERFACE && INSTANCE_TWINS.contains(key)) {
                    changed = true;
                    super.visitMethodInsn(
                            Opcodes.INVOKESTATIC, COMBINATORS, name, receiverFirst(type, descriptor), false);
                } else if (mayInherit(opcode, type, name + descriptor)) {
                    changed = true;
                    int kind = ofInterface ? Opcodes.H_INVOKEINTERFACE : Opcodes.H_INVOKEVIRTUAL;
                    super.visitInvokeDynamicInsn(
                            name,
                            receiverFirst(type, descriptor),
                            BIND,
                            new Handle(kind, type, name, descriptor, ofInterface));
                } else {
                    super.visitMethodInsn(opcode, type, name, descriptor, ofInterface);
                }
            }

            /** Whether a call may reach the JDK's method through a subtype; {@link Combinators#bind} finds out. */
            private boolean mayInherit(int opcode, String type, String shape) {
                return (opcode == Opcodes.INVOKEINTERFACE || opcode == Opcodes.INVOKEVIRTUAL)
                        && INSTANCE_SHAPES.contains(shape)
                        && (type.startsWith(FUNCTIONS) || !type.startsWith("java/"));
            }

            /** For {@code Predicate::negate}: the twin has the receiver as its first parameter, as the handle has. */
            private Handle twinOf(Handle implementation) {
                String key = implementation.getOwner() + "." + implementation.getName() + implementation.getDesc();
                if (implementation.getTag() == Opcodes.H_INVOKESTATIC && STATIC_TWINS.containsKey(key)) {
                    return new Handle(
                            Opcodes.H_INVOKESTATIC,
                            COMBINATORS,
                            STATIC_TWINS.get(key),
                            implementation.getDesc(),
                            false);
                }
                if (implementation.getTag() == Opcodes.H_INVOKEINTERFACE && INSTANCE_TWINS.contains(key)) {
                    return new Handle(
                            Opcodes.H_INVOKESTATIC,
                            COMBINATORS,
                            implementation.getName(),
                            receiverFirst(implementation.getOwner(), implementation.getDesc()),
                            false);
                }
                return implementation;
            }
        }

        private static String receiverFirst(String type, String descriptor) {
            return "(L" + type + ";" + descriptor.substring(1);
        }
    }
}
