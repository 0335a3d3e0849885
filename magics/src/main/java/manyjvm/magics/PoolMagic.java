package manyjvm.magics;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import manyjvm.kernel.api.Notebook;
import manyjvm.kernel.spi.Magic;
import manyjvm.kernel.spi.Spelling;
import manyjvm.magics.Grammar.Use;

/** {@code %pool} and {@code %%pool}: work for many JVMs at once. */
final class PoolMagic implements Magic {
    /** The verbs that apply a function to each of several items. */
    private static final Set<String> MAPS = Set.of("map", "starmap", "imap");

    /** The verbs that take a pool's name as their last word. */
    private static final Set<String> NAMING =
            Set.of("status", "insights", "timeline", "output", "interrupt", "restart", "close", "terminate");

    private static final Option POOL = Option.of("--pool", "NAME");
    private static final Option CHUNK = Option.of("--chunk", "N");
    private static final Option UNORDERED = Option.onOff("--unordered");
    private static final Option ASYNC = Option.onOff("--async");
    private static final Option OUT = Option.of("--out", "NAME");
    private static final Option TIMEOUT = Option.of("--timeout", "10s");
    private static final Option RETRIES = Option.of("--retries", "N");
    private static final Option ALL = Option.onOff("--all");
    private static final Option SAVE = Option.of("--save", "FILE");

    private static final Option PROGRESS = Option.onOff("--progress");
    private static final Option NO_PROGRESS = Option.onOff("--no-progress");
    private static final Option WATCH = Option.onOff("--watch");
    private static final Option FOR = Option.of("--for", "10s");

    private static final List<Option> START = List.of(
            Option.of("--name", "P"),
            Option.choice("--on", "processes", "threads", "virtual"),
            Option.of("--heap", "512m"),
            Option.of("--jvm", "\"...\""),
            Option.of("--jdk", "PATH"),
            Option.of("--cpus", "0,1"),
            Option.of("--init", "EXPR"),
            Option.of("--max-tasks", "N"),
            Option.of("--max-memory", "1g"),
            TIMEOUT,
            RETRIES,
            Option.choice("--output", "live", "raw", "grouped"),
            PROGRESS,
            NO_PROGRESS);

