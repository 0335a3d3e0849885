package manyjvm.parallel.insight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class TimelineTest {
    private static final Recording DEATH = Recordings.of(2)
            .submitted(0, "map")
            .worker(1, 0, 200)
            .worker(2, 0, 200)
            .hook(2, 200, 250)
            .run(1, 200, 600, 2, 100, 50, Run.End.DONE)
            .run(1, 600, 1000, 2)
            .run(2, 250, 500, 2, 0, 0, Run.End.DIED)
            .dies(2, 500, "signal 9 (SIGKILL)")
            .worker(2, 500, 700)
            .run(2, 700, 900, 2)
            .taken(1000);

    private static Document parsed(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<Element> all(Document document, String tag) {
        NodeList nodes = document.getElementsByTagName(tag);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            elements.add((Element) nodes.item(i));
        }
        return elements;
    }

    private static List<String> titles(String svg) throws Exception {
        return all(parsed(svg), "title").stream().map(Element::getTextContent).toList();
    }

    @Test
    void picture_namesEachThingUnderTheMouse() throws Exception {
        assertThat(titles(DEATH.timeline().svg()))
                .contains("worker 1 starts, 200 ms")
                .contains("worker 2 (pid 4701) died: signal 9 (SIGKILL)")
                .contains("worker 2 starts in another's place, 200 ms")
                .contains("the initializer; 50 ms: 50 ms working")
                .contains("map, items 0 to 1; 400 ms: 250 ms working, 100 ms reading, 50 ms writing")
                .contains("map, items 4 to 5, 1 failed, its worker died; 250 ms");
    }

    @Test
    void picture_hasNoScriptNoBackgroundAndNoFixedWidth() throws Exception {
        String svg = DEATH.timeline().svg();
        Document document = parsed(svg);
        assertThat(document.getDocumentElement().getAttribute("width")).isEqualTo("100%");
        assertThat(document.getDocumentElement().hasAttribute("viewBox")).isFalse();
        assertThat(svg).doesNotContainIgnoringCase("<script").doesNotContain("white", "black", "onload", "href");
    }

    @Test
    void image_hasPaperOfItsOwnAndIsScaledAsAWhole() throws Exception {
        Element root = parsed(DEATH.timeline().svg(500)).getDocumentElement();
        assertThat(root.getAttribute("width")).isEqualTo("500");
        assertThat(root.getAttribute("viewBox")).isEqualTo("0 0 500 " + root.getAttribute("height"));
        assertThat(root.getElementsByTagName("rect").item(0).getAttributes().getNamedItem("fill"))
                .hasToString("fill=\"#fff\"");
        assertThat(titles(DEATH.timeline().svg(500))).contains("worker 1 starts, 200 ms");
    }

    @Test
    void htmlThatIsNotTrusted_isAnImage() throws Exception {
        String html = DEATH.timeline().html();
        assertThat(html).contains(DEATH.timeline().svg()).doesNotContain("<script");
        String image = html.replaceFirst("(?s).*data:image/svg[+]xml;base64,([^']*)'.*", "$1");
        Document still = parsed(new String(Base64.getDecoder().decode(image), StandardCharsets.UTF_8));
        assertThat(all(still, "text"))
                .extracting(Element::getTextContent)
                .contains("worker 1, pid 4700: 2 tasks, 800 ms at work");
        assertThat(all(still, "g").get(0).getElementsByTagName("title").getLength())
                .isZero(); // nobody sees hints of an image
    }

    @Test
    void everything_isInsideThePicture() throws Exception {
        Document document = parsed(DEATH.timeline().svg());
        double height = Double.parseDouble(document.getDocumentElement().getAttribute("height"));
        for (Element rect : all(document, "rect")) {
            if (rect.getAttribute("x").endsWith("%")) {
                double x = percent(rect, "x");
                assertThat(x).isBetween(0.0, 100.0);
                if (rect.getAttribute("width").endsWith("%")) {
                    assertThat(x + percent(rect, "width")).isLessThan(100.1);
                }
            }
            assertThat(Double.parseDouble(rect.getAttribute("y"))).isBetween(0.0, height);
        }
        for (Element text : all(document, "text")) {
            assertThat(Double.parseDouble(text.getAttribute("y"))).isBetween(0.0, height);
        }
    }

    @Test
    void longHeading_hasSeveralLines() throws Exception {
        String title = "default, 2 processes: map, 5 items in 5 tasks, 201 ms";
        Recording recording = Recordings.of(1)
                .submitted(0, "map")
                .worker(1, 0, 0)
                .run(1, 0, 100, 1)
                .taken(100);
        Document document = parsed(Timeline.together(List.of(
                        new Timeline.Panel(title, recording), new Timeline.Panel("x".repeat(60) + " y", recording)))
                .svg());
        assertThat(all(document, "text"))
                .filteredOn(text -> text.hasAttribute("font-weight"))
                .extracting(Element::getTextContent)
                .containsExactly("default, 2 processes:", "map, 5 items in 5 tasks, 201 ms", "x".repeat(60), "y");
    }

    private static double percent(Element element, String attribute) {
        return Double.parseDouble(element.getAttribute(attribute).replace("%", ""));
    }

    @Test
    void manyTasks_areFewerBars_andThePictureSaysSo() throws Exception {
        Recordings of = Recordings.of(2).submitted(0, "map").worker(1, 0, 0).worker(2, 0, 0);
        for (int i = 0; i < 100_000; i++) {
            of.quick(1 + i % 2, i / 2 * 100L, i / 2 * 100L + 50, 1, 0, 0);
        }
        String svg = of.taken(5000).timeline().svg();
        List<String> bars = titles(svg).stream()
                .filter(title -> title.contains("tasks of map"))
                .toList();
        assertThat(bars).hasSizeBetween(500, TimelineSvg.MOST_BARS);
        assertThat(bars.get(0)).contains("50 % of it busy");
        assertThat(svg.length()).isLessThan(500_000);
        assertThat(svg).containsPattern("100,000 tasks, drawn as [\\d,]+ bars");
    }

    @Test
    void fewTasks_areABarEach() throws Exception {
        assertThat(titles(DEATH.timeline().svg()).stream()
                        .filter(title -> title.startsWith("map, items"))
                        .count())
                .isEqualTo(4);
        assertThat(DEATH.timeline().svg()).doesNotContain("drawn as");
    }

    @Test
    void namesInIt_areText() throws Exception {
        String svg = Recordings.of(1)
                .submitted(0, "<b>&\"'")
                .worker(1, 0, 0)
                .run(1, 0, 100, 1)
                .taken(100)
                .timeline()
                .svg();
        assertThat(titles(svg)).anyMatch(title -> title.contains("<b>&\"'"));
    }

    @Test
    void manyWorkers_areSixtyFourLanesAndANumber() throws Exception {
        Recordings of = Recordings.ofThreads(200).submitted(0, "map");
        for (int i = 1; i <= 200; i++) {
            of.worker(i, 0, 0).run(i, 0, 100, 1);
        }
        Recording recording = of.taken(100);
        assertThat(recording.timeline().svg()).contains("and 136 more workers").contains("worker 64:");
        assertThat(recording.timeline().toString()).contains("... and 136 more workers");
    }

    @Test
    void severalTogether_haveOneAxis() throws Exception {
        Recording half = Recordings.of(1)
                .submitted(0, "map")
                .worker(1, 0, 0)
                .run(1, 0, 500, 1)
                .taken(500);
        Timeline both = Timeline.together(List.of(new Timeline.Panel("two", DEATH), new Timeline.Panel("one", half)));
        assertThat(both.span()).isEqualTo(1_000_000_000);
        Document document = parsed(both.svg());
        assertThat(all(document, "text")).extracting(Element::getTextContent).contains("two", "one");
        assertThat(all(document, "rect"))
                .anyMatch(rect -> rect.getAttribute("width").equals("50%"));
        String text = both.toString();
        assertThat(text.lines().filter(line -> line.contains("at work")).count())
                .isEqualTo(1);
        assertThat(text).contains("1 |" + "#".repeat(30) + "\n");
    }

    @Test
    void text_isThePictureInCharacters() {
        assertThat(DEATH.timeline().toString())
                .startsWith("crunch, 2 processes: map, 8 items in 4 tasks, 1 failed, 1 s\n1 |~~~~")
                .containsPattern("2 \\|~+#+X~+#+\\.+\n")
                .contains("worker 2 (pid 4701) died after 500 ms: signal 9 (SIGKILL)")
                .contains("500 ms")
                .endsWith("# at work, + and : in part, . waiting, ~ starting, X died");
    }

    @Test
    void poolWithoutWork_isAPictureToo() throws Exception {
        Recording empty = Recordings.of(1).taken(0);
        assertThat(titles(empty.timeline().svg())).contains("crunch, 1 process: no work yet");
        assertThat(empty.timeline().toString()).contains("no work yet");
    }

    @Test
    void save_writesWhatTheNameSays(@TempDir Path folder) throws Exception {
        Path svg = DEATH.timeline().save(folder.resolve("a.SVG").toString());
        assertThat(parsed(Files.readString(svg)).getDocumentElement().getAttribute("width"))
                .isEqualTo("1000");
        assertThat(Files.readString(
                        DEATH.timeline().save(folder.resolve("a.json").toString())))
                .startsWith("{\"displayTimeUnit\"");
        assertThatThrownBy(() -> DEATH.timeline().save("a.png"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("FILE.svg")
                .hasMessageContaining("a.png");
        assertThatThrownBy(() -> DEATH.timeline()
                        .save(folder.resolve("none").resolve("a.svg").toString()))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("none");
    }
}
