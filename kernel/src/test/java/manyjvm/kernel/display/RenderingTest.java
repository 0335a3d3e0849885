package manyjvm.kernel.display;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.display.DisplayDataRenderable;
import io.github.spencerpark.jupyter.kernel.display.RenderContext;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.math.BigInteger;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.DoubleAccumulator;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import javax.imageio.ImageIO;
import javax.swing.ImageIcon;
import manyjvm.kernel.api.Content;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RenderingTest {
    private final Rendering rendering = new Rendering();

    private static Object get(DisplayData data, String type) {
        return data.getData(MIMEType.parse(type));
    }

    @Test
    void render_ofAnImage_isAPng() {
        DisplayData data = rendering.render(new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB));

        byte[] png = Base64.getDecoder().decode((String) get(data, "image/png"));
        assertThat(png).startsWith(0x89, 'P', 'N', 'G');
        assertThat((String) get(data, "text/plain")).startsWith("BufferedImage");
    }

    @Test
    void render_ofARegisteredType_usesItsFunction() {
        rendering
                .registry()
                .createRegistration(Thread.class)
                .preferring(MIMEType.TEXT_HTML)
                .register((thread, context) -> context.renderIfRequested(MIMEType.TEXT_HTML, () -> "<i>thread</i>"));

        assertThat(get(rendering.render(new Thread()), "text/html")).isEqualTo("<i>thread</i>");
    }

    @Test
    void render_ofAFailingRenderable_isAClearText() {
        DisplayDataRenderable failing = context -> {
            throw new IllegalStateException("no paint");
        };
        assertThat((String) get(rendering.render(failing), "text/plain"))
                .contains("rendering it threw java.lang.IllegalStateException: no paint");
    }

    @Test
    void renderAs_ofAString_isTheContent() {
        DisplayData data = rendering.renderAs("{\"a\": 1}", "application/json", "text/html");

        assertThat(((JsonObject) get(data, "application/json")).get("a").getAsInt())
                .isEqualTo(1);
        assertThat(get(data, "text/html")).isEqualTo("{\"a\": 1}");
    }

    @Test
    void renderAs_ofWhatCannotBe_isRefused() {
        assertThatThrownBy(() -> rendering.renderAs(1, "text/html"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.lang.Integer cannot be shown as text/html");
        assertThatThrownBy(() -> rendering.renderAs("{", "application/json"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not JSON");
    }

    @Test
    void displayData_ofMixedContents_isMadeFitForJson() {
        DisplayData data = Rendering.displayData(Map.of(
                "image/png",
                new byte[] {1, 2},
                "application/json",
                Map.of("list", List.of(1, new int[] {2})),
                "text/plain",
                new StringBuilder("x")));

        assertThat(get(data, "image/png")).isEqualTo("AQI=");
        assertThat(get(data, "application/json").toString()).isEqualTo("{\"list\":[1,[2]]}");
        assertThat(get(data, "text/plain")).isEqualTo("x");
    }

    // ---- content that is given -------------------------------------------------------------------------------------

    @Test
    void renderAs_ofBytes_isBase64OrText() throws IOException {
        byte[] png = png(3, 2);

        DisplayData picture = rendering.renderAs(png, "image/png");
        DisplayData text = rendering.renderAs("<b>\u00fc</b>".getBytes(UTF_8), "text/html");

        assertThat(Base64.getDecoder().decode((String) get(picture, "image/png")))
                .isEqualTo(png);
        assertThat((String) get(picture, "text/plain"))
                .startsWith("image/png, ")
                .endsWith(" bytes");
        assertThat(get(text, "text/html")).isEqualTo("<b>\u00fc</b>");
        assertThat(get(rendering.renderAs("{\"a\": 1}".getBytes(UTF_8), "application/json"), "application/json"))
                .hasToString("{\"a\":1}");
    }

    @Test
    void picture_ofFilesBytesAndImages_isTheirPictureAndItsSize(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("any.name"), png(30, 20));
        Path svg = Files.writeString(
                folder.resolve("a.svg"), "<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>");
        BufferedImage bmpImage = new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB);
        Path bmp = folder.resolve("a.bmp");
        ImageIO.write(bmpImage, "bmp", bmp.toFile());

        for (Object picture :
                List.of(file, file.toFile(), file.toString(), png(30, 20), new ImageIcon(file.toString()))) {
            DisplayData data = rendering.picture(picture);
            byte[] shown = Base64.getDecoder().decode((String) get(data, "image/png"));
            assertThat(ImageIO.read(new ByteArrayInputStream(shown)).getWidth()).isEqualTo(30);
        }
        assertThat(get(rendering.picture(file), "text/plain")).isEqualTo(file + ": PNG picture, 30 x 20");
        assertThat((String) get(rendering.picture(svg), "image/svg+xml")).contains("<svg");
        assertThat(get(rendering.picture(bmp), "image/png")).isNotNull();
        assertThat(get(rendering.picture(Contents.of(rendering.picture(file))), "image/png"))
                .isEqualTo(get(rendering.picture(file), "image/png"));
    }

    @Test
    void renderAs_ofWhatFitsOnNoPage_isRefused() {
        byte[] bytes = new byte[(64 << 20) + 1];

        assertThatThrownBy(() -> rendering.renderAs(bytes, "image/png"))
                .hasMessageContaining("image/png has a size of 67,108,865: more than 67,108,864 is not put on a page");
    }

    @Test
    void picture_ofWhatIsNone_saysSo(@TempDir Path folder) throws IOException {
        Path text = Files.writeString(folder.resolve("a.png"), "no picture");
        byte[] cut = Arrays.copyOf(png(30, 20), 20);

        assertThatThrownBy(() -> rendering.picture(text)).hasMessageContaining("a.png holds no picture that is known");
        assertThatThrownBy(() -> rendering.picture(new byte[] {1, 2}))
                .hasMessageContaining("these bytes hold no picture");
        assertThatThrownBy(() -> rendering.picture(cut)).hasMessageContaining("image/png is damaged");
        assertThatThrownBy(() -> rendering.picture(folder.resolve("none.png")))
                .hasMessageContaining("none.png cannot be read");
        assertThatThrownBy(() -> rendering.picture("https://example.org/a.png")).hasMessageContaining("html(\"<img");
        assertThatThrownBy(() -> rendering.picture(42)).hasMessageContaining("java.lang.Integer is no picture");
    }

    @Test
    void renderAs_ofAnImage_isWhatIsAskedFor_alsoWithTransparency() {
        BufferedImage clear = new BufferedImage(2, 2, BufferedImage.TYPE_INT_ARGB);

        DisplayData data = rendering.renderAs(clear, "image/jpeg", "image/gif");

        assertThat(get(data, "image/jpeg")).isNotNull();
        assertThat(get(data, "image/gif")).isNotNull();
        assertThatThrownBy(() -> rendering.renderAs(clear, "image/webp"))
                .hasMessageContaining("cannot be shown as image/webp");
    }

    @Test
    void render_ofAHugeImage_isASmallerOne_whichIsSaid() throws IOException {
        PrintStream before = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true, UTF_8));
        DisplayData data;
        try {
            data = rendering.render(new BufferedImage(8_000, 3_000, BufferedImage.TYPE_BYTE_GRAY));
        } finally {
            System.setErr(before);
        }
        byte[] png = Base64.getDecoder().decode((String) get(data, "image/png"));
        assertThat(ImageIO.read(new ByteArrayInputStream(png)).getWidth()).isEqualTo(6531);
        assertThat(said.toString(UTF_8)).contains("8,000 x 3,000 pixels is shown with 6,531 x 2,449");
    }

    record Inner(double value) {}

    record Outer(String name, Inner inner, int[] numbers) {}

    @Test
    void renderAs_json_takesContainersAndRecords_andRefusesWhatHoldsItself() {
        Map<String, Object> itself = new LinkedHashMap<>();
        itself.put("self", itself);

        assertThat(get(
                        rendering.renderAs(new Outer("a", new Inner(Double.NaN), new int[] {1}), "application/json"),
                        "application/json"))
                .hasToString("{\"name\":\"a\",\"inner\":{\"value\":\"NaN\"},\"numbers\":[1]}");
        assertThat(get(rendering.renderAs(Arrays.asList(1, null, "x"), "application/json"), "application/json"))
                .hasToString("[1,null,\"x\"]");
        assertThat((String) get(rendering.renderAs("{\"a\":{\"b\":[]}}", "application/json"), "text/plain"))
                .contains("\n  \"a\": {");
        assertThatThrownBy(() -> rendering.renderAs(itself, "application/json")).hasMessageContaining("holds itself");
    }

    @Test
    void content_andItsData_areTheSame() throws IOException {
        DisplayData data = rendering.renderAs("{\"a\": [1, 2.50]}", "application/json", "text/html");

        Content content = Contents.of(data);

        assertThat(content.data()).containsEntry("application/json", "{\"a\":[1,2.50]}");
        assertThat(Contents.of(rendering.render(content))).isEqualTo(content);
        assertThat(Contents.of(rendering.renderAs(content, "text/html")).data())
                .containsEntry("text/html", "{\"a\": [1, 2.50]}");
        assertThatThrownBy(() -> rendering.renderAs(content, "image/png"))
                .hasMessageContaining("cannot be shown as image/png");
    }

    // ---- looks that users register ---------------------------------------------------------------------------------

    @Test
    void renderAs_text_isWhatEveryValueHas() {
        assertThat(get(rendering.renderAs(42, "text/plain"), "text/plain")).isEqualTo("42");
        DisplayData map = rendering.renderAs(Map.of("a", 1), "application/json", "text/plain");
        assertThat(get(map, "application/json")).hasToString("{\"a\":1}");
        assertThat(get(map, "text/plain")).isEqualTo("{a=1}");
        rendering.looks().register(Plain.class, "", plain -> "looks so");
        assertThat(get(rendering.renderAs(new Plain(), "text/plain"), "text/plain"))
                .isEqualTo("looks so");
        assertThat(get(rendering.renderAs(new Plain(), "application/json"), "text/plain"))
                .isEqualTo("looks so");
    }

    @Test
    void renderAs_json_takesAnyValue_byItsTextWhereItHasNoParts() {
        for (Map.Entry<Object, String> one : Map.of(
                        42,
                        "42",
                        true,
                        "true",
                        2.5,
                        "2.5",
                        LocalDate.of(2024, 2, 29),
                        "\"2024-02-29\"",
                        new Plain(),
                        "\"plain\"",
                        Optional.of(1),
                        "\"Optional[1]\"")
                .entrySet()) {
            assertThat(get(rendering.renderAs(one.getKey(), "application/json"), "application/json"))
                    .hasToString(one.getValue());
        }
        assertThatThrownBy(() -> rendering.renderAs(42, "application/geo+json"))
                .hasMessageContaining("cannot be shown as application/geo+json");
    }

    @Test
    void renderAs_json_ofAddersAndOfTreesOfJson_isTheirs() throws Exception {
        LongAdder three = new LongAdder();
        three.add(3);
        DoubleAdder half = new DoubleAdder();
        half.add(0.5);
        LongAccumulator most = new LongAccumulator(Math::max, 7);
        DoubleAccumulator none = new DoubleAccumulator(Math::max, Double.NaN);
        List<Object> numbers = List.of(three, half, most, none, new AtomicLong(5), BigInteger.TEN);

        assertThat(get(rendering.renderAs(numbers, "application/json"), "application/json"))
                .hasToString("[3,0.5,7,\"NaN\",5,10]");
        assertThat(get(Rendering.displayData(Map.of("application/json", three)), "application/json"))
                .hasToString("3");

        // The same library in another class loader, as a cell's would be.
        URL library = JsonObject.class.getProtectionDomain().getCodeSource().getLocation();
        try (URLClassLoader loader = new URLClassLoader(new URL[] {library}, ClassLoader.getPlatformClassLoader())) {
            Method parse = loader.loadClass("com.google.gson.JsonParser").getMethod("parseString", String.class);
            Object tree = parse.invoke(null, "[{\"a\": [1, null, \"x\"]}]");
            assertThat(tree).isInstanceOf(Iterable.class).isNotInstanceOf(JsonElement.class);
            assertThat(get(rendering.renderAs(Map.of("tree", tree), "application/json"), "application/json"))
                    .hasToString("{\"tree\":[{\"a\":[1,null,\"x\"]}]}");
            assertThat(get(Rendering.displayData(Map.of("application/json", tree)), "application/json"))
                    .hasToString("[{\"a\":[1,null,\"x\"]}]");
        }
    }

    @Test
    void picture_ofAPath_isReadFromItsOwnFileSystem(@TempDir Path folder) throws IOException {
        try (FileSystem zip = FileSystems.newFileSystem(folder.resolve("pictures.zip"), Map.of("create", "true"))) {
            Path file = Files.write(zip.getPath("x.png"), png(30, 20));

            assertThat(get(rendering.picture(file), "text/plain")).isEqualTo("x.png: PNG picture, 30 x 20");
            assertThat(get(rendering.renderAs(file, "image/png"), "image/png")).isNotNull();
            assertThatThrownBy(() -> rendering.picture(zip.getPath("none.png")))
                    .hasMessageContaining("none.png cannot be read");
        }
    }

    // ---- whose look it is -------------------------------------------------------------------------------------------

    private static final class Itself implements DisplayDataRenderable {
        @Override
        public void render(RenderContext context) {
            context.renderIfRequested(MIMEType.TEXT_HTML, () -> "its own");
            context.renderIfRequested(MIMEType.parse("text/markdown"), () -> "its own");
        }
    }

    @Test
    void renderAs_looksOfUsers_comeBeforeAllOthers_whoStayForTheRest() {
        rendering
                .registry()
                .createRegistration(Plain.class)
                .preferring("text/html", "text/markdown")
                .register((plain, context) -> {
                    context.renderIfRequested(MIMEType.TEXT_HTML, () -> "a library's");
                    context.renderIfRequested(MIMEType.parse("text/markdown"), () -> "a library's");
                });
        Map<Object, String> others = Map.of(
                new Plain(),
                "a library's",
                new Itself(),
                "its own",
                new Circle(1),
                "<table",
                List.of(new Circle(1)),
                "<table");
        others.forEach((value, other) -> assertThat((String) get(rendering.renderAs(value, "text/html"), "text/html"))
                .contains(other));

        for (Object value : others.keySet()) {
            rendering
                    .looks()
                    .register(value.getClass(), "", it -> Contents.of(rendering.renderAs("user's", "text/html")));
            assertThat(get(rendering.renderAs(value, "text/html"), "text/html")).isEqualTo("user's");
            assertThat(get(rendering.render(value), "text/html")).isEqualTo("user's");
        }
        DisplayData plain = rendering.renderAs(new Plain(), "text/html", "text/markdown");
        assertThat(get(plain, "text/html")).isEqualTo("user's");
        assertThat(get(plain, "text/markdown")).isEqualTo("a library's");
        DisplayData itself = rendering.renderAs(new Itself(), "text/html", "text/markdown");
        assertThat(get(itself, "text/html")).isEqualTo("user's");
        assertThat(get(itself, "text/markdown")).isEqualTo("its own");
    }

    @Test
    void look_forAType_mayGiveWhatIsShownSo_orNothing_andNothingElse() {
        rendering.looks().register(Plain.class, "image/png", plain -> new BufferedImage(2, 2, 1));
        rendering.looks().register(Plain.class, "image/jpeg", plain -> new BufferedImage(2, 2, 1));
        rendering
                .looks()
                .register(
                        Plain.class,
                        "image/svg+xml",
                        plain -> Contents.of(rendering.renderAs("<svg/>", "image/svg+xml")));
        rendering
                .looks()
                .register(
                        Plain.class,
                        "application/json",
                        plain -> Contents.of(rendering.renderAs("[1]", "application/json")));
        rendering.looks().register(Plain.class, "text/html", plain -> List.of(new Circle(7)));
        rendering.looks().register(Plain.class, "text/markdown", plain -> null);
        rendering.looks().register(Plain.class, "text/latex", plain -> 5);

        for (DisplayData data : List.of(
                rendering.render(new Plain()),
                rendering.renderAs(
                        new Plain(),
                        "image/png",
                        "image/jpeg",
                        "image/svg+xml",
                        "application/json",
                        "text/html",
                        "text/latex"))) {
            assertThat((String) get(data, "image/png")).startsWith("iVBOR");
            assertThat((String) get(data, "image/jpeg")).startsWith("/9j/");
            assertThat(get(data, "image/svg+xml")).isEqualTo("<svg/>");
            assertThat(get(data, "application/json")).hasToString("[1]");
            assertThat((String) get(data, "text/html")).contains("<table", ">7<");
            assertThat(get(data, "text/latex")).isEqualTo("5");
            assertThat(data.hasDataForType(MIMEType.parse("text/markdown"))).isFalse();
            assertThat(get(data, "text/plain")).isEqualTo("plain");
        }
        assertThatThrownBy(() -> rendering.renderAs(new Plain(), "text/markdown"))
                .hasMessageContaining("cannot be shown as text/markdown");

        rendering.looks().register(Circle.class, "image/png", circle -> 5);
        rendering.looks().register(Circle.class, "text/html", circle -> new Html("<b>c</b>"));
        rendering
                .looks()
                .register(
                        Circle.class,
                        "text/latex",
                        circle -> Contents.of(rendering.renderAs("<svg/>", "image/svg+xml")));
        assertThat(get(rendering.renderAs(new Circle(1), "text/html"), "text/html"))
                .isEqualTo("<b>c</b>");
        assertThatThrownBy(() -> rendering.renderAs(new Circle(1), "image/png"))
                .hasMessageContaining("A renderer for image/png gave a value of type java.lang.Integer");
        assertThatThrownBy(() -> rendering.renderAs(new Circle(1), "text/latex"))
                .hasMessageContaining("A renderer for text/latex gave content as image/svg+xml, text/plain");
        assertThat((String) get(rendering.render(new Circle(1)), "text/plain"))
                .contains("rendering it threw", "A renderer for image/png");
    }

    private record Html(String source) {
        @Override
        public String toString() {
            return source;
        }
    }

    @Test
    void registry_showsWhatTheKernelKnows_alsoToRenderers() {
        BufferedImage image = new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB);
        Content html = Contents.of(rendering.renderAs("<b/>", "text/html"));
        for (int registered = 0; registered < 2; registered++) {
            assertThat(get(rendering.registry().render(image), "image/png")).isNotNull();
            assertThat((String) get(rendering.registry().renderAs(image, "image/jpeg"), "text/plain"))
                    .startsWith("BufferedImage");
            assertThat(get(rendering.registry().renderAs(image, "image/png"), "image/png"))
                    .isNotNull();
            assertThat(get(rendering.registry().render(html), "text/html")).isEqualTo("<b/>");
            rendering
                    .registry()
                    .createRegistration(Plain.class)
                    .preferring(MIMEType.IMAGE_PNG)
                    .register((plain, context) -> context.getOutputContainer()
                            .assign(context.getRenderer().render(image)));
        }
        assertThat(get(rendering.render(new Plain()), "image/png")).isNotNull();
        assertThat(get(rendering.registry().render("text"), "text/plain")).isEqualTo("text");
    }

    private interface Shape {}

    private record Circle(int radius) implements Shape {}

    private static final class Plain {
        @Override
        public String toString() {
            return "plain";
        }
    }

    @Test
    void look_ofAUser_comesBeforeAllOthers_andKeepsTheText() {
        rendering
                .looks()
                .register(Shape.class, "", shape -> Contents.of(rendering.renderAs("<i>shape</i>", "text/html")));

        DisplayData data = rendering.render(new Circle(2));

        assertThat(get(data, "text/html")).isEqualTo("<i>shape</i>");
        assertThat(get(data, "text/plain")).isEqualTo("Circle[radius=2]");
    }

    @Test
    void looks_ofAUser_areReplaced_addedAndTakenBack() {
        rendering.looks().register(Plain.class, "", plain -> "first");
        rendering.looks().register(Plain.class, "", plain -> "second");
        rendering.looks().register(Plain.class, "image/svg+xml", plain -> "<svg/>");
        rendering.looks().register(Plain.class, "application/json", plain -> Map.of("a", 1));

        DisplayData data = rendering.render(new Plain());

        assertThat(get(data, "text/plain")).isEqualTo("second");
        assertThat(get(data, "image/svg+xml")).isEqualTo("<svg/>");
        assertThat(get(data, "application/json")).hasToString("{\"a\":1}");
        assertThat(get(rendering.renderAs(new Plain(), "image/svg+xml"), "image/svg+xml"))
                .isEqualTo("<svg/>");
        rendering.looks().unregister(Plain.class);
        assertThat(get(rendering.render(new Plain()), "text/plain")).isEqualTo("plain");
    }

    @Test
    void look_mayBeAPictureOrATable_orNothing() {
        rendering.looks().register(Plain.class, "", plain -> new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB));
        rendering.looks().register(Circle.class, "", circle -> circle.radius() == 0 ? null : List.of(circle, circle));

        assertThat(get(rendering.render(new Plain()), "image/png")).isNotNull();
        assertThat(get(rendering.render(new Plain()), "text/plain")).isEqualTo("plain");
        assertThat((String) get(rendering.render(new Circle(7)), "text/html")).contains("radius", ">7<");
        assertThat(get(rendering.render(new Circle(0)), "text/plain")).isEqualTo("Circle[radius=0]");
    }

    @Test
    void looks_thatAnotherJvmLacks_areNamedOnce() {
        rendering.looks().register(Shape.class, "", shape -> "shape");

        assertThat(rendering.missingThere(List.of("other.Type"))).isEmpty();
        assertThat(rendering.missingThere(UserLooks.names(Circle.class)))
                .hasValueSatisfying(note -> assertThat(note).contains("Shape without its renderer", "initializer"));
        assertThat(rendering.missingThere(UserLooks.names(Circle.class))).isEmpty();
    }

    @Test
    void render_ofSeveralPictures_showsThem_andOfOtherListsNone() throws IOException {
        List<Object> pictures = List.of(
                new BufferedImage(3, 3, BufferedImage.TYPE_INT_RGB),
                Contents.of(rendering.picture(png(2, 2))),
                Contents.of(rendering.renderAs("<svg/>", "image/svg+xml")));

        DisplayData data = rendering.render(pictures);

        assertThat((String) get(data, "text/html")).containsPattern("(?s)(<img .*?base64,.*?){3}");
        assertThat((String) get(rendering.render(pictures.toArray()), "text/html"))
                .contains("<img");
        assertThat((String) get(rendering.render(Collections.nCopies(1_000, pictures.get(0))), "text/html"))
                .contains("24 of 1,000 pictures");
        assertThat(get(rendering.render(List.of(pictures.get(0), "text")), "text/html"))
                .isNull();
        assertThat(get(rendering.render(List.of(Contents.of(rendering.renderAs("x", "text/html")))), "text/html"))
                .isNull();
        assertThat(get(rendering.render(new Object[0]), "text/html")).isNull();
    }

    @Test
    void look_forOneType_comesBesideWhatTheValueHasItself() {
        BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
        rendering.looks().register(BufferedImage.class, "text/html", picture -> "<i>picture</i>");
        rendering.looks().register(Plain.class, "text/html", plain -> null);

        assertThat(Contents.of(rendering.render(image)).data()).containsKeys("image/png", "text/html", "text/plain");
        assertThat(Contents.of(rendering.renderAs(image, "image/png", "text/html"))
                        .data())
                .containsEntry("text/html", "<i>picture</i>")
                .containsKey("image/png");
        assertThat(Contents.of(rendering.render(new Plain())).data()).containsOnlyKeys("text/plain");
    }

    @Test
    void looks_thatFailOrNeverEnd_areTheText() {
        rendering.looks().register(Plain.class, "", plain -> {
            throw new IllegalStateException("no paint");
        });
        rendering.looks().register(Circle.class, "", circle -> new Circle(circle.radius() + 1));

        assertThat((String) get(rendering.render(new Plain()), "text/plain"))
                .contains("rendering it threw", "no paint");
        assertThat((String) get(rendering.render(new Circle(0)), "text/plain"))
                .contains("whose renderer gives a value");
    }

    @Test
    void registry_laterRegistrations_comeFirst_andMayComeWhileOthersRender() {
        for (String look : List.of("first", "second")) {
            rendering
                    .registry()
                    .createRegistration(Plain.class)
                    .preferring(MIMEType.TEXT_HTML)
                    .register((plain, context) -> {
                        rendering
                                .registry()
                                .createRegistration(Circle.class)
                                .preferring(MIMEType.TEXT_HTML)
                                .register((circle, inner) -> {});
                        context.renderIfRequested(MIMEType.TEXT_HTML, () -> look);
                    });
        }

        assertThat(get(rendering.render(new Plain()), "text/html")).isEqualTo("second");
    }

    private static byte[] png(int width, int height) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB), "png", bytes);
        return bytes.toByteArray();
    }
}
