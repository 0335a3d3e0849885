package manyjvm.kernel.session.source;

import com.sun.source.tree.AnnotatedTypeTree;
import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.InstanceOfTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewArrayTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ParameterizedTypeTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TypeCastTree;
import com.sun.source.tree.TypeParameterTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePathScanner;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import manyjvm.kernel.spi.JavaLexeme;
import manyjvm.kernel.spi.ParsedJava;

/** What can be told of a snippet by parsing alone. JShell's own analysis takes {@code int = 3;} for complete. */
public final class Syntax {
    private static final String PART = "\\p{javaJavaIdentifierPart}";
    private static final Pattern WORD = Pattern.compile("(?<!" + PART + ")\\p{javaJavaIdentifierStart}" + PART + "*");
    private static final Pattern TYPE = Pattern.compile("\\b(?:class|interface|enum|record)\\s+(" + PART + "+)");
    private static final Pattern MEMBER =
            Pattern.compile("^[" + PART + "<>\\[\\],.?&\\s]+?\\s(" + PART + "+)\\s*[=(;]");

    private static final String IMPORT = "import";

    private static final String CLASS = "class $Trial { ";

    private static final int MOST_KNOWN = 256;

    /** A longer snippet is parsed each time, rather than kept. */
    private static final int LONGEST_KNOWN = 4096;

    private static final Map<String, Optional<Frame>> FRAMES = ofTheLastSnippets();
    private static final Map<String, List<Type>> TYPES = ofTheLastSnippets();

    private Syntax() {}

