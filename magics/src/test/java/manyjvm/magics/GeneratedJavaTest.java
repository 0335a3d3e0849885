package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.spencerpark.jupyter.kernel.comm.CommManager;
import io.github.spencerpark.jupyter.kernel.display.Renderer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import manyjvm.kernel.session.Session.Outcome;
import manyjvm.kernel.session.SessionHost;
import manyjvm.kernel.session.evaluation.JavaSession;
import manyjvm.kernel.spi.CellOutput;
import manyjvm.kernel.spi.KernelServices;
import manyjvm.kernel.spi.Magic;
import manyjvm.kernel.spi.SessionClasses;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What magics are rewritten to compiles in a session, with the types that are promised. Nothing runs: no worker is needed. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class GeneratedJavaTest {
    private static JavaSession session;
    private static int cells;

    @BeforeAll
    static void open() {
        session = JavaSession.create(new Registry());
        compile("int f(int x) { return x; }");
        compile("int add(int a, int b) { return a + b; }");
        compile("void hello(String name) {}");
        compile("Function<Integer, Integer> twice = x -> 2 * x;");
        compile("List<Integer> numbers = List.of(1, 2);");
    }

    @AfterAll
    static void close() {
        session.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "List<Integer> r = %pool map f 0..9",
                "List<Integer> r = %pool map f numbers --chunk 1 --timeout 1s --retries 1",
                "List<Integer> r = %pool map f numbers --unordered",
                "List<Integer> r = %pool map twice numbers",
                "List<Integer> r = %pool map twice.andThen(x -> x + 1) numbers",
                "List<Integer> r = %pool map (x -> x * 2) range(10)",
                "List<Integer> r = %pool map x -> { Thread.sleep(1); return x * 2; } new int[] {1, 2}",
                "List<Integer> r = %pool map f IntStream.range(0, 3)",
                "List<Integer> r = %pool map String::length List.of(\"a\")",
                "List<Integer> r = %pool map f new Integer[] {1}",
                "List<Integer> r = %pool map f Set.of(1)",
                "List<Double> r = %pool map Math::sqrt new double[] {1}",
                "AsyncResult<List<Integer>> r = %pool map f 0..9 --async",
                "List<Integer> r = %pool starmap add zip(numbers, repeat(1))",
                "List<Integer> r = %pool starmap ((a, b) -> a + b) List.of(args(1, 2))",
                "AsyncResult<List<Integer>> r = %pool starmap add zip(numbers, numbers) --async",
                "Results<Integer> r = %pool imap f Stream.iterate(0, x -> x + 1)",
                "Results<Integer> r = %pool imap f numbers --unordered",
                "Integer r = %pool apply f 20",
                "Integer r = %pool apply add 1 -2",
                "Integer r = %pool apply (() -> f(3) + 1)",
                "Integer r = %pool apply Math::max 1 2",
                "AsyncResult<Integer> r = %pool apply f 20 --async",
                "%pool apply hello \"you\"",
                "Pool r = %pool start 2",
                "Pool r = %pool start 2 --heap 200m --init (hello(\"x\")) --max-tasks 3 --cpus 0,1 --output raw --on threads --jvm \"-Xint\"",
                "%pool start 2 --name batch",
                "%pool status",
                "%pool status --watch",
                "%pool status --watch --for 1s nobody",
                "List<Integer> r = %pool map f 0..9 --no-progress",
                "%pool close",
                "%pool terminate",
                "%pool interrupt",
                "%pool restart",
                "%pool output raw",
                "%process f(3)",
                "%process hello(\"x\"); hello(\"y\")",
                "manyjvm.parallel.Process r = %process f(3)",
                "Process r = %process f(3) --async --heap 100m --timeout 3s",
                "%process list",
                "%process join nobody",
                "%process kill nobody",
                "%queue create jobs 10",
                "%queue create jobs",
            })
    void lineMagic_inAMethod_compiles(String line) {
        compile("void use" + cells + "() throws Exception {\n    " + line + "\n}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"put queue f(3)", "put queue 3 --timeout 1s", "size queue", "close queue", "list"})
    void queueMagic_onAVariable_compiles(String arguments) {
        compile("void use" + cells + "(Queue<Integer> queue) throws Exception {\n    %queue " + arguments + "\n}");
    }

    @Test
    void queueGet_hasTheElementType() {
        compile("void use" + cells + "(Queue<Integer> queue) throws Exception {\n    Integer r = %queue get queue\n"
                + "    int s = %queue get queue --timeout 1s\n}");
    }

    @Test
    void imports_ofTheKernel_areAllThere() {
        for (String type : Imports.TYPES) {
            compile("Class<?> type" + cells + " = " + type + ".class;");
        }
        compile("List<Integer> items = range(10);");
    }

    static Outcome compile(String cell) {
        Outcome outcome = session.run(cell, ++cells, value -> {});
        assertThat(outcome).as(() -> cell + "\n" + describe(outcome)).isInstanceOf(Outcome.Done.class);
        return outcome;
    }

    private static String describe(Outcome outcome) {
        return outcome instanceof Outcome.Failed failed ? String.join("\n", failed.traceback()) : outcome.toString();
    }

    /** Takes what the extension registers and hands it to a session, as the kernel does. */
    private static final class Registry implements KernelServices, SessionHost {
        private final List<Magic> magics = new ArrayList<>();
        private final List<String> imports = new ArrayList<>();
        private final List<Api> api = new ArrayList<>();
        private final List<ClassTransform> transforms = new ArrayList<>();

        Registry() {
            MagicsExtension.register(this);
        }

        @Override
        public SessionClasses classes() {
            return session.classes();
        }

        @Override
        public CellOutput output() {
            throw new UnsupportedOperationException("nothing prints here");
        }

        @Override
        public CommManager comms() {
            throw new UnsupportedOperationException("no front end here");
        }

        @Override
        public Renderer renderer() {
            throw new UnsupportedOperationException("nothing is shown here");
        }

        @Override
        public void addMagic(Magic magic) {
            magics.add(magic);
        }

        @Override
        public void addImports(List<String> declarations) {
            imports.addAll(declarations);
        }

        @Override
        public void addApi(Class<?> anchor, List<String> packages) {
            api.add(new Api(anchor, packages));
        }

        @Override
        public void addClassTransform(ClassTransform transform) {
            transforms.add(transform);
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
            return transforms;
        }
    }
}
