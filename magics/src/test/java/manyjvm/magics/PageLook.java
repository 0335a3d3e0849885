package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import manyjvm.magics.clients.Chromium;
import manyjvm.magics.clients.Programs;

/** The browser that pages and pictures are looked at with, without a network: it measures them, and takes pictures of them. */
public final class PageLook {
    /** In pixels: half a window, and a whole one. */
    public static final List<Integer> WIDTHS = List.of(500, 1200);

    private final Path program;
    private final Path folder;

    /** What a reader may have told the browser to prefer. */
    public enum Scheme {
        LIGHT("light", 1),
        DARK("dark", 0);

        /** Jupyter's name of it. */
        public final String theme;

        final int chromiumNumber; // Blink's number of it

        Scheme(String theme, int chromiumNumber) {
            this.theme = theme;
            this.chromiumNumber = chromiumNumber;
        }
    }

    /**
     * The calling test is skipped where there is none.
     *
     * @param folder a test's own: there are profile, standard output and errors
     */
    public PageLook(Path folder) {
        this.program = Chromium.needed("the look of pages and pictures");
        this.folder = folder;
    }

    /**
     * What {@code measure.js} finds wrong in pages and pictures of a folder, in each width, a line each; then what it has measured.
     *
     * @param files names, without the folder
     */
    public String measure(Scheme scheme, Path pages, List<String> files) throws Exception {
        String list = files.stream().map(name -> "\"" + name + "\"").collect(Collectors.joining(",", "[", "]"));
        Path page = pages.resolve("measure.html");
        Files.writeString(
                page,
                "<!doctype html><meta charset=utf-8><meta name=color-scheme content='light dark'>"
                        + "<pre id=found></pre><script>" + script() + "\nmeasureAll(" + list + "," + WIDTHS
                        + ")</script>");
        String dump = run(
                scheme,
                "--window-size=1400,1000",
                "--virtual-time-budget=100000",
                "--dump-dom",
                page.toUri().toString());
        Matcher found =
                Pattern.compile("<pre id=\"found\">(.*?)</pre>", Pattern.DOTALL).matcher(dump);
        assertThat(found.find()).as(dump).isTrue();
        return found.group(1).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    }

    private static String script() throws IOException {
        try (InputStream file = PageLook.class.getResourceAsStream("measure.js")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Takes a picture of a page's top. */
    public void takePicture(Scheme scheme, Path page, int width, int height, Path picture) throws Exception {
        run(
                scheme,
                "--window-size=" + width + "," + height,
                "--screenshot=" + picture.toAbsolutePath(),
                page.toUri().toString());
    }

    /** Makes a page of each notebook by nbconvert. The calling test is skipped where there is none. */
    public static void convert(Path folder, Scheme scheme, Path pages, List<Path> notebooks) throws Exception {
        Path converter = Programs.need("the notebooks' pages: their look", "jupyter-nbconvert", "jupyter-nbconvert");
        List<String> convert = new ArrayList<>(List.of(
                converter.toString(),
                "--to=html",
                "--template=lab",
                "--HTMLExporter.theme=" + scheme.theme,
                // Of the network nothing is needed.
                "--HTMLExporter.mathjax_url=",
                "--HTMLExporter.require_js_url=",
                "--output-dir=" + pages));
        notebooks.forEach(notebook -> convert.add(notebook.toString()));
        run(folder, convert);
    }

    private String run(Scheme scheme, String... options) throws Exception {
        List<String> words = new ArrayList<>(List.of(
                program.toString(),
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
        return run(folder, words);
    }

    /** @return its standard output */
    public static String run(Path folder, List<String> words) throws Exception {
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
