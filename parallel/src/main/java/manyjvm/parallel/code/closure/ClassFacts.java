package manyjvm.parallel.code.closure;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
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
    static final Set<String> UNCHANGING = Set.of(
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

    /**
     * @param travels whether it is the user's to change: not for what the compiler made for itself, for enum constants, and
     *     for constants, whose value stands in the code that uses them
     */
    public record StaticField(String descriptor, boolean isFinal, boolean travels) {
        static StaticField of(int access, String descriptor, @Nullable Object constant) {
            boolean isFinal = (access & Opcodes.ACC_FINAL) != 0;
            boolean given = (access & (Opcodes.ACC_SYNTHETIC | Opcodes.ACC_ENUM)) != 0 || isFinal && constant != null;
            return new StaticField(descriptor, isFinal, !given);
        }

        /** The same of an instance field of an enum's constants. */
        static StaticField ofConstants(int access, String descriptor, boolean computed) {
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
        MethodFacts(boolean isStatic) {
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

    /** Cost: one pass over the class file, some tens of microseconds. */
    public static ClassFacts read(String binaryName, byte[] classFile) {
        return ClassFactsReader.read(binaryName, classFile, true);
    }

    /** The same, but {@code changes}, {@code passes} and {@code returns} stay empty, which costs half as much. */
    public static ClassFacts readWithoutOrigins(String binaryName, byte[] classFile) {
        return ClassFactsReader.read(binaryName, classFile, false);
    }

    /** The classes of the session that a method or field descriptor may name. */
    public static Set<String> named(String descriptor) {
        Set<String> names = new LinkedHashSet<>();
        ClassFactsReader.addType(Type.getType(descriptor), names);
        return names;
    }
}
