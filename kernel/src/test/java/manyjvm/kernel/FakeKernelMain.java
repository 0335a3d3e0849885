package manyjvm.kernel;

import java.nio.file.Path;
import java.util.List;

/** A kernel whose language is {@link FakeSession}'s: the protocol under test, without a compiler. */
public final class FakeKernelMain {
    private FakeKernelMain() {}

    public static void main(String[] arguments) {
        System.exit(new KernelProgram(FakeSession::new).run(Path.of(arguments[0]), List.of()));
    }
}
