package manyjvm.parallel.code.graph;

import static manyjvm.parallel.code.graph.GraphContainer.part;

import java.awt.Point;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BandedSampleModel;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.ComponentSampleModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.DataBufferDouble;
import java.awt.image.DataBufferFloat;
import java.awt.image.DataBufferInt;
import java.awt.image.DataBufferShort;
import java.awt.image.DataBufferUShort;
import java.awt.image.DirectColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.MultiPixelPackedSampleModel;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.awt.image.SampleModel;
import java.awt.image.SinglePixelPackedSampleModel;
import java.awt.image.WritableRaster;
import java.util.Arrays;
import java.util.Hashtable;
import org.jspecify.annotations.Nullable;

/**
 * A {@link BufferedImage} as values: its pixels as they lie in memory, how they lie there, and what colours they are. The JDK
 * lets none of this travel. A part of another image ({@code getSubimage}) arrives as an image of its own, with its own pixels
 * alone. Loaded only where an image travels.
 */
final class ImageForm {
    static final String TYPE = "java.awt.image.BufferedImage";

    private static final int[] COLOUR_SPACES = {
        ColorSpace.CS_sRGB, ColorSpace.CS_GRAY, ColorSpace.CS_LINEAR_RGB, ColorSpace.CS_CIEXYZ, ColorSpace.CS_PYCC
    };

    private static final String ADVICE =
            "draw it into an image of a standard type: new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB)";

    private ImageForm() {}

    /** @throws GraphPlan.Refused when a part is of a class that is not the JDK's */
    static @Nullable Object[] parts(Object object) {
        BufferedImage image = (BufferedImage) object;
        WritableRaster raster = compact(image.getRaster());
        return new Object[] {
            image.getWidth(),
            image.getHeight(),
            layout(raster.getSampleModel()),
            pixels(raster.getDataBuffer()),
            colours(image.getColorModel()),
            image.isAlphaPremultiplied(),
            properties(image)
        };
    }

    static Object image(@Nullable Object[] parts) {
        int width = part(parts, 0);
        int height = part(parts, 1);
        DataBuffer pixels = buffer(part(parts, 3));
        WritableRaster raster = Raster.createWritableRaster(
                model(part(parts, 2), pixels.getDataType(), width, height), pixels, new Point(0, 0));
        return new BufferedImage(colourModel(part(parts, 4)), raster, part(parts, 5), (Hashtable<?, ?>) parts[6]);
    }

    private static GraphPlan.Refused refused(String what, Object part) {
        return new GraphPlan.Refused(
                "is a " + TYPE + " with a " + what + " of the class "
                        + part.getClass().getName(),
                ADVICE,
                null);
    }

    /** The raster, when it is all of its memory, or a copy of its own. */
    private static WritableRaster compact(WritableRaster raster) {
        SampleModel model = raster.getSampleModel();
        DataBuffer buffer = raster.getDataBuffer();
        if (raster.getParent() == null
                && raster.getMinX() == 0
                && raster.getMinY() == 0
                && raster.getSampleModelTranslateX() == 0
                && raster.getSampleModelTranslateY() == 0
                && model.getWidth() == raster.getWidth()
                && model.getHeight() == raster.getHeight()
                && Arrays.stream(buffer.getOffsets()).allMatch(offset -> offset == 0)) {
            return raster;
        }
        WritableRaster copy = Raster.createWritableRaster(
                model.createCompatibleSampleModel(raster.getWidth(), raster.getHeight()), new Point(0, 0));
        Object row = null;
        for (int y = 0; y < raster.getHeight(); y++) {
            row = raster.getDataElements(raster.getMinX(), raster.getMinY() + y, raster.getWidth(), 1, row);
            copy.setDataElements(0, y, raster.getWidth(), 1, row);
        }
        return copy;
    }

    // ---- how pixels lie in memory: {{kind, numbers ...}, lists ...}

    private static int[][] layout(SampleModel model) {
        Class<?> type = model.getClass();
        if (type == SinglePixelPackedSampleModel.class) {
            SinglePixelPackedSampleModel packed = (SinglePixelPackedSampleModel) model;
            return new int[][] {{0, packed.getScanlineStride()}, packed.getBitMasks()};
        } else if (type == MultiPixelPackedSampleModel.class) {
            MultiPixelPackedSampleModel packed = (MultiPixelPackedSampleModel) model;
            return new int[][] {{1, packed.getPixelBitStride(), packed.getScanlineStride(), packed.getDataBitOffset()}};
        } else if (type == PixelInterleavedSampleModel.class
                || type == BandedSampleModel.class
                || type == ComponentSampleModel.class) {
            ComponentSampleModel components = (ComponentSampleModel) model;
            int kind = type == PixelInterleavedSampleModel.class ? 2 : type == BandedSampleModel.class ? 3 : 4;
            return new int[][] {
                {kind, components.getPixelStride(), components.getScanlineStride()},
                components.getBandOffsets(),
                components.getBankIndices()
            };
        }
        throw refused("SampleModel", model);
    }

    private static SampleModel model(int[][] layout, int dataType, int width, int height) {
        int[] numbers = layout[0];
        return switch (numbers[0]) {
            case 0 -> new SinglePixelPackedSampleModel(dataType, width, height, numbers[1], layout[1]);
            case 1 -> new MultiPixelPackedSampleModel(dataType, width, height, numbers[1], numbers[2], numbers[3]);
            case 2 -> new PixelInterleavedSampleModel(dataType, width, height, numbers[1], numbers[2], layout[1]);
            case 3 -> new BandedSampleModel(dataType, width, height, numbers[2], layout[2], layout[1]);
            default -> new ComponentSampleModel(dataType, width, height, numbers[1], numbers[2], layout[2], layout[1]);
        };
    }

