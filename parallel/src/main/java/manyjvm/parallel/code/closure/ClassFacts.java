package manyjvm.parallel.code.closure;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import manyjvm.parallel.code.classes.ClassFiles;
import manyjvm.parallel.code.classes.RandomSources;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.RecordComponentVisitor;
import org.objectweb.asm.Type;

/**
 * What the class file of a session class says about other classes, methods and static fields. Class names are binary names;
 * names of the JDK are left out, since no session class can be among them. Generic signatures are not read: nothing but
 * reflection looks at them, and a worker then asks for the class.
 *
 * @param supertypes superclass and interfaces
 * @param kin the other classes that its declaration names: field types, nest, permitted subclasses, inner classes,
 *     annotations
 * @param staticFields its own static fields, by name; of an enum also the instance fields of each constant that may ever hold
 *     something else than its initializer made, by the constant's name, a dot and their own. The class of a constant with a
 *     body has its own under a dot and their name
 * @param constants names of its enum constants
 * @param computesConstants whether the fields of its constants are made of more than what stands there: another JVM may then
 *     make something else
 * @param methods by name and descriptor
 * @param freshRandom whether its initializer makes sources of random numbers, and nothing in it gives such a source a seed
 */
public record ClassFacts(
        boolean isInterface,
        Set<String> supertypes,
        Set<String> kin,
        Map<String, StaticField> staticFields,
        Set<String> constants,
        boolean computesConstants,
        Map<String, MethodFacts> methods,
        boolean freshRandom) {

    /** Types of final fields that hold one value for good. */
    private static final Set<String> UNCHANGING = Set.of(
            "Ljava/lang/String;",
            "Ljava/lang/Integer;",
            "Ljava/lang/Long;",
            "Ljava/lang/Double;",
            "Ljava/lang/Float;",
            "Ljava/lang/Boolean;",
            "Ljava/lang/Character;",
            "Ljava/lang/Short;",
            "Ljava/lang/Byte;",
            "Ljava/lang/Class;");

    /** Types of the JDK whose objects may hold a time, random numbers or an identity, though their constructors look plain. */
    private static final Set<String> COMPUTING = Set.of(
            "java/lang/Object",
            "java/lang/Thread",
            "java/math/BigInteger", // prime, or of random bits
            "java/rmi/dgc/VMID",
            "java/rmi/server/ObjID",
            "java/rmi/server/UID",
            "java/security/SecureRandom",
            "java/util/Date",
            "java/util/GregorianCalendar",
            "java/util/Random",
            "java/util/SplittableRandom");

    /**
     * @param travels whether it is the user's to change: not for what the compiler made for itself, for enum constants, and
     *     for constants, whose value stands in the code that uses them
     */
    public record StaticField(String descriptor, boolean isFinal, boolean travels) {
        static StaticField of(int access, String descriptor, Object constant) {
            boolean isFinal = (access & Opcodes.ACC_FINAL) != 0;
            boolean given = (access & (Opcodes.ACC_SYNTHETIC | Opcodes.ACC_ENUM)) != 0 || isFinal && constant != null;
            return new StaticField(descriptor, isFinal, !given);
        }

        /** The same of an instance field of an enum's constants. */
        private static StaticField ofConstants(int access, String descriptor, boolean computed) {
            boolean isFinal = (access & Opcodes.ACC_FINAL) != 0;
            boolean unchanging = isFinal && (descriptor.length() == 1 || UNCHANGING.contains(descriptor));
            boolean aside = (access & (Opcodes.ACC_SYNTHETIC | Opcodes.ACC_TRANSIENT)) != 0;
            return new StaticField(descriptor, isFinal, !aside && (computed || !unchanging));
        }

        /** Whether workers must open it to set it. */
        public boolean isOpened() {
            return isFinal && travels;
        }
    }

    /** Whether workers must open this instance field of its constants. */
    boolean opensOfConstants(String field) {
        return staticFields.entrySet().stream()
                .anyMatch(each -> StaticHandle.isOfConstant(each.getKey())
                        && each.getKey().endsWith("." + field)
                        && each.getValue().isOpened());
    }

    public record Member(String owner, String name, String descriptor) {
        String key() {
            return name + descriptor;
        }
    }

    /**
     * @param classes all classes that the signature or the code names, owners of members included
     * @param changes which objects from elsewhere it changes, or enters the monitors of
     * @param passes where it gives objects from elsewhere to other methods of the user's
     * @param returns which objects from elsewhere it gives back
     */
    public record MethodFacts(
            boolean isStatic,
            Set<String> classes,
            Set<Member> calls,
            Set<Member> reads,
            Set<Member> writes,
            Set<Origin.Change> changes,
            Set<Origin.Call> passes,
            Set<Origin> returns) {
        private MethodFacts(boolean isStatic) {
            this(
                    isStatic,
                    new LinkedHashSet<>(),
                    new LinkedHashSet<>(),
                    new LinkedHashSet<>(),
                    new LinkedHashSet<>(),
                    new LinkedHashSet<>(),
                    new LinkedHashSet<>(),
                    new LinkedHashSet<>());
        }
    }

    public static ClassFacts read(String binaryName, byte[] classFile) {
        Reader reader = new Reader();
        ClassFiles.open(binaryName, classFile).accept(reader, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        return new ClassFacts(
                reader.isInterface,
                reader.supertypes,
                reader.kin,
                reader.staticFields(),
                reader.constants,
                reader.computesConstants,
                reader.methods,
                reader.makesRandom && !reader.seedsRandom);
    }

    /** The classes of the session that a method or field descriptor may name. */
    public static Set<String> named(String descriptor) {
        Set<String> names = new LinkedHashSet<>();
        addType(Type.getType(descriptor), names);
        return names;
    }

    private static void addInternal(String internalName, Set<String> names) {
        if (internalName == null) {
            return;
        }
        if (internalName.startsWith("[")) {
            addType(Type.getType(internalName), names);
        } else if (!internalName.startsWith("java/")) {
            names.add(internalName.replace('/', '.'));
        }
    }

    private static void addType(Type type, Set<String> names) {
        switch (type.getSort()) {
            case Type.ARRAY -> addType(type.getElementType(), names);
            case Type.OBJECT -> addInternal(type.getInternalName(), names);
            case Type.METHOD -> {
                addType(type.getReturnType(), names);
                for (Type parameter : type.getArgumentTypes()) {
                    addType(parameter, names);
                }
            }
            default -> {
                // a primitive type names no class
            }
        }
    }

    private static final class Reader extends ClassVisitor {
        private final Set<String> supertypes = new LinkedHashSet<>();
        private final Set<String> kin = new LinkedHashSet<>();
        private final Map<String, StaticField> staticFields = new HashMap<>();
        private final Set<FieldOfConstants> fieldsOfConstants = new LinkedHashSet<>();
        private final Set<String> constants = new LinkedHashSet<>();
        private final Map<String, MethodFacts> methods = new HashMap<>();
        private String self;
        private String above;
        private boolean isInterface;
        private boolean isEnum; // or the class of a constant with a body
        private boolean isOfOneConstant;
        private final Set<String> enums = new LinkedHashSet<>(); // those it names that are nested in classes
        private final Set<String> bodies = new LinkedHashSet<>(); // the classes of its constants with bodies
        private boolean computesConstants;
        private boolean hasMadeConstants; // while its initializer is read
        private boolean makesRandom;
        private boolean seedsRandom;

        private record FieldOfConstants(int access, String name, String descriptor) {}

        Reader() {
            super(Opcodes.ASM9);
        }

        @Override
        public void visit(
                int version, int access, String name, String signature, String superName, String[] interfaces) {
            self = name;
            above = superName;
            isInterface = (access & Opcodes.ACC_INTERFACE) != 0;
            isEnum = (access & Opcodes.ACC_ENUM) != 0;
            isOfOneConstant = isEnum && !"java/lang/Enum".equals(superName);
            addInternal(superName, supertypes);
            for (String each : interfaces) {
                addInternal(each, supertypes);
            }
        }

        Map<String, StaticField> staticFields() {
            for (String constant : isOfOneConstant ? Set.of("") : constants) {
                for (FieldOfConstants each : fieldsOfConstants) {
                    StaticField field = StaticField.ofConstants(each.access(), each.descriptor(), computesConstants);
                    if (field.travels()) {
                        staticFields.put(constant + "." + each.name(), field);
                    }
                }
            }
            return staticFields;
        }

        @Override
        public void visitNestHost(String nestHost) {
            addInternal(nestHost, kin);
        }

        @Override
        public void visitNestMember(String nestMember) {
            addInternal(nestMember, kin);
        }

        @Override
        public void visitPermittedSubclass(String permittedSubclass) {
            addInternal(permittedSubclass, kin);
        }

        @Override
        public void visitOuterClass(String owner, String name, String descriptor) {
            addInternal(owner, kin);
        }

        @Override
        public void visitInnerClass(String name, String outerName, String innerName, int access) {
            if ((access & Opcodes.ACC_ENUM) != 0) {
                (innerName == null ? bodies : enums).add(name);
            }
            if (name.equals(self) || self.equals(outerName)) {
                addInternal(name, kin);
                addInternal(outerName, kin);
            }
        }

        @Override
        public AnnotationVisitor visitAnnotation(String descriptor, boolean visible) {
            return annotation(descriptor, visible, kin);
        }

        @Override
        public RecordComponentVisitor visitRecordComponent(String name, String descriptor, String signature) {
            addType(Type.getType(descriptor), kin);
            return new RecordComponentVisitor(Opcodes.ASM9) {
                @Override
                public AnnotationVisitor visitAnnotation(String type, boolean visible) {
                    return annotation(type, visible, kin);
                }
            };
        }

        @Override
        public FieldVisitor visitField(int access, String name, String descriptor, String signature, Object value) {
            addType(Type.getType(descriptor), kin);
            if ((access & Opcodes.ACC_STATIC) != 0) {
                staticFields.put(name, StaticField.of(access, descriptor, value));
                if ((access & Opcodes.ACC_ENUM) != 0) {
                    constants.add(name);
                }
            } else if (isEnum) {
                fieldsOfConstants.add(new FieldOfConstants(access, name, descriptor));
            }
            return new FieldVisitor(Opcodes.ASM9) {
                @Override
                public AnnotationVisitor visitAnnotation(String type, boolean visible) {
                    return annotation(type, visible, kin);
                }
            };
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String name, String descriptor, String signature, String[] exceptions) {
            boolean isStatic = (access & Opcodes.ACC_STATIC) != 0;
            MethodFacts facts = new MethodFacts(isStatic);
            methods.put(name + descriptor, facts);
            addType(Type.getMethodType(descriptor), facts.classes);
            if (exceptions != null) {
                for (String each : exceptions) {
                    addInternal(each, facts.classes);
                }
            }
            boolean initializes = name.equals("<clinit>");
            boolean initializesConstants = initializes || isEnum && name.equals("<init>");
            OriginTracker origins = new OriginTracker(facts, isStatic, initializes, descriptor);
            return new CodeReader(facts, origins) {
                @Override
                public void visitMethodInsn(int opcode, String owner, String called, String type, boolean ofInterface) {
                    super.visitMethodInsn(opcode, owner, called, type, ofInterface);
                    makesRandom |= initializesConstants && RandomSources.isFresh(owner, called, type);
                    seedsRandom |= RandomSources.isSeeded(owner, called, type);
                    computesConstants |= makesConstants() && !isPlain(owner, called);
                }

                @Override
                public void visitFieldInsn(int opcode, String owner, String field, String type) {
                    super.visitFieldInsn(opcode, owner, field, type);
                    hasMadeConstants |= initializes && opcode == Opcodes.PUTSTATIC && field.equals("$VALUES");
                    computesConstants |= makesConstants() && !isPlain(opcode, owner, type);
                }

                @Override
                public void visitInvokeDynamicInsn(String name, String type, Handle bootstrap, Object... arguments) {
                    super.visitInvokeDynamicInsn(name, type, bootstrap, arguments);
                    boolean plain = bootstrap.getOwner().equals("java/lang/invoke/LambdaMetafactory")
                            || Arrays.stream(Type.getArgumentTypes(type)).allMatch(this::isText);
                    computesConstants |= makesConstants() && !plain;
                }

                /** Whether it has but one text, in each JVM. */
                private boolean isText(Type part) {
                    return part.getSort() < Type.ARRAY || UNCHANGING.contains(part.getDescriptor());
                }

                private boolean makesConstants() {
                    return isEnum && initializesConstants && !(initializes && hasMadeConstants);
                }
            };
        }

        /**
         * Whether a field is what another JVM has there, too. In the class of one constant nothing is known of the fields that
         * the enum declares, and javac names all as its own.
         */
        private boolean isPlain(int opcode, String owner, String type) {
            return switch (opcode) {
                case Opcodes.GETSTATIC ->
                    owner.startsWith("java/")
                            || owner.equals(self)
                            || enums.contains(owner) && type.equals("L" + owner + ";");
                case Opcodes.GETFIELD -> owner.equals(self) && !isOfOneConstant;
                default -> true;
            };
        }

        /** Whether a method gives the same in each JVM, when it is given the same. Constructors of the user's may do anything. */
        private boolean isPlain(String owner, String called) {
            return switch (owner) {
                case "java/lang/String", "java/util/regex/Pattern", "java/time/Duration", "java/time/Period" -> true;
                case "java/util/List", "java/util/Set", "java/util/Map" ->
                    called.startsWith("of") || called.equals("entry");
                case "java/lang/Math" -> !called.equals("random");
                default ->
                    called.equals("<init>") && makesPlain(owner)
                            || called.equals("valueOf") && owner.startsWith("java/")
                            || owner.equals(self)
                                    && Set.of("$values", "name", "ordinal").contains(called);
            };
        }

        private boolean makesPlain(String owner) {
            return owner.equals(self)
                    || bodies.contains(owner)
                    || isOfOneConstant && owner.equals(above)
                    || owner.startsWith("java/") && !COMPUTING.contains(owner);
        }
    }

    /** Annotations that are there at run time, with the classes and enums that their values name. */
    private static AnnotationVisitor annotation(String descriptor, boolean visible, Set<String> names) {
        if (!visible) {
            return null;
        }
        addType(Type.getType(descriptor), names);
        return new AnnotationVisitor(Opcodes.ASM9) {
            @Override
            public void visit(String name, Object value) {
                if (value instanceof Type type) {
                    addType(type, names);
                }
            }

            @Override
            public void visitEnum(String name, String type, String value) {
                addType(Type.getType(type), names);
            }

            @Override
            public AnnotationVisitor visitAnnotation(String name, String type) {
                return annotation(type, true, names);
            }

            @Override
            public AnnotationVisitor visitArray(String name) {
                return this;
            }
        };
    }

    private static class CodeReader extends MethodVisitor {
        private final MethodFacts facts;
        private final OriginTracker origins;

        CodeReader(MethodFacts facts, OriginTracker origins) {
            super(Opcodes.ASM9);
            this.facts = facts;
            this.origins = origins;
        }

        @Override
        public void visitInsn(int opcode) {
            origins.instruction(opcode);
        }

        @Override
        public void visitIntInsn(int opcode, int operand) {
            if (opcode == Opcodes.NEWARRAY) {
                origins.newArray(1);
            } else {
                origins.constant(1);
            }
        }

        @Override
        public void visitVarInsn(int opcode, int index) {
            origins.local(opcode, index);
        }

        @Override
        public void visitJumpInsn(int opcode, Label target) {
            origins.jump(opcode, target);
        }

        @Override
        public void visitTableSwitchInsn(int least, int most, Label otherwise, Label... targets) {
            origins.choice(otherwise, targets);
        }

        @Override
        public void visitLookupSwitchInsn(Label otherwise, int[] keys, Label[] targets) {
            origins.choice(otherwise, targets);
        }

        @Override
        public void visitLabel(Label label) {
            origins.label(label);
        }

        @Override
        public AnnotationVisitor visitAnnotation(String descriptor, boolean visible) {
            return annotation(descriptor, visible, facts.classes);
        }

        @Override
        public void visitTypeInsn(int opcode, String type) {
            addInternal(type, facts.classes);
            origins.type(opcode);
        }

        @Override
        public void visitMultiANewArrayInsn(String descriptor, int dimensions) {
            addType(Type.getType(descriptor), facts.classes);
            origins.newArray(dimensions);
        }

        @Override
        public void visitTryCatchBlock(Label start, Label end, Label handler, String type) {
            addInternal(type, facts.classes);
            origins.handler(handler);
        }

        @Override
        public void visitLdcInsn(Object value) {
            constant(value);
            boolean wide = value instanceof Long
                    || value instanceof Double
                    || value instanceof ConstantDynamic dynamic && dynamic.getSize() == 2;
            origins.constant(wide ? 2 : 1);
        }

        @Override
        public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
            field(opcode == Opcodes.GETSTATIC, opcode == Opcodes.PUTSTATIC, owner, name, descriptor);
            origins.field(opcode, new Member(owner.replace('/', '.'), name, descriptor));
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean ofInterface) {
            call(owner, name, descriptor);
            origins.call(opcode == Opcodes.INVOKESTATIC, owner, name, descriptor);
        }

        @Override
        public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrap, Object... arguments) {
            origins.dynamic(descriptor, arguments);
            addType(Type.getMethodType(descriptor), facts.classes);
            handle(bootstrap);
            for (Object argument : arguments) {
                constant(argument);
            }
        }

        private void constant(Object value) {
            if (value instanceof Type type) {
                addType(type, facts.classes);
            } else if (value instanceof Handle handle) {
                handle(handle);
            } else if (value instanceof ConstantDynamic dynamic) {
                addType(Type.getType(dynamic.getDescriptor()), facts.classes);
                handle(dynamic.getBootstrapMethod());
                for (int i = 0; i < dynamic.getBootstrapMethodArgumentCount(); i++) {
                    constant(dynamic.getBootstrapMethodArgument(i));
                }
            }
        }

        private void handle(Handle handle) {
            int kind = handle.getTag();
            if (kind <= Opcodes.H_PUTSTATIC) {
                field(
                        kind == Opcodes.H_GETSTATIC,
                        kind == Opcodes.H_PUTSTATIC,
                        handle.getOwner(),
                        handle.getName(),
                        handle.getDesc());
            } else {
                call(handle.getOwner(), handle.getName(), handle.getDesc());
            }
        }

        private void field(boolean read, boolean write, String owner, String name, String descriptor) {
            addInternal(owner, facts.classes);
            addType(Type.getType(descriptor), facts.classes);
            if ((read || write) && !owner.startsWith("java/")) {
                (read ? facts.reads : facts.writes).add(new Member(owner.replace('/', '.'), name, descriptor));
            }
        }

        private void call(String owner, String name, String descriptor) {
            addInternal(owner, facts.classes);
            addType(Type.getMethodType(descriptor), facts.classes);
            if (!owner.startsWith("java/") && !owner.startsWith("[")) {
                facts.calls.add(new Member(owner.replace('/', '.'), name, descriptor));
            }
        }
    }
}
