package manyjvm.magics;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import manyjvm.kernel.spi.Spelling;
import manyjvm.magics.Grammar.Use;

/** {@code %queue}: a queue between JVMs, which is a Java variable of the same name. */
final class QueueMagic extends GrammarMagic {
    private static final String API = "manyjvm.magics.api.Queues";

    private static final Grammar GRAMMAR = new Grammar(
            "queue",
            List.of(
                    new Verb(
                            "create",
                            "NAME [CAPACITY]",
                            List.of(),
                            "makes a queue and the variable NAME that holds it; without a capacity it is never full"),
                    new Verb(
                            "put",
                            "NAME EXPR",
                            List.of(Option.of("--timeout", "10s")),
                            "appends the value of an expression; waits while the queue is full"),
                    new Verb(
                            "get",
                            "NAME",
                            List.of(Option.of("--timeout", "10s"), Option.of("--out", "VARIABLE")),
                            "takes the first element; waits for one"),
                    new Verb("size", "NAME", List.of(), "the number of elements"),
                    new Verb("list", "", List.of(), "the queues that %queue create made"),
                    new Verb("close", "NAME", List.of(), "no more elements; what is in it can still be taken")),
            List.of(),
            """
            NAME may be any variable that holds a Queue. Every worker that uses the variable
            uses the same queue. --timeout ends a wait with a TimeoutException.""");

    QueueMagic() {
        super(GRAMMAR);
    }

    @Override
    public Rewritten rewrite(Call call) throws MagicUsageException {
        if (call.body().isPresent()) {
            throw new MagicUsageException("%%queue does not exist; use %queue in a line of the cell\n" + usage());
        }
        Use use = GRAMMAR.parse(call.arguments(), false);
        try {
            return new Writer(use, call).write();
        } catch (MagicUsageException wrong) {
            throw use.wrong(wrong.getMessage());
        }
    }

    @Override
    public Optional<String> explain(Call call, Problem problem) {
        String name = call.arguments().replaceFirst("^\\w+\\s+(\\S+)(?s:.*)$", "$1");
        return new Misfit(problem, call.names())
                .ofName(name, "queue")
                .map(words -> words + "\n%queue? shows how to use it");
    }

    private record Writer(Use use, Call call) {
        Rewritten write() throws MagicUsageException {
            String verb = use.verb().name();
            List<String> words = use.arguments().words();
            if (verb.equals("list")) {
                require(words.isEmpty(), "%queue list takes no arguments");
                return Rewritten.expression(API + ".list()");
            }
            require(!words.isEmpty(), "%queue " + verb + " needs the name of a queue");
            String name = JavaText.unquoted(words.get(0));
            require(JavaText.isName(name), "'" + name + "' cannot be the name of a Java variable");
            if (verb.equals("create")) {
                return create(name, words);
            }
            known(name);
            require(
                    verb.equals("put") ? words.size() > 1 : words.size() == 1,
                    "%queue " + verb + (verb.equals("put") ? " needs an element" : " takes nothing after the name"));
            String timeout = use.arguments()
                    .duration("--timeout")
                    .map(time -> ", " + time)
                    .orElse("");
            return switch (verb) {
                case "put" ->
                    Rewritten.expression(
                            API + ".put(" + name + ", " + use.arguments().from(1) + timeout + ")");
                case "get" ->
                    new Rewritten(
                            API + ".get(" + name + timeout + ")",
                            "",
                            use.arguments().name("--out"));
                case "size" -> Rewritten.expression(name + ".size()");
                default -> Rewritten.expression(API + ".close(" + name + ")");
            };
        }

        private Rewritten create(String name, List<String> words) throws MagicUsageException {
            require(words.size() <= 2, "%queue create takes a name and a capacity");
            String capacity = words.size() == 1 ? "" : ", " + Arguments.checkedNumber("the capacity", words.get(1), 1);
            return new Rewritten(
                    API + ".create(" + JavaText.literal(name) + capacity + ")",
                    "",
                    call.usedAsValue() ? Optional.empty() : Optional.of(name));
        }

        /** The compiler explains a name that is none; here only what looks like a slip of the pen is refused. */
        private void known(String name) throws MagicUsageException {
            List<String> variables = new ArrayList<>(call.names().variables());
            String hint = variables.contains(name) ? "" : Spelling.hint(name, variables);
            require(hint.isEmpty(), "the notebook has no queue '" + name + "'" + hint);
        }

        private static void require(boolean condition, String otherwise) throws MagicUsageException {
            if (!condition) {
                throw new MagicUsageException(otherwise);
            }
        }
    }
}
