package manyjvm.magics;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The house as DEVELOPMENT.md draws it: magics know kernel and parallel, and these know nothing of each other. */
@AnalyzeClasses(packages = "manyjvm", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {
    @ArchTest
    static final ArchRule KERNEL_KNOWS_NEITHER_PARALLEL_NOR_MAGICS = noClasses()
            .that()
            .resideInAPackage("manyjvm.kernel..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("manyjvm.parallel..", "manyjvm.magics..");

    @ArchTest
    static final ArchRule PARALLEL_KNOWS_NOTHING_OF_JUPYTER = noClasses()
            .that()
            .resideInAPackage("manyjvm.parallel..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "manyjvm.kernel..",
                    "manyjvm.magics..",
                    "io.github.spencerpark..",
                    "org.zeromq..",
                    "com.google.gson..",
                    "jdk.jshell..");

    /** What is below the adapters: cells see it, and it has nothing to do with Jupyter. */
    @ArchTest
    static final ArchRule API_OF_MAGICS_KNOWS_PARALLEL_ALONE = noClasses()
            .that()
            .resideInAPackage("manyjvm.magics.api..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("manyjvm.magics", "manyjvm.kernel..");

    @ArchTest
    static void packages_formNoCycles(JavaClasses classes) {
        slices().matching("manyjvm.(**)")
                .should()
                .beFreeOfCycles()
                .check(classes.that(resideInAPackage("manyjvm.magics..")));
    }
}
