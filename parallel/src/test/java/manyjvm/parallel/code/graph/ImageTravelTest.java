package manyjvm.parallel.code.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.Point;
import java.awt.Rectangle;
import java.awt.color.ColorSpace;
import java.awt.geom.AffineTransform;
import java.awt.geom.Area;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.image.BandedSampleModel;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.swing.ImageIcon;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Images travel, pixel by pixel as they are, with their type. */
@Timeout(120)
class ImageTravelTest {
    private final ObjectCodec codec = new ObjectCodec(new FakeHost(ImageTravelTest.class.getClassLoader()));

    @SuppressWarnings("unchecked")
    private <T> T roundTrip(T value) {
        return (T) codec.decode(codec.encode(value).bytes());
    }

    private static BufferedImage noise(BufferedImage image) {
        Random random = new Random(1);
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                image.setRGB(x, y, random.nextInt());
            }
        }
        return image;
    }

    static Stream<BufferedImage> images() {
        List<BufferedImage> images = new ArrayList<>();
        IntStream.rangeClosed(BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_BYTE_INDEXED)
                .forEach(type -> images.add(noise(new BufferedImage(13, 7, type))));
        for (int bits : new int[] {1, 2, 4}) {
            byte[] ramp = new byte[1 << bits];
            new Random(bits).nextBytes(ramp);
            IndexColorModel palette = new IndexColorModel(bits, ramp.length, ramp, ramp, ramp);
            images.add(noise(new BufferedImage(13, 7, BufferedImage.TYPE_BYTE_BINARY, palette)));
        }
        int[] map = {0x00000000, 0xff102030, 0x80405060, 0xffffffff};
        images.add(noise(new BufferedImage(
                13,
                7,
                BufferedImage.TYPE_BYTE_INDEXED,
                new IndexColorModel(8, 4, map, 0, true, 2, DataBuffer.TYPE_BYTE))));
        images.add(noise(new BufferedImage(
                13,
                7,
                BufferedImage.TYPE_BYTE_INDEXED,
                new IndexColorModel(8, 4, map, 0, DataBuffer.TYPE_BYTE, BigInteger.valueOf(0b1011)))));
        // a sub-image, of a packed and of a bit-packed image, and the sub-image of one
        BufferedImage large = noise(new BufferedImage(100, 80, BufferedImage.TYPE_INT_ARGB));
        images.add(large.getSubimage(10, 20, 30, 40));
        images.add(large.getSubimage(10, 20, 30, 40).getSubimage(1, 2, 3, 4));
        images.add(noise(new BufferedImage(100, 80, BufferedImage.TYPE_BYTE_BINARY))
                .getSubimage(3, 5, 21, 8));
        images.add(
                noise(new BufferedImage(100, 80, BufferedImage.TYPE_3BYTE_BGR)).getSubimage(0, 0, 100, 80));
        // grey of 32 bits, floating point, bands in banks of their own, another colour space
        ColorModel floats = new ComponentColorModel(
                ColorSpace.getInstance(ColorSpace.CS_LINEAR_RGB),
                true,
                true,
                ColorModel.TRANSLUCENT,
                DataBuffer.TYPE_FLOAT);
        WritableRaster floating = floats.createCompatibleWritableRaster(5, 4);
        IntStream.range(0, 20).forEach(i -> floating.setPixel(i % 5, i / 5, new float[] {i / 20f, 0.1f, 1e-9f, 1f}));
        images.add(new BufferedImage(floats, floating, true, null));
        ColorModel rgb = new ComponentColorModel(
                ColorSpace.getInstance(ColorSpace.CS_sRGB), false, false, ColorModel.OPAQUE, DataBuffer.TYPE_BYTE);
        WritableRaster banded =
                Raster.createWritableRaster(new BandedSampleModel(DataBuffer.TYPE_BYTE, 6, 5, 3), new Point(0, 0));
        images.add(noise(new BufferedImage(rgb, banded, false, null)));
        ColorModel grey = new ComponentColorModel(
                ColorSpace.getInstance(ColorSpace.CS_GRAY), false, false, ColorModel.OPAQUE, DataBuffer.TYPE_INT);
        images.add(noise(new BufferedImage(grey, grey.createCompatibleWritableRaster(4, 4), false, null)));
        return images.stream();
    }

    @ParameterizedTest
    @MethodSource("images")
    void image_arrivesWithItsTypeColoursAndPixels(BufferedImage image) {
        BufferedImage back = roundTrip(image);

        assertThat(back.getType()).isEqualTo(image.getType());
        assertThat(back.getColorModel()).isEqualTo(image.getColorModel());
        assertThat(back.getColorModel().hashCode())
                .isEqualTo(image.getColorModel().hashCode());
        assertThat(back.getSampleModel().getClass())
                .isEqualTo(image.getSampleModel().getClass());
        assertThat(back.isAlphaPremultiplied()).isEqualTo(image.isAlphaPremultiplied());
        assertThat(back.getWidth()).isEqualTo(image.getWidth());
        assertThat(back.getHeight()).isEqualTo(image.getHeight());
        Raster sent = image.getRaster();
        Raster arrived = back.getRaster();
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                assertThat(arrived.getDataElements(arrived.getMinX() + x, arrived.getMinY() + y, null))
                        .isEqualTo(sent.getDataElements(sent.getMinX() + x, sent.getMinY() + y, null));
                assertThat(back.getRGB(x, y)).isEqualTo(image.getRGB(x, y));
            }
        }
        Graphics2D graphics = back.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, 2, 2);
        graphics.dispose();
    }

    @Test
    void subimage_bringsItsOwnPixelsAlone() {
        BufferedImage large = new BufferedImage(2000, 2000, BufferedImage.TYPE_INT_RGB);

        assertThat(codec.encode(large.getSubimage(5, 5, 10, 10)).bytes()).hasSizeLessThan(1000);
    }

    @Test
    void image_twiceInAGraph_staysOne_andKeepsItsProperties() {
        BufferedImage plain = noise(new BufferedImage(3, 3, BufferedImage.TYPE_INT_RGB));
        Hashtable<String, Object> properties = new Hashtable<>();
        properties.put("comment", "hello");
        BufferedImage image = new BufferedImage(plain.getColorModel(), plain.getRaster(), false, properties);

        List<BufferedImage> back = roundTrip(new ArrayList<>(Arrays.asList(image, image)));

        assertThat(back.get(0)).isSameAs(back.get(1));
        assertThat(back.get(0).getProperty("comment")).isEqualTo("hello");
    }

    @Test
    void imageOfAStrangeKind_isRefusedWithAWayOut() {
        BufferedImage plain = new BufferedImage(3, 3, BufferedImage.TYPE_INT_RGB);
        ColorModel own = new java.awt.image.DirectColorModel(24, 0xff0000, 0xff00, 0xff) {};
        BufferedImage image = new BufferedImage(own, plain.getRaster(), false, null);

        assertThatThrownBy(() -> codec.encode(List.of(image)))
                .hasMessageContaining("root[0] is a java.awt.image.BufferedImage with a ColorModel of the class ")
                .hasMessageContaining("draw it into an image of a standard type");
    }

    @Test
    void otherThingsOfAwt_travelOrAreRefusedWithAdvice() {
        assertThat(roundTrip(new Color(1, 2, 3, 4))).isEqualTo(new Color(1, 2, 3, 4));
        assertThat(roundTrip(new Font(Font.SERIF, Font.BOLD, 11))).isEqualTo(new Font(Font.SERIF, Font.BOLD, 11));
        assertThat(roundTrip(new Rectangle(1, 2, 3, 4))).isEqualTo(new Rectangle(1, 2, 3, 4));
        assertThat(roundTrip(new Ellipse2D.Double(1, 2, 3, 4))).isEqualTo(new Ellipse2D.Double(1, 2, 3, 4));
        assertThat(roundTrip(AffineTransform.getRotateInstance(1))).isEqualTo(AffineTransform.getRotateInstance(1));
        Path2D path = new Path2D.Double(new Ellipse2D.Double(0, 0, 2, 2));
        assertThat(roundTrip(path).getBounds2D()).isEqualTo(path.getBounds2D());
        ImageIcon icon = roundTrip(new ImageIcon(noise(new BufferedImage(4, 5, BufferedImage.TYPE_INT_RGB))));
        assertThat(icon.getIconWidth()).isEqualTo(4);
        assertThatThrownBy(() -> codec.encode(new Area(new Rectangle(1, 1)))).hasMessageContaining("Path2D");
        assertThatThrownBy(() -> codec.encode(new BufferedImage(1, 1, 1).getScaledInstance(2, 2, 0)))
                .hasMessageContaining("draw it into a java.awt.image.BufferedImage");
        assertThatThrownBy(() -> codec.encode(new BufferedImage(1, 1, 1).getRaster()))
                .hasMessageContaining("send the BufferedImage");
        assertThatThrownBy(() -> codec.encode(new BufferedImage(1, 1, 1).createGraphics()))
                .hasMessageContaining("createGraphics()");
        for (Object closed : List.of(new BasicStroke(), new GradientPaint(0, 0, Color.RED, 1, 1, Color.BLUE))) {
            assertThatThrownBy(() -> codec.encode(closed)).hasMessageContaining("the JDK does not let travel");
        }
    }
}
