package manyjvm.parallel;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What users type tells where null may be, but not inside of type arguments: from JDK 22 on JShell writes the type of a {@code
 * var} with such annotations, and then the cell does not compile, since their classes are not where cells run.
 */
class PublicNullsTest {
    @Test
    void resultsAndParameters_haveNoAnnotationsInTheirTypeArguments() {
        List<String> annotated = new ArrayList<>();
        for (JavaClass type : new ClassFileImporter()
                .withImportOption(new DoNotIncludeTests())
                .importPackages("manyjvm.parallel")) {
            if (!type.getPackageName().equals("manyjvm.parallel")
                    || !type.getModifiers().contains(JavaModifier.PUBLIC)) {
                continue;
            }
            for (Method method : type.reflect().getDeclaredMethods()) {
                if (Modifier.isPublic(method.getModifiers())
                        && (isInside(method.getAnnotatedReturnType())
                                || Stream.of(method.getAnnotatedParameterTypes())
                                        .anyMatch(PublicNullsTest::isInside))) {
                    annotated.add(method.toString());
                }
            }
        }
        assertThat(annotated).isEmpty();
    }

    private static boolean isInside(AnnotatedType type) {
        if (!(type instanceof AnnotatedParameterizedType parameterized)) {
            return false;
        }
        for (AnnotatedType argument : parameterized.getAnnotatedActualTypeArguments()) {
            if (argument.getAnnotations().length > 0 || isInside(argument)) {
                return true;
            }
        }
        return false;
    }
}
