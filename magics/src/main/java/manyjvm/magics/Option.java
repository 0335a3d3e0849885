package manyjvm.magics;

import java.util.List;

/**
 * An option that a verb of a magic takes.
 *
 * @param flag as written, {@code --chunk}
 * @param value what follows it, in the words of the usage text ({@code N}); empty for a switch
 * @param choices the only values there are; empty when any will do
 */
record Option(String flag, String value, List<String> choices) {
    static Option of(String flag, String value) {
        return new Option(flag, value, List.of());
    }

    static Option choice(String flag, String... choices) {
        return new Option(flag, String.join("|", choices), List.of(choices));
    }

    static Option onOff(String flag) {
        return new Option(flag, "", List.of());
    }

    boolean takesValue() {
        return !value.isEmpty();
    }

    /** {@code --chunk N}. */
    @Override
    public String toString() {
        return takesValue() ? flag + " " + value : flag;
    }
}