    /** Each statement of a cell is asked for several times, and costs up to three parses. */
    private static <T> Map<String, T> ofTheLastSnippets() {
        return Collections.synchronizedMap(new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, T> eldest) {
                return size() > MOST_KNOWN;
            }
        });
    }

    /** What stands around a snippet that is no import when it is looked at as a part of a class. */
    public enum Frame {
        STATEMENTS("void $trial() throws Throwable { ", "\n}"),
        EXPRESSION("Object $trial() throws Throwable { return ", "\n; }"),
        MEMBER("", "\n");

        private final String before;
        private final String after;

        Frame(String before, String after) {
            this.before = before;
            this.after = after;
        }

        /** Where the snippet begins in {@link #member}. */
        public int offset() {
            return before.length();
        }

        /** A member of a class that holds the snippet, as it is, behind {@link #before}. */
        public String member(String source) {
            return before + (this == EXPRESSION ? source.stripTrailing().replaceFirst(";$", "") : source) + after;
        }

        /** The first frame that makes it Java, whatever its names mean. */
        public static Optional<Frame> of(String source) {
            return source.length() > LONGEST_KNOWN ? find(source) : FRAMES.computeIfAbsent(source, Frame::find);
        }

        private static Optional<Frame> find(String source) {
            for (Frame frame : values()) {
                if (parses(CLASS + frame.member(source) + " }")) {
                    return Optional.of(frame);
                }
            }
            return Optional.empty();
        }
    }

    /** Whether it begins as an import does, and not with a longer name. */
    public static boolean isImport(String source) {
        return source.startsWith(IMPORT)
                && (source.length() == IMPORT.length()
                        || !Character.isJavaIdentifierPart(source.codePointAt(IMPORT.length())));
    }

    /** The words of a text that can be names, in the order of the text. */
    public static Stream<MatchResult> words(String text) {
        return WORD.matcher(text).results();
    }

    /** The {@link #words} of a text, each once. */
    public static Set<String> wordsIn(String text) {
        return words(text).map(MatchResult::group).collect(Collectors.toSet());
    }

    /** Whether it is an import, a declaration, or statements, whatever its names mean. */
    public static boolean isJava(String source) {
        return isImport(source) && parses(source) || Frame.of(source).isPresent();
    }

    /** Whether it may stand within a block. */
    public static boolean isLocal(String source) {
        return Frame.of(source).filter(frame -> frame != Frame.MEMBER).isPresent();
    }

    /**
     * A simple name in a snippet.
     *
     * @param offset where it begins
     * @param place where its qualifier belongs: in front of the annotations of a type
     */
    public record Name(String name, int offset, int place) {}

    /**
     * The simple names that a snippet uses.
     *
     * @param types where it can only be a type
     * @param typesOrVariables in front of a dot: a type, unless a variable of the name is known
     * @param calls of methods without a qualifier
     * @param declaredTypes which the snippet declares itself
     * @param declaredVariables likewise; also fields and parameters
     * @param declaredMethods likewise
     * @param supertypes of the classes that it declares, as written; also of those without a name
     */
    public record Names(
            Set<Name> types,
            Set<Name> typesOrVariables,
            Set<Name> calls,
            Set<String> declaredTypes,
            Set<String> declaredVariables,
            Set<String> declaredMethods,
            Set<String> supertypes) {}

    /** Whether a name that is a child of this tree can only be a type there. */
    private static boolean isTypeOf(Tree parent, Tree name) {
        return switch (parent.getKind()) {
            case VARIABLE -> ((VariableTree) parent).getType() == name;
            case NEW_CLASS ->
                ((NewClassTree) parent).getIdentifier() == name
                        || ((NewClassTree) parent).getTypeArguments().contains(name);
            case METHOD_INVOCATION ->
                ((MethodInvocationTree) parent).getTypeArguments().contains(name);
            case MEMBER_REFERENCE -> {
                List<? extends Tree> arguments = ((MemberReferenceTree) parent).getTypeArguments();
                yield arguments != null && arguments.contains(name);
            }
            case NEW_ARRAY -> ((NewArrayTree) parent).getType() == name;
            case TYPE_CAST -> ((TypeCastTree) parent).getType() == name;
            case INSTANCE_OF -> ((InstanceOfTree) parent).getType() == name;
            case ANNOTATION -> ((AnnotationTree) parent).getAnnotationType() == name;
            case METHOD,
                    CLASS,
                    INTERFACE,
                    RECORD,
                    ENUM,
                    PARAMETERIZED_TYPE,
                    ARRAY_TYPE,
                    ANNOTATED_TYPE,
                    UNION_TYPE,
                    INTERSECTION_TYPE,
                    TYPE_PARAMETER,
                    EXTENDS_WILDCARD,
                    SUPER_WILDCARD -> true;
            // JDK 17 has no name for the kind; the other children of a record pattern are patterns.
            default -> parent.getKind().name().equals("DECONSTRUCTION_PATTERN");
        };
    }

    public static Names names(String source, Frame frame) {
        String unit = CLASS + frame.member(source) + " }";
        int shift = CLASS.length() + frame.before.length();
        Names names = new Names(
                new LinkedHashSet<>(),
                new LinkedHashSet<>(),
                new LinkedHashSet<>(),
                new HashSet<>(),
                new HashSet<>(),
                new HashSet<>(),
                new HashSet<>());
        ParsedJava parsed = ParsedJava.of(unit);
        new TreePathScanner<Void, Void>() {
            @Override
            public Void visitIdentifier(IdentifierTree node, Void nothing) {
                Tree parent = getCurrentPath().getParentPath().getLeaf();
                Tree annotated = parent instanceof AnnotatedTypeTree ? parent : node;
                Name name = new Name(
                        node.getName().toString(), parsed.start(node) - shift, parsed.start(annotated) - shift);
                if (!source.startsWith(name.name(), name.offset())) {
                    return null; // an enum constant's type, of which only the constant is written
                }
                if (isTypeOf(parent, node)) {
                    names.types().add(name);
                } else if (parent instanceof MemberSelectTree || parent instanceof MemberReferenceTree) {
                    names.typesOrVariables().add(name);
                } else if (parent instanceof MethodInvocationTree call && call.getMethodSelect() == node) {
                    names.calls().add(name);
                }
                return null;
            }

            @Override
            public Void visitClass(ClassTree node, Void nothing) {
                names.declaredTypes().add(node.getSimpleName().toString());
                if (node.getExtendsClause() != null) {
                    names.supertypes().add(typeName(node.getExtendsClause()));
                }
                node.getImplementsClause().forEach(one -> names.supertypes().add(typeName(one)));
                return super.visitClass(node, nothing);
            }

            @Override
            public Void visitNewClass(NewClassTree node, Void nothing) {
                if (node.getClassBody() != null) {
                    names.supertypes().add(typeName(node.getIdentifier()));
                }
                return super.visitNewClass(node, nothing);
            }

            @Override
            public Void visitMethod(MethodTree node, Void nothing) {
                names.declaredMethods().add(node.getName().toString());
                return super.visitMethod(node, nothing);
            }

            @Override
            public Void visitTypeParameter(TypeParameterTree node, Void nothing) {
                names.declaredTypes().add(node.getName().toString());
                return super.visitTypeParameter(node, nothing);
            }

            @Override
            public Void visitVariable(VariableTree node, Void nothing) {
                names.declaredVariables().add(node.getName().toString());
                return super.visitVariable(node, nothing);
            }
        }.scan(parsed.tree(), null);
        return names;
    }

    /**
     * A type that a snippet declares, as a member of another or not.
     *
     * @param path its name behind those of the types around it, with dots
     * @param permits whether it names the types that it permits
     * @param supertypes their names as written, without type arguments
     * @param start where it begins, with its modifiers
     * @param body where its body begins
     */
    public record Type(
            String path,
            boolean sealed,
            boolean nonSealed,
            boolean permits,
            List<String> supertypes,
            int start,
            int body) {
        public boolean isMember() {
            return path.contains(".");
        }
    }

    /** The types that a snippet declares, outer ones first, but for those within methods; nothing where it is no Java. */
    public static List<Type> types(String source) {
        return source.length() > LONGEST_KNOWN ? findTypes(source) : TYPES.computeIfAbsent(source, Syntax::findTypes);
    }

    private static List<Type> findTypes(String source) {
        List<Type> types = new ArrayList<>();
        String unit = CLASS + source + "\n }";
        ParsedJava parsed = ParsedJava.of(unit);
        if (!parsed.isWellFormed()) {
            return List.of();
        }
        for (Tree top : parsed.tree().getTypeDecls()) {
            if (top instanceof ClassTree around) {
                addTypes(around, "", types, parsed, unit);
            }
        }
        return List.copyOf(types);
    }

    private static void addTypes(ClassTree around, String before, List<Type> types, ParsedJava parsed, String unit) {
        for (Tree member : around.getMembers()) {
            if (member instanceof ClassTree type) {
                List<Tree> above = new ArrayList<>(type.getImplementsClause());
                if (type.getExtendsClause() != null) {
                    above.add(type.getExtendsClause());
                }
                Stream<Tree> head = Stream.of(
                                Stream.of(type.getModifiers()), type.getTypeParameters().stream(), above.stream())
                        .flatMap(one -> one);
                String path = before + type.getSimpleName();
                types.add(new Type(
                        path,
                        type.getModifiers().getFlags().contains(Modifier.SEALED),
                        type.getModifiers().getFlags().contains(Modifier.NON_SEALED),
                        !type.getPermitsClause().isEmpty(),
                        above.stream().map(Syntax::typeName).toList(),
                        parsed.start(type) - CLASS.length(),
                        openingBrace(unit, head.mapToInt(parsed::end).max().orElse(0)) - CLASS.length()));
                addTypes(type, path + ".", types, parsed, unit);
            }
        }
    }

    private static String typeName(Tree type) {
        return type instanceof ParameterizedTypeTree generic
                ? typeName(generic.getType())
                : type instanceof AnnotatedTypeTree annotated
                        ? typeName(annotated.getUnderlyingType())
                        : type.toString();
    }

    private static int openingBrace(String unit, int from) {
        int at = Math.max(0, from);
        while (unit.charAt(at) != '{') {
            at = JavaLexeme.at(unit, at).map(JavaLexeme::end).orElse(at + 1);
        }
        return at;
    }

    /** The type, method or variable that it declares. */
    public static Optional<String> declaredName(String source) {
        Matcher type = TYPE.matcher(source.lines().findFirst().orElse(""));
        if (type.find()) {
            return Optional.of(type.group(1));
        }
        Matcher member = MEMBER.matcher(source);
        return member.find() ? Optional.of(member.group(1)) : Optional.empty();
    }

    private static boolean parses(String unit) {
        return ParsedJava.of(unit).isWellFormed();
    }
}
