package manyjvm.kernel.session.evaluation;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import manyjvm.kernel.session.Session.Outcome;
import manyjvm.kernel.session.SessionHost;
import manyjvm.kernel.session.SessionSettings;
import manyjvm.kernel.spi.KernelServices.ClassTransform;
import manyjvm.kernel.spi.Magic;

/** A session with a host whose lists tests fill; catches what cells print. */
public final class SessionFixture implements SessionHost, AutoCloseable {
    final List<Magic> magics = new CopyOnWriteArrayList<>();
    final List<String> imports = new ArrayList<>();
    final List<Api> api = new ArrayList<>();
    final List<ClassTransform> classTransforms = new ArrayList<>();
    final List<Object> shown = new ArrayList<>();
    final JavaSession session;
    String out = "";
    String err = "";
    private int count;

    public SessionFixture() {
        this(SessionSettings.NONE);
    }

    SessionFixture(SessionSettings settings) {
        session = JavaSession.create(this, settings);
    }

    Outcome run(String code) {
        return run(code, ++count);
    }

    Outcome run(String code, int executionCount) {
        PrintStream outBefore = System.out;
        PrintStream errBefore = System.err;
        ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
        ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(outBytes, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(errBytes, true, StandardCharsets.UTF_8));
        try {
            shown.clear();
            return session.run(code, executionCount, shown::add);
        } finally {
            System.setOut(outBefore);
            System.setErr(errBefore);
            out = outBytes.toString(StandardCharsets.UTF_8);
            err = errBytes.toString(StandardCharsets.UTF_8);
        }
    }

    /** The value of a cell that must succeed. */
    Object value(String code) {
        return value(code, ++count);
    }

    Object value(String code, int executionCount) {
        Outcome outcome = run(code, executionCount);
        if (outcome instanceof Outcome.Done done) {
            return done.value().orElse(null);
        }
        throw new AssertionError(code + " gave " + text(outcome));
    }

    Outcome.Failed failure(String code) {
        return failure(code, ++count);
    }

    Outcome.Failed failure(String code, int executionCount) {
        Outcome outcome = run(code, executionCount);
        if (outcome instanceof Outcome.Failed failed) {
            return failed;
        }
        throw new AssertionError(code + " gave " + outcome);
    }

    static String text(Outcome outcome) {
        return outcome instanceof Outcome.Failed failed ? String.join("\n", failed.traceback()) : outcome.toString();
    }

    @Override
    public List<Magic> magics() {
        return magics;
    }

    @Override
    public List<String> imports() {
        return imports;
    }

    @Override
    public List<Api> api() {
        return api;
    }

    @Override
    public List<ClassTransform> classTransforms() {
        return classTransforms;
    }

    @Override
    public void close() {
        session.close();
    }

    /** {@code %times a b} is {@code (a) * (b)}; {@code %%twice NAME} runs its body as a function of NAME, twice. */
    static Magic timesMagic() {
        return new Magic() {
            @Override
            public String name() {
                return "times";
            }

            @Override
            public Rewritten rewrite(Call call) throws MagicUsageException {
                String[] words = call.arguments().split(" ");
                if (words.length == 3 && words[1].equals("--out")) {
                    return new Rewritten(words[0] + " * 2", "", Optional.of(words[2]));
                }
                if (words.length != 2) {
                    throw new MagicUsageException("%times takes two numbers, not '" + call.arguments() + "'");
                }
                return Rewritten.expression("(" + words[0] + ") * (" + words[1] + ")");
            }

            @Override
            public String usage() {
                return "%times A B   multiplies";
            }

            @Override
            public List<String> complete(String argumentsBeforeCursor, Names names) {
                String word = argumentsBeforeCursor.substring(argumentsBeforeCursor.lastIndexOf(' ') + 1);
                return List.of("--out", "--other").stream()
                        .filter(one -> one.startsWith(word))
                        .toList();
            }
        };
    }

    static Magic supplyMagic() {
        return new Magic() {
            @Override
            public String name() {
                return "supply";
            }

            @Override
            public Rewritten rewrite(Call call) throws MagicUsageException {
                if (call.body().isEmpty()) {
                    throw new MagicUsageException("%%supply takes the rest of the cell");
                }
                return new Rewritten("((java.util.function.Supplier<Object>) () -> {", "}).get()", Optional.empty());
            }

            @Override
            public String usage() {
                return "%%supply   runs the cell as a function";
            }
        };
    }
}
