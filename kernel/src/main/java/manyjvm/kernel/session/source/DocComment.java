package manyjvm.kernel.session.source;

import com.sun.source.doctree.AttributeTree;
import com.sun.source.doctree.BlockTagTree;
import com.sun.source.doctree.DeprecatedTree;
import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.EndElementTree;
import com.sun.source.doctree.EntityTree;
import com.sun.source.doctree.ErroneousTree;
import com.sun.source.doctree.IndexTree;
import com.sun.source.doctree.InlineTagTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.doctree.ReferenceTree;
import com.sun.source.doctree.ReturnTree;
import com.sun.source.doctree.SeeTree;
import com.sun.source.doctree.SinceTree;
import com.sun.source.doctree.StartElementTree;
import com.sun.source.doctree.SummaryTree;
import com.sun.source.doctree.SystemPropertyTree;
import com.sun.source.doctree.TextTree;
import com.sun.source.doctree.ThrowsTree;
import com.sun.source.doctree.UnknownBlockTagTree;
import com.sun.source.doctree.UnknownInlineTagTree;
import com.sun.source.doctree.ValueTree;
import com.sun.source.util.SimpleDocTreeVisitor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import manyjvm.kernel.spi.ParsedJava;

/**
 * A documentation comment as HTML that any front end shows safely: the tags that say how text is laid out, without their attributes;
 * no links but those to other pages, no script. Reads the comment as the compiler does. {@link HtmlText} makes plain text of it.
 */
public final class DocComment {
    private static final Set<String> KEPT = Set.of(
            ("a abbr b big blockquote br caption cite code dd del dfn div dl dt em h1 h2 h3 h4 h5 h6 hr i ins kbd li ol p pre q s"
                            + " samp small span strong sub sup table tbody td tfoot th thead tr tt u ul var")
                    .split(" "));

    private static final Map<String, String> TITLES = Map.of(
            "apiNote", "API note",
            "implSpec", "Implementation requirements",
            "implNote", "Implementation note",
            "jls", "Java Language Specification",
            "jvms", "JVM Specification",
            "spec", "External specification");

    /** What is of no use to a caller. */
    private static final Set<String> SILENT =
            Set.of("author", "version", "serial", "serialData", "serialField", "hidden", "provides", "uses", "revised");

    private DocComment() {}

    /**
     * The text of a comment, without its stars, as HTML: the description, then a list of parameters, result, exceptions and the rest.
     * Text that is not well formed comes as it is. Costs a few milliseconds.
     */
    public static String html(String comment) {
        return html(parsed(comment));
    }

    /** Its first sentence as HTML. */
    public static String firstSentence(String comment) {
        DocCommentTree tree = parsed(comment);
        return "<p>" + new Inline().all(tree.getFirstSentence()) + "</p>";
    }

    private static DocCommentTree parsed(String comment) {
        StringBuilder unit = new StringBuilder("/**\n");
        comment.replace("*/", "*&#47;").lines().forEach(line -> unit.append(" *")
                .append(line.isEmpty() ? "" : " ")
                .append(line)
                .append('\n'));
        return ParsedJava.docComment(unit.append(" */ class C { }").toString());
    }

    private static String html(DocCommentTree tree) {
        Inline inline = new Inline();
        StringBuilder html =
                new StringBuilder("<p>").append(inline.all(tree.getFullBody())).append("</p>");
        Map<String, List<String>> sections = new LinkedHashMap<>();
        List<String> order = List.of("Deprecated", "Parameters", "Type parameters", "Returns", "Throws");
        order.forEach(title -> sections.put(title, new ArrayList<>()));
        for (DocTree tag : tree.getBlockTags()) {
            section(tag, sections, inline);
        }
        sections.values().removeIf(List::isEmpty);
        if (!sections.isEmpty()) {
            html.append("<dl>");
            sections.forEach((title, entries) -> {
                html.append("<dt>").append(title).append(":</dt>");
                entries.forEach(entry -> html.append("<dd>").append(entry).append("</dd>"));
            });
            html.append("</dl>");
        }
        return html.toString();
    }

