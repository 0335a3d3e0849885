package manyjvm.parallel.code;

import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import manyjvm.parallel.NotShippableException;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.code.classes.RandomSources;
import manyjvm.parallel.code.classes.RecentClasses;
import manyjvm.parallel.code.closure.ClassFacts;
import manyjvm.parallel.code.closure.Closure;
import manyjvm.parallel.code.closure.Closures;
import manyjvm.parallel.code.closure.JdkChanges;
import manyjvm.parallel.code.closure.Root;
import manyjvm.parallel.code.closure.StaticHandle;
import manyjvm.parallel.code.graph.Encoded;
import manyjvm.parallel.code.graph.EncodingFailure;
import manyjvm.parallel.code.graph.GraphPlan;
import manyjvm.parallel.code.graph.ObjectCodec;
import manyjvm.parallel.code.lambda.LambdaForm;
import manyjvm.parallel.code.lambda.LambdaSite;
import manyjvm.parallel.code.lambda.Lambdas;
import manyjvm.parallel.code.lambda.SerializedLambdas;
import manyjvm.parallel.spi.ClassSource;

/**
 * Packs functions of a session.
 *
 * <p><b>The hard part, explained once.</b> {@code pool.map(x -> f(x), items)} looks as if the lambda held all it needs. It
 * holds nothing. {@code f} is a static method of a wrapper class that the session made up, which no class path has; the
 * variables that {@code f} uses are static fields of other wrappers, so nothing captures them, and another JVM would read
 * them as 0 or null without a word; and the lambda itself is of a hidden class that only its own JVM can name.
 *
 * <pre>
 *   submitting JVM                                         |  worker JVM
 *                                                          |
 *   function --take apart--&gt; roots  (SerializedLambdas)    |
 *                  |                                       |
 *        +-----&gt; walk the bytecode  (Closures)             |
 *        |         |  classes, static fields               |
 *        |       read the fields now: the snapshot         |
 *        |         |                                       |
 *        +--new--encode {function, values...} as one graph |
 *         roots    |                                       |
 *                Bundle -----------------------------------+--&gt; define classes   (ShippedLoader)
 *                                                          |    decode the graph, rebuild the lambda
 *                                                          |    set the static fields, run  (ShippedCode)
 * </pre>
 *
 * <p>The loop is there because a closure depends on values as well as on code: a variable may hold a list of lambdas, whose
 * bodies use further variables. What lies inside a graph is known once it is encoded, so the packer looks at what the codec
 * met and starts again when that asks for more. What can be seen without encoding (a variable that <em>is</em> a lambda, or
 * captures one) is followed beforehand, so a second turn is rare.
 *
 * <p>It is one graph so that a list that a lambda captured and a variable holds is one list there too. Static initializers
 * of the user's types may run while it is decoded, before the fields are set; the variables that they read travel twice,
 * once ahead. Arguments may be lambdas as well: those that use variables bring them along in the argument's own graph.
 *
 * <p>For use by any thread: each call borrows a codec of its own, whose notes of what it met are its alone. Reading a static
 * field of a user's type initializes that type here, if nothing has yet.
 */
final class SessionPacker implements CodePacker {
    /** First element of an encoded argument that brings variables along: {mark, names, argument, values...}. */
    static final String ARGUMENT_WITH_VARIABLES = "manyjvm: argument with variables";

    /** First element of a graph some of whose variables are set before the rest is decoded: {mark, graph, values...}. */
    static final String EARLY_VARIABLES = "manyjvm: early variables";

    /** Elements before the values in such a graph. */
    static final int EARLY_PARTS = 2;

    /** Texts that tell a field in {@code names}: its class, its name, its version, its group. */
    static final int FIELD_PARTS = 4;

    /** Elements before the values in such an argument. */
    static final int ARGUMENT_PARTS = 3;

    /** Callers at a time that find a codec ready. */
    private static final int KEPT_RECORDINGS = 16;

    private final ClassSource source;
    private final Shared.Linker linker;
    private final Function<ObjectCodec.Host, ObjectCodec> codecs;
    private final SerializedLambdas lambdas = new SerializedLambdas();
    private final Closures closures;
    private final ObjectCodec reader;
    private final ArrayBlockingQueue<Recording> idle = new ArrayBlockingQueue<>(KEPT_RECORDINGS);

    /** As long as a bundle, a list of references or {@link #shipped} has them. */
    private final Map<String, WeakReference<ShippedClass>> shippedByHash = new ConcurrentHashMap<>();

