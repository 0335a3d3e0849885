package manyjvm.kernel.display;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import io.github.spencerpark.jupyter.kernel.util.InheritanceIterator;
import io.github.spencerpark.jupyter.messages.publish.PublishDisplayData;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Array;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.DoubleAccumulator;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import manyjvm.kernel.api.Content;
import manyjvm.kernel.spi.IoReason;
import org.jspecify.annotations.Nullable;

/** What stands under a MIME type in a message: text as it is, bytes in base64, JSON as such. */
final class Contents {
    private static final Gson GSON = new GsonBuilder()
            .disableHtmlEscaping()
            .serializeNulls()
            .serializeSpecialFloatingPointValues()
            .create();
    private static final Gson PRETTY = GSON.newBuilder().setPrettyPrinting().create();
    private static final MIMEType TEXT = MIMEType.TEXT_PLAIN;

    private static final int DEEPEST = 100;
    private static final int MOST_PARTS = 1_000_000;
    private static final long MOST_BYTES = 64L << 20;

    private Contents() {}

    static Content of(DisplayData data) {
        JsonObject message = GSON.toJsonTree(new PublishDisplayData(data)).getAsJsonObject();
        Map<String, String> metadata = new HashMap<>();
        if (message.get("metadata") instanceof JsonObject all) {
            all.entrySet()
                    .forEach(entry ->
                            metadata.put(entry.getKey(), entry.getValue().toString()));
        }
        Map<String, String> contents = new HashMap<>();
        message.getAsJsonObject("data").entrySet().forEach(entry -> {
            boolean json = isJson(entry.getKey()) || !entry.getValue().isJsonPrimitive();
            contents.put(
                    entry.getKey(),
                    json ? entry.getValue().toString() : entry.getValue().getAsString());
        });
        return new Content(contents, metadata);
    }

    static DisplayData data(Content content) {
        DisplayData data = new DisplayData();
        content.data()
                .forEach((type, text) ->
                        data.putData(MIMEType.parse(type), isJson(type) ? JsonParser.parseString(text) : text));
        content.metadata()
                .forEach((type, json) -> data.putMetaData(MIMEType.parse(type), JsonParser.parseString(json)));
        return data;
    }

    /** Of a bundle these types, each with what is said of it. */
    static DisplayData only(DisplayData data, Collection<String> types) {
        DisplayData some = new DisplayData();
        JsonElement metadata =
                GSON.toJsonTree(new PublishDisplayData(data)).getAsJsonObject().get("metadata");
        for (String name : types) {
            MIMEType type = MIMEType.parse(name);
            if (data.hasDataForType(type)) {
                some.putData(type, data.getData(type));
                if (metadata instanceof JsonObject all && all.has(type.toString())) {
                    some.putMetaData(type, all.get(type.toString()));
                }
            }
        }
        return some;
    }

    /** Of a bundle all but this type, and what is said of it. */
    static DisplayData without(DisplayData data, String type) {
        return only(
                data,
                types(data).stream()
                        .filter(each -> !MIMEType.parse(each).equals(MIMEType.parse(type)))
                        .toList());
    }

    private static Set<String> types(DisplayData data) {
        return GSON.toJsonTree(new PublishDisplayData(data))
                .getAsJsonObject()
                .getAsJsonObject("data")
                .keySet();
    }

    /** Whether there is more than text. */
    static boolean isRich(DisplayData data) {
        return types(data).stream().anyMatch(type -> !type.equals("text/plain"));
    }

    static boolean isJson(String type) {
        return type.endsWith("/json") || type.endsWith("+json");
    }

    /** Whether contents of this type are text in a message. */
    private static boolean isText(String type) {
        return type.startsWith("text/")
                || type.endsWith("+xml")
                || type.endsWith("/xml")
                || type.endsWith("/javascript");
    }

    /** Whether {@link #taken} knows what to make of such a value. */
    static boolean areIn(Object value) {
        return value instanceof CharSequence
                || value instanceof byte[]
                || value instanceof Path
                || value instanceof File;
    }

    /** Strings, bytes and the bytes of files as contents of these types. */
    static DisplayData taken(Object value, String... types) {
        DisplayData data = new DisplayData();
        for (String type : types) {
            Object content = content(type, value);
            data.putData(MIMEType.parse(type), content);
            if (!data.hasDataForType(TEXT)) {
                data.putText(ValueText.of(text(type, value, content)));
            }
        }
        return data;
    }

    private static Object text(String type, Object value, Object content) {
        if (content instanceof JsonElement json) {
            return pretty(json);
        }
        if (type.equals("image/svg+xml")) {
            return String.format("SVG picture, %,d characters", ((String) content).length());
        }
        if (isText(type) || value instanceof CharSequence) {
            return content;
        }
        String of = value instanceof byte[] ? "" : " of " + value;
        return String.format("%s, %,d bytes%s", type, ((String) content).length() / 4L * 3, of);
    }

    /** @throws IllegalArgumentException when the value is none for this type */
    static Object content(String type, Object value) {
        Object given =
                value instanceof File file ? read(file.toPath()) : value instanceof Path path ? read(path) : value;
        if (given instanceof byte[] bytes) {
            refuseMoreThanFits(type, bytes.length);
            boolean text = isText(type) || isJson(type);
            given = text
                    ? new String(bytes, StandardCharsets.UTF_8)
                    : Base64.getEncoder().encodeToString(bytes);
        }
        if (given instanceof CharSequence text) {
            refuseMoreThanFits(type, text.length());
        }
        if (!isJson(type)) {
            return String.valueOf(given);
        }
        return given instanceof CharSequence text ? parsed(text.toString()) : json(given);
    }