    private static void section(DocTree tag, Map<String, List<String>> sections, Inline inline) {
        if (tag instanceof ParamTree param) {
            put(
                    sections,
                    param.isTypeParameter() ? "Type parameters" : "Parameters",
                    "<code>" + escaped(param.getName().toString()) + "</code> - " + inline.all(param.getDescription()));
        } else if (tag instanceof ReturnTree result) {
            put(sections, "Returns", inline.all(result.getDescription()));
        } else if (tag instanceof ThrowsTree thrown) {
            put(
                    sections,
                    "Throws",
                    "<code>" + escaped(thrown.getExceptionName().getSignature()) + "</code> - "
                            + inline.all(thrown.getDescription()));
        } else if (tag instanceof DeprecatedTree deprecated) {
            put(sections, "Deprecated", inline.all(deprecated.getBody()));
        } else if (tag instanceof SeeTree see) {
            put(sections, "See also", inline.all(see.getReference()));
        } else if (tag instanceof SinceTree since) {
            put(sections, "Since", inline.all(since.getBody()));
        } else if (tag instanceof UnknownBlockTagTree unknown && !SILENT.contains(unknown.getTagName())) {
            String name = unknown.getTagName();
            String title = TITLES.getOrDefault(name, name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1));
            put(sections, escaped(title), inline.all(unknown.getContent()));
        } else if (tag instanceof ErroneousTree erroneous) {
            put(sections, "As written", escaped(erroneous.getBody()));
        } else if (tag instanceof BlockTagTree other
                && !SILENT.contains(other.getTagName())
                && TITLES.containsKey(other.getTagName())) {
            // A tag that this compiler knows and we do not: its text as it is written.
            put(sections, escaped(TITLES.get(other.getTagName())), escaped(other.toString()));
        }
    }

    private static void put(Map<String, List<String>> sections, String title, String entry) {
        sections.computeIfAbsent(title, any -> new ArrayList<>()).add(entry);
    }

    /** Text that is shown as it is. */
    public static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /** Sees to one piece of a text after the other. */
    private static final class Inline extends SimpleDocTreeVisitor<String, Void> {
        String all(List<? extends DocTree> trees) {
            StringBuilder html = new StringBuilder();
            trees.forEach(tree -> html.append(visit(tree, null)));
            return html.toString().strip();
        }

        /** Another kind of piece shows its text, if it has any. */
        @Override
        protected String defaultAction(DocTree node, Void nothing) {
            return node instanceof InlineTagTree tag ? content(tag) : escaped(node.toString());
        }

        /** The text of a tag that has no method here: {@code {@snippet}} on a JDK that knows it. */
        private static String content(InlineTagTree tag) {
            String text = tag.toString().replaceFirst("^\\{@[\\w.]+\\s*", "").replaceFirst("}$", "");
            if (tag.getTagName().equals("snippet")) {
                return snippet(text);
            }
            return tag.getTagName().equals("inheritDoc") || tag.getTagName().equals("docRoot") ? "" : escaped(text);
        }

        private static String snippet(String text) {
            int colon = text.indexOf(":\n");
            return "<pre><code>"
                    + escaped(colon < 0 ? text : text.substring(colon + 2).stripIndent()) + "</code></pre>";
        }

        @Override
        public String visitText(TextTree node, Void nothing) {
            return escaped(node.getBody());
        }

        @Override
        public String visitEntity(EntityTree node, Void nothing) {
            return "&" + node.getName() + ";";
        }

        @Override
        public String visitErroneous(ErroneousTree node, Void nothing) {
            return escaped(node.getBody());
        }

        @Override
        public String visitStartElement(StartElementTree node, Void nothing) {
            String name = node.getName().toString().toLowerCase(Locale.ROOT);
            if (!KEPT.contains(name)) {
                return "";
            }
            if (!name.equals("a")) {
                return "<" + name + ">";
            }
            return node.getAttributes().stream()
                    .filter(one -> one instanceof AttributeTree attribute
                            && attribute.getName().contentEquals("href")
                            && attribute.getValue() != null)
                    .map(one -> String.join(
                            "",
                            ((AttributeTree) one)
                                    .getValue().stream().map(DocTree::toString).toList()))
                    .filter(target -> target.matches("https?://[^\\s\"'<>]+"))
                    .map(target -> "<a href=\"" + escaped(target.replace("&amp;", "&")) + "\">")
                    .findFirst()
                    .orElse("<a>");
        }

        @Override
        public String visitEndElement(EndElementTree node, Void nothing) {
            String name = node.getName().toString().toLowerCase(Locale.ROOT);
            return KEPT.contains(name) ? "</" + name + ">" : "";
        }

        @Override
        public String visitLiteral(LiteralTree node, Void nothing) {
            String text = escaped(node.getBody().getBody());
            return node.getKind() == DocTree.Kind.CODE ? "<code>" + text + "</code>" : text;
        }

        @Override
        public String visitLink(LinkTree node, Void nothing) {
            String label = node.getLabel().isEmpty() ? visit(node.getReference(), null) : all(node.getLabel());
            return node.getKind() == DocTree.Kind.LINK && !label.contains("<code>")
                    ? "<code>" + label + "</code>"
                    : label.replaceAll("^<code>(.*)</code>$", "$1");
        }

        /** {@code List#add(Object)} as one would call it. */
        @Override
        public String visitReference(ReferenceTree node, Void nothing) {
            String signature = node.getSignature();
            return "<code>" + escaped(signature.startsWith("#") ? signature.substring(1) : signature.replace('#', '.'))
                    + "</code>";
        }

        @Override
        public String visitValue(ValueTree node, Void nothing) {
            return node.getReference() == null ? "its value" : visit(node.getReference(), null);
        }

        @Override
        public String visitIndex(IndexTree node, Void nothing) {
            return visit(node.getSearchTerm(), null);
        }

        @Override
        public String visitSystemProperty(SystemPropertyTree node, Void nothing) {
            return "<code>" + escaped(node.getPropertyName().toString()) + "</code>";
        }

        @Override
        public String visitSummary(SummaryTree node, Void nothing) {
            return all(node.getSummary());
        }

        @Override
        public String visitReturn(ReturnTree node, Void nothing) {
            return "Returns " + all(node.getDescription()) + ".";
        }

        @Override
        public String visitUnknownInlineTag(UnknownInlineTagTree node, Void nothing) {
            return content(node);
        }
    }
}
