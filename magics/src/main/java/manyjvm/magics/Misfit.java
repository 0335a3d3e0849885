package manyjvm.magics;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import manyjvm.kernel.spi.Magic.MagicUsageException;
import manyjvm.kernel.spi.Magic.Names;
import manyjvm.kernel.spi.Magic.Problem;
import manyjvm.kernel.spi.Spelling;

/**
 * Why the compiler refuses the Java of a magic, in words about the magic. The compiler's own words stay where they are about
 * the user's text; where they are about the Java around it they would name methods that nobody has called.
 */
final class Misfit {
    /** The Java that a magic was turned into, and nothing that a user wrote. */
    private static final Pattern OURS = Pattern.compile("manyjvm\\.magics\\.|\\ba\\$\\d");

    /** Of the methods that are called, which nobody has named. */
    private static final Pattern TYPE_VARIABLE = Pattern.compile("\\b[A-Z]\\b");

    private static final Pattern ITEMS = Pattern.compile("no suitable method found for items\\((.*)\\)");
    private static final Pattern ARGUMENT = Pattern.compile("no suitable method found for \\w+\\((?:String,)?(.+?)\\)");
    private static final Pattern MISSING = Pattern.compile("(?U)symbol:\\s+(?:variable|method|class) (\\w+)");
    private static final Pattern CONVERSION =
            Pattern.compile("incompatible types: (\\S.*) cannot be converted to (\\S.*)");
    private static final Pattern ARGUMENTS =
            Pattern.compile("required:\\s*(\\S.*?)\\s*\\n\\s*found:\\s*(\\S.*?)\\s*\\n", Pattern.DOTALL);
    private static final Pattern LOSSY = Pattern.compile("possible lossy conversion from (\\w+) to (\\w+)");
    private static final Pattern VOID = Pattern.compile("\\bvoid\\b|missing return value");

    /** Calls that collect results. */
    private static final Pattern COLLECTING =
            Pattern.compile("\\.\\s*(map|mapAsync|imap|imapUnordered|starmap|starmapAsync)\\s*\\(");

    private static final Pattern NO_JAVA =
            Pattern.compile("(?:illegal|unclosed|malformed|not a statement|.*\\bexpected\\b).*", Pattern.DOTALL);

    private final String message;
    private final String source;
    private final Names names;

    Misfit(Problem problem, Names names) {
        this.message = problem.message();
        this.source = problem.source();
        this.names = names;
    }

    /** Whether a function was asked for, and the one that was given has no result. */
    static boolean returnsNothing(String message) {
        return VOID.matcher(message).find();
    }

    /** Whether it can be for want of a type of the items that the function does not fit; a name that is not there is no such thing. */
    static boolean isOfTheItemsType(String message) {
        return !MISSING.matcher(message).find() || message.contains("of type java.lang.Object");
    }

    /** What to write for a function without a result where results are collected. */
    static Optional<String> hint(String message, String source, int at) {
        if (!returnsNothing(message)) {
            return Optional.empty();
        }
        // The compiler points at the dot, at the parenthesis or at the function.
        String method = "";
        int start = 0;
        Matcher call = COLLECTING.matcher(source);
        while (call.find() && call.start() <= at) {
            method = call.group(1);
            start = call.start();
        }
        String receiver = source.substring(Math.max(0, source.lastIndexOf(';', start)), start);
        if (method.isEmpty() || receiver.matches("(?s).*(?:stream|Stream|Optional).*")) {
            return Optional.empty();
        }
        String instead =
                switch (method) {
                    case "map" -> "use each(..)";
                    case "mapAsync" -> "use eachAsync(..)";
                    default -> "use each(..), which waits for all";
                };
        return Optional.of("the function returns nothing, and " + method + " collects results: " + instead
                + ", or end the function with a result, such as x -> { f(x); return null; }");
    }

    Optional<String> ofItems(String items) throws MagicUsageException {
        Matcher wrong = ITEMS.matcher(message);
        if (wrong.find()) {
            return Optional.of(notItems(items.strip(), wrong.group(1)));
        }
        if (message.startsWith("reference to items is ambiguous")) {
            return Optional.of("ITEMS is null: it must be " + Items.FORM);
        }
        Matcher lossy = LOSSY.matcher(message);
        if (lossy.find() && JavaText.range(items).isPresent()) {
            return Optional.of("a range takes int numbers, and '" + source.strip() + "' is of type " + lossy.group(1)
                    + ": use a list or a stream for other values");
        }
        return NO_JAVA.matcher(firstLine()).matches() && !JavaParser.isExpression("f(" + Items.java(items) + ")")
                ? Optional.of("ITEMS cannot be read (" + firstLine() + "): it must be " + Items.FORM)
                : Optional.empty();
    }

    private static String notItems(String items, String type) {
        String plain = type.replaceAll("(?U)\\b(?:\\w+\\.)+(?=\\p{Lu})", "");
        String advice = "it must be " + Items.FORM;
        if (plain.matches("int|Integer") && items.matches("(?U)[\\w.]+")) {
            advice = "for the numbers below it write range(" + items + "); " + advice;
        } else if (plain.startsWith("Map") || plain.matches("(?U)\\w*Map(?:<.*)?")) {
            advice = "write " + items + ".entrySet(), .keySet() or .values()";
        } else if (plain.equals("String")) {
            advice = "for one item write List.of(" + items + "), for its characters " + items + ".split(\"\"); "
                    + advice;
        }
        return "ITEMS is '" + items + "', which is of type " + plain + " and has no items: " + advice;
    }

