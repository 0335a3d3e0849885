package manyjvm.magics;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import manyjvm.kernel.spi.Magic.MagicUsageException;
import manyjvm.kernel.spi.Magic.Names;
import manyjvm.kernel.spi.Magic.Rewritten;

/**
 * The Java of {@code %pool explain FN}: a function that the compiler accepts, to be looked at. Without items nothing tells
 * the types that it takes, and it is never called, so whatever types compile will do.
 */
final class ExplainForms {
    private static final String API = "manyjvm.magics.api.Explain";

    /** Types of a lambda's parameters to try, in this order, before the notebook's own. */
    private static final List<String> TYPES = List.of(
            "java.lang.Integer",
            "java.lang.Double",
            "java.lang.String",
            "java.lang.Long",
            "java.lang.Object",
            "int[]",
            "double[]",
            "java.util.List<java.lang.Integer>",
            "java.util.List<java.lang.String>");

    /** So many types of the notebook are tried, each of which costs a compilation. */
    private static final int MOST_OWN_TYPES = 20;

    private final Names names;
    private final String written;
    private final String text;

    ExplainForms(Arguments arguments, Names names) throws MagicUsageException {
        if (arguments.words().isEmpty()) {
            throw new MagicUsageException("%pool explain needs a function or a variable");
        }
        this.names = names;
        this.written = arguments.from(0);
        this.text =
                JavaText.literal(JavaText.withoutParentheses(written.strip()).strip());
    }

    Rewritten first() throws MagicUsageException {
        return all().get(0);
    }

    List<Rewritten> others() throws MagicUsageException {
        return all().subList(1, all().size());
    }

    private List<Rewritten> all() throws MagicUsageException {
        Set<String> forms = new LinkedHashSet<>();
        if (names.methods().contains(written)) {
            for (int arity : new TreeSet<>(names.methodArities(written))) {
                String any = String.join(", ", Collections.nCopies(arity, "java.util.Objects.requireNonNull(null)"));
                forms.add("call(" + text + ", () -> " + written + "(" + any + "))");
            }
            if (names.methodArities(written)
                    .contains(1)) { // several of one parameter: which is meant only its type tells
                ofOne("(a$1) -> " + written + "(a$1)", forms);
            }
            if (names.methodArities(written).contains(2)) {
                ofTwo("(a$1, b$1) -> " + written + "(a$1, b$1)", forms);
            }
        } else if (JavaText.isLambda(written)) {
            ofLambda(forms);
        } else if (JavaText.indexOf("::", written) > 0) {
            ofOne(written, forms);
            ofTwo(written, forms);
        } else {
            String value = new Callables(names).ofOne(written); // refuses a slip of the pen
            forms.add("value(" + text + ", " + value + ", () -> " + value + ")");
        }
        return forms.stream()
                .map(form -> Rewritten.expression(API + "." + form))
                .toList();
    }

    private void ofLambda(Set<String> forms) throws MagicUsageException {
        String lambda = JavaText.withoutParentheses(written.strip());
        String declared = lambda.substring(0, JavaText.indexOf("->", lambda)).strip();
        String inner = JavaText.isEnclosed(declared, '(', ')')
                ? declared.substring(1, declared.length() - 1).strip()
                : declared;
        int parameters = inner.isEmpty() ? 0 : JavaText.splitAt(',', inner).size();
        switch (parameters) {
            case 0 -> forms.add("call(" + text + ", " + lambda + ")");
            case 1 -> ofOne(new Callables(names).ofOne(lambda), forms);
            case 2 -> ofTwo(new Callables(names).ofSeveral(lambda), forms);
            default -> {
                String function = new Callables(names).ofSeveral(lambda);
                forms.add("function(" + text + ", " + function + ")");
                for (String type : types()) {
                    String all = String.join(", ", Collections.nCopies(parameters, type));
                    forms.add("<" + all + ">function(" + text + ", " + function + ")");
                }
            }
        }
    }

    private void ofOne(String function, Set<String> forms) {
        for (String type : types()) {
            forms.add("<" + type + ">function(" + text + ", " + function + ")");
        }
        forms.add("function(" + text + ", " + function + ")"); // whose parameter has a type
        for (String type : types()) {
            forms.add("<" + type + ">action(" + text + ", " + function + ")");
        }
    }

    private void ofTwo(String function, Set<String> forms) {
        for (String type : types()) {
            forms.add("<" + type + ", " + type + ">function(" + text + ", " + function + ")");
        }
        forms.add("function(" + text + ", " + function + ")");
    }

    private List<String> types() {
        List<String> types = new ArrayList<>(TYPES);
        names.types().stream().limit(MOST_OWN_TYPES).forEach(types::add);
        return types;
    }
}
