package manyjvm.kernel.protocol;

import com.google.gson.JsonObject;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.messages.publish.PublishDisplayData;
import io.github.spencerpark.jupyter.messages.reply.CompleteReply;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import manyjvm.kernel.display.Rendering;
import manyjvm.kernel.session.Session;

/**
 * The replies to questions about code: {@code complete_request}, {@code inspect_request}, {@code is_complete_request}. Asked on the
 * thread {@code questions}; the session answers without waiting for a running cell. Turns the protocol's code points into its UTF-16.
 */
final class CodeQuestions {
    private final Session session;

    CodeQuestions(Session session) {
        this.session = session;
    }

    JsonObject complete(JupyterMessage request) {
        String code = request.text("code", "");
        int cursor = CodePoints.toUtf16(code, request.number("cursor_pos", code.length()));
        Session.Completions found = session.complete(code, cursor);
        return JupyterMessage.json(new CompleteReply(
                found.matches(),
                CodePoints.fromUtf16(code, found.start()),
                CodePoints.fromUtf16(code, found.end()),
                Map.of()));
    }

    JsonObject inspect(JupyterMessage request) {
        String code = request.text("code", "");
        int cursor = CodePoints.toUtf16(code, request.number("cursor_pos", code.length()));
        Optional<Session.Inspection> found = session.inspect(code, cursor, request.number("detail_level", 0));
        DisplayData data =
                Rendering.displayData(found.map(Session.Inspection::data).orElse(Map.of()));
        JsonObject content = JupyterMessage.json(new PublishDisplayData(data));
        content.addProperty("found", found.isPresent());
        return content;
    }

    JsonObject isComplete(JupyterMessage request) {
        Session.Completeness answer = session.isComplete(request.text("code", ""));
        JsonObject content = new JsonObject();
        content.addProperty("status", answer.state().name().toLowerCase(Locale.ROOT));
        if (answer.state() == Session.Completeness.State.INCOMPLETE) {
            content.addProperty("indent", answer.indent());
        }
        return content;
    }
}
