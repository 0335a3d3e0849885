package manyjvm.kernel.protocol;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.Objects;
import manyjvm.kernel.session.SupportedJdk;

/** Who this kernel is ("Kernel info" in the protocol). */
final class KernelInfo {
    private KernelInfo() {}

    static JsonObject content() {
        String java = Runtime.version().toString();
        JsonObject content = new JsonObject();
        content.addProperty("status", "ok");
        content.addProperty("protocol_version", JupyterMessage.PROTOCOL_VERSION);
        content.addProperty("implementation", "manyjvm");
        content.addProperty("implementation_version", version());
        content.add("language_info", language(java));
        content.addProperty(
                "banner",
                "Java " + java + " (manyjvm " + version() + "): a notebook's cells, in as many JVMs as you like."
                        + SupportedJdk.note().map(note -> "\n" + note).orElse(""));
        content.addProperty("debugger", false);
        JsonArray features = new JsonArray();
        features.add("kernel subshells");
        content.add("supported_features", features);
        JsonArray links = new JsonArray();
        links.add(link(
                "Java API",
                "https://docs.oracle.com/en/java/javase/" + Runtime.version().feature() + "/docs/api/"));
        links.add(link(
                "JShell",
                "https://docs.oracle.com/en/java/javase/" + Runtime.version().feature() + "/jshell/"));
        links.add(link("Python's multiprocessing", "https://docs.python.org/3/library/multiprocessing.html"));
        content.add("help_links", links);
        return content;
    }

    private static JsonObject language(String version) {
        JsonObject language = new JsonObject();
        language.addProperty("name", "java");
        language.addProperty("version", version);
        language.addProperty("mimetype", "text/x-java-source");
        language.addProperty("file_extension", ".java");
        language.addProperty("pygments_lexer", "java");
        language.addProperty("codemirror_mode", "text/x-java");
        language.addProperty("nbconvert_exporter", "script");
        return language;
    }

    private static JsonObject link(String text, String url) {
        JsonObject link = new JsonObject();
        link.addProperty("text", text);
        link.addProperty("url", url);
        return link;
    }

    /** The jar's, or {@code development} when run from class folders. */
    private static String version() {
        return Objects.requireNonNullElse(KernelInfo.class.getPackage().getImplementationVersion(), "development");
    }
}
