package manyjvm.kernel.session.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jdk.jshell.Diag;
import manyjvm.kernel.session.shell.Shell;
import manyjvm.kernel.session.shell.Unresolved;
import manyjvm.kernel.session.source.Amended;
import manyjvm.kernel.session.source.CellSource;
import manyjvm.kernel.session.text.ObjectNames;
import manyjvm.kernel.spi.Magic;

/** Turns the compiler's diagnostics into one report in the words of the cell, with a hint where one is known. */
final class CompileErrors {
    private static final int SHOWN = 3;
    private static final Pattern MISSING_TYPE = Pattern.compile("(?U)symbol:\\s+(?:class|variable) (\\p{Lu}\\w*)");
    private static final Pattern MISSING_NAME = Pattern.compile("(?U)symbol:\\s+(?:method|variable) (\\w+)");
    private static final Pattern MISSING_MEMBER =
            Pattern.compile("(?U)symbol:\\s+(?:method|variable) (\\w+)(?s:.*)location:.*\\b(\\p{Lu}\\w*)\\b[^\\w]*$");
    /** A member that is not there, of a type that the user can name. */
    private static final Pattern IN_A_TYPE = Pattern.compile(
            "symbol:\\s+(?:method|variable)(?s:.*)location:\\s+(?:(?:class|interface|enum|record) (?!REPL\\.\\$JShell\\$\\w*\\s*$)\\S|variable )");

    private static final Pattern NO_CONVERSION = Pattern.compile("(?U)([\\w.]+) cannot be converted to ([\\w.]+)");

    /** The wrapper of a snippet, or the type around a family. */
    private static final Pattern LOCATION_OF_OURS = Pattern.compile(
            "\\s*location:\\s+(?:class\\s*(?:\\$JShell\\S*)?|interface " + ObjectNames.FAMILY + "\\S+_)\\s*");

    private static final Set<String> OF_SEALED_TYPES = Set.of(
            "compiler.err.sealed.class.must.have.subclasses",
            "compiler.err.cant.inherit.from.sealed",
            "compiler.err.non.sealed.with.no.sealed.supertype",
            "compiler.err.invalid.permits.clause");

    /** Errors that the compiler looks for once it knows what all names mean. */
    private static final Pattern OF_FLOW = Pattern.compile(
            "compiler\\.err\\.(?:unreported|incompatible\\.thrown|except\\.|var\\.might|missing\\.ret|unreachable).*");

    private final Shell shell;
    private final CellSource cell;
    private final Collection<Magic> magics;
    private final Unresolved unresolved;

    /** @param magics which may know more about errors in the use of their API */
    CompileErrors(Shell shell, CellSource cell, Collection<Magic> magics, Unresolved unresolved) {
        this.shell = shell;
        this.cell = cell;
        this.magics = magics;
        this.unresolved = unresolved;
    }

    /** Where an offset into a piece lies in the cell: line from 1, column from 0. */
    interface Places {
        int[] of(int offset);
    }

    /** @param places of offsets into the text as it was written */
    CellFailure report(Shell.Evaluated evaluated, List<Diag> diagnostics, Places places) {
        Amended text = evaluated.text();
        Map<Integer, Diag> firstOfLine = new LinkedHashMap<>();
        for (Diag one : diagnostics) {
            if (one.isError()) {
                firstOfLine.merge(
                        places.of(text.writtenOffset(position(one)))[0],
                        one,
                        (first, later) -> !lacksMore(first) && lacksMore(later) ? later : first);
            }
        }
        if (firstOfLine.isEmpty()) {
            int line = places.of(0)[0];
            String message = "the compiler rejects this code without a reason: split the cell to find the place";
            return new CellFailure("CompilationError", message, cell.pointAt(line, 0, 1, message, List.of()));
        }
        List<String> traceback = new ArrayList<>();
        String summary = "";
        int count = 0;
        for (Diag one : firstOfLine.values()) {
            if (++count > SHOWN) {
                traceback.add("and " + (firstOfLine.size() - SHOWN) + " more");
                break;
            }
            int start = text.writtenOffset(position(one));
            int[] place = places.of(start);
            // What is declared, and lacks something itself, the compiler knows nothing of.
            Optional<String> cause = unresolved.cause(one.getMessage(Locale.ENGLISH));
            String[] message = cause.orElseGet(() -> withoutJavaLang(shell.plain(one.getMessage(Locale.ENGLISH)))
                            .replace(" in class  cannot", " cannot"))
                    .split("\\R", 2);
            List<String> advice = cause.isPresent() ? List.of() : advice(text.text(), one);
            List<String> details = advice.isEmpty() ? details(message.length > 1 ? message[1] : "") : List.of();
            List<String> hints =
                    new ArrayList<>(cause.isEmpty() && advice.isEmpty() ? hints(one, text.text()) : advice);
            if (count == 1 && cause.isEmpty() && !OF_FLOW.matcher(one.getCode()).matches()) {
                evaluated.unfit().forEach((name, meanings) -> hints.add(neitherFits(name, meanings)));
            }
            List<String> below = new ArrayList<>(details);
            hints.forEach(hint -> below.add("hint: " + hint));
            int width = Math.max(1, text.writtenOffset((int) one.getEndPosition()) - start);
            traceback.addAll(cell.pointAt(place[0], place[1], width, message[0], below));
            if (summary.isEmpty()) {
                summary = cell.label() + ":" + place[0] + ": " + message[0]
                        + (details.isEmpty()
                                ? ""
                                : " (" + details.get(0).replaceAll("\\s+", " ").strip() + ")");
            }
        }
        return new CellFailure("CompilationError", summary, traceback);
    }

