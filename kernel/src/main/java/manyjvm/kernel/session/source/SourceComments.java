package manyjvm.kernel.session.source;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import manyjvm.kernel.spi.ParsedJava;

/** The documentation comments of one source file. Costs some milliseconds to make. */
public final class SourceComments {
    private final ParsedJava parsed;

    private SourceComments(ParsedJava parsed) {
        this.parsed = parsed;
    }

    /** @param source a whole source file */
    public static SourceComments of(String source) {
        return new SourceComments(ParsedJava.of(source));
    }

    /**
     * What a source says of a type or a member.
     *
     * @param comment without its stars; empty where there is none
     * @param parameters the names of a method's or a constructor's
     */
    public record Found(String comment, List<String> parameters) {}

    /** @param path the names of a type and those around it, the outermost first */
    public Optional<Found> type(List<String> path) {
        return find(path).map(type -> new Found(comment(type), List.of()));
    }

    /** A field, or a constant of an enum. */
    public Optional<Found> field(List<String> path, String name) {
        return find(path).flatMap(type -> ((ClassTree) type.getLeaf())
                .getMembers().stream()
                        .filter(member -> member instanceof VariableTree field
                                && field.getName().contentEquals(name))
                        .map(member -> new Found(comment(new TreePath(type, member)), List.of()))
                        .findFirst());
    }

    /**
     * A method, or a constructor.
     *
     * @param name {@code <init>} for a constructor
     * @param types of its parameters, as simple names without type arguments, which tell overloads apart
     */
    public Optional<Found> method(List<String> path, String name, List<String> types) {
        Optional<TreePath> type = find(path);
        if (type.isEmpty()) {
            return Optional.empty();
        }
        List<MethodTree> fitting = new ArrayList<>();
        for (Tree member : ((ClassTree) type.get().getLeaf()).getMembers()) {
            if (member instanceof MethodTree method
                    && method.getName().contentEquals(name)
                    && method.getParameters().size() == types.size()) {
                fitting.add(method);
            }
        }
        return fitting.stream()
                .filter(method -> fitting.size() == 1 || types.equals(types(method)))
                .findFirst()
                .map(method -> new Found(
                        comment(new TreePath(type.get(), method)),
                        method.getParameters().stream()
                                .map(parameter -> parameter.getName().toString())
                                .toList()));
    }

    private static List<String> types(MethodTree method) {
        return method.getParameters().stream()
                .map(parameter -> simpleType(String.valueOf(parameter.getType())))
                .toList();
    }

    /** A type without its type arguments. */
    public static String withoutArguments(String type) {
        StringBuilder bare = new StringBuilder();
        int depth = 0;
        for (char c : type.toCharArray()) {
            depth += c == '<' ? 1 : 0;
            if (depth == 0) {
                bare.append(c);
            }
            depth -= c == '>' ? 1 : 0;
        }
        return bare.toString().strip();
    }

    /** A type without packages, type arguments and annotations; arrays and variable arities are the same. */
    public static String simpleType(String type) {
        String words = withoutArguments(type)
                .replace("...", "[]")
                .replaceAll("\\s+(?=\\[)", "")
                .strip();
        String last = words.substring(words.lastIndexOf(' ') + 1);
        return last.substring(last.lastIndexOf('.') + 1);
    }

    private Optional<TreePath> find(List<String> path) {
        TreePath at = new TreePath(parsed.tree());
        List<? extends Tree> members = parsed.tree().getTypeDecls();
        for (String name : path) {
            Optional<? extends Tree> type = members.stream()
                    .filter(member -> member instanceof ClassTree one
                            && one.getSimpleName().contentEquals(name))
                    .findFirst();
            if (type.isEmpty()) {
                return Optional.empty();
            }
            at = new TreePath(at, type.get());
            members = ((ClassTree) type.get()).getMembers();
        }
        return path.isEmpty() ? Optional.empty() : Optional.of(at);
    }

    private String comment(TreePath path) {
        String comment = parsed.comments().getDocComment(path);
        return comment == null ? "" : comment;
    }
}
