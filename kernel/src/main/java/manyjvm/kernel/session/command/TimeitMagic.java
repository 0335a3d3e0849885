package manyjvm.kernel.session.command;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import manyjvm.kernel.spi.Magic;
import manyjvm.kernel.spi.Spelling;

/** {@code %timeit} and {@code %%timeit}, IPython's; {@code Timing} says how it measures. */
final class TimeitMagic implements Magic {
    private static final Pattern OPTION = Pattern.compile("(-\\w+|--\\w+)(?:\\s+|$)");
    private static final Pattern COUNT = Pattern.compile("([0-9][0-9_]{0,17})(?:\\s+|$)");

    @Override
    public String name() {
        return "timeit";
    }

    @Override
    public String usage() {
        return "%timeit [-n LOOPS] [-r RUNS] CODE   runs Java again and again, and tells how long one time takes\n"
                + "%%timeit [-n LOOPS] [-r RUNS] [SETUP]   the same for the rest of the cell; SETUP runs once before, and its variables are there\n"
                + "var t = %timeit CODE   gives the numbers: t.nanos(), t.deviation() ...\n"
                + "Two seconds of warm-up come first, in which the JVM compiles the code. Then 7 runs, of as many loops as take a fifth of a\n"
                + "second: +- is the spread from run to run. The value of an expression, and what a cell returns, is used; of all else the JVM\n"
                + "may leave out what nobody reads: let a cell return what it computes.";
    }

    /** @param rest the code, or the setup */
    private record Arguments(long loops, long runs, String rest) {}

    private static Arguments parsed(String arguments) throws MagicUsageException {
        long loops = 0;
        long runs = 0;
        String rest = arguments.strip();
        Matcher option = OPTION.matcher(rest);
        while (option.lookingAt()) {
            String name = option.group(1);
            if (!name.equals("-n") && !name.equals("-r")) {
                if (name.matches("-\\d+")) {
                    break; // a negative number is Java
                }
                throw new MagicUsageException("%timeit has no option " + name
                        + Spelling.nearestOfFew(name, List.of("-n", "-r"))
                                .map(near -> ": did you mean " + near + "?")
                                .orElse(": it has -n LOOPS and -r RUNS"));
            }
            Matcher count = COUNT.matcher(rest).region(option.end(), rest.length());
            long value = count.lookingAt() ? Long.parseLong(count.group(1).replace("_", "")) : 0;
            if (value < 1) {
                throw new MagicUsageException(
                        name + " of %timeit needs a number from 1 on: %timeit " + name + " 10 CODE");
            }
            if (name.equals("-n")) {
                loops = value;
            } else {
                runs = value;
            }
            rest = rest.substring(count.end());
            option = OPTION.matcher(rest);
        }
        if (runs > 10_000) {
            throw new MagicUsageException("-r of %timeit may be 10000 at most");
        }
        return new Arguments(loops, runs, rest);
    }

    @Override
    public Rewritten rewrite(Call call) throws MagicUsageException {
        Arguments arguments = parsed(call.arguments());
        if (call.body().isPresent()) {
            return ofCell(call, arguments, ";");
        }
        if (arguments.rest().isBlank()) {
            throw new MagicUsageException("%timeit needs code: %timeit f(20)");
        }
        return Rewritten.expression(begin(arguments) + arguments.rest() + end(call));
    }

    private static Rewritten ofCell(Call call, Arguments arguments, String lastStatementEnds)
            throws MagicUsageException {
        if (call.body().orElse("").isBlank()) {
            throw new MagicUsageException("%%timeit needs code: it measures the lines below it");
        }
        String setup = arguments.rest().isBlank() ? "" : arguments.rest() + "; ";
        return setup.isEmpty()
                ? new Rewritten(begin(arguments) + "{", lastStatementEnds + "}" + end(call), Optional.empty())
                : new Rewritten(
                        "{ " + setup + begin(arguments) + "{",
                        lastStatementEnds + "}" + end(call) + "; }",
                        Optional.empty());
    }

    private static String begin(Arguments arguments) {
        return "manyjvm.kernel.api.Timing.timeit(" + arguments.loops() + "L, " + arguments.runs() + ", () -> ";
    }

    private static String end(Call call) {
        return ")" + (call.usedAsValue() ? "" : ".print()");
    }

    /** Statements are no expression; after a {@code return} no further {@code ;} may stand. */
    @Override
    public List<Rewritten> instead(Call call, Problem problem) {
        try {
            Arguments arguments = parsed(call.arguments());
            return List.of(
                    call.body().isPresent()
                            ? ofCell(call, arguments, "")
                            : Rewritten.expression(begin(arguments) + "{ " + arguments.rest() + "; }" + end(call)));
        } catch (MagicUsageException refusedBefore) {
            return List.of();
        }
    }
}