    // ---- pixels: {type, size, banks ...}

    private static Object[] pixels(DataBuffer buffer) {
        Object[] banks;
        if (buffer instanceof DataBufferByte bytes) {
            banks = bytes.getBankData();
        } else if (buffer instanceof DataBufferUShort shorts) {
            banks = shorts.getBankData();
        } else if (buffer instanceof DataBufferShort shorts) {
            banks = shorts.getBankData();
        } else if (buffer instanceof DataBufferInt ints) {
            banks = ints.getBankData();
        } else if (buffer instanceof DataBufferFloat floats) {
            banks = floats.getBankData();
        } else if (buffer instanceof DataBufferDouble doubles) {
            banks = doubles.getBankData();
        } else {
            throw refused("DataBuffer", buffer);
        }
        return new Object[] {buffer.getDataType(), buffer.getSize(), banks};
    }

    private static DataBuffer buffer(Object part) {
        Object[] parts = (Object[]) part;
        int size = (Integer) parts[1];
        return switch ((Integer) parts[0]) {
            case DataBuffer.TYPE_BYTE -> new DataBufferByte((byte[][]) parts[2], size);
            case DataBuffer.TYPE_USHORT -> new DataBufferUShort((short[][]) parts[2], size);
            case DataBuffer.TYPE_SHORT -> new DataBufferShort((short[][]) parts[2], size);
            case DataBuffer.TYPE_INT -> new DataBufferInt((int[][]) parts[2], size);
            case DataBuffer.TYPE_FLOAT -> new DataBufferFloat((float[][]) parts[2], size);
            default -> new DataBufferDouble((double[][]) parts[2], size);
        };
    }

    // ---- colours: {kind, ...}

    private static @Nullable Object[] colours(ColorModel model) {
        Class<?> type = model.getClass();
        if (type == IndexColorModel.class) {
            IndexColorModel index = (IndexColorModel) model;
            int[] map = new int[index.getMapSize()];
            index.getRGBs(map);
            int transparent = index.getTransparentPixel();
            if (transparent >= 0 && index.getTransparency() == Transparency.TRANSLUCENT) {
                // The map says no longer what its constructor was given, by which it tells its transparency.
                map[transparent] = map[transparent] & 0xffffff | 0x80000000;
            }
            return new Object[] {
                0,
                index.getPixelSize(),
                map,
                index.hasAlpha(),
                transparent,
                index.getTransferType(),
                index.isValid() ? null : index.getValidPixels()
            };
        } else if (type == DirectColorModel.class) {
            DirectColorModel direct = (DirectColorModel) model;
            return new Object[] {
                1,
                space(direct.getColorSpace()),
                direct.getPixelSize(),
                direct.getMasks(),
                direct.hasAlpha(),
                direct.isAlphaPremultiplied(),
                direct.getTransferType()
            };
        } else if (type == ComponentColorModel.class) {
            return new Object[] {
                2,
                space(model.getColorSpace()),
                model.getComponentSize(),
                model.hasAlpha(),
                model.isAlphaPremultiplied(),
                model.getTransparency(),
                model.getTransferType()
            };
        }
        throw refused("ColorModel", model);
    }

    private static ColorModel colourModel(@Nullable Object[] parts) {
        switch (GraphContainer.<Integer>part(parts, 0)) {
            case 0 -> {
                int[] map = part(parts, 2);
                if (parts[6] != null) {
                    return new IndexColorModel(
                            part(parts, 1), map.length, map, 0, part(parts, 5), (java.math.BigInteger) parts[6]);
                }
                return new IndexColorModel(
                        part(parts, 1), map.length, map, 0, part(parts, 3), part(parts, 4), part(parts, 5));
            }
            case 1 -> {
                int[] masks = part(parts, 3);
                return new DirectColorModel(
                        space(GraphContainer.<Object>part(parts, 1)),
                        part(parts, 2),
                        masks[0],
                        masks[1],
                        masks[2],
                        GraphContainer.<Boolean>part(parts, 4) ? masks[3] : 0,
                        part(parts, 5),
                        part(parts, 6));
            }
            default -> {
                return new ComponentColorModel(
                        space(GraphContainer.<Object>part(parts, 1)),
                        part(parts, 2),
                        part(parts, 3),
                        part(parts, 4),
                        part(parts, 5),
                        part(parts, 6));
            }
        }
    }

    /** Its number where it is one of the JDK's own, of which there is one each; else itself, which is serializable. */
    private static Object space(ColorSpace space) {
        for (int known : COLOUR_SPACES) {
            if (ColorSpace.getInstance(known) == space) {
                return known;
            }
        }
        return space;
    }

    private static ColorSpace space(Object part) {
        return part instanceof Integer known ? ColorSpace.getInstance(known) : (ColorSpace) part;
    }

    private static @Nullable Hashtable<String, Object> properties(BufferedImage image) {
        String[] names = image.getPropertyNames();
        if (names == null) {
            return null;
        }
        Hashtable<String, Object> properties = new Hashtable<>();
        for (String name : names) {
            properties.put(name, image.getProperty(name));
        }
        return properties;
    }
}
