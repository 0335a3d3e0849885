package manyjvm.kernel.display.picture;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Image;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.awt.image.RenderedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Locale;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.swing.Icon;
import javax.swing.ImageIcon;
import org.jspecify.annotations.Nullable;

/** The JDK's images and icons, and files of pictures. */
public final class Pictures {
    /** More are too many for a page: a browser needs four bytes for each. */
    static final long MOST_PIXELS = 16_000_000;

    private Pictures() {}

    /** A PNG of an image or icon; of a very large one a smaller one, which is said. */
    public static Picture of(Object imageOrIcon) {
        return png(image(imageOrIcon));
    }

    static Picture png(RenderedImage image) {
        RenderedImage fitting = fitting(image);
        return new Picture(bytes(fitting, "png"), "image/png", fitting.getWidth(), fitting.getHeight(), 1);
    }

    /** @param format PNG, JPEG, GIF, BMP; empty where the JDK cannot write it */
    public static Optional<Picture> encoded(Object imageOrIcon, String format) {
        RenderedImage image = fitting(image(imageOrIcon));
        String lower = format.toLowerCase(Locale.ROOT);
        if (!ImageIO.getImageWritersByFormatName(lower).hasNext()) {
            return Optional.empty();
        }
        return Optional.of(new Picture(bytes(image, lower), "image/" + lower, image.getWidth(), image.getHeight(), 1));
    }

    private static RenderedImage image(Object imageOrIcon) {
        if (imageOrIcon instanceof RenderedImage image) {
            return image;
        }
        Icon icon = imageOrIcon instanceof Image loading ? new ImageIcon(loading) : (Icon) imageOrIcon;
        int width = icon.getIconWidth();
        int height = icon.getIconHeight();
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("this picture is empty: it could not be loaded, or was given no size");
        }
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
        Graphics2D graphics = image.createGraphics();
        icon.paintIcon(null, graphics, 0, 0);
        graphics.dispose();
        return image;
    }

    private static RenderedImage fitting(RenderedImage image) {
        long pixels = (long) image.getWidth() * image.getHeight();
        if (pixels <= MOST_PIXELS) {
            return image;
        }
        double factor = Math.sqrt(MOST_PIXELS / (double) pixels);
        int width = (int) Math.max(1, image.getWidth() * factor);
        int height = (int) Math.max(1, image.getHeight() * factor);
        BufferedImage smaller = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
        Graphics2D graphics = smaller.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.scale(width / (double) image.getWidth(), height / (double) image.getHeight());
        graphics.drawRenderedImage(image, null);
        graphics.dispose();
        System.err.printf(
                "note: this picture of %,d x %,d pixels is shown with %,d x %,d; ImageIO.write(picture, \"png\", file) keeps all.%n",
                image.getWidth(), image.getHeight(), width, height);
        return smaller;
    }

    private static byte[] bytes(RenderedImage image, String format) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(image, format, bytes) && !ImageIO.write(opaque(image), format, bytes)) {
                throw new IllegalArgumentException("This image cannot be written as " + format);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** JPEG and BMP know no transparency: on white, as on paper. */
    private static BufferedImage opaque(RenderedImage image) {
        BufferedImage opaque = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = opaque.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, opaque.getWidth(), opaque.getHeight());
        graphics.drawRenderedImage(image, null);
        graphics.dispose();
        return opaque;
    }

    /**
     * A picture from the bytes of a file: as it is where browsers know it, else as PNG.
     *
     * @param name of the file, for the error
     * @throws IllegalArgumentException when they are none that is known
     */
    public static Picture read(byte[] bytes, String name) {
        String type = type(bytes);
        if (type.equals("image/svg+xml")) {
            return new Picture(bytes, type, 0, 0, 1);
        }
        try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(bytes))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!type.isEmpty()) {
                return measured(bytes, type, readers.hasNext() ? readers.next() : null, in);
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        BufferedImage image;
        try {
            image = ImageIO.read(new ByteArrayInputStream(bytes));
        } catch (IOException broken) {
            throw new IllegalArgumentException(name + " cannot be read as a picture: " + broken.getMessage(), broken);
        }
        if (image == null) {
            throw new IllegalArgumentException(name + (name.endsWith("bytes") ? " hold" : " holds")
                    + " no picture that is known: PNG, JPEG, GIF, WebP, SVG, BMP, TIFF");
        }
        return png(image);
    }

    private static Picture measured(byte[] bytes, String type, @Nullable ImageReader reader, ImageInputStream in) {
        if (reader == null) {
            return new Picture(bytes, type, 0, 0, 1); // WebP, of which the JDK knows nothing
        }
        try {
            reader.setInput(in, true, true);
            return new Picture(bytes, type, reader.getWidth(0), reader.getHeight(0), 1);
        } catch (IOException | RuntimeException damaged) {
            throw new IllegalArgumentException("This " + type + " is damaged: " + damaged.getMessage(), damaged);
        } finally {
            reader.dispose();
        }
    }

    /** By the first bytes, whatever the file is called; empty for what browsers do not know. */
    private static String type(byte[] bytes) {
        String head = new String(bytes, 0, Math.min(bytes.length, 1024), StandardCharsets.ISO_8859_1);
        if (head.startsWith("\u0089PNG")) {
            return "image/png";
        }
        if (head.startsWith("\u00ff\u00d8\u00ff")) {
            return "image/jpeg";
        }
        if (head.startsWith("GIF8")) {
            return "image/gif";
        }
        if (head.startsWith("RIFF") && head.startsWith("WEBP", 8)) {
            return "image/webp";
        }
        boolean xml = head.stripLeading().startsWith("<") || head.startsWith("\u00ef\u00bb\u00bf<");
        return xml && head.contains("<svg") ? "image/svg+xml" : "";
    }
}
