package manyjvm.kernel.display;

import com.google.gson.JsonObject;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import io.github.spencerpark.jupyter.kernel.util.InheritanceIterator;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import manyjvm.kernel.api.Content;
import manyjvm.kernel.display.picture.Charts;
import manyjvm.kernel.display.picture.Picture;
import manyjvm.kernel.display.picture.Pictures;

/**
 * Types that the kernel knows by their names, and loads nothing of before a value of theirs comes: the pictures of the JDK, the
 * charts of XChart and JFreeChart, the tables, columns and figures of Tablesaw. The libraries are the user's: they are spoken to by
 * reflection, in whatever version is there.
 */
final class KnownLooks {
    private KnownLooks() {}

    private enum Kind {
        PICTURE,
        XCHART,
        JFREECHART,
        RELATION,
        COLUMN,
        FIGURE,
        OTHER
    }

    private static Kind kind(Class<?> type) {
        if (type.getClassLoader() == null && type.getModule() == Object.class.getModule()) {
            return Kind.OTHER;
        }
        InheritanceIterator ancestors = new InheritanceIterator(type);
        while (ancestors.hasNext()) {
            Kind kind =
                    switch (ancestors.next().getName()) {
                        case "java.awt.image.RenderedImage", "java.awt.Image", "javax.swing.Icon" -> Kind.PICTURE;
                        case "org.knowm.xchart.internal.chartpart.Chart" -> Kind.XCHART;
                        case "org.jfree.chart.JFreeChart" -> Kind.JFREECHART;
                        case "tech.tablesaw.table.Relation" -> Kind.RELATION;
                        case "tech.tablesaw.columns.Column" -> Kind.COLUMN;
                        case "tech.tablesaw.plotly.components.Figure" -> Kind.FIGURE;
                        default -> Kind.OTHER;
                    };
            if (kind != Kind.OTHER) {
                return kind;
            }
        }
        return Kind.OTHER;
    }

    static boolean isOfTablesaw(Object value) {
        Kind kind = kind(value.getClass());
        return kind == Kind.RELATION || kind == Kind.COLUMN;
    }

    static boolean isPicture(Object value) {
        Kind kind = kind(value.getClass());
        return kind == Kind.PICTURE || kind == Kind.XCHART || kind == Kind.JFREECHART;
    }

    /** What a value shows of itself; empty for types that are not known. */
    static Optional<DisplayData> of(Object value) {
        return switch (kind(value.getClass())) {
            case PICTURE -> Optional.of(data(Pictures.of(value), ValueText.of(value)));
            case XCHART -> Optional.of(chart(value, Charts.ofXChart(value)));
            case JFREECHART -> Optional.of(chart(value, Charts.ofJFreeChart(value)));
            case RELATION, COLUMN -> Optional.of(TableLook.withText(Tablesaw.table(value, OptionalInt.empty())));
            case FIGURE -> Optional.of(Tablesaw.figure(value));
            case OTHER -> Optional.empty();
        };
    }

    /** The value in those of these types that it has, its text may be beside them; empty for types that are not known. */
    static Optional<DisplayData> as(Object value, List<String> types) {
        Kind kind = kind(value.getClass());
        if (kind == Kind.OTHER) {
            return Optional.empty();
        }
        DisplayData data = new DisplayData();
        List<String> usual = new ArrayList<>();
        for (String type : types) {
            boolean encodes = kind == Kind.PICTURE && type.startsWith("image/");
            Optional<Picture> encoded =
                    encodes ? Pictures.encoded(value, type.substring("image/".length())) : Optional.empty();
            encoded.ifPresentOrElse(
                    picture -> data.putData(MIMEType.parse(type), picture.base64()), () -> usual.add(type));
        }
        if (!usual.isEmpty()) {
            usual.add(MIMEType.TEXT_PLAIN.toString());
            data.assign(Contents.only(of(value).orElseThrow(), usual));
        }
        return Optional.of(data);
    }

    /** The value in a form that it has for who asks for it alone; empty where it has no such. */
    static Optional<Object> onRequest(Object value, String type) {
        boolean hasParts = value instanceof Collection
                || value instanceof Map
                || value instanceof Record
                || value.getClass().isArray();
        if (value instanceof Content) {
            return Optional.empty();
        }
        if (type.equals("application/json") || Contents.isJson(type) && hasParts) {
            return Optional.of(Contents.json(value));
        }
        if (type.equals("text/html") && hasParts) {
            return Optional.of(TableLook.html(Tables.of(value, OptionalInt.empty())));
        }
        return Optional.empty();
    }

    /** @throws IllegalArgumentException when it is no picture */
    static DisplayData picture(Object value) {
        if (value instanceof byte[] bytes) {
            return data(Pictures.read(bytes, "these bytes"), "");
        }
        if (value instanceof Path file) {
            return file(file);
        }
        if (value instanceof File file) {
            return file(file.toPath());
        }
        if (value instanceof CharSequence name) {
            return named(name.toString());
        }
        if (isPicture(value)) {
            return of(value).orElseThrow();
        }
        throw new IllegalArgumentException("A value of type " + ValueText.typeName(value)
                + " is no picture: one is a file, its bytes, an Image, an Icon, a chart of XChart or JFreeChart");
    }

    private static DisplayData named(String name) {
        if (name.matches("(?i)https?://.*")) {
            throw new IllegalArgumentException(
                    "Pictures are read from files. To have the browser fetch this one, write html(\"<img src='" + name
                            + "'>\")");
        }
        return file(Path.of(name));
    }

    private static DisplayData file(Path file) {
        return data(Pictures.read(Contents.read(file), file.toString()), file + ": ");
    }

    /** Charts have no text of their own. */
    private static DisplayData chart(Object chart, Picture picture) {
        String size = picture.width() / picture.scale() + " x " + picture.height() / picture.scale();
        return data(picture, chart.getClass().getSimpleName() + ", a chart of " + size);
    }

    /** @param text the whole text; one that is empty or ends in a blank goes before a description */
    private static DisplayData data(Picture picture, String text) {
        DisplayData data = new DisplayData(text.isEmpty() || text.endsWith(" ") ? text + picture.description() : text);
        MIMEType type = MIMEType.parse(picture.type());
        if (picture.isSvg()) {
            data.putData(type, picture.text());
            return data;
        }
        data.putData(type, picture.base64());
        if (picture.scale() > 1) {
            JsonObject size = new JsonObject();
            size.addProperty("width", picture.width() / picture.scale());
            size.addProperty("height", picture.height() / picture.scale());
            data.putMetaData(type, size);
        }
        return data;
    }
}
