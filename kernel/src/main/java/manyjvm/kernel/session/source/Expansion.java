package manyjvm.kernel.session.source;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import manyjvm.kernel.session.source.MagicScanner.Use;

/** The Java of a piece of a cell: the user's own text, and in between what its magics were turned into. */
public final class Expansion {
    private final List<Part> parts = new ArrayList<>();

    /** A stretch of the Java; of a cell magic there is one before and one after the cell's lines. */
    private record Part(Optional<Use> use, boolean after, String text) {}

    public void addText(String text) {
        parts.add(new Part(Optional.empty(), false, text));
    }

    public void addBefore(Use use, String java) {
        parts.add(new Part(Optional.of(use), false, java));
    }

    public void addAfter(Use use, String java) {
        parts.add(new Part(Optional.of(use), true, java));
    }

    /** Puts other Java in the place of what the use was turned into. */
    public void replace(Use use, String before, String after) {
        parts.replaceAll(part -> part.use().equals(Optional.of(use))
                ? new Part(part.use(), part.after(), part.after() ? after : before)
                : part);
    }

    public String java() {
        StringBuilder java = new StringBuilder();
        parts.forEach(part -> java.append(part.text()));
        return java.toString();
    }

    /** The use whose Java lies at an offset; empty where the user's own text does. */
    public Optional<Use> useAt(int offset) {
        int end = 0;
        for (Part part : parts) {
            end += part.text().length();
            if (offset < end) {
                return part.use();
            }
        }
        return Optional.empty();
    }
}
