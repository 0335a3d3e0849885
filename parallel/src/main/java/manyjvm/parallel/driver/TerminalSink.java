package manyjvm.parallel.driver;

import java.io.PrintStream;
import manyjvm.parallel.spi.OutputOrigin;
import manyjvm.parallel.spi.OutputSink;

/** Text of workers on the standard output of a plain program. */
final class TerminalSink implements OutputSink {
    private static final Object TERMINAL = "terminal";

    @Override
    public Object place() {
        return TERMINAL;
    }

    @Override
    public void write(Object place, OutputOrigin origin, Stream stream, String text) {
        PrintStream target = stream == Stream.STDOUT ? System.out : System.err;
        target.print(text);
        target.flush();
    }
}
