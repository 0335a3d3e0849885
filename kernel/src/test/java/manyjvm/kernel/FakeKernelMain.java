package manyjvm.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import manyjvm.kernel.session.Session;
import manyjvm.kernel.session.SessionHost;

/** A kernel whose language is {@link FakeSession}'s: the protocol under test, without a compiler. */
public final class FakeKernelMain {
    private FakeKernelMain() {}

    public static void main(String[] arguments) {
        System.exit(new KernelProgram(FakeKernelMain::session).run(Path.of(arguments[0]), List.of()));
    }

    private static Session session(SessionHost host) {
        if (Boolean.getBoolean("fake.session.fails")) {
            IOException full = new IOException("No space left on device");
            throw new UncheckedIOException("Cannot write it: " + full.getMessage(), full);
        }
        return new FakeSession(host);
    }
}
