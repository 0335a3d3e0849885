package manyjvm.kernel.session.shell;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.Diag;
import jdk.jshell.ImportSnippet;
import jdk.jshell.JShell;
import jdk.jshell.MethodSnippet;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.TypeDeclSnippet;
import jdk.jshell.VarSnippet;
import manyjvm.kernel.session.SessionHost;
import manyjvm.kernel.session.SessionSettings;
import manyjvm.kernel.session.execution.CellApiLoader;
import manyjvm.kernel.session.execution.CellRun;
import manyjvm.kernel.session.execution.CodeOrigin;
import manyjvm.kernel.session.execution.Engine;
import manyjvm.kernel.session.execution.JdbcDrivers;
import manyjvm.kernel.session.execution.OpenRuns;
import manyjvm.kernel.session.execution.SessionLoader;
import manyjvm.kernel.session.execution.UnresolvedCode;
import manyjvm.kernel.session.execution.UserThread;
import manyjvm.kernel.session.names.FamilyMembers;
import manyjvm.kernel.session.names.Meanings;
import manyjvm.kernel.session.names.NameChoices;
import manyjvm.kernel.session.names.StartupImports;
import manyjvm.kernel.session.names.Trial;
import manyjvm.kernel.session.source.Amended;
import manyjvm.kernel.session.source.Piece;
import manyjvm.kernel.session.source.SealedFamilies;
import manyjvm.kernel.session.source.Syntax;
import manyjvm.kernel.session.text.CellFrames;
import manyjvm.kernel.spi.Magic;

/** JShell with the kernel's engine, class path and imports. Owned by the holder of the session's lock. */
public final class Shell implements AutoCloseable {
    static final Pattern DECLARES_TYPE = Pattern.compile("\\b(class|interface|enum|record)\\b");
    private final ApiJar apiJar;
    private final SessionLoader loader;
    private final UserThread userThread = new UserThread("cell");
    private final Engine engine;
    private final JShell jshell;
    private final SourceCodeAnalysis analysis;
    private final StartupImports imports;
    private final Set<Snippet> ofStart;
    private final Trial trial;
    private final Meanings meanings;
    private final FamilyMembers members;
    private final NameChoices choices;
    private final AddedImports addedImports;
    private final SessionVariables variables;
    private final CellSplitter splitter;
    /** What was written for a snippet that JShell was given with words inserted. */
    private final Map<Snippet, String> written = new WeakHashMap<>();

    /**
     * A declaration with contested names and supertypes.
     *
     * @param chosen its text with the names that were chosen
     */
    private record Inheriting(Amended amendments, CodeOrigin origin, String chosen) {}

    private final Map<Snippet, Inheriting> inheriting = new WeakHashMap<>();

    private final CopyOnWriteArrayList<Path> compilerClassPath = new CopyOnWriteArrayList<>();
    private final OldObjects oldObjects = new OldObjects(this);
    private boolean hasNewJars;
    private boolean showsWarnings;

    /** One where nothing runs beside each other. */
    public Shell(SessionHost host, ReentrantLock lock) {
        this(host, lock, new OpenRuns(), SessionSettings.NONE);
    }

    /**
     * @param open the runs of the session
     * @param settings those of the user for its compiler
     */
    public Shell(SessionHost host, ReentrantLock lock, OpenRuns open, SessionSettings settings) {
        this(host, lock, open, settings.allOptions());
        showsWarnings = settings.showsWarnings();
    }

    public Shell(SessionHost host, ReentrantLock lock, OpenRuns open, String[] compilerOptions) {
        List<SessionHost.Api> api = new ArrayList<>(host.api());
        api.add(new SessionHost.Api(Magic.class, List.of("manyjvm.kernel.api")));
        apiJar = ApiJar.of(api);
        compilerClassPath.add(apiJar.path());
        loader = new SessionLoader(new CellApiLoader(api));
        engine = new Engine(lock, loader, List.copyOf(host.classTransforms()), open, this::isWrapperOfKnownSnippet);
        jshell = JShell.builder()
                .executionEngine(engine, Map.of())
                .compilerOptions(compilerOptions)
                .fileManager(standard -> new CompilerFiles(standard, compilerClassPath))
                .tempVariableNameGenerator(this::nextResult)
                .build();
        analysis = jshell.sourceCodeAnalysis();
        engine.begin(new CodeOrigin("startup", 1, ""), startupRun());
        imports = new StartupImports(jshell, host.imports());
        ofStart = jshell.snippets().collect(Collectors.toUnmodifiableSet());
        trial = new Trial(loader);
        trial.useClassPath(compilerClassPath);
        meanings = new Meanings(jshell, imports, loader);
        members = meanings.members();
        choices = new NameChoices(jshell, meanings, trial);
        addedImports = new AddedImports(this);
        variables = new SessionVariables(jshell, engine, members, open);
        splitter = new CellSplitter(analysis);
    }