    /** @throws IllegalArgumentException when what a renderer for this type gave is neither its content nor shows itself so */
    static void refuseOther(String type, Object given) {
        boolean picture = type.startsWith("image/");
        boolean speaksXml =
                picture && isText(type) && given.toString().stripLeading().startsWith("<");
        if (given instanceof Content || picture && !areIn(given) && !speaksXml) {
            String what = given instanceof Content content
                    ? "content as "
                            + String.join(", ", new TreeSet<>(content.data().keySet()))
                    : "a value of type " + ValueText.typeName(given);
            throw new IllegalArgumentException("A renderer for " + type + " gave " + what
                    + ": it is to give the content itself (a string, bytes, a file), or a value that can be shown so");
        }
    }

    static byte[] read(Path file) {
        try {
            long size = Files.size(file);
            refuseMoreThanFits(file.toString(), size);
            return Files.readAllBytes(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(file + " cannot be read: " + IoReason.of(failure), failure);
        }
    }

    /** A front end would stand still over it, and the notebook's file would be as large. */
    private static void refuseMoreThanFits(String what, long size) {
        if (size > MOST_BYTES) {
            throw new IllegalArgumentException(String.format(
                    "%s has a size of %,d: more than %,d is not put on a page. Show some of it, or write it to a file.",
                    what, size, MOST_BYTES));
        }
    }

    private static JsonElement parsed(String text) {
        try {
            return JsonParser.parseString(text);
        } catch (JsonParseException notJson) {
            throw new IllegalArgumentException("This string is not JSON: " + notJson.getMessage(), notJson);
        }
    }

    static String pretty(JsonElement json) {
        return PRETTY.toJson(json);
    }

    /** A value as JSON: maps, collections, arrays and records of plain values; anything else by its text. */
    static JsonElement json(Object value) {
        return GSON.toJsonTree(new Plain().of(value, 0));
    }

    /** As a part of a bundle: what is text stays text. */
    static @Nullable Object part(@Nullable Object content) {
        if (content instanceof byte[] bytes) {
            return Base64.getEncoder().encodeToString(bytes);
        }
        boolean compound = content instanceof Map
                || content instanceof Iterable
                || content instanceof Number number && Plain.isAdder(number)
                || content != null && (content.getClass().isArray() || Plain.isTree(content.getClass()));
        return content == null || Plain.isSimple(content) ? content : compound ? json(content) : content.toString();
    }

    /** Everything but the JDK's containers and records would be taken apart by reflection: it speaks for itself. */
    private static final class Plain {
        /** The JSON of libraries, whose text is JSON; some are containers, too, but of what is no plain value. */
        private static final Set<String> TREES = Set.of(
                "com.fasterxml.jackson.core.TreeNode",
                "tools.jackson.core.TreeNode",
                "com.google.gson.JsonElement",
                "org.json.JSONObject",
                "org.json.JSONArray",
                "jakarta.json.JsonValue",
                "javax.json.JsonValue");

        private int parts;

        static boolean isSimple(Object value) {
            return value instanceof String
                    || value instanceof Boolean
                    || value instanceof JsonElement
                    || value instanceof Number number
                            && !isAdder(number)
                            && number.getClass().getName().startsWith("java.");
        }

        private static boolean isAdder(Number number) {
            return number instanceof LongAdder
                    || number instanceof LongAccumulator
                    || number instanceof DoubleAdder
                    || number instanceof DoubleAccumulator;
        }

        static boolean isTree(Class<?> type) {
            if (type.getClassLoader() == null) {
                return false;
            }
            InheritanceIterator ancestors = new InheritanceIterator(type);
            while (ancestors.hasNext()) {
                if (TREES.contains(ancestors.next().getName())) {
                    return true;
                }
            }
            return false;
        }

        @Nullable
        Object of(@Nullable Object value, int depth) {
            if (depth > DEEPEST || ++parts > MOST_PARTS) {
                throw new IllegalArgumentException(
                        depth > DEEPEST
                                ? "This value is nested more than " + DEEPEST
                                        + " deep, or holds itself: it cannot be JSON"
                                : String.format("This value has more than %,d parts: show some of it", MOST_PARTS));
            }
            if (value instanceof Number number && isAdder(number)) {
                boolean whole = number instanceof LongAdder || number instanceof LongAccumulator;
                return whole ? (Object) number.longValue() : of(number.doubleValue(), depth);
            }
            if (value instanceof Double || value instanceof Float) {
                double number = ((Number) value).doubleValue();
                return Double.isNaN(number) || Double.isInfinite(number) ? value.toString() : value;
            }
            if (value == null || isSimple(value)) {
                return value;
            }
            if (isTree(value.getClass())) {
                return parsed(value.toString());
            }
            if (value instanceof Map<?, ?> map) {
                Map<String, @Nullable Object> copy = new LinkedHashMap<>();
                map.forEach((key, each) -> copy.put(String.valueOf(key), of(each, depth + 1)));
                return copy;
            }
            if (value instanceof Iterable<?> items && !(value instanceof Path)) {
                List<@Nullable Object> copy = new ArrayList<>();
                items.forEach(item -> copy.add(of(item, depth + 1)));
                return copy;
            }
            if (value instanceof Record one) {
                Map<String, @Nullable Object> copy = new LinkedHashMap<>();
                Components.of(one).forEach((name, each) -> copy.put(name, of(each, depth + 1)));
                return copy;
            }
            if (value.getClass().isArray()) {
                List<@Nullable Object> copy = new ArrayList<>();
                for (int i = 0; i < Array.getLength(value); i++) {
                    copy.add(of(Array.get(value, i), depth + 1));
                }
                return copy;
            }
            return value.toString();
        }
    }
}
