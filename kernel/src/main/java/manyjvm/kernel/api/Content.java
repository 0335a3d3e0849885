package manyjvm.kernel.api;

import java.io.Serializable;
import java.util.Map;

/**
 * What a front end is given to show: the same thing in one form or several, of which it takes the richest that it knows. Made by
 * {@link Notebook#html}, {@link Notebook#image} and their like. As a cell's last expression it is shown; so it is by
 * {@link Notebook#display}. A function in a worker may return one.
 *
 * @param data content by MIME type, {@code text/plain} among them; bytes in base64, JSON as its text
 * @param metadata what front ends may heed for a type ({@code {"width": 300}}), as JSON by MIME type
 */
public record Content(Map<String, String> data, Map<String, String> metadata) implements Serializable {
    private static final long serialVersionUID = 1L;

    public Content {
        data = Map.copyOf(data);
        metadata = Map.copyOf(metadata);
    }

    /** Its plain text. */
    @Override
    public String toString() {
        return data.getOrDefault("text/plain", "content as " + String.join(", ", data.keySet()));
    }
}
