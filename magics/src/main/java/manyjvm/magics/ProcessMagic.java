package manyjvm.magics;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import manyjvm.kernel.spi.Spelling;
import manyjvm.magics.Grammar.Use;

/** {@code %process} and {@code %%process}: work in a JVM of its own. */
final class ProcessMagic extends GrammarMagic {
    private static final List<Option> START = List.of(
            Option.onOff("--async"),
            Option.of("--heap", "512m"),
            Option.of("--jvm", "\"...\""),
            Option.of("--jdk", "PATH"),
            Option.of("--timeout", "10s"),
            Option.of("--out", "NAME"));

    private static final Verb EXPRESSION =
            new Verb("", "EXPR", START, "runs a Java expression or statement in a fresh JVM and waits for its end");

    private static final Verb CELL = new Verb(
            "",
            "[NAME]",
            Stream.concat(Stream.of(Option.of("-n", "N")), START.stream()).toList(),
            "runs the cell in a fresh JVM; with -n in N of them, which find their number\n"
                    + "(0 to N - 1) in the variable rank");

    private static final Grammar GRAMMAR = new Grammar(
            "process",
            List.of(
                    EXPRESSION,
                    new Verb("list", "", List.of(), "the processes, how they ended, and the pools' workers"),
                    new Verb("join", "NAME", List.of(Option.of("--timeout", "10s")), "waits for its end"),
                    new Verb("interrupt", "NAME", List.of(), "interrupts what it runs"),
                    new Verb("terminate", "NAME", List.of(), "asks it to end (SIGTERM)"),
                    new Verb("kill", "NAME", List.of(), "ends it at once (SIGKILL)"),
                    new Verb(
                            "stack",
                            "NAME",
                            List.of(),
                            "shows what its threads do now, and a deadlock when there is one;\n"
                                    + "POOL/NUMBER is a pool's worker, here and for kill and terminate")),
            List.of(CELL),
            """
            NAME is a process's name, as %process list shows it, or a variable that holds one. An
            exit code other than 0 is an error of the cell, unless --async says not to wait. A
            process that is not done at its --timeout is killed. --out binds what the cell
            returns (with --async what will have it: get() waits), else the Process; with -n a
            list.""");

    /** A pool's worker, as the list and as messages call it. */
    private static final Pattern WORKER = Pattern.compile("(.*?)(?:/| worker )(\\S*)");

    /** Java that begins like this and ends without a semicolon is a statement, whether it parses as an expression or not. */
    private static final Pattern STATEMENT = Pattern.compile("(?U)(?:throw|return|assert)\\b");

    /** A lambda from its first character on. */
    private static final Pattern LAMBDA = Pattern.compile("((?U:\\w+)|\\([^()]*\\))\\s*->\\s*(\\S.*)", Pattern.DOTALL);

    /** Sends the value of a cell; see {@code ProcessSetUp.Sender}. */
    private static final String SENDER =
            "(body$, values$) -> () -> values$.put(java.util.Collections.singletonList(body$.call()))";

    private final Supplier<Set<String>> processes;
    private final Supplier<Set<String>> workers;

    /**
     * @param processes the names of the processes at the time, for completion
     * @param workers the pools' workers at the time, as {@code POOL/NUMBER}
     */
    ProcessMagic(Supplier<Set<String>> processes, Supplier<Set<String>> workers) {
        super(GRAMMAR);
        this.processes = processes;
        this.workers = workers;
    }

    @Override
    Set<String> own(String argumentsBeforeCursor) {
        Set<String> own = new TreeSet<>(processes.get());
        if (argumentsBeforeCursor.strip().matches("(?s)(?:stack|kill|terminate)\\b.*")) {
            own.addAll(workers.get());
        }
        return own;
    }

    @Override
    public Rewritten rewrite(Call call) throws MagicUsageException {
        if (call.body().isPresent()) {
            return cell(GRAMMAR.parse(CELL, call.arguments(), true), call.body().get());
        }
        if (isVerb(call.arguments())) {
            return verb(GRAMMAR.parse(call.arguments(), false), call, false);
        }
        return expression(GRAMMAR.parse(EXPRESSION, call.arguments(), false), call);
    }

    @Override
    public Optional<String> explain(Call call, Problem problem) {
        Misfit misfit = new Misfit(problem, call.names());
        Optional<String> wrong = call.body().isPresent() || !GRAMMAR.startsWithVerb(call.arguments())
                ? misfit.ofUse()
                : misfit.ofName(call.arguments().replaceFirst("^\\w+\\s+(\\S+)(?s:.*)$", "$1"), "process");
        return wrong.map(words -> words + "\n%process? shows how to use it");
    }