    private final Map<String, WeakReference<byte[]>> blobs = new ConcurrentHashMap<>();

    /** Where the code of a lambda class's instances starts; null until one was seen. */
    private final RecentClasses<AtomicReference<Set<Root>>> lambdaRoots =
            new RecentClasses<>(RecentClasses.KEPT, lambdaClass -> new AtomicReference<>());

    /** Final fields whose value cannot travel, as a whole, or need not. */
    private final ClassValue<Set<String>> madeAnew = new ClassValue<>() {
        @Override
        protected Set<String> computeValue(Class<?> type) {
            return ConcurrentHashMap.newKeySet();
        }
    };

    private final RecentClasses<ShippedClass> shipped = new RecentClasses<>(RecentClasses.KEPT, this::ship);

    SessionPacker(ClassSource source, Shared.Linker linker, Function<ObjectCodec.Host, ObjectCodec> codecs) {
        this.source = source;
        this.linker = linker;
        this.codecs = codecs;
        this.closures = new Closures(source);
        this.reader = codecs.apply(new SessionHost(lambdas));
    }

    @Override
    public Bundle pack(Object function) {
        Recording recording = borrow();
        try {
            return recording.pack(function);
        } finally {
            giveBack(recording);
        }
    }

    @Override
    public Encoded encode(Object value) {
        Recording recording = borrow();
        try {
            return recording.encodeArgument(value, List.of());
        } finally {
            giveBack(recording);
        }
    }

    @Override
    public Encoded encode(Object value, Bundle function) {
        Recording recording = borrow();
        try {
            return recording.encodeArgument(value, function.fields());
        } finally {
            giveBack(recording);
        }
    }

    private Recording borrow() {
        Recording recording = idle.poll();
        return recording != null ? recording : new Recording();
    }

    private void giveBack(Recording recording) {
        recording.forget();
        idle.offer(recording); // one too many is dropped
    }

    @Override
    public Object decode(byte[] bytes) {
        return reader.decode(bytes);
    }

    @Override
    public List<Bundle.ClassReference> references(Collection<Class<?>> sessionClasses) {
        return new Classes(sessionClasses.stream().map(shipped::get).toList());
    }

    @Override
    public byte[] classFile(Bundle.ClassReference reference) {
        WeakReference<ShippedClass> kept = shippedByHash.get(reference.hash());
        ShippedClass known = kept == null ? null : kept.get();
        if (known == null) {
            throw new IllegalArgumentException("the class " + reference.binaryName()
                    + " was not packed here, or the submission that it was packed for is gone");
        }
        return known.classFile();
    }

    /** One class file is kept once, however often it is asked for: what an older bundle has is what is found by its hash. */
    private ShippedClass ship(Class<?> type) {
        ShippedClass made = ShippedClass.of(type.getName(), source.bytes(type), source.isWrapper(type));
        ShippedClass[] one = {made};
        shippedByHash.values().removeIf(each -> each.get() == null);
        shippedByHash.compute(made.reference().hash(), (hash, kept) -> {
            ShippedClass same = kept == null ? null : kept.get();
            if (same != null && same.reference().equals(made.reference())) {
                one[0] = same;
                return kept;
            }
            return new WeakReference<>(made);
        });
        return one[0];
    }

    @Override
    public Optional<byte[]> classFile(String binaryName) {
        try {
            Class<?> type = source.find(binaryName);
            return source.defines(type) ? Optional.of(shipped.get(type).classFile()) : Optional.empty();
        } catch (ClassNotFoundException | LinkageError notOfTheSession) { // or it extends what is not
            return Optional.empty();
        }
    }

    @Override
    public byte[] blob(Bundle bundle, Bundle.BlobReference reference) {
        if (bundle.blobs() instanceof Blobs contents) {
            return contents.content(reference);
        }
        throw new IllegalArgumentException("this bundle was not packed in this JVM");
    }

    private static NotShippableException untakeable(Object lambda) {
        Class<?> type = lambda.getClass();
        String maker = type.getName().substring(0, type.getName().indexOf("$$Lambda"));
        boolean jdk = type.getClassLoader() == null || type.getClassLoader() == ClassLoader.getPlatformClassLoader();
        if (jdk) {
            return new NotShippableException("cannot send the function: it is a lambda made inside " + maker
                    + ", which nothing can take apart. Write it as a lambda of your own: x -> ...");
        }
        return new NotShippableException("cannot send a lambda of " + maker + ": its type, "
                + type.getInterfaces()[0].getName()
                + ", is not serializable. Use manyjvm.parallel.Fn, Task or Action instead.");
    }

