package manyjvm.kernel.display;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import manyjvm.kernel.api.Content;
import org.jfree.chart.ChartFactory;
import org.jfree.data.category.DefaultCategoryDataset;
import org.junit.jupiter.api.Test;
import org.knowm.xchart.PieChart;
import org.knowm.xchart.PieChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.plotly.components.Figure;

/** Values of libraries that the kernel is built without. */
final class LibraryLooksTest {
    private final Rendering rendering = new Rendering();

    private static BufferedImage png(DisplayData data) throws IOException {
        byte[] bytes = Base64.getDecoder().decode((String) data.getData(MIMEType.IMAGE_PNG));
        return ImageIO.read(new ByteArrayInputStream(bytes));
    }

    private static long colours(BufferedImage image) {
        return IntStream.range(0, image.getWidth() * image.getHeight())
                .map(i -> image.getRGB(i % image.getWidth(), i / image.getWidth()))
                .distinct()
                .count();
    }

    @Test
    void render_ofChartsOfXChart_isAPictureInTheirSize_sharpOnFineScreens() throws IOException {
        XYChart lines =
                new XYChartBuilder().width(300).height(200).title("lines").build();
        lines.addSeries("a", new double[] {1, 2, 3}, new double[] {1, 4, 9});
        PieChart pie = new PieChartBuilder().width(200).height(150).build();
        pie.addSeries("half", 1);
        pie.addSeries("other half", 1);

        DisplayData data = rendering.render(lines);

        BufferedImage image = png(data);
        assertThat(image.getWidth()).isEqualTo(600);
        assertThat(image.getHeight()).isEqualTo(400);
        assertThat(colours(image)).isGreaterThan(10);
        Content content = Contents.of(data);
        assertThat(content.metadata()).containsEntry("image/png", "{\"width\":300,\"height\":200}");
        assertThat(Contents.of(rendering.picture(lines)).metadata()).isEqualTo(content.metadata());
        Content asked = Contents.of(rendering.renderAs(lines, "image/png"));
        assertThat(asked.data()).containsKey("image/png");
        assertThat(asked.metadata()).isEqualTo(content.metadata());
        assertThat(Contents.of(rendering.renderAs(content, "image/png")).metadata())
                .isEqualTo(content.metadata());
        assertThat(colours(png(rendering.render(pie)))).isGreaterThan(10);
    }

    @Test
    void renderAs_ofAChart_keepsItsSizeAndText_unlessAUserHasALookForIt() {
        XYChart chart = new XYChartBuilder().width(300).height(200).build();
        chart.addSeries("a", new double[] {1, 2, 3}, new double[] {1, 4, 9});

        Content asked = Contents.of(rendering.renderAs(chart, "image/png"));
        rendering.looks().register(LibraryLooksTest.class, "image/png", test -> chart);
        Content ofALook = Contents.of(rendering.render(this));
        rendering.looks().register(XYChart.class, "", one -> new BufferedImage(3, 3, BufferedImage.TYPE_INT_RGB));
        Content replaced = Contents.of(rendering.renderAs(chart, "image/png"));

        assertThat(asked.metadata()).containsEntry("image/png", "{\"width\":300,\"height\":200}");
        assertThat(asked.data()).containsEntry("text/plain", "XYChart, a chart of 300 x 200");
        assertThat(ofALook.metadata()).isEqualTo(asked.metadata());
        assertThat(replaced.metadata()).isEmpty();
        rendering.looks().unregister(XYChart.class);
        rendering.looks().register(XYChart.class, "image/png", one -> new byte[] {1, 2, 3});
        assertThat(Contents.of(rendering.render(chart)).metadata()).isEmpty();
    }

    @Test
    void render_ofAChartWithoutData_isAPictureOrSaysWhy() {
        DisplayData data =
                rendering.render(new XYChartBuilder().width(300).height(200).build());

        assertThat(data.hasDataForType(MIMEType.IMAGE_PNG)
                        || Rendering.text(data).contains("rendering it threw"))
                .isTrue();
    }

    @Test
    void render_ofAChartOfJFreeChart_isAPicture() throws IOException {
        DefaultCategoryDataset numbers = new DefaultCategoryDataset();
        numbers.addValue(3, "sold", "May");
        numbers.addValue(5, "sold", "June");

        DisplayData data = rendering.render(ChartFactory.createBarChart("Sales", "month", "pieces", numbers));

        assertThat(png(data).getWidth()).isEqualTo(1360);
        assertThat(colours(png(data))).isGreaterThan(10);
    }

    private static Table cities(int count) {
        return Table.create(
                "cities",
                StringColumn.create("city", IntStream.range(0, count).mapToObj(i -> "<" + i + ">")),
                IntColumn.create("people", IntStream.range(0, count).toArray()),
                DoubleColumn.create("area", IntStream.range(0, count).asDoubleStream()));
    }

    @Test
    void render_ofATableOfTablesaw_isATable_cutWithANote() {
        String whole = (String) rendering.render(cities(3)).getData(MIMEType.TEXT_HTML);
        DisplayData cut = rendering.render(cities(5_000));

        assertThat(whole)
                .contains("city", "people", "&lt;2&gt;", "text-align:right")
                .doesNotContain("<0>", "rows");
        assertThat((String) cut.getData(MIMEType.TEXT_HTML)).contains("20 of 5,000 rows");
        assertThat(Rendering.text(cut)).contains("20 of 5,000 rows; table(.., 100) shows more");
        assertThat(Tables.of(cities(5_000), OptionalInt.of(300)).rows()).hasSize(300);
        assertThat((String) rendering.render(cities(3).column("people")).getData(MIMEType.TEXT_HTML))
                .contains("people")
                .doesNotContain("city");
        assertThat(Rendering.text(rendering.render(cities(0)))).contains("no rows");
    }

    @Test
    void render_ofAFigureOfTablesaw_isAFrameThatCanDoNothingToThePage() {
        DisplayData data = rendering.render(new Figure());

        assertThat((String) data.getData(MIMEType.TEXT_HTML))
                .startsWith("<iframe sandbox=\"allow-scripts\"")
                .contains("name: &quot;a &amp; b&quot;")
                .doesNotContain("name: \"");
        assertThat(Rendering.text(data)).contains("figure of Tablesaw");
    }

    @Test
    void content_ofAnImageWithASize_hasItAsJson() {
        JsonObject size = new JsonObject();
        size.addProperty("width", 3);
        DisplayData data = new DisplayData("x");
        data.putMetaData(MIMEType.IMAGE_PNG, size);

        assertThat(Contents.of(Contents.data(Contents.of(data))).metadata())
                .containsEntry("image/png", "{\"width\":3}");
    }
}
