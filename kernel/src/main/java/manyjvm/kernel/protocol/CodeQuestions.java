package manyjvm.kernel.protocol;

import com.google.gson.JsonObject;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.messages.publish.PublishDisplayData;
import io.github.spencerpark.jupyter.messages.reply.CompleteReply;
import java.util.List;
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
        int start = CodePoints.fromUtf16(code, found.start());
        int end = CodePoints.fromUtf16(code, found.end());
        Map<String, Object> metadata =
                found.kinds().isEmpty() ? Map.of() : Map.of("_jupyter_types_experimental", types(found, start, end));
        return JupyterMessage.json(new CompleteReply(found.matches(), start, end, metadata));
    }

    /** What the matches are, one by one, as the Python kernel tells it; JupyterLab and others show it beside them. */
    private static List<Map<String, Object>> types(Session.Completions found, int start, int end) {
        return found.matches().stream()
                .map(match -> {
                    Session.Completions.Kind kind =
                            found.kinds().getOrDefault(match, new Session.Completions.Kind("", ""));
                    return Map.<String, Object>of(
                            "text",
                            match,
                            "start",
                            start,
                            "end",
                            end,
                            "type",
                            kind.type(),
                            "signature",
                            kind.signature());
                })
                .toList();
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