    /** Adds where the code of a value starts, as far as can be seen without looking into objects. */
    private boolean follow(Object value, Set<Root> roots) {
        if (value == null) {
            return false;
        }
        if (!lambdas.isLambda(value)) {
            return isSessionClass(value.getClass()) && roots.add(new Root.OfClass(value.getClass()));
        }
        Optional<LambdaForm> form = lambdas.takeApart(value);
        if (form.isEmpty()) {
            return false;
        }
        boolean grew = roots.addAll(rootsOf(value, form.get()));
        for (Object captured : form.get().captured()) {
            grew |= follow(captured, roots);
        }
        return grew;
    }

    private Set<Root> rootsOf(Object lambda, LambdaForm form) {
        AtomicReference<Set<Root>> kept = lambdaRoots.get(lambda.getClass());
        Set<Root> roots = kept.get();
        if (roots == null) {
            roots = findRoots(form.site(), lambda.getClass().getClassLoader());
            kept.set(roots);
        }
        return roots;
    }

    private Set<Root> findRoots(LambdaSite site, ClassLoader loader) {
        Set<Root> roots = new LinkedHashSet<>();
        closures.sessionClass(site.implementationClass(), loader)
                .ifPresent(type ->
                        roots.add(new Root.OfMethod(type, site.implementationName(), site.implementationSignature())));
        Set<String> named = new LinkedHashSet<>(site.markers());
        named.add(site.capturingClass());
        named.add(site.functionalInterface());
        named.addAll(ClassFacts.named(site.instantiatedSignature()));
        named.addAll(ClassFacts.named(site.erasedSignature()));
        for (String name : named) {
            closures.sessionClass(name, loader).ifPresent(type -> roots.add(new Root.OfClass(type)));
        }
        return roots;
    }

    private boolean isSessionClass(Class<?> type) {
        return !type.isHidden() && !type.isArray() && !type.isPrimitive() && source.defines(type);
    }

    /** Values of the variables that some code uses, in the order of its closure. */
    private record Snapshot(Closure closure, Object[] values) {}

    /** The value of a final static, or of an enum constant's field, of a class that has not been initialized here. */
    private static final Object UNREAD = new Object();

    /**
     * A variable, encoded by itself.
     *
     * @param early whether static initializers of the user's types read it
     * @param part null for a simple value
     */
    private record Content(
            Closure.Variable variable, Object value, boolean early, String version, ObjectCodec.Part part) {
        boolean meets(ObjectCodec.Part other) {
            return part != null && part.meets(other);
        }

        Bundle.StaticField field(String group) {
            return new Bundle.StaticField(variable.owner().getName(), variable.name(), version, group);
        }

        /** What stands for it in the graph of all: itself only where that graph has some of its objects elsewhere too. */
        Object slot(String group) {
            return part == null || !group.equals(Bundle.StaticField.APART)
                    ? value
                    : part.encoded().bytes();
        }
    }

    /** {first..., slots...} */
    private static Object[] graph(List<Content> contents, String[] groups, Object... first) {
        Object[] graph = Arrays.copyOf(first, first.length + contents.size(), Object[].class);
        for (int i = 0; i < groups.length; i++) {
            graph[first.length + i] = contents.get(i).slot(groups[i]);
        }
        return graph;
    }

    /** Says which variables share objects with which, and with another graph: how many numbers, so many groups. */
    private static int[] shared(List<Content> contents, ObjectCodec.Part other) {
        int[] numbers = new int[contents.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = i;
            ObjectCodec.Part part = contents.get(i).part();
            for (int j = 0; part != null && j < i; j++) {
                if (contents.get(j).meets(part)) {
                    replace(numbers, numbers[i], numbers[j]);
                }
            }
        }
        for (int i = 0; i < numbers.length; i++) {
            if (contents.get(i).meets(other)) {
                replace(numbers, numbers[i], OTHER);
            }
        }
        return numbers;
    }

    private static final int OTHER = -1;

    private static void replace(int[] numbers, int number, int by) {
        for (int i = 0; i < numbers.length; i++) {
            if (numbers[i] == number) {
                numbers[i] = by;
            }
        }
    }

    private Snapshot snapshot(Set<Root> roots) {
        while (true) {
            Closure closure = closures.of(roots);
            Object[] values = new Object[closure.variables().size()];
            boolean grew = false;
            for (int i = 0; i < values.length; i++) {
                values[i] = read(closure.variables().get(i));
                grew |= follow(values[i], roots);
            }
            if (!grew) {
                return new Snapshot(closure, values);
            }
        }
    }

