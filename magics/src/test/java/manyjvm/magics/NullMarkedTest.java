package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** In a package that is not marked, NullAway looks for nothing: see DEVELOPMENT.md. */
class NullMarkedTest {
    @Test
    void packages_sayWhereNullMayBe() {
        JavaPackage all = new ClassFileImporter()
                .withImportOption(new DoNotIncludeTests())
                .importPackages("manyjvm")
                .getPackage("manyjvm");
        Set<String> notMarked = all.getSubpackagesInTree().stream()
                .filter(one -> !one.getClasses().isEmpty() && !one.isAnnotatedWith(NullMarked.class))
                .map(JavaPackage::getName)
                .collect(Collectors.toSet());
        assertThat(notMarked).isEmpty();
    }
}