    private String nextResult() {
        return variables.nextResult();
    }

    public SessionLoader loader() {
        return loader;
    }

    public UserThread userThread() {
        return userThread;
    }

    /** Whether the compiler's warnings are shown. */
    public boolean showsWarnings() {
        return showsWarnings;
    }

    /** A run that belongs to no cell, and that nobody stops. */
    public CellRun startupRun() {
        return new CellRun("startup", () -> {}).attach(userThread, loader);
    }

    public Engine engine() {
        return engine;
    }

    public JShell jshell() {
        return jshell;
    }

    public SourceCodeAnalysis analysis() {
        return analysis;
    }

    public StartupImports imports() {
        return imports;
    }

    public OldObjects oldObjects() {
        return oldObjects;
    }

    public SessionVariables variables() {
        return variables;
    }

    /** The pieces of a cell's Java; see {@link CellSplitter#split}. */
    public List<Piece> split(String java) {
        return splitter.split(java);
    }

    /** Whether this is no Java, as far as can be told without evaluating it. */
    public boolean isMalformed(String source) {
        return splitter.isMalformed(source);
    }

    public Meanings meanings() {
        return meanings;
    }

    public FamilyMembers familyMembers() {
        return members;
    }

    public NameChoices choices() {
        return choices;
    }

    public AddedImports addedImports() {
        return addedImports;
    }

    /** The snippet as its user wrote it. */
    public String source(Snippet snippet) {
        return written.getOrDefault(snippet, snippet.source());
    }

    /** Text of the compiler's without the names of wrapper classes, and with our types as the user can call them. */
    public String plain(String text) {
        return imports.simple(CellFrames.plain(text), name -> meanings.of(name).size() == 1);
    }

    /** The jars and folders that cells have added, in order. */
    public List<Path> userClassPath() {
        return List.copyOf(compilerClassPath.subList(1, compilerClassPath.size()));
    }

    public void addToClassPath(Path jarOrFolder) {
        if (compilerClassPath.addIfAbsent(jarOrFolder)) {
            jshell.addToClasspath(jarOrFolder.toString());
            trial.useClassPath(compilerClassPath);
            meanings.classPathGrew();
            hasNewJars = true;
        }
    }

    /**
     * What came of a snippet.
     *
     * @param text what JShell was given: diagnostics count in it
     * @param unfit see {@link NameChoices.Choice}
     */
    public record Evaluated(List<SnippetEvent> events, Amended text, Map<String, List<String>> unfit) {}

    public Evaluated evaluate(String source, CodeOrigin origin, CellRun run) {
        return evaluate(Amended.nothingIn(source), List.of(), origin, run);
    }

    /**
     * Evaluates one piece. Its effects on imports and numbering are seen to; what it threw is with the engine.
     *
     * @param amendments of the source that the rest of its cell asks for
     * @param rest the pieces of the cell that follow
     */
    public Evaluated evaluate(Amended amendments, List<String> rest, CodeOrigin origin, CellRun run) {
        engine.begin(origin, run);
        registerDrivers(run);
        Evaluated evaluated = define(amendments, rest, origin);
        List<SnippetEvent> events = new ArrayList<>(evaluated.events());
        if (events.stream()
                .anyMatch(event -> event.causeSnippet() == null && event.snippet() instanceof TypeDeclSnippet)) {
            for (int i = 0; i < events.size(); i++) {
                events.addAll(chooseAgain(events.get(i)));
            }
        }
        events.forEach(event -> sayWhatIsMissing(event, run));
        oldObjects.defined(events, origin.label());
        return evaluated;
    }

    /**
     * A type that came about, or changed, may have member types that a class of an older cell inherits, in place of those that
     * it was given. Does not run code.
     */
    private List<SnippetEvent> chooseAgain(SnippetEvent event) {
        Inheriting one = event.causeSnippet() == null ? null : inheriting.get(event.snippet());
        if (one == null || !jshell.status(event.snippet()).isActive()) {
            return List.of();
        }
        inheriting.remove(event.snippet());
        String chosen =
                choices.choose(one.amendments.written(), List.of()).text().text();
        if (chosen.equals(one.chosen)) {
            inheriting.put(event.snippet(), one);
            return List.of();
        }
        engine.from(one.origin);
        return define(one.amendments, List.of(), one.origin).events();
    }