    private Object read(Closure.Variable variable) {
        if ((variable.isFinal() || variable.ofConstant()) && !source.isInitialized(variable.initialized())) {
            return UNREAD;
        }
        try {
            if (variable.handle() instanceof StaticHandle.OfConstant constants && !constants.areMade()) {
                return UNREAD;
            }
            return variable.handle().get();
        } catch (LinkageError failedInitializer) {
            throw new NotShippableException(
                    "cannot read the static field " + variable.shownName() + ": its class could not be initialized",
                    failedInitializer);
        }
    }

    /** Whether the value of this final field cannot travel, or need not: nobody can give it another one. */
    private boolean isMadeAnew(Closure.Variable variable) {
        return variable.isFinal() && madeAnew.get(variable.owner()).contains(variable.name());
    }

    private void madeAnew(Closure.Variable variable) {
        madeAnew.get(variable.owner()).add(variable.name());
    }

    private List<String> classPath() {
        List<String> entries = new ArrayList<>();
        for (Path entry : source.classPath()) {
            entries.add(entry.toAbsolutePath().toString());
        }
        return entries;
    }

    /** Says in the user's words which part of a function cannot travel. */
    private static NotShippableException named(NotShippableException refused, boolean parts) {
        if (!(refused instanceof EncodingFailure failure) || failure.path().isEmpty()) {
            return refused;
        }
        if (parts && failure.path().size() > 1) {
            int captured = index(failure.path().get(1)) - FunctionSlot.PARTS;
            return failure.named("a value that the lambda captured", "captured[" + captured + "]", 2, "");
        }
        return failure.named("the function", "function", 1, "");
    }

    /** The same of a variable's value. */
    private static NotShippableException named(NotShippableException refused, Closure.Variable variable) {
        if (!(refused instanceof EncodingFailure failure)) {
            return refused;
        }
        String kind = variable.ofWrapper() ? "notebook variable " : variable.ofConstant() ? "field " : "static field ";
        String user = variable.usedBy().isEmpty() ? "the lambda" : variable.usedBy();
        return failure.named(kind + variable.shownName(), variable.shownName(), 0, " (used by " + user + ")");
    }

    /** Of a path's step through an array, {@code [3]}. */
    private static int index(String step) {
        return Integer.parseInt(step.substring(1, step.length() - 1));
    }

    // ---- what the user may take for one object, though each worker has a copy ---------------------------------------

    /**
     * @param random whether the function's graph has a source of random numbers
     * @param staying what is said already of variables that do not travel
     */
    private List<Copied> copied(
            Snapshot snapshot,
            List<Content> contents,
            Optional<LambdaForm> form,
            boolean random,
            List<Copied> staying) {
        Closure closure = snapshot.closure();
        List<Copied> copied = new ArrayList<>(staying);
        boolean named = false;
        for (int i = 0; i < snapshot.values().length; i++) {
            Closure.Variable variable = closure.variables().get(i);
            if (repeatsRandom(variable, snapshot.values()[i])) {
                copied.add(Copied.random(variable.shownName(), variable.shownName()));
                named = true;
            }
        }
        for (Content content : contents) {
            if (content.part() != null && content.part().hasRandomSource()) {
                String name = content.variable().shownName();
                copied.add(Copied.random(name, name));
                named = true;
            }
        }
        if (random && !named && form.isPresent()) {
            copied.add(
                    Copied.random("what the lambda captured", form.get().site().text()));
        }
        for (Closure.Changed changed : closure.changed()) {
            if (changed instanceof Closure.Changed.OfVariable variable) {
                constant(variable, contents).ifPresent(copied::add);
                contents.stream()
                        .filter(each -> each.variable().owner() == variable.owner()
                                && each.variable().name().equals(variable.name()))
                        .filter(each -> isCopied(each, variable.how()))
                        .map(each -> copied(each.variable().shownName(), each.value(), variable.how()))
                        .forEach(copied::add);
            }
        }
        form.ifPresent(function -> addCaptured(function, closure, copied));
        return List.copyOf(copied);
    }

