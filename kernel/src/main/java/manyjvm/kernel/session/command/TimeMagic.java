package manyjvm.kernel.session.command;

import java.util.List;
import manyjvm.kernel.api.Timing;
import manyjvm.kernel.session.execution.CellRun;
import manyjvm.kernel.session.execution.Stopwatch;
import manyjvm.kernel.spi.Magic;
import org.jspecify.annotations.Nullable;

/**
 * {@code %time} and {@code %%time}, IPython's. Alone on its line, and for a cell, the code is run as if the magic were not
 * there: its declarations stay, its value is the cell's, and the compiler's time does not count. As a value, and within a
 * block, it is rewritten.
 */
final class TimeMagic implements Magic, CodeCommand {
    @Override
    public String name() {
        return "time";
    }

    @Override
    public String usage() {
        return "%time CODE   runs Java, or a magic, and tells how long that takes (without the compiler); its value is the cell's\n"
                + "%%time       the same for the whole cell\n"
                + "var x = %time EXPRESSION\n"
                + "CPU time is that of all threads of the notebook's JVM; its workers have their own. %timeit runs code often, warmed up.";
    }

    @Override
    public Rewritten rewrite(Call call) throws MagicUsageException {
        if (call.arguments().isBlank()) {
            throw new MagicUsageException("%time needs code: %time f(20)");
        }
        return Rewritten.expression("manyjvm.kernel.api.Timing.time(() -> " + call.arguments() + ")");
    }

    /** For code without a value, such as a loop. */
    @Override
    public List<Rewritten> instead(Call call, Problem problem) {
        return call.usedAsValue() || call.arguments().isBlank()
                ? List.of()
                : List.of(Rewritten.expression("manyjvm.kernel.api.Timing.time(() -> { " + call.arguments() + "; })"));
    }

    @Override
    public boolean takesCell() {
        return true;
    }

    @Override
    public <X extends Exception> @Nullable Object run(String arguments, boolean ofCell, CellRun run, Code<X> code)
            throws X, MagicUsageException {
        if (ofCell != arguments.isBlank()) {
            throw new MagicUsageException(
                    ofCell
                            ? "%%time takes no arguments, and '" + arguments
                                    + "' is one: the code begins on the next line"
                            : "%time needs code: %time f(20)");
        }
        Stopwatch watch = new Stopwatch();
        Stopwatch outer = run.timeBy(watch);
        try {
            return code.here();
        } finally {
            run.timeBy(outer);
            if (outer != null) {
                outer.add(watch);
            }
            System.out.println(
                    "Wall time: " + Timing.text(watch.nanos()) + ", CPU time: " + Timing.text(watch.cpuNanos()));
        }
    }
}
