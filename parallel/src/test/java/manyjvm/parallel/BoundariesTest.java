package manyjvm.parallel;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Which room may enter which. */
class BoundariesTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("manyjvm.parallel");

    @Test
    void driverAndWorker_neverDependOnEachOther() {
        noClasses()
                .that()
                .resideInAPackage("..driver..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("..worker..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("..worker..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("..driver..")
                .check(CLASSES);
    }

    @Test
    void publicApi_knowsNeitherDriverNorWorkerNorWire() {
        noClasses()
                .that()
                .resideInAPackage("manyjvm.parallel")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("..driver..", "..worker..", "..wire..", "..code..")
                .check(CLASSES);
    }

    @Test
    void socketsAndSelectors_areTheWiresAlone() {
        noClasses()
                .that()
                .resideOutsideOfPackage("manyjvm.parallel.wire.connect")
                .should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.nio\\.channels\\.(SocketChannel|ServerSocketChannel|Selector|SelectionKey)")
                .check(CLASSES);
    }

    @Test
    void wire_servesBothSidesAndDependsOnNeither() {
        noClasses()
                .that()
                .resideInAPackage("..wire..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("..driver..", "..worker..")
                .check(CLASSES);
        classes()
                .that()
                .areAssignableTo(manyjvm.parallel.wire.Message.class)
                .should()
                .resideInAPackage("..wire..")
                .check(CLASSES);
    }
}
