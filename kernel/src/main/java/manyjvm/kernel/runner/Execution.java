package manyjvm.kernel.runner;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import manyjvm.kernel.protocol.JupyterMessage;

/**
 * What one cell has brought.
 *
 * @param outputs all messages on IOPub but the statuses, in order
 */
public record Execution(JupyterMessage reply, List<JupyterMessage> outputs) {
    /** {@code ok}, {@code error} or {@code aborted}. */
    public String status() {
        return reply.text("status", "");
    }

    public String stdout() {
        return stream("stdout");
    }

    public String stderr() {
        return stream("stderr");
    }

    /** The result's {@code text/plain}. */
    public Optional<String> result() {
        return outputs("execute_result").stream()
                .map(message -> message.object("data").get("text/plain").getAsString())
                .findFirst();
    }

    /** Exception name and message; empty when the cell ended well. */
    public Optional<String> error() {
        return status().equals("error")
                ? Optional.of(reply.text("ename", "") + ": " + reply.text("evalue", ""))
                : Optional.empty();
    }

    /** All outputs of a message type. */
    public List<JupyterMessage> outputs(String type) {
        return outputs.stream().filter(message -> message.type().equals(type)).toList();
    }

    private String stream(String name) {
        return outputs("stream").stream()
                .filter(message -> message.text("name", "").equals(name))
                .map(message -> message.text("text", ""))
                .collect(Collectors.joining());
    }
}
