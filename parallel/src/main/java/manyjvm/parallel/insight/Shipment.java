package manyjvm.parallel.insight;

/**
 * Something that was sent to workers.
 *
 * @param name of the variable or class; {@code map} and the like for functions, items and results
 * @param bytes in all
 * @param times how often it was sent
 * @param workers to how many different workers
 */
public record Shipment(Kind kind, String name, long bytes, long times, int workers) {
    /** What it was. */
    public enum Kind {
        VARIABLE("variable"),
        CLASS("class"),
        /** A call's function, with what it captured and its small variables. */
        FUNCTION("function"),
        ITEMS("items"),
        /** The other way. */
        RESULTS("results");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /** {@code variable}, {@code class} ... */
        public String word() {
            return word;
        }
    }
}
