package manyjvm.maven;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.jspecify.annotations.NullMarked;

@AnalyzeClasses(packages = "manyjvm.maven", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {
    /** The class loader shows no more of it. */
    @ArchTest
    static final ArchRule OF_THE_KERNEL_SPI_ALONE_IS_KNOWN = noClasses()
            .should()
            .dependOnClassesThat(DescribedPredicate.describe(
                    "are of the kernel, and not of its spi",
                    type -> type.getPackageName().startsWith("manyjvm.")
                            && !type.getPackageName().equals("manyjvm.kernel.spi")
                            && !type.getPackageName().equals("manyjvm.maven")));

    /** In a package that is not marked, NullAway looks for nothing: see DEVELOPMENT.md. */
    @ArchTest
    static final ArchRule THE_PACKAGE_SAYS_WHERE_NULL_MAY_BE =
            classes().that().haveSimpleName("package-info").should().beAnnotatedWith(NullMarked.class);
}
