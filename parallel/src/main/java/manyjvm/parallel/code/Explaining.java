package manyjvm.parallel.code;

import java.lang.reflect.Array;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import manyjvm.parallel.NotShippableException;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.code.classes.ClassFiles;
import manyjvm.parallel.code.closure.Closure;
import manyjvm.parallel.code.graph.ObjectCodec;
import manyjvm.parallel.code.graph.TypeNames;
import manyjvm.parallel.code.lambda.LambdaForm;
import manyjvm.parallel.code.lambda.SerializedLambdas;
import manyjvm.parallel.spi.Explanation;
import manyjvm.parallel.spi.Explanation.Part;
import manyjvm.parallel.spi.Explanation.Way;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Tells, part by part, what one {@link Packing} took along. It packs as a submission does and looks at the outcome, so that
 * the two cannot disagree; only what cannot travel is noted, where a submission ends with the first of it. Used by one thread.
 */
final class Explaining {
    /** Methods of a wrapper that no user wrote. */
    private static final List<String> MADE = List.of("do_it$", "lambda$", "access$", "$", "<");

    private final Session session;
    private final ObjectCodec codec;

    /** By the name of what is refused. */
    private final Map<String, NotShippableException> refused = new LinkedHashMap<>();

    Explaining(Session session, ObjectCodec codec) {
        this.session = session;
        this.codec = codec;
    }

    /** What a packing that is to be told of does with what it cannot take along. */
    Packing.Refusals refusals() {
        return new Packing.Refusals() {
            @Override
            public void begin() {
                refused.clear();
            }

            @Override
            public void refused(String name, NotShippableException why) {
                refused.put(name, why);
            }
        };
    }

    /** Of a function of which nothing could be looked at. */
    static Explanation of(NotShippableException refusal) {
        return new Explanation(List.of(), 0, List.of(refusal.getMessage()), List.of());
    }

    /** @param classFileSize of a session class as it travels */
    Explanation of(Packing.Packed packed, ToLongFunction<Class<?>> classFileSize) {
        Closure closure = packed.snapshot().closure();
        List<Part> parts = new ArrayList<>();
        for (Class<?> type : closure.classes()) {
            parts.add(code(type, closure, classFileSize.applyAsLong(type)));
        }
        @Nullable Object[] captured = packed.form().map(LambdaForm::captured).orElse(new @Nullable Object[0]);
        for (int i = 0; i < captured.length; i++) {
            boolean wholly = !refused.containsKey(Packing.CAPTURED);
            parts.add(value("captured[" + i + "]", "", "", captured[i], wholly || travels(captured[i])));
        }
        for (int i = 0; i < closure.variables().size(); i++) {
            parts.add(variable(closure.variables().get(i), packed.snapshot().values()[i], packed.contents()));
        }
        for (Path entry : session.source.classPath()) {
            parts.add(new Part(String.valueOf(entry.getFileName()), "class path", "", Way.OWN, 0));
        }
        Bundle bundle = packed.bundle();
        long bytes = closure.classes().stream().mapToLong(classFileSize).sum()
                + bundle.graph().length
                + bundle.blobs().stream().mapToLong(Bundle.BlobReference::bytes).sum();
        List<String> refusals =
                refused.values().stream().map(NotShippableException::getMessage).toList();
        return new Explanation(parts, refusals.isEmpty() ? bytes : 0, refusals, List.of());
    }

    private Part variable(Closure.Variable variable, @Nullable Object value, List<VariableContent> contents) {
        String name = variable.shownName();
        String place = place(variable.owner());
        String declared = Type.getType(variable.descriptor()).getClassName();
        boolean sent = contents.stream().anyMatch(each -> each.variable() == variable && value != Snapshot.UNREAD);
        if (sent || refused.containsKey(name)) {
            return value(name, declared, place, value, sent);
        }
        return new Part(name, shown(declared), place, Way.OWN, 0);
    }

    /** @param declared its type where it is null */
    private Part value(String name, String declared, String place, @Nullable Object value, boolean travels) {
        String type = value == null ? shown(declared) : typeOf(value);
        if (!travels) {
            return new Part(name, type, place, Way.REFUSED, 0);
        }
        return new Part(name, type, place, value instanceof Shared ? Way.SHARED : Way.COPY, size(value));
    }

    private boolean travels(@Nullable Object value) {
        try {
            return size(value) >= 0;
        } catch (NotShippableException refusal) {
            return false;
        }
    }

    /** In bytes, as it is written; large arrays are counted, not written. */
    private long size(@Nullable Object value) {
        long[] arrays = new long[1];
        int rest = codec.encodePart(value, array -> {
                    arrays[0] += (long) Array.getLength(array) * width(array);
                    return "";
                })
                .encoded()
                .bytes()
                .length;
        return rest + arrays[0];
    }

    private static int width(Object array) {
        return switch (Type.getDescriptor(array.getClass().getComponentType())) {
            case "J", "D" -> Long.BYTES;
            case "I", "F" -> Integer.BYTES;
            case "S", "C" -> Short.BYTES;
            default -> 1;
        };
    }

    // ---- names and places ----------------------------------------------------------------------------------------

    private Part code(Class<?> type, Closure closure, long bytes) {
        String place = place(type);
        if (!session.source.isWrapper(type)) {
            return new Part(shown(type.getName()), kind(type), place, Way.CODE, bytes);
        }
        Set<String> methods = session.closures.facts(type).methods().keySet().stream()
                .map(method -> method.substring(0, method.indexOf('(')))
                .filter(method -> MADE.stream().noneMatch(method::startsWith))
                .collect(Collectors.toSet());
        if (!methods.isEmpty()) {
            return new Part(String.join(", ", methods), "method", place, Way.CODE, bytes);
        }
        String declared = Stream.concat(
                        closure.variables().stream()
                                .filter(variable -> variable.owner() == type)
                                .map(Closure.Variable::name),
                        closure.classes().stream()
                                .map(Class::getName)
                                .filter(name -> name.startsWith(type.getName() + "$"))
                                .map(this::shown))
                .distinct()
                .collect(Collectors.joining(", "));
        return declared.isEmpty()
                ? new Part("lambda", "code of the cell", place, Way.CODE, bytes)
                : new Part(declared, "declaration", place, Way.CODE, bytes);
    }

    private static String kind(Class<?> type) {
        return type.isRecord() ? "record" : type.isEnum() ? "enum" : type.isInterface() ? "interface" : "class";
    }

    /** The cell stands in the class file as its source. */
    private String place(Class<?> type) {
        String[] source = {""};
        ClassFiles.open(type.getName(), session.source.bytes(type))
                .accept(
                        new ClassVisitor(Opcodes.ASM9) {
                            @Override
                            public void visitSource(String file, String debug) {
                                source[0] = file == null ? "" : file;
                            }
                        },
                        ClassReader.SKIP_CODE);
        return source[0];
    }

    private String typeOf(Object value) {
        if (SerializedLambdas.isLambda(value)) {
            return Arrays.stream(value.getClass().getInterfaces())
                    .map(Class::getSimpleName)
                    .findFirst()
                    .orElse("lambda");
        }
        return shown(TypeNames.nameOf(value.getClass()));
    }

    /** A type as its user calls it: without the session's wrapper, and without the JDK's packages. */
    private String shown(String type) {
        String element = type.replaceAll("(\\[])+$", "");
        String located = session.source
                .locate(new StackTraceElement(element, "", null, 0))
                .getClassName();
        return located.replaceAll("(?U)\\b(?:\\p{Ll}\\w*\\.)+(?=\\p{Lu})", "") + type.substring(element.length());
    }
}
