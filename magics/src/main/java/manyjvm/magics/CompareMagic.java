package manyjvm.magics;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import manyjvm.kernel.spi.Spelling;
import manyjvm.magics.Grammar.Use;
import manyjvm.magics.api.Compare;

/** {@code %compare} and {@code %%compare}: the same items one after the other, in threads and in processes. */
final class CompareMagic extends GrammarMagic {
    private static final String API = "manyjvm.magics.api.Compare";

    private static final List<Option> OPTIONS = List.of(
            Option.of("--cpus", "1,2"),
            Option.of("--repeat", "N"),
            Option.onOff("--no-progress"),
            Option.of("--out", "NAME"));

    private static final Verb LINE = new Verb(
            "",
            "[WAYS] FN ITEMS",
            OPTIONS,
            "calls FN for all items in each of the ways, on one processor and on all, and shows how\n"
                    + "long each took, and who worked when");

    private static final Verb CELL =
            new Verb("", "[WAYS] x : ITEMS", OPTIONS, "the same, with the cell as the function of x");

    private static final Grammar GRAMMAR = new Grammar(
            "compare",
            List.of(LINE),
            List.of(CELL),
            """
            WAYS    some of sequential, threads, virtual (JDK 21 and newer) and processes; all without
            FN      as for %pool map: a notebook method's name, a lambda, a method reference or a variable
            ITEMS   as for %pool map: 0..7, 1, 2, 3 or any list, array or stream
            --cpus 1,2 says on how many processors (Linux; 1 and all without it). All ways of one number
            run in one JVM that is kept to so many processors from its start on, with as many workers
            as the largest number says, and 2 at least. --repeat N measures each N times (3), after a
            warm-up. What the function prints is shown each time; what it gives is dropped. Items that
            take 20 to 200 ms each, one or two dozen of them, make the clearest picture.
            How far it is, is shown meanwhile in one line, unless --no-progress hides it. Where tasks take
            turns that are too short to be seen, 100 ms of the picture are drawn once more, magnified.
            --out binds the result: gain("threads") is how many times as fast threads were on the most
            processors as on the fewest.""");

    private final boolean progress;

    /** @param progress whether it shows how far it is, where nobody has said whether to */
    CompareMagic(boolean progress) {
        super(GRAMMAR);
        this.progress = progress;
    }

    @Override
    public List<String> complete(String argumentsBeforeCursor, Names names) {
        List<String> found = new ArrayList<>(super.complete(argumentsBeforeCursor, names));
        String word = argumentsBeforeCursor.replaceFirst("(?s).*\\s", "");
        Compare.WAYS.stream()
                .filter(way -> !word.isEmpty() && way.startsWith(word) && !found.contains(way))
                .forEach(found::add);
        return found;
    }

    @Override
    Set<String> own(String argumentsBeforeCursor) {
        return Set.copyOf(Compare.WAYS);
    }

    @Override
    public Rewritten rewrite(Call call) throws MagicUsageException {
        Use use = parsed(call);
        try {
            return new Writer(use.arguments(), call).write();
        } catch (MagicUsageException wrong) {
            throw use.wrong(wrong.getMessage());
        }
    }

    private static Use parsed(Call call) throws MagicUsageException {
        boolean ofCell = call.body().isPresent();
        return GRAMMAR.parse(ofCell ? CELL : LINE, call.arguments(), ofCell);
    }

    @Override
    public List<Rewritten> instead(Call call, Problem problem) {
        try {
            return new Writer(parsed(call).arguments(), call).otherwise(problem);
        } catch (MagicUsageException none) {
            return List.of(); // the use has been understood before
        }
    }

    @Override
    public Optional<String> explain(Call call, Problem problem) {
        try {
            Use use = parsed(call);
            return new Writer(use.arguments(), call)
                    .explained(new Misfit(problem, call.names()))
                    .map(words -> use.wrong(words).getMessage());
        } catch (MagicUsageException none) {
            return Optional.empty(); // the use has been understood before
        }
    }

    /** Writes the Java of one use. */
    private final class Writer {
        private final Arguments arguments;
        private final Call call;
        private final Set<String> ways = new LinkedHashSet<>();