    private static final Grammar GRAMMAR = new Grammar(
            "pool",
            List.of(
                    new Verb(
                            "start",
                            "[N]",
                            START,
                            "makes a pool of N worker JVMs (one per processor without N); without\n"
                                    + "--name it becomes the default pool"),
                    new Verb(
                            "map",
                            "FN ITEMS",
                            List.of(CHUNK, UNORDERED, ASYNC, OUT, TIMEOUT, RETRIES, PROGRESS, NO_PROGRESS, POOL),
                            "the list of FN's results for all items, in the order of the items"),
                    new Verb(
                            "starmap",
                            "FN TUPLES",
                            List.of(CHUNK, ASYNC, OUT, TIMEOUT, RETRIES, PROGRESS, NO_PROGRESS, POOL),
                            "like map, for a function of 2 to 4 arguments: TUPLES is zip(as, bs) or [(1, 2), (3, 4)]"),
                    new Verb(
                            "imap",
                            "FN ITEMS",
                            List.of(CHUNK, UNORDERED, OUT, TIMEOUT, RETRIES, PROGRESS, NO_PROGRESS, POOL),
                            "results one by one, while the rest is being worked on; ITEMS may be endless"),
                    new Verb(
                            "apply",
                            "FN ARGS...",
                            List.of(ASYNC, OUT, TIMEOUT, RETRIES, PROGRESS, NO_PROGRESS, POOL),
                            "one call in one worker"),
                    new Verb(
                            "explain",
                            "FN",
                            List.of(),
                            "what FN, or a variable, would take along to a worker JVM, and what would be refused;\n"
                                    + "submits nothing"),
                    new Verb(
                            "insights",
                            "[NAME]",
                            List.of(ALL),
                            "where the time of the last work went, worker by worker: waiting, working,\n"
                                    + "reading, sending; speed-up, slowest items, what was sent, advice"),
                    new Verb(
                            "timeline",
                            "[NAME]",
                            List.of(ALL, SAVE),
                            "the same as a picture: which worker did what when"),
                    new Verb(
                            "status",
                            "[NAME]",
                            List.of(WATCH, FOR),
                            "the pools and what their workers do: their item, heap, CPU time and last line"),
                    new Verb("output", "live|raw|grouped [NAME]", List.of(), "how workers' text is shown from now on"),
                    new Verb(
                            "interrupt",
                            "[NAME]",
                            List.of(),
                            "cancels all work; a worker that ignores it for a second is replaced"),
                    new Verb("restart", "[NAME]", List.of(), "cancels all work and takes fresh workers"),
                    new Verb("close", "[NAME]", List.of(), "no more work; ends the workers when theirs is done"),
                    new Verb("terminate", "[NAME]", List.of(), "ends the workers at once")),
            List.of(
                    new Verb(
                            "map",
                            "x : ITEMS",
                            List.of(CHUNK, UNORDERED, ASYNC, OUT, TIMEOUT, RETRIES, PROGRESS, NO_PROGRESS, POOL),
                            "the cell is the function of x; it returns the result, or nothing"),
                    new Verb("each", "", List.of(PROGRESS, NO_PROGRESS, POOL), "runs the cell once on every worker")),
            """
            FN      a notebook method's name, a lambda (in parentheses if it contains spaces), a
                    method reference, or a variable that holds a function
            ITEMS   any list, set, array, stream or range; 0..9 includes 9, 0..10 by 2 makes
                    steps, and 1, 2, 3 or [1, 2, 3] lists the items
            NAME    the name of a pool or a variable that holds one; without it the default
                    pool, which the first use makes; its workers end after a minute without work
            --timeout is for one item (500ms, 10s, 1.5m, 1h): a worker that takes longer is killed
            (a thread is left alone), and its item fails. --retries N runs an item again whose
            worker died, so that what it did before may be done twice.
            --output live shows whole lines as they come, raw pieces of them, grouped each item's
            text together, in the order of the items. --init runs in each worker first.
            --max-tasks and --max-memory (Linux) replace a worker after so many chunks or beyond
            that size. --cpus (Linux) says which processors the workers use.
            --all shows all that a pool remembers, instead of the last cell's work. --save writes a
            picture (FILE.svg), or a trace for ui.perfetto.dev and chrome://tracing (FILE.json).
            Work on several items that lasts over a second shows how far it is, in one line that
            is drawn in place: --no-progress hides it, as MANYJVM_PROGRESS=off in the kernel's
            environment does for all; --progress shows it also for one item.
            --watch shows the status again and again in one place, until the cell is stopped or
            the time of --for is over.
            --name P also makes the variable P.
            The value can be assigned: var squares = %pool map f 0..9""");

    /** Java for what shows a value, and draws others in its place. */
    private static final String PAGE = "shown$ -> " + Notebook.class.getName() + ".display(shown$)::update";

    private final Supplier<Set<String>> pools;

    /** @param pools the names of the pools at the time, for completion */
    PoolMagic(Supplier<Set<String>> pools) {
        this.pools = pools;
    }

    @Override
    public String name() {
        return GRAMMAR.name();
    }

    @Override
    public String usage() {
        return GRAMMAR.usage();
    }

    @Override
    public List<String> complete(String argumentsBeforeCursor, Names names) {
        return GRAMMAR.complete(argumentsBeforeCursor, names, pools.get());
    }

    @Override
    public Rewritten rewrite(Call call) throws MagicUsageException {
        Use use = GRAMMAR.parse(call.arguments(), call.body().isPresent());
        try {
            return new Writer(use, call, pools.get(), false).write();
        } catch (MagicUsageException wrong) {
            throw use.wrong(wrong.getMessage());
        }
    }

