package manyjvm.kernel.session.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DocCommentTest {
    @Test
    void comment_becomesHtmlAndText() {
        String html = DocComment.html(
                """
                Adds {@code a < b} to the {@link java.util.List#add(Object) list}, and to {@link #other(int)}. Then more &lt;text&gt;.

                <p>A second paragraph with <b>bold</b> and a <a href="https://example.org/x?a=1&amp;b=2">page</a>:
                <ul>
                <li>one
                <li>two
                  goes on
                </ul>
                <pre>{@code
                  int x = 1;
                    if (x < 2) { }
                }</pre>

                @param a the first, {@literal <i>}
                @param <T> a type
                @return what it is, or {@value Integer#MAX_VALUE}
                @throws IllegalArgumentException where {@code a}
                    is wrong
                @see String#length()
                @since 3
                @author Nobody
                @apiNote take care
                """);
        assertThat(html)
                .contains("<code>a &lt; b</code>")
                .contains("<a href=\"https://example.org/x?a=1&amp;b=2\">page</a>")
                .doesNotContain("Nobody");
        assertThat(HtmlText.of(html))
                .isEqualTo(
                        """
                        Adds a < b to the list, and to other(int). Then more <text>.

                        A second paragraph with bold and a page:
                        - one
                        - two goes on

                              int x = 1;
                                if (x < 2) { }

                        Parameters:
                            a - the first, <i>
                        Type parameters:
                            T - a type
                        Returns:
                            what it is, or Integer.MAX_VALUE
                        Throws:
                            IllegalArgumentException - where a is wrong
                        See also:
                            String.length()
                        Since:
                            3
                        API note:
                            take care"""
                                .indent(0)
                                .strip());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<script>alert(1)</script>",
                "<a href=\"javascript:alert(1)\">x</a>",
                "<img src=x onerror=alert(1)>",
                "<p onclick='alert(1)'>x",
                "{@code <script>alert(1)</script>}",
                "{@unknown <script>}",
                "</code></pre><script>",
                "@see <a href='javascript:alert(1)'>x</a>",
                "<svg><script>1</script></svg>",
            })
    void comment_withAnything_hasNoScriptAndNoAttributes(String comment) {
        assertThat(DocComment.html(comment)).doesNotContainPattern("<script|<img|<svg|onclick=|href=\"javascript");
    }

    @Test
    void firstSentence_isTold() {
        assertThat(HtmlText.of(DocComment.firstSentence("Says {@code x. y} first. Then more.\n@return 3")))
                .isEqualTo("Says x. y first.");
    }

    @Test
    void longText_isFilled_andAnOrderedListIsNumbered() {
        String text = HtmlText.of("<p>" + "word ".repeat(60) + "</p><ol><li>a</li><li>b</li></ol>");
        assertThat(text.lines()).allMatch(line -> line.length() <= 100).hasSizeGreaterThan(4);
        assertThat(text).endsWith("1. a\n2. b");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Pool?|''|Pool/0",
                "?Pool.map|''|Pool.map/0",
                "int x = 1;\\nx??|int x = 1;|x/1",
                "f()?|''|f/0",
                "a?\\n\\n??b;|''|a/0 b/1",
                "var y = x ?\\n 1 : 2;|var y = x ?\\n 1 : 2;|''",
                "x?\\nint y;|x?\\nint y;|''",
                "%pool?|%pool?|''",
                "%%pool each\\nx?|%%pool each\\nx?|''",
                "1 + 1?|1 + 1?|''",
                "List<?|List<?|''",
            })
    void helpLines_areThoseAtTheEnd(String code, String rest, String questions) {
        HelpLines help = HelpLines.of(code.replace("\\n", "\n"));
        assertThat(help.rest()).isEqualTo(rest.replace("\\n", "\n"));
        assertThat(String.join(
                        " ",
                        help.questions().stream()
                                .map(one -> one.name() + "/" + one.detail())
                                .toList()))
                .isEqualTo(questions);
    }
}
