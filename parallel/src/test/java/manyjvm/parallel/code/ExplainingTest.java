package manyjvm.parallel.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.concurrent.TimeUnit;
import manyjvm.parallel.NotShippableException;
import manyjvm.parallel.spi.Explanation;
import manyjvm.parallel.spi.Explanation.Part;
import manyjvm.parallel.spi.Explanation.Way;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is told of a function is what packing it takes along. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ExplainingTest extends NotebookAndWorker {
    @Test
    void bytes_areThoseOfTheBundle() throws Exception {
        notebook.run("int[] table = new int[50_000]; var same = table; String name = \"n\";");
        notebook.run("record P(int x) {} int f(int x) { return new P(x).x() + table[0] + same[0] + name.length(); }");
        Object function = notebook.run("(Callable<Object>) () -> f(1)");

        Explanation explanation = packer.explain(function).explanation();

        Bundle bundle = packer.pack(function);
        long classes = bundle.classes().stream()
                .mapToLong(each -> packer.classFile(each).length)
                .sum();
        long arrays =
                bundle.blobs().stream().mapToLong(Bundle.BlobReference::bytes).sum();
        assertThat(explanation.isRefused()).isFalse();
        assertThat(explanation.bytes()).isEqualTo(classes + bundle.graph().length + arrays);
        assertThat(bundle.blobs()).hasSize(1); // counted once
        assertThat(explanation.parts())
                .filteredOn(part -> part.way() == Way.CODE)
                .hasSameSizeAs(bundle.classes());
        assertThat(explanation.parts())
                .filteredOn(part -> part.way() == Way.COPY)
                .extracting(Part::name)
                .containsExactlyInAnyOrder("table", "same", "name");
    }

    @Test
    void refusals_areThoseOfTheSubmission_andAllOfThem() throws Exception {
        notebook.run("var one = new Thread(); var two = new Thread(); int three = 3;");
        Object function = notebook.run("(Callable<Object>) () -> one.getName() + two.getName() + three");

        Explanation explanation = packer.explain(function).explanation();

        NotShippableException refused = catchThrowableOfType(NotShippableException.class, () -> packer.pack(function));
        assertThat(explanation.refusals()).hasSize(2).contains(refused.getMessage());
        assertThat(explanation.parts())
                .filteredOn(part -> part.way() == Way.REFUSED)
                .extracting(Part::name)
                .containsExactly("one", "two");
        assertThat(explanation.parts()).extracting(Part::name).contains("three");
        assertThat(explanation.bytes()).isZero();
    }

    @Test
    void capturedValues_areToldOneByOne() throws Exception {
        notebook.run(
                "Callable<Object> made(int a, Object b) { return (Callable<Object> & Serializable) () -> a + \"\" + b; }");
        Object function = notebook.run("made(1, new Thread())");

        Explanation explanation = packer.explain(function).explanation();

        NotShippableException refused = catchThrowableOfType(NotShippableException.class, () -> packer.pack(function));
        assertThat(explanation.refusals()).containsExactly(refused.getMessage());
        assertThat(explanation.parts())
                .filteredOn(part -> part.name().startsWith("captured"))
                .extracting(Part::way)
                .containsExactlyInAnyOrder(Way.COPY, Way.REFUSED);
    }

    @Test
    void functionThatCannotBeLookedAt_isRefused() throws Exception {
        Object function = java.util.function.Function.identity();

        Explanation explanation = packer.explain(function).explanation();

        assertThat(explanation.refusals()).singleElement().asString().contains("lambda made inside java.util.function");
        assertThat(explanation.parts()).isEmpty();
    }
}