    /** What is told of an enum's constant whose fields the workers have copies of. */
    private static Optional<Copied> constant(Closure.Changed.OfVariable changed, List<Content> contents) {
        List<Content> fields = contents.stream()
                .filter(each -> each.value() != UNREAD
                        && each.variable().handle() instanceof StaticHandle.OfConstant handle
                        && handle.isOf(changed.owner(), changed.name()))
                .toList();
        boolean told = fields.stream().anyMatch(each -> each.value() != null)
                && fields.stream().allMatch(each -> each.value() == null || isCopied(each, changed.how()));
        String name = Closures.shownName(changed.owner(), changed.name());
        return told ? Optional.of(copied(name, changed, changed.how())) : Optional.empty();
    }

    /** Whether each worker makes the source of random numbers in a final field itself, with the same seed for all one knows. */
    private boolean repeatsRandom(Closure.Variable variable, Object value) {
        if (!variable.isFinal() || value == null) {
            return false;
        }
        boolean repeats = value == UNREAD
                ? RandomSources.isOneDeclared(variable.descriptor())
                : RandomSources.isOne(value) && RandomSources.repeats(value.getClass());
        return repeats && !closures.facts(variable.owner()).freshRandom();
    }

    /** What is shared is one for all, and what a worker makes itself is no copy. */
    private static boolean isCopied(Content content, Closure.How how) {
        boolean leadsToShared =
                content.part() != null && !content.part().encoded().shared().isEmpty();
        return content.value() != null
                && content.value() != UNREAD
                && !(content.value() instanceof Shared)
                && !(how.inside() && leadsToShared);
    }

    private static Copied copied(String name, Object value, Closure.How how) {
        return how.locked() ? Copied.locked(name, name) : Copied.changed(name, name, value, how.inside());
    }

    private void addCaptured(LambdaForm function, Closure closure, List<Copied> copied) {
        LambdaSite site = function.site();
        Object[] captured = function.captured();
        if (captured.length == 0) {
            return;
        }
        String owner = site.implementationClass().replace('.', '/');
        if (owner.startsWith("java/") && JdkChanges.changed(owner, site.implementationName()) == 0) {
            addCaptured(site, captured[0], new Closure.How(false, false), copied);
        }
        for (Closure.Changed changed : closure.changed()) {
            if (changed instanceof Closure.Changed.OfParameter parameter
                    && parameter.index() < captured.length
                    && isOf(site, parameter.method())) {
                addCaptured(site, captured[parameter.index()], parameter.how(), copied);
            }
        }
    }

    private static boolean isOf(LambdaSite site, Root.OfMethod method) {
        return method.name().equals(site.implementationName())
                && method.descriptor().equals(site.implementationSignature())
                && method.type().getName().equals(site.implementationClass().replace('/', '.'));
    }

    private void addCaptured(LambdaSite site, Object value, Closure.How how, List<Copied> copied) {
        if (value == null || value instanceof Shared) {
            return;
        }
        Optional<String> variable = variableHolding(value, site);
        if (variable.isPresent()) {
            copied.add(copied(variable.get(), value, how));
        } else {
            String name = "the " + GraphPlan.nameOf(value.getClass()) + " that the lambda captured";
            copied.add(
                    how.locked()
                            ? Copied.locked(name, site.text())
                            : Copied.changed(name, site.text(), value, how.inside()));
        }
    }

    /** The notebook's variable that the cell which made a lambda took the value from. */
    private Optional<String> variableHolding(Object value, LambdaSite site) {
        ClassLoader loader = source.loader();
        Optional<Class<?>> cell = closures.sessionClass(site.capturingClass().replace('/', '.'), loader);
        if (cell.isEmpty()) {
            return Optional.empty();
        }
        for (ClassFacts.MethodFacts code : closures.facts(cell.get()).methods().values()) {
            for (ClassFacts.Member read : code.reads()) {
                boolean holds = closures.sessionClass(read.owner(), cell.get().getClassLoader())
                        .filter(source::isWrapper)
                        .map(owner -> StaticHandle.of(owner, read.name(), read.descriptor())
                                        .get()
                                == value)
                        .orElse(false);
                if (holds) {
                    return Optional.of(read.name());
                }
            }
        }
        return Optional.empty();
    }

    /** What a codec asks of a session. */
    private final class SessionHost implements ObjectCodec.Host {
        private final Lambdas lambdas;

        SessionHost(Lambdas lambdas) {
            this.lambdas = lambdas;
        }

        @Override
        public Class<?> find(String binaryName) throws ClassNotFoundException {
            return source.find(binaryName);
        }

        @Override
        public ClassLoader loader() {
            return source.loader();
        }

        @Override
        public boolean isSessionClass(Class<?> type) {
            return SessionPacker.this.isSessionClass(type);
        }

        @Override
        public boolean isLibrary(Class<?> type) {
            return source.isLibrary(type);
        }

