package manyjvm.parallel.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.lang.reflect.Modifier;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.code.lambda.LambdaForm;
import manyjvm.parallel.code.lambda.LambdaTransform;
import manyjvm.parallel.code.lambda.SerializedLambdas;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LambdaTransformTest {
    /** The class that is woven; the woven copy is loaded under a loader of its own. */
    public static final class Lambdas {
        private final int number;

        public Lambdas(int number) {
            this.number = number;
        }

        public static Supplier<Integer> capturing(int x) {
            return () -> x;
        }

        public Supplier<Integer> ofInstance() {
            return () -> number;
        }

        public static Function<Integer, Integer> combined() {
            Function<Integer, Integer> first = x -> x + 1;
            return first.andThen(x -> x * 2);
        }
    }

    public static final class NoLambdas {
        public int one() {
            return 1;
        }
    }

    private static byte[] classFile(Class<?> type) throws IOException {
        try (InputStream in = type.getResourceAsStream(
                type.getName().substring(type.getPackageName().length() + 1) + ".class")) {
            return in.readAllBytes();
        }
    }

    private static Class<?> woven(Class<?> type) throws IOException {
        byte[] woven = LambdaTransform.apply(type.getName(), classFile(type));
        return new ClassLoader(type.getClassLoader()) {
            Class<?> define() {
                return defineClass(type.getName(), woven, 0, woven.length);
            }
        }.define();
    }

    @Test
    void apply_twice_changesNothingMore() throws Exception {
        byte[] once = LambdaTransform.apply("Lambdas", classFile(Lambdas.class));

        assertThat(once).isNotEqualTo(classFile(Lambdas.class));
        assertThat(LambdaTransform.apply("Lambdas", once)).isSameAs(once);
    }

    @Test
    void apply_withoutLambdas_givesTheSameArray() throws Exception {
        byte[] file = classFile(NoLambdas.class);

        assertThat(LambdaTransform.apply("NoLambdas", file)).isSameAs(file);
    }

    @Test
    void apply_toAnUnknownVersion_saysWhatToDo() throws Exception {
        byte[] file = classFile(NoLambdas.class);
        file[7] = 127;

        assertThatThrownBy(() -> LambdaTransform.apply("Newer", file))
                .isInstanceOf(ParallelException.class)
                .hasMessage("Newer was compiled for Java 83, and this manyjvm reads class files up to Java 28:"
                        + " compile it with javac --release 28, or use an older JDK");
    }

    @Test
    void newestVersionThatIsNamed_canBeRead() throws Exception {
        byte[] file = classFile(NoLambdas.class);
        file[7] = 28 + 44;
        assertThat(LambdaTransform.apply("Newest", file)).isSameAs(file);
        file[7]++;
        assertThatThrownBy(() -> LambdaTransform.apply("Newer", file)).isInstanceOf(ParallelException.class);
    }

    @Test
    void accessor_isPrivateAndSynthetic() throws Exception {
        var accessor = woven(Lambdas.class).getDeclaredMethod(LambdaTransform.ACCESSOR);

        assertThat(Modifier.isPrivate(accessor.getModifiers())).isTrue();
        assertThat(accessor.isSynthetic()).isTrue();
    }

    @Test
    void wovenLambda_isSerializableAndComesApartAndTogether() throws Exception {
        Class<?> type = woven(Lambdas.class);
        Object lambda = type.getMethod("capturing", int.class).invoke(null, 4);

        LambdaForm form = SerializedLambdas.takeApart(lambda).orElseThrow();

        assertThat(lambda).isInstanceOf(Serializable.class);
        assertThat(form.captured()).containsExactly(4);
        assertThat(form.site().functionalInterface()).isEqualTo(Supplier.class.getName());
        assertThat(((Supplier<?>) SerializedLambdas.rebuild(form, type.getClassLoader())).get())
                .isEqualTo(4);
    }

    @Test
    void wovenInstanceLambda_keepsItsReceiver() throws Exception {
        Class<?> type = woven(Lambdas.class);
        Object receiver = type.getConstructor(int.class).newInstance(6);

        LambdaForm form = SerializedLambdas.takeApart(
                        type.getMethod("ofInstance").invoke(receiver))
                .orElseThrow();

        assertThat(form.captured()).containsExactly(receiver);
        assertThat(((Supplier<?>) SerializedLambdas.rebuild(form, type.getClassLoader())).get())
                .isEqualTo(6);
    }

    @Test
    void combinedFunction_comesApartOnlyWhenWoven() throws Exception {
        Object woven = woven(Lambdas.class).getMethod("combined").invoke(null);

        assertThat(SerializedLambdas.takeApart(Lambdas.combined())).isEqualTo(Optional.empty());
        assertThat(SerializedLambdas.takeApart(woven)).isPresent();
        assertThat(WorkerSide.invoke(woven, 3)).isEqualTo(8);
    }

    @Test
    void isLambda_ofOtherObjects_isFalse() {

        assertThat(SerializedLambdas.isLambda("text")).isFalse();
        assertThat(SerializedLambdas.isLambda(new Supplier<Integer>() {
                    @Override
                    public Integer get() {
                        return 1;
                    }
                }))
                .isFalse();
        assertThat(SerializedLambdas.isLambda((Supplier<Integer>) () -> 1)).isTrue();
    }
}
