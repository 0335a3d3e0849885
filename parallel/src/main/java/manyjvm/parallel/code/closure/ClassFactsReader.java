package manyjvm.parallel.code.closure;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import manyjvm.parallel.code.classes.ClassFiles;
import manyjvm.parallel.code.classes.RandomSources;
import org.jspecify.annotations.Nullable;
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

/** Reads {@link ClassFacts} from a class file, in one pass. */
final class ClassFactsReader extends ClassVisitor {
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

    private final Set<String> supertypes = new LinkedHashSet<>();
    private final Set<String> kin = new LinkedHashSet<>();
    private final Map<String, ClassFacts.StaticField> staticFields = new HashMap<>();
    private final Set<FieldOfConstants> fieldsOfConstants = new LinkedHashSet<>();
    private final Set<String> constants = new LinkedHashSet<>();
    private final Map<String, ClassFacts.MethodFacts> methods = new HashMap<>();
    private String self = "";
    private @Nullable String above;
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

    private final boolean withOrigins;

    private ClassFactsReader(boolean withOrigins) {
        super(Opcodes.ASM9);
        this.withOrigins = withOrigins;
    }

    static ClassFacts read(String binaryName, byte[] classFile, boolean withOrigins) {
        ClassFactsReader reader = new ClassFactsReader(withOrigins);
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

    @Override
    public void visit(int version, int access, String name, String signature, String superName, String[] interfaces) {
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

    Map<String, ClassFacts.StaticField> staticFields() {
        for (String constant : isOfOneConstant ? Set.of("") : constants) {
            for (FieldOfConstants each : fieldsOfConstants) {
                ClassFacts.StaticField field =
                        ClassFacts.StaticField.ofConstants(each.access(), each.descriptor(), computesConstants);
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
    public @Nullable AnnotationVisitor visitAnnotation(String descriptor, boolean visible) {
        return annotation(descriptor, visible, kin);
    }

    @Override
    public RecordComponentVisitor visitRecordComponent(String name, String descriptor, String signature) {
        addType(Type.getType(descriptor), kin);
        return new RecordComponentVisitor(Opcodes.ASM9) {
            @Override
            public @Nullable AnnotationVisitor visitAnnotation(String type, boolean visible) {
                return annotation(type, visible, kin);
            }
        };
    }

    @Override
    public FieldVisitor visitField(int access, String name, String descriptor, String signature, Object value) {
        addType(Type.getType(descriptor), kin);
        if ((access & Opcodes.ACC_STATIC) != 0) {
            staticFields.put(name, ClassFacts.StaticField.of(access, descriptor, value));
            if ((access & Opcodes.ACC_ENUM) != 0) {
                constants.add(name);
            }
        } else if (isEnum) {
            fieldsOfConstants.add(new FieldOfConstants(access, name, descriptor));
        }
        return new FieldVisitor(Opcodes.ASM9) {
            @Override
            public @Nullable AnnotationVisitor visitAnnotation(String type, boolean visible) {
                return annotation(type, visible, kin);
            }
        };
    }

    @Override
    public MethodVisitor visitMethod(
            int access, String name, String descriptor, String signature, String[] exceptions) {
        boolean isStatic = (access & Opcodes.ACC_STATIC) != 0;
        ClassFacts.MethodFacts facts = new ClassFacts.MethodFacts(isStatic);
        methods.put(name + descriptor, facts);
        addType(Type.getMethodType(descriptor), facts.classes());
        if (exceptions != null) {
            for (String each : exceptions) {
                addInternal(each, facts.classes());
            }
        }
        boolean initializes = name.equals("<clinit>");
        boolean initializesConstants = initializes || isEnum && name.equals("<init>");
        OriginTracker origins = withOrigins ? new OriginTracker(facts, isStatic, initializes, descriptor) : null;
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
                return part.getSort() < Type.ARRAY || ClassFacts.UNCHANGING.contains(part.getDescriptor());
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

    /** Annotations that are there at run time, with the classes and enums that their values name. */
    private static @Nullable AnnotationVisitor annotation(String descriptor, boolean visible, Set<String> names) {
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
            public @Nullable AnnotationVisitor visitAnnotation(String name, String type) {
                return annotation(type, true, names);
            }

            @Override
            public AnnotationVisitor visitArray(String name) {
                return this;
            }
        };
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

    static void addType(Type type, Set<String> names) {
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

    private static class CodeReader extends MethodVisitor {
        private final ClassFacts.MethodFacts facts;

        /** @param origins reads along; may be null */
        CodeReader(ClassFacts.MethodFacts facts, @Nullable OriginTracker origins) {
            super(Opcodes.ASM9, origins);
            this.facts = facts;
        }

        @Override
        public @Nullable AnnotationVisitor visitAnnotation(String descriptor, boolean visible) {
            return annotation(descriptor, visible, facts.classes());
        }

        @Override
        public void visitTypeInsn(int opcode, String type) {
            addInternal(type, facts.classes());
            super.visitTypeInsn(opcode, type);
        }

        @Override
        public void visitMultiANewArrayInsn(String descriptor, int dimensions) {
            addType(Type.getType(descriptor), facts.classes());
            super.visitMultiANewArrayInsn(descriptor, dimensions);
        }

        @Override
        public void visitTryCatchBlock(Label start, Label end, Label handler, String type) {
            addInternal(type, facts.classes());
            super.visitTryCatchBlock(start, end, handler, type);
        }

        @Override
        public void visitLdcInsn(Object value) {
            constant(value);
            super.visitLdcInsn(value);
        }

        @Override
        public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
            field(opcode == Opcodes.GETSTATIC, opcode == Opcodes.PUTSTATIC, owner, name, descriptor);
            super.visitFieldInsn(opcode, owner, name, descriptor);
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean ofInterface) {
            call(owner, name, descriptor);
            super.visitMethodInsn(opcode, owner, name, descriptor, ofInterface);
        }

        @Override
        public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrap, Object... arguments) {
            super.visitInvokeDynamicInsn(name, descriptor, bootstrap, arguments);
            addType(Type.getMethodType(descriptor), facts.classes());
            handle(bootstrap);
            for (Object argument : arguments) {
                constant(argument);
            }
        }

        private void constant(Object value) {
            if (value instanceof Type type) {
                addType(type, facts.classes());
            } else if (value instanceof Handle handle) {
                handle(handle);
            } else if (value instanceof ConstantDynamic dynamic) {
                addType(Type.getType(dynamic.getDescriptor()), facts.classes());
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
            addInternal(owner, facts.classes());
            addType(Type.getType(descriptor), facts.classes());
            if ((read || write) && !owner.startsWith("java/")) {
                (read ? facts.reads() : facts.writes())
                        .add(new ClassFacts.Member(owner.replace('/', '.'), name, descriptor));
            }
        }

        private void call(String owner, String name, String descriptor) {
            addInternal(owner, facts.classes());
            addType(Type.getMethodType(descriptor), facts.classes());
            if (!owner.startsWith("java/") && !owner.startsWith("[")) {
                facts.calls().add(new ClassFacts.Member(owner.replace('/', '.'), name, descriptor));
            }
        }
    }
}