    @Override
    public List<Rewritten> instead(Call call, Problem problem) {
        try {
            Use use = GRAMMAR.parse(call.arguments(), call.body().isPresent());
            Writer writer = new Writer(use, call, pools.get(), false);
            if (call.body().isPresent()) {
                return use.verb().name().equals("map") ? writer.mapCellWithMissingReturn() : List.of();
            }
            if (use.verb().name().equals("apply")) {
                return writer.appliedOtherwise();
            }
            if (use.verb().name().equals("explain")) {
                return new ExplainForms(use.arguments(), call.names()).others();
            }
            if (NAMING.contains(use.verb().name())) {
                return writer.ofTheName();
            }
            return MAPS.contains(use.verb().name()) ? writer.mappedOtherwise(problem.message()) : List.of();
        } catch (MagicUsageException none) {
            return List.of(); // the use has been understood before
        }
    }

    @Override
    public Optional<String> explain(Call call, Problem problem) {
        try {
            Use use = GRAMMAR.parse(call.arguments(), call.body().isPresent());
            return new Writer(use, call, pools.get(), false)
                    .explained(new Misfit(problem, call.names()))
                    .map(words -> use.wrong(words).getMessage());
        } catch (MagicUsageException none) {
            return Optional.empty(); // the use has been understood before
        }
    }

    @Override
    public Optional<String> hint(String message, String source, int at) {
        return Misfit.hint(message, source, at);
    }

    /** Writes the Java of one use. */
    private record Writer(Use use, Call call, Set<String> pools, boolean byName) {
        Rewritten write() throws MagicUsageException {
            Arguments arguments = use.arguments();
            return switch (use.verb().name()) {
                case "start" -> start(arguments);
                case "map" -> call.body().isPresent() ? mapCell(arguments) : mapped(arguments);
                case "starmap", "imap" -> mapped(arguments);
                case "apply" -> apply(arguments);
                case "each" -> each(arguments);
                case "explain" -> new ExplainForms(arguments, call.names()).first();
                case "insights" -> recorded(arguments, "insights()");
                case "timeline" -> timeline(arguments);
                case "status" -> status(arguments);
                case "output" -> output(arguments);
                default ->
                    Rewritten.expression(
                            Generated.API + "." + use.verb().name() + "(" + poolOrNothing(arguments, 0) + ")");
            };
        }

        private Rewritten start(Arguments arguments) throws MagicUsageException {
            require(arguments.words().size() <= 1, "%pool start takes one number of workers");
            Optional<String> name = arguments.name("--name");
            StringBuilder java = new StringBuilder(Generated.API + ".setUp(" + Generated.text(name) + ")");
            if (arguments.words().size() == 1) {
                String workers = arguments.words().get(0);
                java.append(".workers(" + Arguments.checkedNumber("the number of workers", workers, 1) + ")");
            }
            Generated.append(java, "on", arguments.text("--on").map(JavaText::literal));
            Generated.append(java, "heap", arguments.heap("--heap").map(JavaText::literal));
            Generated.append(java, "jvm", arguments.text("--jvm").map(JavaText::literal));
            Generated.append(java, "jdk", Jdk.checked(arguments.text("--jdk")).map(JavaText::literal));
            Generated.append(java, "cpus", arguments.processors("--cpus"));
            Optional<String> init = arguments.text("--init");
            if (init.isPresent()) {
                Generated.append(java, "initializer", Optional.of(Generated.action(init.get())));
            }
            Generated.append(java, "maxTasks", arguments.number("--max-tasks", 1));
            Generated.append(java, "maxMemory", arguments.heap("--max-memory").map(JavaText::literal));
            Generated.append(java, "timeout", arguments.duration("--timeout"));
            Generated.append(java, "retries", arguments.number("--retries", 0));
            Generated.append(java, "output", arguments.text("--output").map(JavaText::literal));
            Generated.append(java, "progress", progress(arguments));
            java.append(".start()");
            return new Rewritten(java.toString(), "", call.usedAsValue() ? Optional.empty() : name);
        }

        /** {@code map}, {@code starmap} and {@code imap}. */
        private Rewritten mapped(Arguments arguments) throws MagicUsageException {
            FunctionAndItems given = FunctionAndItems.of(use.verb().name(), arguments);
            Callables callables = new Callables(call.names());
            return mapped(
                    arguments,
                    given,
                    isStarmap() ? callables.ofSeveral(given.function()) : callables.ofOne(given.function()));
        }

