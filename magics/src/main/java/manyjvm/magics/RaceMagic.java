package manyjvm.magics;

import java.util.List;
import java.util.Optional;
import manyjvm.magics.Grammar.Use;

/** {@code %%race} and {@code %race}: workers that count up one value, and lose updates. */
final class RaceMagic extends GrammarMagic {
    private static final String API = "manyjvm.magics.api.Race";

    /** What is run where the cell is empty. */
    private static final String INCREMENT = "counter.set(counter.get() + 1);";

    private static final List<Option> OPTIONS = List.of(
            Option.choice("--on", "processes", "threads"),
            Option.onOff("--lock"),
            Option.of("--rounds", "N"),
            Option.of("--times", "N"),
            Option.of("--out", "NAME"));

    private static final Verb LINE = new Verb(
            "",
            "[N]",
            OPTIONS,
            "N workers (2 without N) read a counter, add one and write it, all at the same time, and the\n"
                    + "updates that get lost are shown");

    private static final Verb CELL = new Verb(
            "", "[N]", OPTIONS, "the same with the cell as one step of counting, in which counter is a Value.OfInt");

    private static final Grammar GRAMMAR = new Grammar(
            "race",
            List.of(LINE),
            List.of(CELL),
            """
            The workers start together, at a Barrier, and each runs the cell --times times (5,000,000).
            Then counter should hold so many times N; what is missing was lost. It is done --rounds
            times (5), from 0 each time. An empty cell is
                counter.set(counter.get() + 1);
            which is three steps, and loses. counter.getAndAdd(1) is one step, and does not. With
            synchronized (..) threads lose nothing, but processes do: each JVM has its own monitors.
            --lock holds the counter's lock, which is one for all JVMs, around each run of the cell.
            The cell must add the same each time: a worker alone runs it first, to see what it adds.
            --out binds the result, whose lost() lists the lost updates of each round.""");

    RaceMagic() {
        super(GRAMMAR);
    }

    @Override
    public Rewritten rewrite(Call call) throws MagicUsageException {
        boolean ofCell = call.body().isPresent();
        Use use = GRAMMAR.parse(ofCell ? CELL : LINE, call.arguments(), ofCell);
        try {
            return rewrite(use.arguments(), call);
        } catch (MagicUsageException wrong) {
            throw use.wrong(wrong.getMessage());
        }
    }

    private static Rewritten rewrite(Arguments arguments, Call call) throws MagicUsageException {
        if (arguments.words().size() > 1) {
            throw new MagicUsageException(
                    "%%race takes one number of workers; the cell below it is one step of counting");
        }
        StringBuilder java = new StringBuilder(API + ".usual()");
        if (!arguments.words().isEmpty()) {
            String workers = arguments.words().get(0);
            java.append(".workers(" + Arguments.checkedNumber("the number of workers", workers, 2) + ")");
        }
        Generated.append(java, "on", arguments.text("--on").map(JavaText::literal));
        Generated.append(java, "rounds", arguments.number("--rounds", 1));
        Generated.append(java, "times", arguments.number("--times", 1));
        if (arguments.has("--lock")) {
            java.append(".locked()");
        }
        java.append(".run((counter) -> {");
        if (call.body().orElse("").isBlank()) {
            java.append(" " + INCREMENT);
        }
        Optional<String> out = Generated.out(arguments, call);
        return call.body().isPresent()
                ? new Rewritten(java.toString(), " });", out)
                : new Rewritten(java + " })", "", out);
    }

    @Override
    public Optional<String> explain(Call call, Problem problem) {
        return new Misfit(problem, call.names()).ofUse().map(words -> words + "\n%race? shows how to use it");
    }
}
