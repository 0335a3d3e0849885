package manyjvm.kernel.session.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import manyjvm.kernel.session.source.MagicScanner.Scan;
import manyjvm.kernel.session.source.MagicScanner.Use;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MagicScannerTest {
    private static Scan scan(String cell) {
        return MagicScanner.scan(cell, Set.of("pool", "queue")::contains);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "int x = 7 % y;",
                "int x = 7 %y;",
                "int z = a\n  %b;",
                "int z = pools\n  %pool.size();",
                "call(a\n%pool\n);",
                "int[] a = {x[1\n%pool ]};",
                "String s = \"%pool map\";",
                "String s = \"a \\\" %pool map\\n\n\";",
                "char c = '%'; char d = '\"'; String s = \"\n",
                "String t = \"\"\"\n%pool map f 0..9\n  \\\"\"\" %queue\n\"\"\";",
                "/*\n%pool map\n*/",
                "// = %pool map",
                "x = y == %pool",
                "x % = 3",
                "%",
                "% pool",
                "%5"
            })
    void operatorsStringsAndComments_areNoMagics(String cell) {
        assertThat(scan(cell).uses()).isEmpty();
        assertThat(scan(cell).java()).isEqualTo(cell);
    }

    @Test
    void lineMagic_isAStatementThatEndsWithTheLine() {
        Scan scan = scan("int a = 1;\n  %pool map f 0..9 ;\nint b = 2;");
        assertThat(scan.java()).isEqualTo("int a = 1;\n  $magic$0();\nint b = 2;");
        Use use = scan.uses().get(0);
        assertThat(use.name()).isEqualTo("pool");
        assertThat(use.arguments()).isEqualTo("map f 0..9");
        assertThat(use.line()).isEqualTo(1);
        assertThat(use.column()).isEqualTo(2);
        assertThat(use.asValue()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "var r = %pool map f 0..9",
                "var r = %pool map f 0..9;",
                "var r =\n %pool map f 0..9",
                "int f() { return %pool map f 0..9\n}",
                "r = %pool map f 0..9   // squares"
            })
    void afterAssignmentOrReturn_itIsAValue(String cell) {
        Use use = scan(cell).uses().get(0);
        assertThat(use.asValue()).isTrue();
        assertThat(use.arguments()).isEqualTo("map f 0..9");
    }

    @Test
    void argumentsKeepTheirStringsAndUrls() {
        assertThat(scan("%pool apply f \"a // b;\" http://x // end")
                        .uses()
                        .get(0)
                        .arguments())
                .isEqualTo("apply f \"a // b;\" http://x");
    }

    @Test
    void knownMagicAfterAnUnfinishedLine_endsThatLine() {
        assertThat(scan("f(2)\n%pool status\ng()").java()).isEqualTo("f(2)\n;$magic$0();\ng()");
        assertThat(scan("f(2)\n%unknown status").uses()).isEmpty();
    }

    @Test
    void blocksMayHoldMagics_evenWithinParentheses() {
        assertThat(scan("run(() -> {\n  %pool map f 0..9\n});").uses()).hasSize(1);
        assertThat(scan("for (int i = 0; i < 3; i++) {\n  %queue put q i\n}\n%pool close")
                        .uses())
                .hasSize(2);
    }

    @Test
    void help_isAQuestionMarkOrAnOption() {
        assertThat(scan("%pool?").uses().get(0).help()).isTrue();
        assertThat(scan("%pool --help").uses().get(0).help()).isTrue();
        assertThat(scan("%%pool ?").uses().get(0).help()).isTrue();
        assertThat(scan("%pool map ?").uses().get(0).help()).isFalse();
    }

    @Test
    void cellMagic_takesTheRestAndScansIt() {
        Scan scan = scan("\n%%pool map x : 0..9\nint y = x;\n%queue put q y\nreturn y;");
        Use whole = scan.cellMagic().orElseThrow();
        assertThat(whole.arguments()).isEqualTo("map x : 0..9");
        assertThat(whole.line()).isEqualTo(1);
        assertThat(whole.body()).contains("int y = x;\n$magic$0();\nreturn y;");
        assertThat(scan.uses().get(0).line()).isEqualTo(3);
    }

    @Test
    void headerAlone_hasAnEmptyBody() {
        assertThat(scan("%%pool each").cellMagic().orElseThrow().body()).contains("");
    }
}
