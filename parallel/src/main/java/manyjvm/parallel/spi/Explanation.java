package manyjvm.parallel.spi;

import java.util.List;

/**
 * What a function would take along to a worker that has nothing of it yet, if it were submitted now.
 *
 * @param parts what it uses: its code first, then what it captured, the variables, and the rest
 * @param bytes all that would cross to one worker, large arrays that two variables share counted once; 0 when it is refused
 * @param refusals why it cannot be sent, each with its cure; empty when it can
 * @param warnings what a submission would warn of
 */
public record Explanation(List<Part> parts, long bytes, List<String> refusals, List<String> warnings) {
    /** How something gets to a worker. */
    public enum Way {
        /** As a class file. */
        CODE,
        /** As a copy of what it is at the submission. */
        COPY,
        /** Only a handle of it: there is one of it for all JVMs, and the workers are told where. */
        SHARED,
        /** Not at all: each worker makes its own, or finds it on the disk. */
        OWN,
        /** It cannot, and keeps the function from being sent. */
        REFUSED
    }

    /**
     * @param name what the user calls it
     * @param type of its value, or what kind of code it is
     * @param place the cell that it comes from, {@code In[3]}; empty where none is known
     * @param bytes of it alone; 0 for what does not cross
     */
    public record Part(String name, String type, String place, Way way, long bytes) {}

    public boolean isRefused() {
        return !refusals.isEmpty();
    }
}