        private Rewritten mapped(Arguments arguments, FunctionAndItems given, String function)
                throws MagicUsageException {
            String items = isStarmap() ? Items.tuples(given.items()) : Items.java(given.items());
            String call = "(" + function + ", " + items + ")";
            String pool = pool(arguments);
            String unordered = arguments.has("--unordered") ? "Unordered" : "";
            String async = arguments.has("--async") ? "Async" : "";
            return result(
                    arguments,
                    switch (use.verb().name()) {
                        case "imap" -> pool + ".imap" + unordered + call;
                        case "starmap" -> pool + ".starmap" + async + call;
                        default ->
                            mapMethod(arguments).equals("mapUnordered")
                                    ? Generated.API + ".list(" + pool + ".imapUnordered" + call + ")"
                                    : pool + "." + mapMethod(arguments) + call;
                    });
        }

        /** The same with other functions: that return null where the user's returns nothing, and of variables of other types. */
        List<Rewritten> mappedOtherwise(String problem) throws MagicUsageException {
            FunctionAndItems given = FunctionAndItems.of(use.verb().name(), use.arguments());
            List<Rewritten> others = new ArrayList<>();
            List<Integer> parameters = isStarmap() ? List.of(2, 3, 4) : List.of(1);
            Set<String> functions = new LinkedHashSet<>();
            Callables callables = new Callables(call.names());
            for (int count : parameters) {
                if (Misfit.returnsNothing(problem)) {
                    functions.addAll(callables.withoutResult(given.function(), count));
                }
                functions.addAll(callables.ofVariable(given.function(), count));
            }
            for (String function : functions) {
                others.add(mapped(use.arguments(), given, function));
            }
            if (Items.areNone(given.items(), call.names().types())) {
                others.addAll(mappedNone(given, callables, Misfit.isOfTheItemsType(problem)));
            }
            return others;
        }

        /** @param fallBack to a function that is never called, and so need not be compiled */
        private List<Rewritten> mappedNone(FunctionAndItems given, Callables callables, boolean fallBack)
                throws MagicUsageException {
            List<Rewritten> others = new ArrayList<>();
            int parameters = isStarmap() ? 2 : 1;
            for (String function : callables.ofNoItems(given.function(), parameters)) {
                others.add(mapped(use.arguments(), given, function));
            }
            for (String type : isStarmap() ? List.<String>of() : Items.TYPES) {
                FunctionAndItems typed = new FunctionAndItems(given.function(), Items.noneOf(type, given.items()));
                others.add(mapped(use.arguments(), typed, callables.ofOne(given.function())));
            }
            Optional<String> never = Callables.neverCalled(given.function(), parameters);
            if (fallBack && never.isPresent()) {
                others.add(mapped(use.arguments(), given, never.get()));
            }
            return others;
        }

        private boolean isStarmap() {
            return use.verb().name().equals("starmap");
        }

        private static String mapMethod(Arguments arguments) throws MagicUsageException {
            boolean unordered = arguments.has("--unordered");
            boolean async = arguments.has("--async");
            if (unordered && async) {
                throw new MagicUsageException(
                        "--unordered and --async do not go together; %pool imap --unordered gives results as they come");
            }
            return async ? "mapAsync" : unordered ? "mapUnordered" : "map";
        }

        private Rewritten apply(Arguments arguments) throws MagicUsageException {
            require(!arguments.words().isEmpty(), "%pool apply needs a function");
            boolean bareLambda = JavaText.indexOf("->", arguments.from(0)) >= 0;
            String function = bareLambda ? arguments.from(0) : arguments.words().get(0);
            List<String> rest = bareLambda ? List.of() : argumentsOf(arguments);
            return applied(arguments, new Callables(call.names()).called(function, rest));
        }

        /** One word each; with commas, as in a call, when there are any. */
        private static List<String> argumentsOf(Arguments arguments) throws MagicUsageException {
            String written = arguments.from(1);
            return JavaText.indexOf(",", written) >= 0
                    ? JavaText.splitAt(',', written)
                    : arguments.words().subList(1, arguments.words().size());
        }

