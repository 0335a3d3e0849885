package manyjvm.parallel.shared;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import java.util.stream.Collectors;
import manyjvm.parallel.spi.Shared;
import org.junit.jupiter.api.Test;

class SharedLinkerTest {
    @Test
    void kinds_areTheClassesOfSharedObjects_andEachCanBeLinked() throws Exception {
        Set<String> classes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("manyjvm.parallel").stream()
                        .filter(type -> type.isAssignableTo(Shared.class))
                        .filter(type ->
                                !type.isInterface() && !type.getModifiers().contains(JavaModifier.ABSTRACT))
                        .map(type -> SharedLinker.kindOf(type.reflect().asSubclass(Shared.class)))
                        .collect(Collectors.toSet());

        assertThat(SharedLinker.KINDS).isEqualTo(classes);
        for (String kind : SharedLinker.KINDS) {
            Class<?> type = SharedLinker.classOf(kind);
            assertThat(SharedLinker.kindOf(type.asSubclass(Shared.class))).isEqualTo(kind);
            assertThat(type.getDeclaredConstructor(SharedClient.class, Shared.Handle.class))
                    .isNotNull();
        }
    }
}
