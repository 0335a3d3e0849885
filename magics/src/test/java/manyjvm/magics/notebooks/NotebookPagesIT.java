package manyjvm.magics.notebooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import manyjvm.magics.PageLook;
import manyjvm.magics.PageLook.Scheme;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The saved notebooks as pages, made by nbconvert and looked at in Chromium, light and dark, on a wide and on a narrow screen:
 * {@code measure.js} tells what is cut off, overlaps or is hardly seen. With {@code -Dmanyjvm.notebooks.pages=FOLDER} the pages are
 * left there, with a picture of each, to be looked at.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class NotebookPagesIT {
    private static final Optional<Path> KEPT =
            Optional.ofNullable(System.getProperty("manyjvm.notebooks.pages")).map(Path::of);

    private static final int HEIGHT = 7000;

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void pages_haveNothingCutOffOrOverlappingOrFaint(Scheme scheme) throws Exception {
        PageLook look = new PageLook(folder);
        Path pages =
                Files.createDirectories(KEPT.orElse(folder).toAbsolutePath().resolve(scheme.theme));
        PageLook.convert(
                folder,
                scheme,
                pages,
                TeachingNotebook.names().stream().map(TeachingNotebook::file).toList());

        String found = look.measure(
                scheme,
                pages,
                TeachingNotebook.names().stream().map(name -> name + ".html").toList());

        assertThat(found).matches("measured [1-9]\\d{3,} boxes");
        if (KEPT.isPresent()) {
            for (String name : TeachingNotebook.names()) {
                for (int width : PageLook.WIDTHS) {
                    look.takePicture(
                            scheme,
                            pages.resolve(name + ".html"),
                            width,
                            HEIGHT,
                            pages.resolve(name + "-" + width + ".png"));
                }
            }
        }
    }
}
