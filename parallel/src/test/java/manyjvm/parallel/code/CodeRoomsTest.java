package manyjvm.parallel.code;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Which room of the package {@code code} may enter which: the arrows that its head draws. */
class CodeRoomsTest {
    private static final String CODE = "manyjvm.parallel.code";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(CODE);

    @Test
    void rooms_haveNoCycles() {
        slices().matching(CODE + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void arrows_goDownOnly() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("code")
                .definedBy(CODE)
                .layer("closure")
                .definedBy(CODE + ".closure")
                .layer("graph")
                .definedBy(CODE + ".graph")
                .layer("lambda")
                .definedBy(CODE + ".lambda")
                .layer("classes")
                .definedBy(CODE + ".classes")
                .whereLayer("code")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("closure")
                .mayOnlyBeAccessedByLayers("code")
                .whereLayer("graph")
                .mayOnlyBeAccessedByLayers("code")
                .whereLayer("lambda")
                .mayOnlyBeAccessedByLayers("code", "graph")
                .check(CLASSES);
    }

    @Test
    void code_knowsNeitherDriverNorWorkerNorWire() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("..driver..", "..worker..", "..wire..", "..shared..")
                .check(CLASSES);
    }
}