    /** Of {@code map} and its relatives. */
    Optional<String> ofFunction(String function, String items, boolean tuples) throws MagicUsageException {
        Optional<String> missing = missing();
        if (missing.isPresent()) {
            return missing;
        }
        Matcher conversion = CONVERSION.matcher(firstLine());
        if (conversion.matches()
                && source.matches("a\\$\\d+")
                && conversion.group(1).contains("&")) {
            return Optional.of(
                    "the items are of several types, and " + function + " takes " + plain(conversion.group(2)));
        }
        if (conversion.matches() && source.matches("a\\$\\d+")) {
            return Optional.of((tuples ? "argument " + source.substring(2) + " in each item" : "each item")
                    + " is of type " + plain(conversion.group(1)) + ", and " + function + " takes "
                    + plain(conversion.group(2)));
        }
        if (returnsNothing(message)) {
            return Optional.of(
                    "the function returns nothing, and its results are asked for: end it with a result, such as"
                            + " (x -> { f(x); return null; })");
        }
        Optional<String> ofItems = ofItems(items);
        if (ofItems.isPresent()) {
            return ofItems;
        }
        if (function.contains("::") && message.contains(" is ambiguous")) {
            return Optional.of("'" + function + "' can mean more than one method here: write a lambda, such as (x -> "
                    + function.replace("::", ".") + "(x))");
        }
        if (!message.contains("manyjvm.parallel.Calls")) {
            return ofUse();
        }
        String asked = tuples
                ? "TUPLES '" + items + "': FN is a function of 2 to 4 arguments, and each of TUPLES holds these, as"
                        + " zip(as, bs) or [(1, 2), (3, 4)] does"
                : "ITEMS '" + items + "': FN is a function of one item: a notebook method's name, a lambda, a method"
                        + " reference, or a variable that holds a function";
        return Optional.of("'" + function + "' does not fit " + asked + reason());
    }

    /** Of a cell that is the function; the compiler points at what is wrong in it. */
    Optional<String> ofCell(String items) throws MagicUsageException {
        Optional<String> ofItems = ofItems(items);
        return ofItems.isPresent() || NO_JAVA.matcher(firstLine()).matches() ? ofItems : ofUse();
    }

    /** Of {@code apply}. */
    Optional<String> ofCall(String function) {
        Optional<String> missing = missing();
        if (missing.isPresent()) {
            return missing;
        }
        Matcher arguments = ARGUMENTS.matcher(message);
        return arguments.find()
                ? Optional.of(function + " takes (" + plain(arguments.group(1)).replace("no arguments", "")
                        + "), and is called with (" + plain(arguments.group(2)).replace("no arguments", "") + ")")
                : ofUse();
    }

    /** Of a verb that takes the name of something, which is the name of a variable that holds something else. */
    Optional<String> ofName(String name, String kind) {
        Matcher other = ARGUMENT.matcher(firstLine());
        return other.find()
                ? Optional.of("the variable '" + name + "' does not hold a " + kind + ": it is of type "
                        + plain(other.group(1)))
                : ofUse();
    }

    /** Of any magic: its Java is not shown, and mistakes in a name get the nearest one. */
    Optional<String> ofUse() {
        Optional<String> missing = missing();
        if (missing.isPresent()) {
            return missing;
        }
        if (NO_JAVA.matcher(firstLine()).matches()) {
            return Optional.of("this is not valid Java: " + firstLine());
        }
        return source.contains("manyjvm.magics.api.") || OURS.matcher(message).find()
                ? Optional.of("this does not fit" + reason())
                : Optional.empty();
    }

    /** A name that the notebook does not have. One that it has cannot be used for a reason that the session tells. */
    private Optional<String> missing() {
        Matcher symbol = MISSING.matcher(message);
        if (!symbol.find()) {
            return Optional.empty();
        }
        String name = symbol.group(1);
        List<String> known = new ArrayList<>(names.methods());
        known.addAll(names.variables());
        String hint = Spelling.hint(name, known);
        return known.contains(name) || hint.isEmpty()
                ? Optional.empty()
                : Optional.of("the notebook has no method or variable '" + name + "'" + hint);
    }

    /** The first reason that the compiler gives, when it names nothing of ours. */
    private String reason() {
        for (String line : message.split("\\R")) {
            String text = plain(line).strip().replaceAll("^\\(+|\\)+$", "");
            boolean reason =
                    text.matches("(?:argument mismatch|incompatible types|invalid method reference|incompatible"
                            + " parameter types|bad return type).*");
            if (reason
                    && !OURS.matcher(line).find()
                    && !TYPE_VARIABLE.matcher(text).find()) {
                return " (" + text.replaceFirst("^argument mismatch; ", "") + ")";
            }
        }
        return "";
    }

    private String firstLine() {
        return message.lines().findFirst().orElse("");
    }

    private static String plain(String types) {
        return types.replaceAll("(?U)\\b(?:\\p{Ll}\\w*\\.)+(?=\\p{Lu})", "");
    }
}