    private boolean lacksMore(Diag error) {
        return unresolved.isBehind(error.getMessage(Locale.ENGLISH));
    }

    /** What the magics know of the API behind them; it stands in place of the compiler's list of all methods that do not fit. */
    private List<String> advice(String source, Diag diagnostic) {
        String message = diagnostic.getMessage(Locale.ENGLISH);
        return magics.stream()
                .map(magic -> magic.hint(message, source, position(diagnostic)))
                .flatMap(Optional::stream)
                .limit(1)
                .toList();
    }

    /** {@code String} is enough, but where the name could also be ours. */
    private String withoutJavaLang(String message) {
        return Pattern.compile("java\\.lang\\.([A-Z]\\w*)")
                .matcher(message)
                .replaceAll(found -> Matcher.quoteReplacement(
                        shell.imports().qualified(found.group(1)).isPresent() ? found.group() : found.group(1)));
    }

    private static String neitherFits(String name, List<String> meanings) {
        return name + " can be " + String.join(" or ", meanings) + ", and "
                + (meanings.size() == 2 ? "neither" : "none") + " fits: write the full name of the one you mean";
    }

    private static int position(Diag diagnostic) {
        return (int) Math.max(0, diagnostic.getPosition());
    }

    private static List<String> details(String rest) {
        return Arrays.stream(rest.split("\\R"))
                .filter(line ->
                        !line.isBlank() && !LOCATION_OF_OURS.matcher(line).matches())
                .map(String::strip)
                .toList();
    }

    private List<String> hints(Diag diagnostic, String source) {
        String message = diagnostic.getMessage(Locale.ENGLISH);
        List<String> hints = new ArrayList<>();
        mixUp(message).ifPresent(hints::add);
        if (isOfSealedTypes(diagnostic)) {
            hints.add("put a sealed type and all its subtypes into one cell");
        }
        if (!hints.isEmpty()) {
            return hints;
        }
        boolean importsLombok =
                shell.jshell().imports().anyMatch(one -> one.fullname().startsWith("lombok."));
        if (importsLombok && message.contains("symbol:")) {
            hints.add("Lombok's annotations do nothing in a cell, whose compiler runs no annotation processors:"
                    + " write a record, or compile the class by %%javac");
            return hints;
        }
        Misspelt misspelt = new Misspelt(this::typeNamed);
        if (IN_A_TYPE.matcher(message).find()) {
            misspelt.meant(message, source).ifPresent(hints::add);
            return hints;
        }
        Matcher type = MISSING_TYPE.matcher(message);
        Matcher name = MISSING_NAME.matcher(message);
        if (type.find()) {
            unresolved
                    .importOf(type.group(1))
                    .or(() -> unresolved.meant(type.group(1), true))
                    .ifPresent(hints::add);
        } else if (name.find()) {
            unresolved
                    .meant(name.group(1), false)
                    .or(() -> misspelt.meant(message, source))
                    .ifPresent(hints::add);
        } else {
            misspelt.meant(message, source).ifPresent(hints::add);
        }
        return hints;
    }

    /** Whether an error is about which types belong to a sealed one. */
    static boolean isOfSealedTypes(Diag error) {
        return OF_SEALED_TYPES.contains(error.getCode());
    }

