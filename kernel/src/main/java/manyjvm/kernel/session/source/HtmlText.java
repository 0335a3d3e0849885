package manyjvm.kernel.session.source;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@link DocComment} makes of a comment, as plain text: paragraphs in lines of at most {@value #WIDTH} characters, lists, tables' rows. */
public final class HtmlText {
    private static final int WIDTH = 100;

    private static final Pattern TOKEN =
            Pattern.compile("<(/?)([a-zA-Z][a-zA-Z0-9]*)[^>]*>|&(#?\\w+);|[^<&]+|.", Pattern.DOTALL);

    private static final Map<String, String> ENTITIES = Map.ofEntries(
            Map.entry("lt", "<"),
            Map.entry("gt", ">"),
            Map.entry("amp", "&"),
            Map.entry("quot", "\""),
            Map.entry("apos", "'"),
            Map.entry("nbsp", " "),
            Map.entry("copy", "©"),
            Map.entry("reg", "®"),
            Map.entry("times", "×"),
            Map.entry("minus", "-"),
            Map.entry("le", "≤"),
            Map.entry("ge", "≥"),
            Map.entry("ne", "≠"),
            Map.entry("ndash", "-"),
            Map.entry("mdash", "-"),
            Map.entry("hellip", "..."),
            Map.entry("middot", "·"),
            Map.entry("pi", "π"),
            Map.entry("radic", "√"),
            Map.entry("infin", "∞"),
            Map.entry("lsquo", "'"),
            Map.entry("rsquo", "'"),
            Map.entry("ldquo", "\""),
            Map.entry("rdquo", "\""));

    private final StringBuilder text = new StringBuilder();
    private final StringBuilder paragraph = new StringBuilder();
    /** The lists that are open: a number for each, the item it is at, or -1 where items have no numbers. */
    private final Deque<Integer> lists = new ArrayDeque<>();

    private int preformatted;
    private int indentation;
    private String bullet = "";
    private boolean blankLine;

    private HtmlText() {}

    /** The text of some HTML, without line ends around it. */
    public static String of(String html) {
        HtmlText all = new HtmlText();
        Matcher token = TOKEN.matcher(html);
        while (token.find()) {
            if (token.group(2) != null) {
                all.tag(token.group(2).toLowerCase(Locale.ROOT), token.group(1).isEmpty());
            } else if (token.group(3) != null) {
                all.paragraph.append(character(token.group(3), token.group()));
            } else {
                all.words(token.group());
            }
        }
        all.endParagraph();
        return all.text.toString().strip();
    }

    private static String character(String entity, String whole) {
        if (!entity.startsWith("#")) {
            return ENTITIES.getOrDefault(entity, whole);
        }
        try {
            boolean hexadecimal = entity.startsWith("#x") || entity.startsWith("#X");
            int code = hexadecimal ? Integer.parseInt(entity.substring(2), 16) : Integer.parseInt(entity.substring(1));
            return Character.toString(code);
        } catch (IllegalArgumentException none) {
            return whole;
        }
    }

    private void words(String words) {
        if (preformatted > 0) {
            paragraph.append(words);
            return;
        }
        String folded = words.replaceAll("\\s+", " ");
        boolean begins = paragraph.isEmpty() || paragraph.charAt(paragraph.length() - 1) == ' ';
        paragraph.append(begins ? folded.stripLeading() : folded);
    }

    private void tag(String name, boolean opens) {
        switch (name) {
            case "p", "blockquote", "table", "h1", "h2", "h3", "h4", "h5", "h6", "div", "hr", "dl" -> {
                endParagraph();
                blankLine = true;
                if (name.equals("blockquote")) {
                    indentation += opens ? 4 : -4;
                }
            }
            case "pre" -> {
                endParagraph();
                blankLine = true;
                preformatted = Math.max(0, preformatted + (opens ? 1 : -1));
            }
            case "ul", "ol" -> {
                endParagraph();
                if (opens) {
                    lists.push(name.equals("ol") ? 0 : -1);
                } else {
                    lists.poll();
                }
                blankLine = lists.isEmpty();
            }
            case "li" -> {
                endParagraph();
                if (opens) {
                    blankLine = false;
                    int number = lists.isEmpty() ? -1 : lists.pop();
                    lists.push(number < 0 ? number : number + 1);
                    bullet = number < 0 ? "- " : number + 1 + ". ";
                }
            }
            case "tr", "caption", "dt" -> endParagraph();
            case "dd" -> {
                endParagraph();
                blankLine = false;
                indentation = Math.max(0, indentation + (opens ? 4 : -4));
            }
            case "br" -> endParagraph();
            case "td", "th" -> {
                if (opens && !paragraph.isEmpty()) {
                    paragraph.append(" | ");
                }
            }
            case "sup" -> paragraph.append(opens ? "^" : "");
            default -> {
                // It says how words look, which plain text has no means for.
            }
        }
    }

    private void endParagraph() {
        String words = preformatted > 0
                ? paragraph.toString().replaceFirst("^(?:[ \\t]*\\n)+", "")
                : paragraph.toString().strip();
        paragraph.setLength(0);
        if (words.isBlank()) {
            return;
        }
        if (blankLine && !text.isEmpty()) {
            text.append('\n');
        }
        blankLine = false;
        String margin = " ".repeat(indentation + 2 * Math.max(0, lists.size() - 1));
        if (preformatted > 0) {
            words.stripIndent().lines().forEach(line -> text.append((margin + "    " + line).stripTrailing())
                    .append('\n'));
            return;
        }
        StringBuilder line = new StringBuilder(margin).append(bullet);
        String next = margin + " ".repeat(bullet.length() + (bullet.isEmpty() && !lists.isEmpty() ? 2 : 0));
        bullet = "";
        boolean begins = true;
        for (String word : words.split(" ")) {
            if (!begins && line.length() + 1 + word.length() > WIDTH) {
                text.append(line).append('\n');
                line = new StringBuilder(next);
                begins = true;
            }
            line.append(begins ? "" : " ").append(word);
            begins = false;
        }
        text.append(line).append('\n');
    }
}
