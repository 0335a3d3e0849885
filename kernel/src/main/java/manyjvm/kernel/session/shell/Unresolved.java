package manyjvm.kernel.session.shell;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.Diag;
import jdk.jshell.MethodSnippet;
import jdk.jshell.Snippet;
import jdk.jshell.SourceCodeAnalysis.QualifiedNames;
import manyjvm.kernel.session.execution.CellRun;
import manyjvm.kernel.session.text.CellFrames;
import manyjvm.kernel.session.text.ObjectNames;
import manyjvm.kernel.spi.Spelling;

/**
 * Why declarations of the session cannot be used: what they need, directly or by others, is not defined. JShell keeps such a
 * declaration, and where it is used says that there is none of that name.
 */
public final class Unresolved {
    /** JShell lists the classes that can be imported in the background, which takes a few tenths of a second. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long GLANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** What the compiler does not find, but as a member of something else. */
    private static final Pattern SYMBOL =
            Pattern.compile("symbol:\\s+((?:class|method|variable) [^\\n]+)(?!(?s:.*)location:\\s+(?!class\\s*$))");

    private static final int MOST_OFFERED = 5;

    private final Shell shell;
    private final CellRun run;

    /** @param run of the cell that is told; a stop of it ends the search for a cure */
    public Unresolved(Shell shell, CellRun run) {
        this.shell = shell;
        this.run = run;
    }

    /**
     * Something that is not there.
     *
     * @param what such as {@code class A} or {@code method f(int)}
     */
    private record Missing(String what) {
        private static final Pattern TYPE_BY_CONVENTION = Pattern.compile("(?U)variable (\\p{Lu}\\w*\\p{Ll}\\w*)");

        static Missing of(String symbol) {
            String plain = CellFrames.plain(symbol).strip();
            Matcher type = TYPE_BY_CONVENTION.matcher(plain);
            return new Missing(type.matches() ? "class " + type.group(1) : plain);
        }

        String name() {
            return what.replaceFirst("^\\w+ ", "").replaceFirst("\\(.*", "");
        }

        boolean isMethod() {
            return what.startsWith("method ");
        }

        boolean isType() {
            return what.startsWith("class ");
        }

        /** Whether it would be there if this declaration could be used. */
        boolean isMeantBy(DeclarationSnippet declaration) {
            return isMethod() == declaration instanceof MethodSnippet
                    && declaration.name().equals(name());
        }

        boolean fits(DeclarationSnippet declaration) {
            return !(declaration instanceof MethodSnippet method)
                    || method.parameterTypes().contains("...")
                    || SessionNames.arity(method.parameterTypes())
                            == SessionNames.arity(what.replaceFirst("(?s)^[^(]*\\((.*)\\)$", "$1"));
        }
    }

    /** Whether the compiler did not find something that is declared, and cannot be used. */
    public boolean isBehind(String compilerMessage) {
        return unfound(compilerMessage).isPresent();
    }

    /** Then, why that is: such as {@code f cannot be used: class A is not defined; import a.A}. */
    public Optional<String> cause(String compilerMessage) {
        return unfound(compilerMessage)
                .map(declaration -> declaration.name() + " cannot be used: " + reason(declaration));
    }

    private Optional<DeclarationSnippet> unfound(String compilerMessage) {
        Matcher symbol = SYMBOL.matcher(CellFrames.plain(compilerMessage));
        if (!symbol.find()) {
            return Optional.empty();
        }
        Missing missing = Missing.of(symbol.group(1));
        return declarations()
                .filter(missing::isMeantBy)
                .min(Comparator.comparing(declaration -> !missing.fits(declaration)));
    }

    /** Such as {@code class A is not defined; import a.A}. */
    public String reason(DeclarationSnippet declaration) {
        List<Missing> missing = missing(declaration);
        return reason(declaration, missing) + hints(declaration, missing);
    }

    /** The {@link #reason} without the cure, which takes longer to find. */
    String bareReason(DeclarationSnippet declaration) {
        return reason(declaration, missing(declaration));
    }

    private String reason(DeclarationSnippet declaration, List<Missing> missing) {
        return missing.isEmpty()
                ? "it does not compile" + refusal(declaration)
                : list(missing) + (missing.size() == 1 ? " is" : " are") + " not defined";
    }

    /** What stands in front of the reason when the declaration was used. */
    public static String cannotRun(DeclarationSnippet declaration) {
        return title(declaration) + (declaration instanceof MethodSnippet ? " cannot run yet: " : " cannot be used: ");
    }

    public static String title(DeclarationSnippet declaration) {
        return switch (declaration.kind()) {
            case METHOD -> "the method " + declaration.name() + "()";
            case TYPE_DECL -> "the type " + ObjectNames.known(declaration.name());
            default -> "the variable " + declaration.name();
        };
    }

    /** Such as {@code class A and method g(int) are defined; did you mean h?}. */
    public String condition(DeclarationSnippet declaration) {
        List<Missing> missing = missing(declaration);
        return missing.isEmpty()
                ? "it compiles" + refusal(declaration)
                : list(missing) + (missing.size() == 1 ? " is" : " are") + " defined" + hints(declaration, missing);
    }

