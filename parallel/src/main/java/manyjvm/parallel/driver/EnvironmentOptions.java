package manyjvm.parallel.driver;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import manyjvm.parallel.spi.JvmSettings;

/**
 * The options that a JVM takes from its environment, beside those of its command line: {@code JDK_JAVA_OPTIONS} and {@code
 * JAVA_TOOL_OPTIONS} come before these, which are stronger, {@code _JAVA_OPTIONS} after them. Most that contradict each other
 * are no trouble, since the last one counts. Two collectors are: such a JVM does not start, nor does one whose first heap is
 * larger than its largest.
 */
record EnvironmentOptions(Map<String, String> environment) {
    static final String STRONGEST = "_JAVA_OPTIONS";

    /** With what a JVM says at its start when it takes options from there. */
    static final Map<String, String> NOTES = Map.of(
            "JDK_JAVA_OPTIONS",
            "NOTE: Picked up JDK_JAVA_OPTIONS:",
            "JAVA_TOOL_OPTIONS",
            "Picked up JAVA_TOOL_OPTIONS:",
            STRONGEST,
            "Picked up _JAVA_OPTIONS:");

    private static final String QUIET_COLLECTOR = "Serial"; // the least threads and memory, and the quickest to start

    /**
     * What a worker's heap begins with, where the JVM's own choice, a 64th of the memory, is more: that is touched whole before
     * the collector looks for what could be let go of, so small work would make each worker as large. This takes as much
     * processor time where little lives, and where 20 MiB of each item do; with half of it the latter takes 1.3 times as much.
     */
    private static final int FIRST_MIB = 128;

    private static final int USUAL_PART = 64;

    private static final Pattern COLLECTOR = Pattern.compile("-XX:([+-])Use(\\w+)GC(?!\\w)");

    /** Options in a file, which may choose anything. */
    private static final Pattern FILE = Pattern.compile("(?<!\\S)[\"']?(@|-XX:Flags=|-XX:VMOptionsFile=)");

    private static final Pattern FIRST_HEAP =
            Pattern.compile("(?<!\\S)[\"']?(?:-Xms|-XX:InitialHeapSize=|-XX:MinHeapSize=)(\\w+)");
    private static final Pattern LARGEST_HEAP = Pattern.compile("(?<!\\S)[\"']?(?:-Xmx|-XX:MaxHeapSize=)(\\w+)");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,18})([kmgt]?)b?");

    /** Those of this JVM, which its children inherit. */
    static EnvironmentOptions ofThisJvm() {
        return new EnvironmentOptions(System.getenv());
    }

    /** The names of those variables that are set, in alphabetical order. */
    List<String> variables() {
        return NOTES.keySet().stream()
                .filter(name -> !environment.getOrDefault(name, "").isBlank())
                .sorted()
                .toList();
    }

    /** What may be wrong with workers that do not start. */
    String whyNoneStarts() {
        List<String> variables = variables();
        return "Check the heap size, the JVM options and the JDK that it was given"
                + (variables.isEmpty()
                        ? "."
                        : ", and what its environment adds to them: " + String.join(", ", variables) + ".");
    }

    private String all() {
        List<String> texts = new ArrayList<>();
        variables().forEach(name -> texts.add(environment.get(name)));
        return String.join(" ", texts);
    }

    /** Whether JVMs that are given no collector have one of the user's choice, as far as can be seen. */
    boolean mayChooseCollector() {
        return mayChooseCollector(all());
    }

    private static boolean mayChooseCollector(String options) {
        return COLLECTOR.matcher(options).find() || FILE.matcher(options).find();
    }

    /** The collector for a worker: that of its own settings, or else of the environment, or else the one without threads. */
    List<String> collector(JvmSettings jvm) {
        String own = String.join(" ", jvm.options());
        if (!mayChooseCollector(own)) {
            return mayChooseCollector() ? List.of() : List.of("-XX:+Use" + QUIET_COLLECTOR + "GC");
        }
        return COLLECTOR
                .matcher(all())
                .results()
                .filter(chosen -> chosen.group(1).equals("+") && !own.contains("-XX:+Use" + chosen.group(2) + "GC"))
                .map(chosen -> "-XX:-Use" + chosen.group(2) + "GC")
                .distinct()
                .toList();
    }

    /**
     * The size that a worker's heap begins with; none where the user has a say in it, or set another collector or a limit that
     * may be less. (A part of the memory, {@code InitialRAMPercentage}, would fit any limit, but makes JVMs of machines with
     * more than 128 GB do without compressed references.)
     *
     * @param most the memory that the worker may have at most
     */
    Optional<String> firstHeap(JvmSettings jvm, OptionalLong most) {
        String own = String.join(" ", jvm.options());
        String options =
                all() + " " + own + jvm.maxHeap().map(size -> " -Xmx" + size).orElse("");
        BigInteger first = BigInteger.valueOf(FIRST_MIB).shiftLeft(20);
        boolean usersChoice = mayChooseCollector(options)
                || FIRST_HEAP.matcher(options).find()
                || options.contains("RAMPercentage=")
                || LARGEST_HEAP
                        .matcher(options)
                        .results()
                        .anyMatch(largest -> bytes(largest.group(1)).compareTo(first) < 0);
        return usersChoice || most.orElse(0) / USUAL_PART <= first.longValue()
                ? Optional.empty()
                : Optional.of("-XX:InitialHeapSize=" + FIRST_MIB + "m");
    }

    /** The options for a heap of this size at most. */
    List<String> heap(String size) {
        BigInteger most = bytes(size);
        boolean startsLarger = FIRST_HEAP
                .matcher(all())
                .results()
                .anyMatch(first -> bytes(first.group(1)).compareTo(most) > 0);
        return startsLarger ? List.of("-Xmx" + size, "-Xms" + size) : List.of("-Xmx" + size);
    }

    /** What the user should know: that a size has no effect. */
    Optional<String> overruled(String who, String size) {
        Matcher stronger = LARGEST_HEAP.matcher(environment.getOrDefault(STRONGEST, ""));
        Optional<String> last = Optional.empty();
        while (stronger.find()) {
            last = Optional.of(stronger.group(1));
        }
        return last.filter(other -> !bytes(other).equals(bytes(size)))
                .map(other ->
                        "warning: " + who + " has a heap of " + other + ", not of " + size + ": the environment's "
                                + STRONGEST
                                + " says so, and a JVM obeys it before its own options. In JAVA_TOOL_OPTIONS it would"
                                + " hold for JVMs without a size of their own.");
    }

    private static BigInteger bytes(String size) {
        Matcher parts = SIZE.matcher(size.toLowerCase(Locale.ROOT));
        if (!parts.matches()) {
            return BigInteger.ZERO; // the JVM says what is wrong with it
        }
        int shift = parts.group(2).isEmpty() ? 0 : 10 * (1 + "kmgt".indexOf(parts.group(2)));
        return new BigInteger(parts.group(1)).shiftLeft(shift);
    }
}