    /**
     * {@code list} alone is the verb, {@code list = f(3)} is Java. No Java has two names in a row, but for {@code instanceof};
     * names of processes may have a hyphen or blanks, and may stand in quotes.
     */
    private static boolean isVerb(String arguments) throws MagicUsageException {
        List<JavaText.Word> words = JavaText.words(arguments);
        return GRAMMAR.startsWithVerb(arguments)
                && (words.size() == 1
                        || words.get(1).text().matches("(?s)--?[a-z].*|[\\p{javaJavaIdentifierPart}\"'].*")
                                && !words.get(1).text().equals("instanceof"));
    }

    private static Rewritten expression(Use use, Call call) throws MagicUsageException {
        String written = use.arguments().from(0);
        if (written.isEmpty()) {
            throw use.wrong("%process needs an expression to run, such as f(3)");
        }
        if (call.names().methods().contains(written)) {
            throw use.wrong(written + " is a method: write the call, as in %process " + written + "("
                    + (call.names().methodArities(written).contains(0) ? "" : "...") + ")");
        }
        List<String> words = use.arguments().words();
        if (words.size() > 1 && call.names().methods().contains(words.get(0)) && !JavaParser.isExpression(written)) {
            String arguments = String.join(
                    ", ",
                    words.subList(1, words.size()).stream()
                            .map(word -> word.replaceFirst(",$", ""))
                            .toList());
            if (JavaParser.isExpression("f(" + arguments + ")")) {
                throw use.wrong(words.get(0) + " is a method: write the call, as in %process " + words.get(0) + "("
                        + arguments + ")");
            }
        }
        List<String> verbs = List.of("list", "join", "interrupt", "terminate", "kill", "stack");
        if (words.size() == 2
                && JavaText.isName(words.get(0))
                && Character.isLowerCase(words.get(0).charAt(0))
                && !call.names().variables().contains(words.get(0))
                && words.get(1).matches("[\\p{javaJavaIdentifierPart}\"'./-]+")
                && !JavaParser.isExpression(written)
                && Spelling.nearestOfFew(words.get(0), verbs).isPresent()) {
            throw use.wrong("%process does not know '" + words.get(0) + "'" + Spelling.hint(words.get(0), verbs));
        }
        if (JavaText.isName(written) && !call.names().variables().contains(written)) {
            throw use.wrong("%process needs an expression to run, such as f(3); '" + written
                    + "' is neither that nor a verb" + Spelling.hint(written, verbs));
        }
        return expression(use, call, target(work(use)));
    }

    /** What is to run, whether a lambda stands around it or not. */
    private static String work(Use use) throws MagicUsageException {
        String written = use.arguments().from(0);
        Matcher lambda =
                LAMBDA.matcher(JavaText.withoutParentheses(written.strip()).strip());
        if (!lambda.matches()) {
            return written;
        }
        if (!lambda.group(1).matches("\\(\\s*\\)")) {
            throw use.wrong("%process calls a lambda without arguments, so " + lambda.group(1)
                    + " would have no value: write () -> " + lambda.group(2) + " or an expression such as f(3)");
        }
        return lambda.group(2);
    }

    private static Rewritten expression(Use use, Call call, String target) throws MagicUsageException {
        Optional<String> out = out(use, call);
        boolean asValue = call.usedAsValue() || out.isPresent();
        String java = setUp(use, Optional.empty())
                + (use.arguments().has("--async") ? ".start(" : asValue ? ".finish(" : ".run(") + target + ")";
        return new Rewritten(java, "", out);
    }

    private static String target(String written) throws MagicUsageException {
        boolean statements = written.startsWith("{")
                || JavaText.indexOf(";", written) >= 0
                || STATEMENT.matcher(written).lookingAt()
                || !JavaParser.isExpression(written);
        return statements ? Generated.action(written) : "() -> " + written;
    }

    /** {@code 1 + 1} is no statement in Java: its value goes to a method that takes any and does nothing. */
    @Override
    public List<Rewritten> instead(Call call, Problem problem) {
        try {
            if (call.body().isPresent() || isVerb(call.arguments())) {
                return call.body().isPresent() ? List.of() : otherVerb(call);
            }
            Use use = GRAMMAR.parse(EXPRESSION, call.arguments(), false);
            String work = work(use);
            return JavaParser.isExpression(work)
                    ? List.of(expression(use, call, "() -> java.util.Objects.isNull(" + work + ")"))
                    : List.of();
        } catch (MagicUsageException none) {
            return List.of(); // the use has been understood before
        }
    }

