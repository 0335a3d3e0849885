package manyjvm.parallel.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import manyjvm.parallel.NotShippableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Loaders and static fields in a worker: shared while code agrees, fresh when it does not, never stale. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ShippedStoreTest extends NotebookAndWorker {
    private CodeStore.LoadedCode load(String callable) {
        return worker.load(packer.pack(notebook.run("(Callable<Object>) () -> " + callable)));
    }

    private static Object run(CodeStore.LoadedCode code) throws Exception {
        code.bind();
        return WorkerSide.invoke(code.function());
    }

    @Test
    void redefinition_isNeverStale() throws Exception {
        notebook.run("int f(int x) { return x + 1; } int g(int x) { return f(x); }");
        Object function = notebook.run("(Function<Integer, Integer>) x -> g(x)");
        assertThat(worker.call(function, 1)).isEqualTo(2);

        notebook.run("int f(int x) { return x + 10; }");

        assertThat(worker.call(notebook.run("(Function<Integer, Integer>) x -> g(x)"), 1))
                .isEqualTo(11);
    }

    @Test
    void redefinedRecord_ofTheSameName_isTheNewOne() throws Exception {
        notebook.run("record R(int a) {}");
        assertThat(run(load("new R(1).toString()"))).isEqualTo("R[a=1]");

        notebook.run("record R(String b, int c) {}");

        assertThat(run(load("new R(\"x\", 2).toString()"))).isEqualTo("R[b=x, c=2]");
    }

    @Test
    void sameNameWithOtherContent_getsAFreshLoader() throws Exception {
        notebook.run("int f() { return 1; }");
        CodeStore.LoadedCode ofFirst = load("f()");
        try (NotebookSession other = new NotebookSession()) {
            other.run("int f() { return 2; }");
            CodePacker otherPacker = WorkerSide.packer(other);
            Bundle bundle = otherPacker.pack(other.run("(Callable<Object>) () -> f()"));
            bundle.classes().forEach(each -> worker.store().addClass(each, otherPacker.classFile(each)));
            CodeStore.LoadedCode ofOther = worker.store().load(bundle);

            assertThat(ofOther.loader()).isNotSameAs(ofFirst.loader());
            assertThat(run(ofOther)).isEqualTo(2);
            assertThat(run(ofFirst)).isEqualTo(1);
        }
    }

    @Test
    void agreeingSubmissions_shareALoader() {
        notebook.run("int f() { return 1; }");

        assertThat(load("f()").loader()).isSameAs(load("f() + 1").loader());
    }

    @Test
    void submissionsThatTakeTurns_keepTheirOwnVariables() throws Exception {
        notebook.run("int n = 1; List<Integer> list = new ArrayList<>();");
        Object function = notebook.run("(Callable<Object>) () -> { n++; list.add(n); return n + \" \" + list; }");
        CodeStore.LoadedCode first = worker.load(packer.pack(function));
        notebook.run("n = 100; list.add(7);");
        CodeStore.LoadedCode second = worker.load(packer.pack(function));

        assertThat(run(first)).isEqualTo("2 [2]");
        assertThat(run(second)).isEqualTo("101 [7, 101]");
        assertThat(run(first)).isEqualTo("3 [2, 3]");
        assertThat(run(second)).isEqualTo("102 [7, 101, 102]");
        assertThat(run(worker.load(packer.pack(function))))
                .as("nobody has changed them in the notebook since: this worker's own go on")
                .isEqualTo("103 [7, 101, 102, 103]");
        notebook.run("n = 1; list.add(8);");
        assertThat(run(worker.load(packer.pack(function))))
                .as("a new submission sees what is new in the notebook")
                .isEqualTo("2 [7, 8, 2]");
    }

    @Test
    void classNamedByReflectionOnly_isFetched() throws Exception {
        notebook.run("class Hidden { public String toString() { return \"found\"; } }");
        String name = notebook.run("Hidden.class.getName()").toString();

        Object made =
                run(load("Class.forName(\"" + name + "\", true, Thread.currentThread().getContextClassLoader() == null"
                        + " ? null : ((Object) new Object() {}).getClass().getClassLoader())"
                        + ".getDeclaredConstructor().newInstance().toString()"));

        assertThat(made).isEqualTo("found");
        assertThat(worker.fetched).contains(name);
    }

    @Test
    void namesOutsideTheSession_areNotAskedFor() throws Exception {
        notebook.run("int f() { return 1; }");
        CodeStore.LoadedCode code = load("f()");

        assertThatThrownBy(() -> Class.forName("no.such.Class", false, code.loader()))
                .isInstanceOf(ClassNotFoundException.class);
        assertThat(worker.fetched).isEmpty();
    }

    @Test
    void classThatWasNotSent_isOurFault() {
        notebook.run("int f() { return 1; }");
        Bundle bundle = packer.pack(notebook.run("(Callable<Object>) () -> f()"));

        assertThatThrownBy(() -> worker.store().load(bundle))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("was not sent before");
    }

    @Test
    void staticInitializerThatFailsInTheWorker_isReported() {
        notebook.run(
                "class Fragile { static int value = 1; static int known; static { "
                        + "if (Fragile.class.getClassLoader().getName() != null) throw new IllegalStateException(\"not here\"); } }");
        Object function = notebook.run("(Callable<Object>) () -> Fragile.value");

        assertThatThrownBy(() -> worker.load(packer.pack(function)))
                .isInstanceOf(NotShippableException.class)
                .hasMessageContaining("Fragile.value");
    }

    @Test
    void jarAddedLater_isUsableInTheWorker(@TempDir Path folder) throws Exception {
        assertThat(run(load("1"))).isEqualTo(1);
        notebook.addToClassPath(jar(folder));
        notebook.run("import extra.Extra; var extra = new Extra(); ");

        CodeStore.LoadedCode code = load("Extra.twice(4) + extra.own()");

        assertThat(run(code)).isEqualTo(9);
        assertThat(code.loader().loadClass("extra.Extra").getClassLoader())
                .isNotSameAs(notebook.loader())
                .isNotSameAs(code.loader());
    }

    private static Path jar(Path folder) throws IOException {
        Path source = folder.resolve("Extra.java");
        Files.writeString(
                source,
                "package extra; public class Extra implements java.io.Serializable {"
                        + " public static int twice(int x) { return 2 * x; } public int own() { return 1; } }");
        int status =
                ToolProvider.getSystemJavaCompiler().run(null, null, null, "-d", folder.toString(), source.toString());
        assertThat(status).isZero();
        Path jar = folder.resolve("extra.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new JarEntry("extra/Extra.class"));
            Files.copy(folder.resolve("extra/Extra.class"), out);
        }
        return jar;
    }

    @Test
    void workerAsSource_packsForItsOwnWorkers() throws Exception {
        notebook.run("int base = 3; record Pair(int a, int b) {} int f(int x) { return x * base; }");
        notebook.run("class Maker { Callable<Object> make(Pair p) { return () -> f(p.a()) + p.b() + base; } }");
        CodeStore.LoadedCode outer =
                worker.load(packer.pack(notebook.run("(Callable<Object>) () -> new Maker().make(new Pair(2, 1))")));
        Object madeInWorker = run(outer);
        CodePacker nested = WorkerSide.packer(worker.store().classSource());
        WorkerSide inner = new WorkerSide(nested);

        assertThat(inner.call(madeInWorker)).isEqualTo(10);
        assertThat(inner.fetched).isEmpty();
        Bundle bundle = nested.pack(madeInWorker);
        assertThat(bundle.fields()).extracting(Bundle.StaticField::fieldName).containsExactly("base");
        assertThat(bundle.classes())
                .as("shipped as they came, so a worker's worker shares the session's hashes")
                .isSubsetOf(packer.pack(notebook.run("(Callable<Object>) () -> new Maker().make(new Pair(2, 1))"))
                        .classes());
    }
}
