package manyjvm.kernel;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;

@AnalyzeClasses(packages = "manyjvm.kernel", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {
    /** Each package is a slice of its own, also the one above others. */
    @ArchTest
    static final ArchRule PACKAGES_FORM_NO_CYCLES =
            slices().matching("manyjvm.(**)").should().beFreeOfCycles();

    /** The packages of the session in the order of its README, and at the end the one that they all may know. */
    private static final List<String> OF_SESSION = List.of(
            "manyjvm.kernel.session.evaluation",
            "manyjvm.kernel.session.assistance",
            "manyjvm.kernel.session.command",
            "manyjvm.kernel.session.library",
            "manyjvm.kernel.session.shell",
            "manyjvm.kernel.session.names",
            "manyjvm.kernel.session.execution",
            "manyjvm.kernel.session.source",
            "manyjvm.kernel.session.text",
            "manyjvm.kernel.session");

    @ArchTest
    static void packagesOfTheSession_knowThoseBelowThemAlone(JavaClasses classes) {
        for (int i = 1; i < OF_SESSION.size(); i++) {
            noClasses()
                    .that()
                    .resideInAPackage(OF_SESSION.get(i))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(OF_SESSION.subList(0, i).toArray(String[]::new))
                    .check(classes);
        }
    }

    @ArchTest
    static final ArchRule TEXT_AND_SOURCE_ARE_TOLD_WITHOUT_A_SESSION = noClasses()
            .that()
            .resideInAnyPackage("manyjvm.kernel.session.text..", "manyjvm.kernel.session.source..")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("jdk.jshell.JShell");

    @ArchTest
    static final ArchRule SESSION_KNOWS_NO_PROTOCOL = noClasses()
            .that()
            .resideInAPackage("manyjvm.kernel.session..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "manyjvm.kernel.protocol..",
                    "manyjvm.kernel.runner..",
                    "manyjvm.kernel.display..",
                    "io.github.spencerpark..",
                    "org.zeromq..");

    @ArchTest
    static final ArchRule PROTOCOL_KNOWS_NO_JSHELL_AND_NO_CLIENT = noClasses()
            .that()
            .resideInAPackage("manyjvm.kernel.protocol..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jdk.jshell..", "manyjvm.kernel.runner..");

    @ArchTest
    static final ArchRule API_AND_SPI_KNOW_NO_IMPLEMENTATION = noClasses()
            .that()
            .resideInAnyPackage("manyjvm.kernel.api..", "manyjvm.kernel.spi..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "manyjvm.kernel.protocol..",
                    "manyjvm.kernel.runner..",
                    "manyjvm.kernel.session..",
                    "manyjvm.kernel.display..");

    @ArchTest
    static final ArchRule ONLY_PROTOCOL_AND_CLIENT_TOUCH_SOCKETS = noClasses()
            .that()
            .resideOutsideOfPackages("manyjvm.kernel.protocol..", "manyjvm.kernel.runner..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.zeromq..");
}