    private static Rewritten cell(Use use, String body) throws MagicUsageException {
        List<String> words = use.arguments().words();
        if (words.size() > 1) {
            throw use.wrong("%%process takes one name for the process; the cell below it is what runs");
        }
        Optional<String> name = words.stream().findFirst();
        if (name.isPresent() && !JavaText.isName(name.get())) {
            throw use.wrong("'" + name.get() + "' cannot be the name of a process; what runs is the cell below");
        }
        String process = setUp(use, name);
        try {
            Optional<String> copies = use.arguments().number("-n", 1);
            Optional<String> out = use.arguments().name("--out");
            boolean async = use.arguments().has("--async");
            boolean value = Generated.returns(body).withValue();
            String verb =
                    value ? async ? "startResult" : "result" : async ? "start" : out.isPresent() ? "finish" : "run";
            String before = process + "." + verb + "("
                    + copies.map(n -> n + ", ").orElse("")
                    + (value ? SENDER + ", " : "")
                    + (copies.isPresent() ? "rank -> " : "")
                    + "() -> {"
                    + (value ? " if (true) {" : "");
            return new Rewritten(before, (value ? " } return null;" : "") + " });", out);
        } catch (MagicUsageException wrong) {
            throw use.wrong(wrong.getMessage());
        }
    }

    private static String setUp(Use use, Optional<String> name) throws MagicUsageException {
        Arguments arguments = use.arguments();
        StringBuilder java = new StringBuilder(Generated.API + ".process(" + Generated.text(name) + ")");
        try {
            Generated.append(java, "heap", arguments.heap("--heap").map(JavaText::literal));
            Generated.append(java, "jvm", arguments.text("--jvm").map(JavaText::literal));
            Generated.append(java, "jdk", Jdk.checked(arguments.text("--jdk")).map(JavaText::literal));
            Generated.append(java, "timeout", arguments.duration("--timeout"));
        } catch (MagicUsageException wrong) {
            throw use.wrong(wrong.getMessage());
        }
        return java.toString();
    }

    /** A variable of the process's name that holds something else. */
    private List<Rewritten> otherVerb(Call call) throws MagicUsageException {
        Use use = GRAMMAR.parse(call.arguments(), false);
        return processes.get().contains(use.arguments().from(0)) ? List.of(verb(use, call, true)) : List.of();
    }

    private static Optional<String> out(Use use, Call call) throws MagicUsageException {
        if (call.usedAsValue() && use.arguments().has("--out")) {
            throw use.wrong(
                    "--out makes a variable of its own, and cannot be used where the value is assigned already");
        }
        return use.arguments().name("--out");
    }

    private Rewritten verb(Use use, Call call, boolean byName) throws MagicUsageException {
        String verb = use.verb().name();
        List<String> words = use.arguments().words();
        if (verb.equals("list")) {
            if (!words.isEmpty()) {
                throw use.wrong("%process list takes no arguments");
            }
            return Rewritten.expression(Generated.API + ".processes()");
        }
        if (words.isEmpty()) {
            throw use.wrong("%process " + verb + " needs the name of one process; %process list shows them");
        }
        String written = use.arguments().from(0);
        String name = JavaText.unquoted(written);
        Matcher worker = WORKER.matcher(name);
        if (worker.matches() && !processes.get().contains(name)) {
            return ofWorker(use, worker.group(1), worker.group(2), call);
        }
        boolean variable = !byName && call.names().variables().contains(written);
        String reference = variable ? written : JavaText.literal(name);
        String timeout;
        try {
            timeout = use.arguments()
                    .duration("--timeout")
                    .map(duration -> ", " + duration)
                    .orElse("");
        } catch (MagicUsageException wrong) {
            throw use.wrong(wrong.getMessage());
        }
        return Rewritten.expression(Generated.API + "." + verb + "Process(" + reference + timeout + ")");
    }

    private static Rewritten ofWorker(Use use, String pool, String number, Call call) throws MagicUsageException {
        String verb = use.verb().name();
        if (pool.isBlank() || !number.matches("[1-9]\\d{0,8}")) {
            throw use.wrong("a pool's worker is POOL/NUMBER, such as default/1, not '" + pool + "/" + number + "'");
        }
        if (verb.equals("join") || verb.equals("interrupt")) {
            throw use.wrong("'" + pool + "/" + number + "' is a worker of a pool: "
                    + (verb.equals("join")
                            ? "it ends with its pool, by %pool close " + pool
                            : "%pool interrupt " + pool + " cancels the pool's work"));
        }
        String reference = call.names().variables().contains(pool) ? pool : JavaText.literal(pool);
        return Rewritten.expression(Generated.API + "." + verb + "Process(" + reference + ", " + number + ")");
    }
}