    /** Our {@code Process} and the JDK's, where a variable of the one was taken for the other. */
    private Optional<String> mixUp(String message) {
        Matcher member = MISSING_MEMBER.matcher(message);
        if (member.find()) {
            String simple = member.group(2);
            Set<String> all = meanings(simple);
            Optional<String> other =
                    all.stream().filter(one -> hasMember(one, member.group(1))).findFirst();
            return all.stream()
                    .filter(one -> other.isPresent() && !hasMember(one, member.group(1)))
                    .findFirst()
                    .map(meant -> simple + " means " + meant + " here; " + other.get() + " has " + member.group(1)
                            + ": write its full name to get that one");
        }
        Matcher conversion = NO_CONVERSION.matcher(message.replaceAll("<[^\\n]*?>(?= )", ""));
        if (!conversion.find()) {
            return Optional.empty();
        }
        String to = simple(conversion.group(2));
        if (to.equals(simple(conversion.group(1))) && meanings(to).size() > 1) {
            return Optional.of(to + " means " + conversion.group(2)
                    + " there, and the value is the other one: declare it as " + conversion.group(1) + ", or use var");
        }
        return shell.imports().qualified(to).flatMap(ours -> superType(conversion.group(1), to)
                .filter(theirs -> !theirs.equals(ours))
                .map(theirs -> to + " means " + ours + " here: import " + theirs + "; to mean that one"));
    }

    /** The classes that a simple name means or could mean: ours, the user's imports, and those that need no import. */
    private Set<String> meanings(String simpleName) {
        Set<String> all = new LinkedHashSet<>(shell.meanings().of(simpleName));
        if (shell.imports().shadowedBy(simpleName).isPresent()) {
            all.add("java.lang." + simpleName);
        }
        shell.imports().qualified(simpleName).ifPresent(all::add);
        all.removeIf(one -> load(one).isEmpty());
        return all;
    }

    /** The superclass or interface of that simple name which a class has. */
    private Optional<String> superType(String className, String simpleName) {
        Optional<Class<?>> type = load(className).or(() -> shell.jshell()
                .imports()
                .filter(one -> !one.isStatic())
                .map(one -> one.fullname().replaceFirst("\\*$", className))
                .filter(one -> simple(one).equals(className))
                .flatMap(one -> load(one).stream())
                .findFirst());
        return type.stream()
                .flatMap(CompileErrors::withSuperTypes)
                .filter(one -> one.getSimpleName().equals(simpleName))
                .map(Class::getName)
                .findFirst();
    }

    /** By the name that the compiler has for it, simple or in full. */
    private Optional<Class<?>> typeNamed(String name) {
        String simple = simple(name);
        return load(name)
                .or(() -> load(name.replaceFirst("^(REPL\\.\\$JShell\\$\\w+)\\.", "$1\\$")))
                .or(() -> shell.jshell()
                        .types()
                        .filter(type -> type.name().equals(simple))
                        .flatMap(type -> load(shell.analysis().wrapper(type).fullClassName() + "$" + simple).stream())
                        .findFirst())
                .or(() -> meanings(simple).stream()
                        .flatMap(one -> load(one).stream())
                        .findFirst())
                .or(() -> load("java.lang." + simple))
                .or(() -> shell.jshell()
                        .imports()
                        .filter(one -> !one.isStatic())
                        .map(one -> one.fullname().replaceFirst("\\*$", simple))
                        .filter(one -> simple(one).equals(simple))
                        .flatMap(one -> load(one).stream())
                        .findFirst());
    }

    private static Stream<Class<?>> withSuperTypes(Class<?> type) {
        Stream<Class<?>> above =
                Stream.concat(Stream.ofNullable(type.getSuperclass()), Stream.of(type.getInterfaces()));
        return Stream.concat(Stream.of(type), above.flatMap(CompileErrors::withSuperTypes));
    }

    private static String simple(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private boolean hasMember(String className, String member) {
        try {
            return load(className)
                    .filter(type -> Arrays.stream(type.getMethods())
                                    .anyMatch(method -> method.getName().equals(member))
                            || Arrays.stream(type.getFields())
                                    .anyMatch(field -> field.getName().equals(member)))
                    .isPresent();
        } catch (LinkageError optional) {
            return false; // a member names a class that is not there
        }
    }

    private Optional<Class<?>> load(String className) {
        try {
            return Optional.of(Class.forName(className, false, shell.loader()));
        } catch (ClassNotFoundException | LinkageError none) {
            return Optional.empty(); // then the compiler's own words must do
        }
    }
}