        @Override
        public Lambdas lambdas() {
            return lambdas;
        }

        @Override
        public Object link(Shared.Handle handle) {
            return linker.link(handle);
        }

        @Override
        public Object blob(String hash) {
            throw new IllegalStateException(
                    "a worker's answer refers to a blob, which only submissions do; please report" + " this");
        }
    }

    /** A codec, and notes of the lambdas that it met in the present call. Used by one call at a time. */
    private final class Recording implements Lambdas {
        private final ObjectCodec codec = codecs.apply(new SessionHost(this));
        /** Guarded by itself: a codec may go on in a thread with a larger stack. */
        private final Set<Root> met = new LinkedHashSet<>();

        /** Final variables that held something which cannot travel, when the variables were last encoded. */
        private final List<Copied> staying = new ArrayList<>();

        @Override
        public boolean isLambda(Object object) {
            return lambdas.isLambda(object);
        }

        @Override
        public Optional<LambdaForm> takeApart(Object lambda) {
            Optional<LambdaForm> form = lambdas.takeApart(lambda);
            if (form.isPresent()) {
                synchronized (met) {
                    met.addAll(rootsOf(lambda, form.get()));
                }
            }
            return form;
        }

        @Override
        public Object rebuild(LambdaForm form, ClassLoader loader) throws ReflectiveOperationException {
            return lambdas.rebuild(form, loader);
        }

        private void forget() {
            synchronized (met) {
                met.clear();
            }
        }

        /** Adds what an encoding met, beside the lambdas. */
        private boolean gather(Encoded encoded, Set<Root> roots) {
            boolean grew = false;
            for (Class<?> type : encoded.classes()) {
                grew |= isSessionClass(type) && roots.add(new Root.OfClass(type));
            }
            return grew;
        }

        /** Adds the lambdas that were met since the last {@link #forget}. */
        private boolean gatherLambdas(Set<Root> roots) {
            synchronized (met) {
                return roots.addAll(met);
            }
        }

        /**
         * Encodes each variable by itself.
         *
         * @param blobs null to keep large arrays in the graphs
         * @return those that travel
         */
        private List<Content> contents(Snapshot snapshot, Predicate<Closure.Variable> wanted, Blobs blobs) {
            List<Closure.Variable> variables = snapshot.closure().variables();
            List<Content> contents = new ArrayList<>(variables.size());
            staying.clear();
            for (int i = 0; i < variables.size(); i++) {
                Closure.Variable variable = variables.get(i);
                if (wanted.test(variable) && !isMadeAnew(variable)) {
                    boolean early = snapshot.closure().early().contains(i);
                    content(variable, snapshot.values()[i], early, blobs).ifPresent(contents::add);
                }
            }
            return contents;
        }

        /** Told of where the value is not itself of a kind that stays: part of it might have travelled, for all the user knows. */
        private void stays(Closure.Variable variable, EncodingFailure failure) {
            if (failure.path().isEmpty()) {
                madeAnew(variable);
            } else {
                staying.add(Copied.madeAnew(variable.shownName(), failure.describe(variable.shownName(), 0)));
            }
        }

        private Optional<Content> content(Closure.Variable variable, Object value, boolean early, Blobs blobs) {
            if (value == UNREAD) {
                return Optional.of(new Content(variable, null, early, "", null));
            }
            if (variable.isFinal()
                    && variable.ofConstant()
                    && !closures.facts(variable.owner()).computesConstants()
                    && Unchanging.is(value, lambdas)) {
                madeAnew(variable); // the same in each worker, and it costs nothing
                return Optional.empty();
            }
            Optional<String> simple = Version.ofSimple(variable.descriptor(), value);
            if (simple.isPresent()) {
                return Optional.of(new Content(variable, value, early, simple.get(), null));
            }
            if (variable.isFinal() && RandomSources.isOne(value)) {
                madeAnew(variable); // with numbers of its own in each worker, unless its seed is given
                return Optional.empty();
            }
            try {
                ObjectCodec.Part part = codec.encodePart(value, blobs);
                String version =
                        Version.ofGraph(variable.descriptor(), part.encoded().bytes(), blobs);
                return Optional.of(new Content(variable, value, early, version, part));
            } catch (NotShippableException refused) {
                if (!variable.isFinal() && variable.isRead()) {
                    throw named(refused, variable);
                }
                if (variable.isFinal() && refused instanceof EncodingFailure failure) {
                    stays(variable, failure);
                }
                return Optional.empty();
            }
        }

