package manyjvm.kernel.protocol;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.spencerpark.jupyter.messages.ContentType;
import io.github.spencerpark.jupyter.messages.Header;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * One message of the Jupyter protocol (jupyter-client docs, "Messaging", "General message format"), as it stands on the
 * wire. The contents stay JSON objects: what a peer leaves out gets the protocol's default where it is read, and what
 * we do not know passes through untouched.
 *
 * @param identities routing prefix of a ROUTER or DEALER, or the topic on IOPub
 * @param parentHeader the header of the request that caused this message; empty without one
 */
public record JupyterMessage(
        List<byte[]> identities,
        JsonObject header,
        JsonObject parentHeader,
        JsonObject metadata,
        JsonObject content,
        List<byte[]> buffers) {
    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    /** The version of the protocol that this kernel, and our client, speak. */
    static final String PROTOCOL_VERSION = "5.5";

    /** Microseconds: the finest that the clients' own date pattern accepts. */
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    /** A message that nothing caused: a client's request, or the kernel's first status. */
    public static JupyterMessage request(String type, JsonObject content, String session, String username) {
        return new JupyterMessage(
                List.of(), header(type, session, username), new JsonObject(), new JsonObject(), content, List.of());
    }

    /** This moment, as headers and metadata have it. */
    static String now() {
        return DATE.format(Instant.now());
    }

    /** The subshell that a shell request is for; empty for the main shell. Whatever is no id is the id of no subshell. */
    Optional<String> subshell() {
        JsonElement id = header.get("subshell_id");
        return id == null || id.isJsonNull()
                ? Optional.empty()
                : Optional.of(isPrimitive(id) ? id.getAsString() : id.toString());
    }

    /** The answer to this request, on the channel that it came by. */
    JupyterMessage reply(String type, JsonObject content, JsonObject metadata, String session) {
        return new JupyterMessage(
                identities, header(type, session, username()), header, metadata, withStatus(type, content), List.of());
    }

    /** The base library's reply classes leave out {@code status}, which the protocol asks of every reply but two. */
    private static JsonObject withStatus(String type, JsonObject content) {
        if (!content.has("status") && type.endsWith("_reply")) {
            content.addProperty("status", "ok");
        }
        return content;
    }

    /** A message on IOPub caused by the request with {@code parentHeader}. */
    static JupyterMessage publication(String type, JsonObject content, JsonObject parentHeader, String session) {
        return publication(type, content, parentHeader, session, new JsonObject(), List.of());
    }

    /** Tells the subscribers of a topic that they are heard. It has no parent, and the topic itself in front. */
    static JupyterMessage welcome(byte[] topic, JsonObject content, String session) {
        return new JupyterMessage(
                List.of(topic),
                header("iopub_welcome", session, Header.KERNEL_USERNAME),
                new JsonObject(),
                new JsonObject(),
                content,
                List.of());
    }

    static JupyterMessage publication(
            String type,
            JsonObject content,
            JsonObject parentHeader,
            String session,
            JsonObject metadata,
            List<byte[]> buffers) {
        return new JupyterMessage(
                List.of(type.getBytes(StandardCharsets.UTF_8)),
                header(type, session, text(parentHeader, "username", Header.KERNEL_USERNAME)),
                parentHeader,
                metadata,
                content,
                buffers);
    }

    static JsonObject header(String type, String session, String username) {
        JsonObject header = new JsonObject();
        header.addProperty("msg_id", UUID.randomUUID().toString());
        header.addProperty("username", username);
        header.addProperty("session", session);
        header.addProperty("date", now());
        header.addProperty("msg_type", type);
        header.addProperty("version", PROTOCOL_VERSION);
        return header;
    }

    /** The JSON of one of the base library's message contents. */
    static JsonObject json(ContentType<?> content) {
        return GSON.toJsonTree(content).getAsJsonObject();
    }

    public String type() {
        return text(header, "msg_type", "");
    }

    public String id() {
        return text(header, "msg_id", "");
    }

    String username() {
        return text(header, "username", Header.KERNEL_USERNAME);
    }

    /** The id of the request that caused this message; empty without one. */
    public String parentId() {
        return text(parentHeader, "msg_id", "");
    }

    /** A string of the content, or the default where it is absent, null or no string. */
    public String text(String name, String byDefault) {
        return text(content, name, byDefault);
    }

    public boolean flag(String name, boolean byDefault) {
        JsonElement value = content.get(name);
        return isPrimitive(value) && value.getAsJsonPrimitive().isBoolean() ? value.getAsBoolean() : byDefault;
    }

    public int number(String name, int byDefault) {
        JsonElement value = content.get(name);
        return isPrimitive(value) && value.getAsJsonPrimitive().isNumber() ? value.getAsInt() : byDefault;
    }

    public JsonObject object(String name) {
        JsonElement value = content.get(name);
        return value != null && value.isJsonObject() ? value.getAsJsonObject() : new JsonObject();
    }

    static String text(JsonObject object, String name, String byDefault) {
        JsonElement value = object.get(name);
        return isPrimitive(value) && value.getAsJsonPrimitive().isString() ? value.getAsString() : byDefault;
    }

    private static boolean isPrimitive(JsonElement value) {
        return value != null && value.isJsonPrimitive();
    }
}
