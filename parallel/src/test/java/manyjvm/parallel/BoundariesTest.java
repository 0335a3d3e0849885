package manyjvm.parallel;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which room may enter which. */
class BoundariesTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("manyjvm.parallel");

    /**
     * What users type is one package, since a notebook imports one. It is two rooms all the same: these, which stand on nothing
     * and are known everywhere, and the classes on top of all others. No class may be in both.
     */
    private static final Set<String> BASE = Set.of(
            "Action",
            "Args2",
            "Args3",
            "Args4",
            "Fn",
            "Fn2",
            "Fn3",
            "Fn4",
            "ItemAction",
            "NotShippableException",
            "OutputMode",
            "ParallelException",
            "PoolClosedException",
            "PoolStatus",
            "ProcessInfo",
            "Range",
            "Task",
            "TaskFailedException",
            "ThreadDump",
            "Thrower",
            "WaitInterruptedException",
            "WorkerDiedException");

    private static final SliceAssignment ROOMS = new SliceAssignment() {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass used) {
            JavaClass type = used.getBaseComponentType();
            if (!type.getPackageName().equals("manyjvm.parallel")) {
                return SliceIdentifier.of(type.getPackageName());
            }
            String topLevel =
                    type.getName().substring("manyjvm.parallel.".length()).split("\\$")[0];
            return SliceIdentifier.of(BASE.contains(topLevel) ? "base" : "what users type");
        }

        @Override
        public String getDescription() {
            return "rooms";
        }
    };

    @Test
    void rooms_areEnteredFromAboveOnly() {
        slices().assignedFrom(ROOMS).should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void base_standsOnNothing() {
        noClasses()
                .that(describe(
                        "are of the base", type -> ROOMS.getIdentifierOf(type).equals(SliceIdentifier.of("base"))))
                .should()
                .dependOnClassesThat(describe(
                        "are of another room",
                        type -> type.getPackageName().startsWith("manyjvm.parallel")
                                && !ROOMS.getIdentifierOf(type).equals(SliceIdentifier.of("base"))))
                .check(CLASSES);
    }

    @Test
    void machine_standsOnTheBaseAlone() {
        noClasses()
                .that()
                .resideInAPackage("..machine..")
                .should()
                .dependOnClassesThat(describe(
                        "are of another room",
                        type -> type.getPackageName().startsWith("manyjvm.parallel")
                                && !type.getPackageName().equals("manyjvm.parallel.machine")
                                && !ROOMS.getIdentifierOf(type).equals(SliceIdentifier.of("base"))))
                .check(CLASSES);
    }

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
