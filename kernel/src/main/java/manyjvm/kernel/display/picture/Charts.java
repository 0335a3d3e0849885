package manyjvm.kernel.display.picture;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.Objects;

/**
 * Charts of libraries, drawn by themselves with twice the pixels, so that they are sharp on fine screens. A library that cannot be
 * spoken to so is an exception, which tells of it.
 */
public final class Charts {
    private static final int SCALE = 2;

    /** JFreeChart's charts have no size of their own; its own panel begins so. */
    private static final int WIDTH = 680;

    private static final int HEIGHT = 420;

    private Charts() {}

    /** A chart of XChart, in its own size. */
    public static Picture ofXChart(Object chart) {
        int width = size(chart, "getWidth");
        int height = size(chart, "getHeight");
        return drawn(
                width,
                height,
                graphics -> Foreign.call(
                        chart,
                        "paint",
                        new Class<?>[] {Graphics2D.class, int.class, int.class},
                        graphics,
                        width,
                        height));
    }

    public static Picture ofJFreeChart(Object chart) {
        return drawn(
                WIDTH,
                HEIGHT,
                graphics -> Foreign.call(
                        chart,
                        "draw",
                        new Class<?>[] {Graphics2D.class, Rectangle2D.class},
                        graphics,
                        new Rectangle2D.Double(0, 0, WIDTH, HEIGHT)));
    }

    /** Draws on what is transparent: a chart paints its own ground. */
    private interface Drawing {
        void on(Graphics2D graphics);
    }

    private static Picture drawn(int width, int height, Drawing drawing) {
        int scale = (long) width * height * SCALE * SCALE > Pictures.MOST_PIXELS ? 1 : SCALE;
        BufferedImage image = new BufferedImage(width * scale, height * scale, BufferedImage.TYPE_INT_ARGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        graphics.scale(scale, scale);
        drawing.on(graphics);
        graphics.dispose();
        Picture png = Pictures.png(image);
        return new Picture(
                png.bytes(), png.type(), png.width(), png.height(), png.width() == width * scale ? scale : 1);
    }

    private static int size(Object chart, String method) {
        return (int) Objects.requireNonNull(Foreign.call(chart, method), method);
    }
}
