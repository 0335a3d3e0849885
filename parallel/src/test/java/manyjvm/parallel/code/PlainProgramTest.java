package manyjvm.parallel.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import manyjvm.parallel.NotShippableException;
import manyjvm.parallel.spi.ClassSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Without a session: classes come from the class path, and javac's serializable lambdas rebuild themselves. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class PlainProgramTest {
    private final CodePacker packer = WorkerSide.packer(new OwnClassPath());
    private final WorkerSide worker = new WorkerSide(packer);

    @Test
    void lambda_isRebuiltByItsClass() throws Exception {
        CodeStore.LoadedCode code = worker.load(packer.pack(PlainProgram.adder(5)));
        code.bind();

        assertThat(WorkerSide.invoke(code.function(), 3)).isEqualTo(11);
        assertThat(code.loader().loadClass(PlainProgram.class.getName()).getClassLoader())
                .isNotSameAs(PlainProgram.class.getClassLoader());
    }

    @Test
    void methodReference_isRebuilt() throws Exception {
        assertThat(worker.call(PlainProgram.reference(), "12")).isEqualTo(12);
    }

    @Test
    void comparatorOfTheJdks_isRebuiltWithoutOpeningTheJdk() throws Exception {
        assertThat(worker.call(PlainProgram.byLength(), "abc", "b")).isEqualTo(1);
    }

    @Test
    void instance_travelsAsAValue() throws Exception {
        assertThat(worker.call(new PlainProgram.Scale(3), 4)).isEqualTo(12);
    }

    @Test
    void staticState_staysAtHome() throws Exception {
        assertThat(PlainProgram.counter().call()).isEqualTo(1);
        Bundle bundle = packer.pack(PlainProgram.counter());

        assertThat(bundle.fields()).isEmpty();
        assertThat(bundle.classes()).isEmpty();
        CodeStore.LoadedCode code = worker.load(bundle);
        code.bind();
        assertThat(WorkerSide.invoke(code.function())).isEqualTo(1);
    }

    @Test
    void lambdaThatIsNotSerializable_isRefusedWithTheCure() {
        assertThatThrownBy(() -> packer.pack(PlainProgram.notSerializable()))
                .isInstanceOf(NotShippableException.class)
                .hasMessage("cannot send a lambda of manyjvm.parallel.code.PlainProgram: its type,"
                        + " java.util.function.Supplier, is not serializable. Use manyjvm.parallel.Fn, Task or Action"
                        + " instead.");
    }

    @Test
    void noFunction_isRefused() {
        assertThatThrownBy(() -> packer.pack(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("no function");
    }

    private static final class OwnClassPath implements ClassSource {
        @Override
        public boolean defines(Class<?> type) {
            return false;
        }

        @Override
        public boolean isWrapper(Class<?> type) {
            return false;
        }

        @Override
        public byte[] bytes(Class<?> type) {
            throw new IllegalArgumentException(type.getName());
        }

        @Override
        public Class<?> find(String binaryName) throws ClassNotFoundException {
            return Class.forName(binaryName, false, loader());
        }

        @Override
        public ClassLoader loader() {
            return PlainProgramTest.class.getClassLoader();
        }

        @Override
        public List<Path> classPath() {
            try {
                return List.of(Path.of(PlainProgram.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI()));
            } catch (URISyntaxException impossible) {
                throw new IllegalStateException(impossible);
            }
        }

        @Override
        public StackTraceElement locate(StackTraceElement frame) {
            return frame;
        }
    }
}
