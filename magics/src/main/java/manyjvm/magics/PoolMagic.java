package manyjvm.magics;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import manyjvm.magics.Grammar.Use;

/** {@code %pool} and {@code %%pool}: work for many JVMs at once. */
final class PoolMagic extends GrammarMagic {
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

    private final Supplier<Set<String>> pools;

    /** @param pools the names of the pools at the time, for completion */
    PoolMagic(Supplier<Set<String>> pools) {
        super(GRAMMAR);
        this.pools = pools;
    }

    @Override
    Set<String> own(String argumentsBeforeCursor) {
        return pools.get();
    }

    @Override
    public Rewritten rewrite(Call call) throws MagicUsageException {
        Use use = GRAMMAR.parse(call.arguments(), call.body().isPresent());
        try {
            return new PoolForms(use, call, pools.get(), false).write();
        } catch (MagicUsageException wrong) {
            throw use.wrong(wrong.getMessage());
        }
    }

    @Override
    public List<Rewritten> instead(Call call, Problem problem) {
        try {
            Use use = GRAMMAR.parse(call.arguments(), call.body().isPresent());
            PoolForms forms = new PoolForms(use, call, pools.get(), false);
            if (call.body().isPresent()) {
                return use.verb().name().equals("map") ? forms.mapCellWithMissingReturn() : List.of();
            }
            if (use.verb().name().equals("apply")) {
                return forms.appliedOtherwise();
            }
            if (use.verb().name().equals("explain")) {
                return new ExplainForms(use.arguments(), call.names()).others();
            }
            if (NAMING.contains(use.verb().name())) {
                return forms.ofTheName();
            }
            return PoolForms.MAPS.contains(use.verb().name()) ? forms.mappedOtherwise(problem.message()) : List.of();
        } catch (MagicUsageException none) {
            return List.of(); // the use has been understood before
        }
    }

    @Override
    public Optional<String> explain(Call call, Problem problem) {
        try {
            Use use = GRAMMAR.parse(call.arguments(), call.body().isPresent());
            return new PoolForms(use, call, pools.get(), false)
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
}
