package manyjvm.magics;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import manyjvm.kernel.spi.Magic.Call;
import manyjvm.kernel.spi.Magic.MagicUsageException;
import manyjvm.kernel.spi.Magic.Rewritten;
import manyjvm.kernel.spi.Spelling;
import manyjvm.magics.Grammar.Use;

/**
 * The Java of one use of {@code %pool} or {@code %%pool}: what is tried first, and what instead where that does not compile.
 *
 * @param pools the names of the pools at the time
 * @param byName whether a name means the pool of this name, also where a variable has it
 */
record PoolForms(Use use, Call call, Set<String> pools, boolean byName) {
    /** The verbs that apply a function to each of several items. */
    static final Set<String> MAPS = Set.of("map", "starmap", "imap");

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
                Rewritten.expression(Generated.API + "." + use.verb().name() + "(" + poolOrNothing(arguments, 0) + ")");
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

    private Rewritten mapped(Arguments arguments, FunctionAndItems given, String function) throws MagicUsageException {
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
                                ? Generated.ITERABLES + ".list(" + pool + ".imapUnordered" + call + ")"
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
        return Rewritten.expression(Generated.API + ".watch(" + Generated.PAGE + ", " + limit.orElse("null")
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
        return named ? List.of(new PoolForms(use, call, pools, true).write()) : List.of();
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
                + (arguments.has("--pool") ? reference(arguments.text("--pool").get()) : "") + ")");
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
