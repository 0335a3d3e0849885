package manyjvm.magics.notebooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;

class CookbookNotebookIT extends NotebookChecks {
    CookbookNotebookIT() {
        super("cookbook");
        cell("pool", cell -> {
            List<String> counts = groups("(\\d+) workers, (\\d+) processors\n", cell.stdout());
            assertThat(counts.get(0)).isEqualTo(counts.get(1));
        });
        silent("fractal-row");
        cell("fractal", cell -> {
            byte[] png = Base64.getMimeDecoder().decode(cell.data("image/png").get(0));
            BufferedImage picture = ImageIO.read(new ByteArrayInputStream(png));
            int[] colours = picture.getRGB(0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
            assertThat(colours).hasSize(480 * 320);
            assertThat(colours[160 * 480 + 330]).as("the dark middle").isEqualTo(0xff000000);
            assertThat(java.util.Arrays.stream(colours).distinct().count()).isGreaterThan(20);
        });
        prints("pi", "pi is about 3.1415, wrong by 0.0001\n");
        shows("files-make", "4");
        shows("files-count", "{a=3, and=2, cat=4, dog=2, end=1, mat=2, of=2, on=2, sat=2, tale=1, the=7}");
        silent("sweep");
        prints(
                "sweep-table",
                """
                speed | size | result
                  1.5 |   10 | 22.5
                  2.5 |    0 | failed: StackOverflowError
                  3.5 |   10 | worker died: exit code 2
                  2.0 |   20 | 80.0
                """);
        prints("program", "[6, 6, 8, 8]\n");
        cell("bar", cell -> {
            assertThat(cell.values()).containsExactly("[" + "#".repeat(30) + "] 40 of 40");
            assertThat(cell.stdout()).isEqualTo("sum of the squares: 20540\n");
        });
        prints("clean", "true\n");
    }
}