        private static String[] apart(List<Content> contents) {
            String[] groups = new String[contents.size()];
            Arrays.fill(groups, Bundle.StaticField.APART);
            return groups;
        }

        /**
         * Names the groups of the variables that share objects, by what they share and how.
         *
         * @param other the graph of the function or of the argument
         * @return whether there are any
         */
        private boolean group(List<Content> contents, ObjectCodec.Part other, String[] groups, Blobs blobs) {
            int[] numbers = shared(contents, other);
            Map<Integer, List<Content>> members = new HashMap<>();
            for (int i = 0; i < numbers.length; i++) {
                members.computeIfAbsent(numbers[i], absent -> new ArrayList<>()).add(contents.get(i));
            }
            for (int i = 0; i < numbers.length; i++) {
                if (numbers[i] == OTHER) {
                    groups[i] = Bundle.StaticField.WITH_FUNCTION;
                } else if (members.get(numbers[i]).size() > 1) {
                    groups[i] = groupOf(members.get(numbers[i]), blobs);
                }
            }
            return Arrays.stream(groups).anyMatch(group -> !group.equals(Bundle.StaticField.APART));
        }

        private String groupOf(List<Content> members, Blobs blobs) {
            List<Content> sorted = new ArrayList<>(members);
            sorted.sort(Comparator.comparing(content -> content.field("").toString()));
            String names =
                    sorted.stream().map(content -> content.field("").toString()).collect(Collectors.joining());
            Object[] values = sorted.stream().map(Content::value).toArray();
            return Version.ofGraph(
                    names, codec.encodePart(values, blobs).encoded().bytes());
        }

        Bundle pack(Object function) {
            Objects.requireNonNull(function, "there is no function to send: it is null");
            Optional<LambdaForm> form = Optional.empty();
            if (lambdas.isLambda(function)) {
                form = lambdas.takeApart(function);
                if (form.isEmpty()) {
                    throw untakeable(function);
                }
            }
            Set<Root> roots = new LinkedHashSet<>();
            follow(function, roots);
            while (true) {
                Snapshot snapshot = snapshot(roots);
                Blobs blobs = new Blobs();
                forget();
                List<Content> contents = contents(snapshot, variable -> true, blobs);
                boolean grew = gatherLambdas(roots);
                for (Content content : contents) {
                    grew |= content.part() != null && gather(content.part().encoded(), roots);
                }
                if (grew) {
                    continue;
                }
                // As itself where a variable holds the same lambda, so that both stay one.
                boolean parts = form.isPresent() && contents.stream().noneMatch(each -> each.value() == function);
                Object slot = parts ? FunctionSlot.of(form.get()) : function;
                String[] groups = apart(contents);
                ObjectCodec.Part all;
                try {
                    all = codec.encodePart(graph(contents, groups, slot), blobs);
                    if (group(contents, all, groups, blobs)) {
                        all = codec.encodePart(graph(contents, groups, slot), blobs);
                    }
                } catch (NotShippableException refused) {
                    throw named(refused, parts);
                }
                if (gather(all.encoded(), roots) | gatherLambdas(roots)) {
                    continue;
                }
                List<Copied> copied = copied(snapshot, contents, form, all.hasRandomSource(), staying);
                return bundle(snapshot.closure(), contents, groups, all.encoded(), blobs, copied);
            }
        }

        /** By identity: two maps of a manager are not one because they have the same entries, which other JVMs would be asked for. */
        private static Set<Shared> handles(Encoded encoded) {
            Set<Shared> handles = Collections.newSetFromMap(new IdentityHashMap<>());
            handles.addAll(encoded.shared());
            return handles;
        }

        private Bundle bundle(
                Closure closure,
                List<Content> contents,
                String[] groups,
                Encoded all,
                Blobs blobs,
                List<Copied> copied) {
            byte[] graph = all.bytes();
            Set<Shared> shared = handles(all);
            List<Bundle.StaticField> fields = new ArrayList<>(groups.length);
            Object[] early = new Object[EARLY_PARTS + groups.length];
            boolean anyEarly = false;
            for (int i = 0; i < groups.length; i++) {
                Content content = contents.get(i);
                fields.add(content.field(groups[i]));
                if (content.part() != null) {
                    shared.addAll(content.part().encoded().shared());
                }
                if (content.early()) {
                    early[EARLY_PARTS + i] = content.value();
                    anyEarly = true;
                }
            }
            if (anyEarly) {
                early[0] = EARLY_VARIABLES;
                early[1] = graph;
                graph = codec.encode(early).bytes();
            }
            return new Bundle(
                    references(closure.classes()),
                    classPath(),
                    fields,
                    graph,
                    blobs,
                    List.copyOf(shared),
                    closure.written(),
                    copied);
        }

