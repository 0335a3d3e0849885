package manyjvm.kernel.runner;

import com.google.gson.JsonObject;
import java.util.Map;

/** The content of an {@code execute_request}. */
public record ExecuteRequest(
        String code,
        boolean silent,
        boolean storeHistory,
        Map<String, String> userExpressions,
        boolean allowStdin,
        boolean stopOnError) {
    /** As a notebook runs a cell, by a front end that answers no questions. */
    public ExecuteRequest(String code) {
        this(code, false, true, Map.of(), false, true);
    }

    /** The content of the {@code execute_request}. */
    public JsonObject content() {
        JsonObject expressions = new JsonObject();
        userExpressions.forEach(expressions::addProperty);
        JsonObject content = new JsonObject();
        content.addProperty("code", code);
        content.addProperty("silent", silent);
        content.addProperty("store_history", storeHistory);
        content.add("user_expressions", expressions);
        content.addProperty("allow_stdin", allowStdin);
        content.addProperty("stop_on_error", stopOnError);
        return content;
    }
}