        /** Takes the ways out of the words. */
        Writer(Arguments arguments, Call call) {
            this.arguments = arguments;
            this.call = call;
            List<String> words = arguments.words();
            while (!words.isEmpty() && Compare.WAYS.contains(words.get(0)) && !isTheNotebooks(words.get(0))) {
                ways.add(words.remove(0));
            }
        }

        private boolean isTheNotebooks(String word) {
            return call.body().isEmpty() // in a cell's line there is no function
                    && (call.names().methods().contains(word)
                            || call.names().variables().contains(word));
        }

        Rewritten write() throws MagicUsageException {
            return call.body().isPresent()
                    ? cell(Generated.returns(call.body().get()).none())
                    : line(new Callables(call.names()).ofOne(given().function()));
        }

        private FunctionAndItems given() throws MagicUsageException {
            if (arguments.words().size() < 2) {
                throw new MagicUsageException("%compare needs a function and its items, such as f 0..7");
            }
            return FunctionAndItems.of("compare", arguments);
        }

        private Rewritten line(String function) throws MagicUsageException {
            return new Rewritten(setUp() + ".run(" + function + ", " + Items.java(given().items()) + ")", "", out());
        }

        private Rewritten cell(boolean withoutResult) throws MagicUsageException {
            String header = arguments.from(0);
            int colon = JavaText.indexOf(":", header);
            if (colon <= 0) {
                throw new MagicUsageException("%%compare needs a name and items, such as x : 0..7");
            }
            String parameter = header.substring(0, colon).strip();
            String items = header.substring(colon + 1).strip();
            String[] words = parameter.split("\\s+");
            if (words.length > 1) {
                throw new MagicUsageException("'" + words[0] + "' is no way to run tasks: "
                        + String.join(", ", Compare.WAYS) + Spelling.hint(words[0], Compare.WAYS));
            }
            if (!JavaText.isName(parameter)) {
                throw new MagicUsageException(
                        "%%compare names its item before the colon, such as x : 0..7, not '" + parameter + "'");
            }
            if (items.isEmpty()) {
                throw new MagicUsageException("%%compare needs items after the colon, such as x : 0..7");
            }
            String before = setUp() + ".run(" + Items.java(items) + ", " + parameter + " -> {";
            return withoutResult
                    ? new Rewritten(before + " if (true) {", " } return null; });", out())
                    : new Rewritten(before, " });", out());
        }

        private String setUp() throws MagicUsageException {
            StringBuilder java = new StringBuilder(API + ".usual()");
            if (!ways.isEmpty()) {
                java.append(".ways(")
                        .append(Compare.WAYS.stream()
                                .filter(ways::contains)
                                .map(JavaText::literal)
                                .collect(Collectors.joining(", ")))
                        .append(')');
            }
            Generated.append(java, "cpus", arguments.processors("--cpus"));
            Generated.append(java, "repeat", arguments.number("--repeat", 1));
            if (progress && !arguments.has("--no-progress")) {
                java.append(".progress(" + Generated.PAGE + ")");
            }
            return java.toString();
        }

        private Optional<String> out() throws MagicUsageException {
            return Generated.out(arguments, call);
        }

        List<Rewritten> otherwise(Problem problem) throws MagicUsageException {
            if (call.body().isPresent()) {
                return Generated.returns(call.body().get()).withValue() ? List.of(cell(true)) : List.of();
            }
            Callables callables = new Callables(call.names());
            Set<String> functions = new LinkedHashSet<>();
            if (Misfit.returnsNothing(problem.message())) {
                functions.addAll(callables.withoutResult(given().function(), 1));
            }
            functions.addAll(callables.ofVariable(given().function(), 1));
            List<Rewritten> others = new ArrayList<>();
            for (String function : functions) {
                others.add(line(function));
            }
            return others;
        }

        Optional<String> explained(Misfit misfit) throws MagicUsageException {
            if (call.body().isPresent()) {
                String header = arguments.from(0);
                return misfit.ofCell(header.substring(JavaText.indexOf(":", header) + 1));
            }
            return misfit.ofFunction(given().function(), given().items(), false);
        }
    }
}