        /** An argument whose code uses variables that the submission's function does not use brings them along. */
        Encoded encodeArgument(Object value, List<Bundle.StaticField> known) {
            forget();
            ObjectCodec.Part alone = codec.encodePart(value, null);
            Set<Root> roots = new LinkedHashSet<>();
            if (!(gather(alone.encoded(), roots) | gatherLambdas(roots))) {
                return alone.encoded();
            }
            while (true) {
                Snapshot snapshot = snapshot(roots);
                Set<Class<?>> classes = snapshot.closure().classes();
                forget();
                List<Content> contents = contents(snapshot, variable -> !isAmong(variable, known), null);
                Set<Shared> shared = handles(alone.encoded());
                boolean grew = gatherLambdas(roots);
                for (Content content : contents) {
                    if (content.part() != null) {
                        grew |= gather(content.part().encoded(), roots);
                        shared.addAll(content.part().encoded().shared());
                    }
                }
                if (grew) {
                    continue;
                }
                if (contents.isEmpty()) {
                    return new Encoded(alone.encoded().bytes(), classes, List.copyOf(shared));
                }
                String[] groups = apart(contents);
                group(contents, alone, groups, null);
                String[] names = new String[FIELD_PARTS * groups.length];
                for (int i = 0; i < groups.length; i++) {
                    Bundle.StaticField field = contents.get(i).field(groups[i]);
                    names[FIELD_PARTS * i] = field.className();
                    names[FIELD_PARTS * i + 1] = field.fieldName();
                    names[FIELD_PARTS * i + 2] = field.version();
                    names[FIELD_PARTS * i + 3] = field.group();
                }
                Encoded all = codec.encode(graph(contents, groups, ARGUMENT_WITH_VARIABLES, names, value));
                return new Encoded(all.bytes(), classes, List.copyOf(shared));
            }
        }

        private static boolean isAmong(Closure.Variable variable, List<Bundle.StaticField> fields) {
            for (Bundle.StaticField field : fields) {
                if (field.fieldName().equals(variable.name())
                        && field.className().equals(variable.owner().getName())) {
                    return true;
                }
            }
            return false;
        }
    }

    /** References to classes that keep the class files here, as long as the list lives. */
    private static final class Classes extends AbstractList<Bundle.ClassReference> {
        private final List<ShippedClass> classes;

        Classes(List<ShippedClass> classes) {
            this.classes = classes;
        }

        @Override
        public Bundle.ClassReference get(int index) {
            return classes.get(index).reference();
        }

        @Override
        public int size() {
            return classes.size();
        }
    }

    /**
     * The large arrays of one bundle, as the bundle's own list, so that the contents live just as long as the bundle. An
     * array that another living bundle has too is kept once. Filled by the packing thread, then only read.
     */
    private final class Blobs extends AbstractList<Bundle.BlobReference> implements Function<Object, String> {
        private final List<Bundle.BlobReference> references = new ArrayList<>();
        private final Map<String, byte[]> contents = new HashMap<>();

        private final Map<Object, String> known = new IdentityHashMap<>();

        @Override
        public String apply(Object array) {
            return known.computeIfAbsent(array, this::keep);
        }

        /** Copies first and hashes the copy: the array may change meanwhile. */
        private String keep(Object array) {
            byte[] content = reader.encode(array).bytes();
            String hash = ShippedClass.hash(content);
            if (contents.put(hash, shared(hash, content)) == null) {
                references.add(new Bundle.BlobReference(hash, content.length));
            }
            return hash;
        }

        private byte[] shared(String hash, byte[] content) {
            WeakReference<byte[]> kept = blobs.get(hash);
            byte[] same = kept == null ? null : kept.get();
            if (same != null) {
                return same;
            }
            blobs.values().removeIf(each -> each.get() == null);
            blobs.put(hash, new WeakReference<>(content));
            return content;
        }

        byte[] content(Bundle.BlobReference reference) {
            byte[] content = contents.get(reference.hash());
            if (content == null) {
                throw new IllegalArgumentException("this bundle has no blob " + reference.hash());
            }
            return content;
        }

        @Override
        public Bundle.BlobReference get(int index) {
            return references.get(index);
        }

        @Override
        public int size() {
            return references.size();
        }
    }
}