    public boolean isUnresolved(Snippet snippet) {
        Snippet.Status status = shell.jshell().status(snippet);
        return status == Snippet.Status.RECOVERABLE_DEFINED || status == Snippet.Status.RECOVERABLE_NOT_DEFINED;
    }

    private Stream<DeclarationSnippet> declarations() {
        return shell.jshell()
                .snippets()
                .filter(one -> one instanceof DeclarationSnippet && isUnresolved(one))
                .map(DeclarationSnippet.class::cast);
    }

    private List<Missing> missing(DeclarationSnippet declaration) {
        Set<Missing> missing = new LinkedHashSet<>();
        collect(declaration, missing, new LinkedHashSet<>());
        return List.copyOf(missing);
    }

    private void collect(DeclarationSnippet declaration, Set<Missing> missing, Set<DeclarationSnippet> seen) {
        if (!seen.add(declaration)) {
            return;
        }
        for (String dependency :
                shell.jshell().unresolvedDependencies(declaration).toList()) {
            Missing one = Missing.of(dependency);
            Optional<DeclarationSnippet> known = declarations()
                    .filter(other -> one.isMeantBy(other) && one.fits(other))
                    .findFirst();
            if (known.isPresent()) {
                collect(known.get(), missing, seen);
            } else {
                missing.add(one);
            }
        }
    }

    /** For what lacks an overload of its own name, which JShell takes for the declaration itself: what the compiler says. */
    private String refusal(DeclarationSnippet declaration) {
        return shell.jshell()
                .diagnostics(declaration)
                .filter(Diag::isError)
                .findFirst()
                .map(error -> ": "
                        + shell.plain(error.getMessage(Locale.ENGLISH))
                                .lines()
                                .findFirst()
                                .orElse("")
                                .replaceAll("( in class)?\\s+", " ")
                                .replaceFirst(";$", ""))
                .orElse("");
    }

    private static String list(List<Missing> missing) {
        List<String> names = missing.stream().map(Missing::what).toList();
        int last = names.size() - 1;
        return last == 0 ? names.get(0) : String.join(", ", names.subList(0, last)) + " and " + names.get(last);
    }

    private String hints(DeclarationSnippet declaration, List<Missing> missing) {
        Set<String> hints = new LinkedHashSet<>();
        for (Missing one : missing) {
            Optional<String> hint = one.isMethod() ? Optional.empty() : importOf(one.name());
            hint.or(() -> meant(one.name(), one.isType(), Set.of(declaration.name())))
                    .ifPresent(hints::add);
        }
        return hints.stream().map(hint -> "; " + hint.replaceFirst(";$", "")).collect(Collectors.joining());
    }

    /** The imports, of which one is probably meant, that would give a name a meaning. */
    public Optional<String> importOf(String typeName) {
        List<String> names = qualifiedNames(typeName).stream()
                .filter(name -> !name.startsWith("sun.") && !name.startsWith("com.sun.") && !name.startsWith("jdk."))
                .sorted(Comparator.comparing((String name) -> !name.startsWith("java."))
                        .thenComparing(Comparator.naturalOrder()))
                .limit(MOST_OFFERED)
                .toList();
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        names.size() == 1
                                ? "import " + names.get(0) + ";"
                                : "import one of " + String.join(", ", names));
    }

    private List<String> qualifiedNames(String typeName) {
        String code = "new " + typeName;
        long start = System.nanoTime();
        while (true) {
            QualifiedNames names = shell.analysis().listQualifiedNames(code, code.length());
            if (names.isUpToDate() || System.nanoTime() - start > PATIENCE_NANOS) {
                return names.getNames();
            }
            run.stopIfRequested();
            LockSupport.parkNanos(GLANCE_NANOS);
        }
    }

    /** Whether the name in force that is nearest to a misspelt one was meant, as a question. */
    public Optional<String> meant(String missing, boolean isType) {
        return meant(missing, isType, Set.of());
    }

    private Optional<String> meant(String missing, boolean isType, Set<String> others) {
        Set<String> known = new TreeSet<>();
        if (isType) {
            known.addAll(shell.names().types());
            known.addAll(shell.imports().types());
        } else {
            known.addAll(shell.names().methods());
            known.addAll(shell.names().variables());
            known.removeIf(name -> name.startsWith("$") != missing.startsWith("$"));
        }
        known.remove(missing);
        known.removeAll(others);
        return Spelling.nearest(missing, known)
                .or(() -> isType ? Spelling.nearest(missing, importedTypes()) : Optional.empty())
                .map(near -> "did you mean " + near + "?");
    }

    private List<String> importedTypes() {
        return shell.analysis().completionSuggestions("", 0, new int[1]).stream()
                .map(one -> one.continuation())
                .filter(name -> name.matches("(?U)\\p{Lu}\\w*"))
                .toList();
    }
}
