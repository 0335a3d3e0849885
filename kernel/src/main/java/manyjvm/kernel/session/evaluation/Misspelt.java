package manyjvm.kernel.session.evaluation;

import java.lang.module.ModuleDescriptor;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.SourceVersion;
import manyjvm.kernel.session.source.Syntax;
import manyjvm.kernel.spi.Spelling;

/**
 * What was probably meant by a name that the compiler does not find in its place: a member, a package, a variable of the
 * same piece.
 */
final class Misspelt {
    private static final Pattern MEMBER = Pattern.compile(
            "(?U)symbol:\\s+(method|variable) (\\w+)(?s:.*)location:\\s+(?:(?:class|interface|enum|record|@interface) |variable \\w+ of type )([\\w.$]+)((?:\\[\\])?)");
    private static final Pattern LOCAL = Pattern.compile("(?U)symbol:\\s+variable (\\w+)");
    private static final Pattern PACKAGE = Pattern.compile("package ([\\w.]+) does not exist");

    private final Function<String, Optional<Class<?>>> types;

    /** @param types the class that a name of the compiler's means, simple or in full */
    Misspelt(Function<String, Optional<Class<?>>> types) {
        this.types = types;
    }

    /**
     * A question for the user.
     *
     * @param message of the compiler's, with its own names of types
     * @param source the piece of the cell
     */
    Optional<String> meant(String message, String source) {
        Matcher member = MEMBER.matcher(message);
        if (member.find()) {
            Optional<Class<?>> of =
                    member.group(4).isEmpty() ? types.apply(member.group(3)) : Optional.of(Object[].class);
            return of.flatMap(
                    type -> nearestMember(type, member.group(2), member.group(1).equals("method")));
        }
        Matcher missing = PACKAGE.matcher(message);
        if (missing.find()) {
            return Spelling.nearest(missing.group(1), packages()).map(near -> "did you mean " + near + "?");
        }
        Matcher local = LOCAL.matcher(message);
        return local.find() ? local(local.group(1), source) : Optional.empty();
    }

    private static Optional<String> nearestMember(Class<?> type, String missing, boolean isMethod) {
        try {
            return member(type, missing, isMethod);
        } catch (LinkageError optional) {
            // A member names a class that is not there, which libraries may leave to their users.
            return Optional.empty();
        }
    }

    private static Optional<String> member(Class<?> type, String missing, boolean isMethod) {
        Set<String> methods = names(Stream.concat(Arrays.stream(type.getMethods()), declaredMethods(type)));
        Set<String> fields = names(Stream.concat(Arrays.stream(type.getFields()), declaredFields(type)));
        if (type.isArray()) {
            fields.add("length");
        }
        // s.length for a string, a.length() for an array: each is the other's kind.
        if ((isMethod ? fields : methods).contains(missing)) {
            return Optional.of("did you mean " + missing + (isMethod ? "?" : "()?"));
        }
        Optional<String> near = Spelling.nearest(missing, isMethod ? methods : fields)
                .map(name -> name + (isMethod ? "()" : ""))
                .or(() -> Spelling.nearest(missing, isMethod ? fields : methods)
                        .map(name -> name + (isMethod ? "" : "()")));
        return near.map(name -> "did you mean " + name + "?");
    }

    private static Stream<Method> declaredMethods(Class<?> type) {
        return isOfSession(type) ? Arrays.stream(type.getDeclaredMethods()) : Stream.empty();
    }

    private static Stream<Field> declaredFields(Class<?> type) {
        return isOfSession(type) ? Arrays.stream(type.getDeclaredFields()) : Stream.empty();
    }

    private static boolean isOfSession(Class<?> type) {
        return type.getName().startsWith("REPL.");
    }

    private static Set<String> names(Stream<? extends Member> members) {
        return members.filter(member -> !member.isSynthetic() && !Modifier.isPrivate(member.getModifiers()))
                .map(Member::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> packages() {
        return ModuleLayer.boot().modules().stream()
                .map(Module::getDescriptor)
                .flatMap(module -> module.exports().stream())
                .filter(export -> !export.isQualified())
                .map(ModuleDescriptor.Exports::source)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Optional<String> local(String missing, String source) {
        Set<String> words = new TreeSet<>(Syntax.wordsIn(source));
        words.removeIf(word -> word.equals(missing) || SourceVersion.isKeyword(word));
        return Spelling.nearest(missing, words).map(near -> "did you mean " + near + "?");
    }
}
