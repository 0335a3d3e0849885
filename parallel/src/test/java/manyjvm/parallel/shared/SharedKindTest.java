package manyjvm.parallel.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import manyjvm.parallel.base.Shared;
import org.junit.jupiter.api.Test;

class SharedKindTest {
    @Test
    void kinds_areTheClassesOfSharedObjects_andEachCanBeLinked() throws Exception {
        Set<String> classes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("manyjvm.parallel").stream()
                        .filter(type -> type.isAssignableTo(Shared.class))
                        .filter(type ->
                                !type.isInterface() && !type.getModifiers().contains(JavaModifier.ABSTRACT))
                        .map(type -> type.getName())
                        .collect(Collectors.toSet());

        Set<String> linked = new HashSet<>();
        for (SharedKind kind : SharedKind.values()) {
            Class<?> type = kind.type();
            linked.add(type.getName());
            assertThat(kind.handle(1, "").kind())
                    .isEqualTo(type.getCanonicalName()
                            .substring(type.getPackageName().length() + 1));
            assertThat(SharedKind.of(kind.handle(1, ""))).isEqualTo(kind);
            assertThat(type.getDeclaredConstructor(SharedClient.class, Shared.Handle.class))
                    .isNotNull();
        }
        assertThat(linked).isEqualTo(classes);
    }

    @Test
    void of_whatIsNoKind_isRefused() {
        assertThatThrownBy(() -> SharedKind.of(new Shared.Handle("Kettle", 1, "")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Kettle");
    }
}