        private Rewritten applied(Arguments arguments, String task) throws MagicUsageException {
            String method = arguments.has("--async") ? "applyAsync" : "apply";
            return result(arguments, pool(arguments) + "." + method + "(" + task + ")");
        }

        List<Rewritten> appliedOtherwise() throws MagicUsageException {
            List<String> words = use.arguments().words();
            List<Rewritten> others = new ArrayList<>();
            for (String task : new Callables(call.names()).calledVariable(words.get(0), argumentsOf(use.arguments()))) {
                others.add(applied(use.arguments(), task));
            }
            return others;
        }

        /**
         * Java decides by the body's {@code return}s whether a lambda gives a value. A body without any gives null: the
         * {@code if (true)} keeps the added {@code return null} reachable when the body ends in a throw.
         */
        private Rewritten mapCell(Arguments arguments) throws MagicUsageException {
            JavaParser.Returns returns = Generated.returns(call.body().orElse(""));
            if (returns.none()) {
                return mapCell(arguments, "if (true) {", "} return null;");
            }
            boolean map = mapMethod(arguments).equals("map");
            return returns.withValue() || map
                    ? mapCell(arguments, "", "")
                    : mapCell(arguments, "manyjvm.parallel.Action body$ = () -> {", "}; body$.go(); return null;");
        }

        /** The same for a body that returns a value on some of its ways only, and null on the others. */
        List<Rewritten> mapCellWithMissingReturn() throws MagicUsageException {
            return Generated.returns(call.body().orElse("")).withValue()
                    ? List.of(mapCell(use.arguments(), "if (true) {", "} return null;"))
                    : List.of();
        }

        private Rewritten mapCell(Arguments arguments, String before, String after) throws MagicUsageException {
            String method = mapMethod(arguments);
            String header = arguments.from(0);
            int colon = JavaText.indexOf(":", header);
            require(colon > 0, "%%pool map needs a name and items, such as x : 0..9");
            String parameter = header.substring(0, colon).strip();
            String items = header.substring(colon + 1).strip();
            require(
                    JavaText.isName(parameter),
                    "%%pool map names its item first, such as x : 0..9, not '" + parameter + "'");
            require(!items.isEmpty(), "%%pool map needs items after the colon, such as x : 0..9");
            String start = Generated.API + "." + method + "(" + pool(arguments) + ", " + Items.java(items) + ", "
                    + parameter + " -> {" + (before.isEmpty() ? "" : " " + before);
            return new Rewritten(start, (after.isEmpty() ? "" : " " + after) + " });", out(arguments));
        }

        private Rewritten each(Arguments arguments) throws MagicUsageException {
            require(arguments.words().isEmpty(), "%%pool each takes no arguments; the cell is what to run");
            return new Rewritten(pool(arguments) + ".everyWorker(() -> {", " });", Optional.empty());
        }

        private Rewritten timeline(Arguments arguments) throws MagicUsageException {
            Optional<String> file = arguments.text("--save");
            require(
                    file.map(name -> name.toLowerCase(Locale.ROOT).matches(".*\\.(svg|json)"))
                            .orElse(true),
                    "--save takes a file's name that ends in .svg, for a picture, or in .json, for Perfetto and Chrome, not '"
                            + file.orElse("") + "'");
            return recorded(
                    arguments,
                    "timeline()"
                            + file.map(name -> ".save(" + JavaText.literal(name) + ")")
                                    .orElse(""));
        }

        private Rewritten recorded(Arguments arguments, String what) throws MagicUsageException {
            String last = arguments.has("--all") ? "" : ".last()";
            return Rewritten.expression(
                    Generated.API + ".recording(" + poolOrNothing(arguments, 0) + ")" + last + "." + what);
        }

        private Rewritten status(Arguments arguments) throws MagicUsageException {
            String pool = poolOrNothing(arguments, 0);
            Optional<String> limit = arguments.duration("--for");
            require(limit.isEmpty() || arguments.has("--watch"), "--for says how long to --watch");
            if (!arguments.has("--watch")) {
                return Rewritten.expression(Generated.API + ".status(" + pool + ")");
            }
            require(!call.usedAsValue(), "%pool status --watch shows the pools, and has no value");
            return Rewritten.expression(Generated.API + ".watch(" + PAGE + ", " + limit.orElse("null")
                    + (pool.isEmpty() ? "" : ", " + pool) + ")");
        }

