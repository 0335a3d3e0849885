package manyjvm.kernel.session.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class IndentationTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "int f() {|4",
                "int f() {\\n    if (x) {|8",
                "int f() {\\n    if (x) {\\n        g();|8",
                "int f() {\\n    if (x) {\\n        g();\\n    }|4",
                "int f() {\\n    if (x)|8",
                "int f() {\\n    int y =|8",
                "int f() {\\n    int y = 1; // {|4",
                "int x =|4",
                "f(1,|4",
                "f(x -> {|4",
                "  f(x -> {\\n      g();|6",
                "String s = \\\"{\\\" +|4",
                "class A {\\n    @Override|4",
                "class A {\\n    @Deprecated(\\\"x\\\")|4",
                "switch (x) {\\n    case 1 -> f();|4",
                "var t = \\\"\\\"\\\"\\n    text {|4",
                "/* a {\\n   b|3",
                "for (int i = 0; i < 3; i++)|4",
                "int[] a = {\\n    1,|4",
                "''|0",
            })
    void nextLine_beginsWhereItBelongs(String code, int blanks) {
        String text = code.replace("\\n", "\n").replace("\\\"", "\"");
        assertThat(Indentation.after(text)).hasSize(blanks).matches("\\s*");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1 + 1|false",
                "int f() {|true",
                "int f() {\\n}|false",
                "f(1,|true",
                "String s = \\\"{\\\";|false",
                "char c = '{';|false",
                "x(); // {|false",
                "/* a|true",
                "/* a { */ x()|false",
                "var t = \\\"\\\"\\\"\\n    text|true",
                "}|false",
                "''|false",
            })
    void openBracketsTextsAndComments_areWithin(String code, boolean within) {
        assertThat(Indentation.isWithin(code.replace("\\n", "\n").replace("\\\"", "\"")))
                .isEqualTo(within);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "point|point",
                "x(a < b)|x(a < b)",
                "int x = a.b(1, \\\")\\\").c|a.b(1, \\\")\\\").c",
                "foo(new ArrayList<String>()|new ArrayList<String>()",
                "int y = 1;\\nvar z = list[0]|list[0]",
                "x < list|list",
                "return \\\"a b\\\"|\\\"a b\\\"",
                "list.stream()\\n    .map(x -> x > 1)|list.stream()\\n    .map(x -> x > 1)",
                "renew A|A",
                "1 + |''",
            })
    void lastExpression_isWhatADotGoesOnWith(String text, String expression) {
        assertThat(LastExpression.of(text.replace("\\n", "\n").replace("\\\"", "\"")))
                .isEqualTo(expression.replace("\\n", "\n").replace("\\\"", "\""));
    }
}
