package manyjvm.magics.notebooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import manyjvm.magics.clients.Chromium;
import manyjvm.magics.clients.Programs;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The saved notebooks as pages, made by nbconvert and looked at in Chromium, light and dark, on a wide and on a narrow screen:
 * {@code measure.js} tells what is cut off or overlaps. With {@code -Dmanyjvm.notebooks.pages=FOLDER} the pages are left there,
 * with a picture of each, to be looked at.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class NotebookPagesIT {
    private static final List<Integer> WIDTHS = List.of(500, 1200);
    private static final Optional<Path> KEPT =
            Optional.ofNullable(System.getProperty("manyjvm.notebooks.pages")).map(Path::of);

    private static Path jupyter;
    private static Path chromium;

    @TempDir
    Path folder;

    /** What a reader may have told the browser to prefer. */
    enum Scheme {
        LIGHT("light", 1),
        DARK("dark", 0);

        final String theme;
        final int chromiumNumber; // Blink's number of it

        Scheme(String theme, int chromiumNumber) {
            this.theme = theme;
            this.chromiumNumber = chromiumNumber;
        }
    }

    @BeforeAll
    static void findPrograms() {
        String what = "the notebooks' pages: their look";
        jupyter = Programs.need(what, "jupyter-nbconvert", "jupyter-nbconvert");
        chromium = Chromium.needed(what);
    }

    @ParameterizedTest
    @EnumSource
    void pages_haveNothingCutOffOrOverlapping(Scheme scheme) throws Exception {
        Path pages =
                Files.createDirectories(KEPT.orElse(folder).toAbsolutePath().resolve(scheme.theme));
        List<String> convert = new ArrayList<>(List.of(
                jupyter.toString(),
                "--to=html",
                "--template=lab",
                "--HTMLExporter.theme=" + scheme.theme,
                // Of the network nothing is needed.
                "--HTMLExporter.mathjax_url=",
                "--HTMLExporter.require_js_url=",
                "--output-dir=" + pages));
        for (String name : TeachingNotebook.names()) {
            convert.add(TeachingNotebook.file(name).toString());
        }
        run(convert);

        String found = measure(scheme, pages);

        assertThat(found).matches("measured [1-9]\\d{3,} boxes");
        if (KEPT.isPresent()) {
            takePictures(scheme, pages);
        }
    }

    private String measure(Scheme scheme, Path pages) throws Exception {
        String list = TeachingNotebook.names().stream()
                .map(name -> "\"" + name + ".html\"")
                .collect(Collectors.joining(",", "[", "]"));
        Path page = pages.resolve("measure.html");
        Files.writeString(
                page,
                "<!doctype html><meta charset=utf-8><pre id=found></pre><script>" + script() + "\nmeasureAll(" + list
                        + "," + WIDTHS + ")</script>");
        String dump = run(browser(
                scheme,
                "--window-size=1400,1000",
                "--virtual-time-budget=100000",
                "--dump-dom",
                page.toUri().toString()));
        Matcher found =
                Pattern.compile("<pre id=\"found\">(.*?)</pre>", Pattern.DOTALL).matcher(dump);
        assertThat(found.find()).as(dump).isTrue();
        return found.group(1).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    }

    private static String script() throws IOException {
        try (InputStream file = NotebookPagesIT.class.getResourceAsStream("measure.js")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void takePictures(Scheme scheme, Path pages) throws Exception {
        for (String name : TeachingNotebook.names()) {
            for (int width : WIDTHS) {
                run(browser(
                        scheme,
                        "--window-size=" + width + ",7000",
                        "--screenshot=" + pages.resolve(name + "-" + width + ".png"),
                        pages.resolve(name + ".html").toUri().toString()));
            }
        }
    }

    private List<String> browser(Scheme scheme, String... options) {
        List<String> words = new ArrayList<>(List.of(
                chromium.toString(),
                "--headless",
                "--no-sandbox", // which root cannot have; the pages are ours
                "--disable-gpu",
                "--hide-scrollbars",
                "--no-first-run",
                "--allow-file-access-from-files", // the measuring page reads the others
                "--host-resolver-rules=MAP * ~NOTFOUND",
                "--blink-settings=preferredColorScheme=" + scheme.chromiumNumber,
                "--user-data-dir=" + folder.resolve("profile")));
        words.addAll(List.of(options));
        return words;
    }

    /** @return its standard output */
    private String run(List<String> words) throws Exception {
        Path out = folder.resolve("out.txt");
        Path errors = folder.resolve("errors.txt");
        Process process = new ProcessBuilder(words)
                .redirectOutput(out.toFile())
                .redirectError(errors.toFile())
                .start();
        process.getOutputStream().close();
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES))
                    .as(words + " ended")
                    .isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
        assertThat(process.exitValue())
                .as(words + "\n" + Files.readString(errors))
                .isZero();
        return Files.readString(out);
    }
}