    private Evaluated define(Amended amendments, List<String> rest, CodeOrigin origin) {
        String snippet = withoutLineEndsInImport(amendments.written());
        variables.bringBack(snippet);
        List<String> given = List.of();
        boolean isImport = Syntax.isImport(snippet);
        if (imports.mentions(snippet)) {
            if (isImport || DECLARES_TYPE.matcher(snippet).find() || snippet.contains("(")) {
                given = imports.giveWay(declarations(snippet), origin.label());
            }
            if (!isImport) {
                imports.bringIn(snippet);
            }
        }
        if (isImport) {
            keepMeanings(snippet);
        }
        addedImports.giveWay(snippet, this::declarations);
        NameChoices.Choice choice = choices.choose(snippet, rest);
        Evaluated evaluated = evaluateRecordsToo(
                new NameChoices.Choice(choice.text().and(amendments), choice.unfit(), choice.inherits()));
        for (SnippetEvent event : evaluated.events()) {
            if (event.causeSnippet() != null) {
                if (event.snippet() instanceof VarSnippet variable
                        && !event.status().isDefined()
                        && event.status() != Snippet.Status.OVERWRITTEN) {
                    variables.declareAgain(variable);
                }
                continue;
            }
            if (event.status() == Snippet.Status.REJECTED) {
                imports.restore(given);
            } else if (event.status().isActive()) {
                if (event.snippet().subKind() == Snippet.SubKind.TEMP_VAR_EXPRESSION_SUBKIND) {
                    variables.resultNamed(((VarSnippet) event.snippet()).name(), origin.label());
                }
                if (event.snippet() instanceof ImportSnippet one) {
                    meanings.imported(one);
                }
                if (event.snippet() instanceof TypeDeclSnippet type) {
                    members.declared(type.name());
                }
                if (!evaluated.text().text().equals(snippet)) {
                    written.put(event.snippet(), snippet);
                }
                if (choice.inherits()
                        && event.snippet() instanceof DeclarationSnippet declared
                        && !(declared instanceof VarSnippet)) {
                    inheriting.put(
                            declared,
                            new Inheriting(amendments, origin, choice.text().text()));
                }
                if (hasWrapper(event.snippet())) {
                    engine.writtenHere(analysis.wrapper(event.snippet()).fullClassName());
                }
            }
        }
        List<SnippetEvent> events = evaluated.events();
        events.stream().filter(event -> event.exception() != null).forEach(event -> variables.restore(event, events));
        events.forEach(variables::setAside);
        return evaluated;
    }

    /**
     * Lets cells call the types of a sealed family by their own names, which are members of the type around it; also while that
     * waits for a type which is still to come.
     *
     * @return what has become of the declarations that need older types of these names
     */
    public List<SnippetEvent> membersKnown(String wrapper, String family, List<SnippetEvent> events, CellRun run) {
        boolean known = events.stream()
                .anyMatch(
                        event -> event.causeSnippet() == null && event.status().isActive());
        if (!known) {
            return List.of();
        }
        Set<String> names = SealedFamilies.topTypes(family);
        members.put(wrapper, names);
        return drop(jshell.types().filter(type -> names.contains(type.name())).toList(), run);
    }

    /**
     * Takes types out of the session.
     *
     * @return what has become of the declarations that need them
     */
    public List<SnippetEvent> drop(Collection<TypeDeclSnippet> types, CellRun run) {
        List<SnippetEvent> all =
                types.stream().flatMap(type -> jshell.drop(type).stream()).toList();
        // Of what was dropped later itself there is nothing to say.
        List<SnippetEvent> events = all.stream()
                .filter(event -> jshell.status(event.snippet()) == event.status())
                .toList();
        events.forEach(event -> sayWhatIsMissing(event, run));
        return events;
    }

    /** Takes out of the session all that cells have defined; their jars stay. Returns the number of declarations and imports. */
    public int forget() {
        variables.forgetThoseSetAside();
        // In this order few need what is dropped before them, and would be compiled once more.
        List<Snippet> all = Stream.<Stream<? extends Snippet>>of(
                        jshell.methods(), jshell.variables(), jshell.types(), jshell.imports())
                .flatMap(kind -> kind)
                .filter(one -> !ofStart.contains(one))
                .collect(Collectors.toList());
        all.forEach(jshell::drop);
        engine.forgetVariables();
        imports.startAgain();
        meanings.forget();
        return all.size();
    }

