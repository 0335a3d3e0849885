package manyjvm.kernel.protocol;

import com.google.gson.JsonObject;

/**
 * The answer to a {@code debug_request}, which no front end sends that has read {@code kernel_info_reply}: a response of the
 * debug adapter protocol that says no, and an error of Jupyter's, so that whoever waits for either has it.
 */
final class DebugRefusal {
    private static final String WHY =
            "this kernel has no debugger (supported_features of kernel_info_reply): %process stack NAME shows where a process"
                    + " is, and a pool's --jvm \"-agentlib:jdwp=...\" lets a Java debugger attach to its workers";

    private DebugRefusal() {}

    static JsonObject content(JupyterMessage request) {
        JsonObject content = Answers.error("DebuggerNotAvailable", WHY);
        content.addProperty("type", "response");
        content.addProperty("request_seq", request.number("seq", 0));
        content.addProperty("success", false);
        content.addProperty("command", request.text("command", ""));
        content.addProperty("message", WHY);
        return content;
    }
}
