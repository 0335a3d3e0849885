package manyjvm.kernel.display;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * What code in another JVM has done to its cell's output: both ends of the way from a {@link RemoteFrontEnd} to the kernel.
 * The contents of MIME types that are strings, images among them, travel as they are, since whoever reads them has no time
 * to parse megabytes; the rest as JSON.
 */
public sealed interface PageChange {
    /**
     * The content of a {@code display_data} or {@code update_display_data} message.
     *
     * @param types of the value, by name, where no look was registered for one of them there
     */
    record Show(JsonObject content, boolean update, List<String> types) implements PageChange {}

    /** {@code clear_output}. */
    record Clear(boolean waitForNextOutput) implements PageChange {}

    /** The bytes that {@link #read} takes. */
    default byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            if (this instanceof Clear clear) {
                out.writeByte(clear.waitForNextOutput() ? 'w' : 'c');
            } else if (this instanceof Show show) {
                out.writeByte(show.update() ? 'u' : 's');
                JsonObject rest = show.content().deepCopy();
                JsonObject data = rest.remove("data").getAsJsonObject();
                write(out, rest.toString());
                write(out, String.join("\n", show.types()));
                out.writeInt(data.size());
                for (Map.Entry<String, JsonElement> entry : data.entrySet()) {
                    JsonElement content = entry.getValue();
                    boolean text = content.isJsonPrimitive()
                            && content.getAsJsonPrimitive().isString();
                    write(out, entry.getKey());
                    out.writeBoolean(text);
                    write(out, text ? content.getAsString() : content.toString());
                }
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    /** @throws IllegalArgumentException when the bytes are none of {@link #toBytes} */
    static PageChange read(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            byte kind = in.readByte();
            switch (kind) {
                case 'w', 'c' -> {
                    return new Clear(kind == 'w');
                }
                case 'u', 's' -> {
                    JsonObject content = JsonParser.parseString(string(in)).getAsJsonObject();
                    List<String> types = string(in).lines().toList();
                    JsonObject data = new JsonObject();
                    for (int left = in.readInt(); left > 0; left--) {
                        String type = string(in);
                        boolean text = in.readBoolean();
                        String value = string(in);
                        if (text) {
                            data.addProperty(type, value);
                        } else {
                            data.add(type, JsonParser.parseString(value));
                        }
                    }
                    content.add("data", data);
                    return new Show(content, kind == 'u', types);
                }
                default -> throw new IllegalArgumentException("Not a change of a page: it begins with " + kind);
            }
        } catch (IOException cutOff) {
            throw new IllegalArgumentException("Not a change of a page: it is cut off", cutOff);
        }
    }

    private static void write(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String string(DataInputStream in) throws IOException {
        int length = in.readInt();
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new IOException("only " + bytes.length + " of " + length + " bytes");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
