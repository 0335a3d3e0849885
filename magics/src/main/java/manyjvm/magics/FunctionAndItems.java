package manyjvm.magics;

import java.util.List;
import java.util.Set;
import manyjvm.kernel.spi.Magic.MagicUsageException;

/**
 * What {@code %pool map FN ITEMS} and its kin apply to what, in the user's Java.
 *
 * @param function a name, a lambda or a method reference
 * @param items a range, a list or an expression
 */
record FunctionAndItems(String function, String items) {
    /** The words between the parts of a range with a step. */
    private static final Set<String> STEP_WORDS = Set.of("by", "step");

    /** @param verb of {@code %pool}, for what is said when one of the two is missing */
    static FunctionAndItems of(String verb, Arguments arguments) throws MagicUsageException {
        List<String> words = arguments.words();
        if (words.size() < 2) {
            throw new MagicUsageException("%pool " + verb + " needs a function and its items");
        }
        int functionEnd = functionEnd(words);
        String items = arguments.from(functionEnd);
        if (JavaText.indexOf("->", items) >= 0) {
            throw new MagicUsageException("put a lambda that contains spaces in parentheses: (x -> x * 2)");
        }
        return new FunctionAndItems(String.join(" ", words.subList(0, functionEnd)), items);
    }

    /** A bare lambda's block ends the function; without one, all but the items at the end is the lambda. */
    private static int functionEnd(List<String> words) throws MagicUsageException {
        for (int i = 0; i < words.size(); i++) {
            int arrow = JavaText.indexOf("->", words.get(i));
            if (arrow >= 0) {
                String body = words.get(i).substring(arrow + 2);
                int bodyAt = body.isEmpty() ? i + 1 : i;
                boolean block =
                        bodyAt < words.size() - 1 && (body.isEmpty() ? words.get(bodyAt) : body).startsWith("{");
                return block ? bodyAt + 1 : Math.max(bodyAt + 1, startOfItems(words));
            }
        }
        return 1;
    }

    /** Items are one word, or a range or list with spaces: {@code 0..10 by 2}, {@code 1, 2, 3}. */
    private static int startOfItems(List<String> words) {
        int start = words.size() - 1;
        while (start > 1
                && (STEP_WORDS.contains(words.get(start - 1))
                        || words.get(start - 1).endsWith(",")
                        || words.get(start - 1).endsWith("..")
                        || STEP_WORDS.contains(words.get(start))
                        || words.get(start).startsWith(",")
                        || words.get(start).startsWith(".."))) {
            start--;
        }
        return start;
    }
}