    /** Keeps those of the variables whose initialisers no longer compile. */
    public void keepUnresolved(Collection<VarSnippet> variables, CodeOrigin origin, CellRun run) {
        engine.begin(origin, run);
        variables.stream()
                .filter(variable -> jshell.status(variable) == Snippet.Status.RECOVERABLE_NOT_DEFINED
                        || jshell.status(variable) == Snippet.Status.REJECTED)
                .forEach(this.variables::declareAgain);
    }

    /** In the code as it may leave this JVM. */
    private void sayWhatIsMissing(SnippetEvent event, CellRun run) {
        if (event.status() == Snippet.Status.RECOVERABLE_DEFINED
                && event.snippet() instanceof DeclarationSnippet declaration) {
            String reason = Unresolved.cannotRun(declaration) + new Unresolved(this, run).bareReason(declaration);
            String wrapper = analysis.wrapper(declaration).fullClassName();
            loader.classFileNames()
                    .filter(name -> name.equals(wrapper) || name.startsWith(wrapper + "$"))
                    .forEach(name -> loader.declare(name, UnresolvedCode.saying(reason, loader.classFile(name))));
        }
    }

    /** Before the first code after them: what a driver needs may have come by a later {@code %classpath}. */
    private void registerDrivers(CellRun run) {
        boolean look = hasNewJars;
        hasNewJars = false; // first: a cell of another shell may add more meanwhile
        if (look && JdbcDrivers.areIn(loader)) {
            engine.asCell(run, () -> {
                JdbcDrivers.register(loader);
                return null;
            });
        }
    }

    private void keepMeanings(String snippet) {
        for (Snippet one : analysis.sourceToSnippets(snippet)) {
            if (one instanceof ImportSnippet added) {
                Stream<String> older = Stream.concat(
                        jshell.snippets()
                                .filter(known -> hasWrapper(known)
                                        && jshell.status(known).isActive())
                                .map(Snippet::source),
                        variables.all().stream().map(VarSnippet::typeName));
                meanings.keepMeanings(added, older).forEach(jshell::eval);
            }
        }
    }

    /**
     * JShell makes a top-level record public, and then refuses its constructor {@code R {..}} for being less than that. Tells
     * it that the constructor is public, too.
     */
    private Evaluated evaluateRecordsToo(NameChoices.Choice choice) {
        Amended text = choice.text();
        while (true) {
            String source = text.text();
            List<SnippetEvent> events = jshell.eval(source);
            Optional<Diag> refused = events.stream()
                    .filter(event -> event.status() == Snippet.Status.REJECTED)
                    .flatMap(event -> jshell.diagnostics(event.snippet()))
                    .filter(one -> one.getCode().contains("canonical.constructor")
                            && one.getMessage(Locale.ENGLISH).contains("was public"))
                    .findFirst();
            int at = refused.map(one -> (int) one.getStartPosition()).orElse(-1);
            if (at < 0 || source.startsWith("public ", at)) {
                return new Evaluated(events, text, choice.unfit());
            }
            text = text.insert(text.writtenOffset(at), "public ");
        }
    }

    private List<Snippet> declarations(String snippet) {
        return analysis.sourceToSnippets(snippet).stream()
                .filter(one ->
                        one instanceof TypeDeclSnippet || one instanceof MethodSnippet || one instanceof ImportSnippet)
                .toList();
    }

    /** A line end in an import shifts the lines of all later snippets, and one in front of it re-wraps every variable. */
    private static String withoutLineEndsInImport(String source) {
        String stripped = source.strip();
        return stripped.matches("(?s)import\\s.*") ? stripped.replaceAll("\\s+", " ") : stripped;
    }

    public Magic.Names names() {
        return SessionNames.of(jshell, variables, members);
    }

    private boolean isWrapperOfKnownSnippet(String wrapperName) {
        return jshell.snippets()
                .filter(Shell::hasWrapper)
                .filter(snippet -> jshell.status(snippet).isActive())
                .anyMatch(snippet -> analysis.wrapper(snippet).fullClassName().equals(wrapperName));
    }

    private static boolean hasWrapper(Snippet snippet) {
        return snippet.kind() == Snippet.Kind.METHOD
                || snippet.kind() == Snippet.Kind.TYPE_DECL
                || snippet.kind() == Snippet.Kind.VAR;
    }

    @Override
    public void close() {
        jshell.close();
        userThread.close();
        trial.close();
        try {
            loader.close();
        } catch (IOException ignored) {
            // The jars were only read.
        }
        apiJar.close();
    }
}