        private Rewritten output(Arguments arguments) throws MagicUsageException {
            List<String> modes = List.of("live", "raw", "grouped");
            String mode = arguments.words().isEmpty() ? "" : arguments.words().get(0);
            require(
                    modes.contains(mode),
                    "%pool output needs one of " + String.join(", ", modes)
                            + (mode.isEmpty() ? "" : ", not '" + mode + "'" + Spelling.hint(mode, modes)));
            String pool = poolOrNothing(arguments, 1);
            return Rewritten.expression(
                    Generated.API + ".output(" + JavaText.literal(mode) + (pool.isEmpty() ? "" : ", " + pool) + ")");
        }

        /** The pool of this name, where a variable of that name holds something else. */
        List<Rewritten> ofTheName() throws MagicUsageException {
            List<String> words = use.arguments().words();
            boolean named = !words.isEmpty() && pools.contains(words.get(words.size() - 1));
            return named ? List.of(new Writer(use, call, pools, true).write()) : List.of();
        }

        Optional<String> explained(Misfit misfit) throws MagicUsageException {
            String verb = use.verb().name();
            if (call.body().isPresent()) {
                String header = use.arguments().from(0);
                return misfit.ofCell(header.substring(JavaText.indexOf(":", header) + 1));
            }
            if (MAPS.contains(verb)) {
                FunctionAndItems given = FunctionAndItems.of(use.verb().name(), use.arguments());
                return misfit.ofFunction(given.function(), given.items(), isStarmap());
            }
            List<String> words = use.arguments().words();
            return verb.equals("apply")
                    ? misfit.ofCall(words.get(0))
                    : verb.equals("start") || verb.equals("explain") || words.isEmpty()
                            ? misfit.ofUse()
                            : misfit.ofName(words.get(words.size() - 1), "pool");
        }

        /** The pool with the options of this call. */
        private String pool(Arguments arguments) throws MagicUsageException {
            StringBuilder java = new StringBuilder(Generated.API + ".pool("
                    + (arguments.has("--pool")
                            ? reference(arguments.text("--pool").get())
                            : "") + ")");
            Generated.append(java, "chunk", arguments.number("--chunk", 1));
            Generated.append(java, "timeout", arguments.duration("--timeout"));
            Generated.append(java, "retries", arguments.number("--retries", 0));
            Generated.append(java, "progress", progress(arguments));
            return java.toString();
        }

        private Optional<String> progress(Arguments arguments) throws MagicUsageException {
            boolean shown = arguments.has("--progress");
            boolean hidden = arguments.has("--no-progress");
            require(!shown || !hidden, "--progress and --no-progress do not go together");
            return shown || hidden ? Optional.of(String.valueOf(shown)) : Optional.empty();
        }

        private String poolOrNothing(Arguments arguments, int index) throws MagicUsageException {
            List<String> words = arguments.words();
            String name = arguments.from(index);
            require(
                    words.size() <= index + 1 || pools.contains(name),
                    "%pool " + use.verb().name() + " takes one pool's name at most");
            return name.isEmpty() ? "" : reference(name);
        }

        /** A variable that holds the pool, or the name of a pool without one. */
        private String reference(String name) throws MagicUsageException {
            String unquoted = JavaText.unquoted(name);
            require(unquoted.matches("[\\p{L}\\d_$][\\p{L}\\d_$. -]*"), "'" + unquoted + "' is not a valid pool name");
            return !byName && call.names().variables().contains(name) ? name : JavaText.literal(unquoted);
        }

        private Rewritten result(Arguments arguments, String java) throws MagicUsageException {
            return new Rewritten(java, "", out(arguments));
        }

        private Optional<String> out(Arguments arguments) throws MagicUsageException {
            return Generated.out(arguments, call);
        }

        private void require(boolean condition, String otherwise) throws MagicUsageException {
            if (!condition) {
                throw new MagicUsageException(otherwise);
            }
        }
    }
}
