package manyjvm.parallel;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/**
 * What users type says what it does. Doclint's group {@code missing} asks for a tag for each parameter as well, which most
 * often repeats a name; this asks for a comment on each public member, and for a tag for each component of a record.
 */
class PublicJavadocTest {
    private static final Path SOURCES = Path.of("src", "main", "java", "manyjvm", "parallel");

    /** Of these the names say it, and the comment at the record what they are for. */
    private static final Set<String> NAMED_BY_ORDER = Set.of("Args2", "Args3", "Args4");

    @Test
    void publicMembers_haveAComment() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> undocumented = new ArrayList<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask)
                    compiler.getTask(null, files, null, null, null, files.getJavaFileObjectsFromPaths(sources()));
            Undocumented scanner = new Undocumented(DocTrees.instance(task), undocumented);
            task.parse().forEach(file -> scanner.scan(file, null));
        }

        assertThat(undocumented).isEmpty();
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            List<Path> sources = files.filter(path -> path.toString().endsWith(".java"))
                    .sorted()
                    .toList();
            assertThat(sources).hasSizeGreaterThan(40);
            return sources;
        }
    }

    /** Visits all that users can name; the declaration that is scanned stands for all inside it. */
    private static final class Undocumented extends TreePathScanner<Void, Void> {
        private final DocTrees docs;
        private final List<String> found;

        Undocumented(DocTrees docs, List<String> found) {
            this.docs = docs;
            this.found = found;
        }

        @Override
        public Void visitClass(ClassTree type, Void nothing) {
            if (type.getModifiers().getFlags().contains(Modifier.PRIVATE)) {
                return null;
            }
            if (isPublic(type.getModifiers())) {
                check(type.getSimpleName().toString());
                if (type.getKind() == Tree.Kind.RECORD
                        && !NAMED_BY_ORDER.contains(type.getSimpleName().toString())) {
                    checkComponents(type);
                }
            }
            return super.visitClass(type, nothing);
        }

        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
            boolean inherits = method.getModifiers().getAnnotations().stream()
                    .anyMatch(annotation ->
                            annotation.getAnnotationType().toString().equals("Override"));
            boolean ofRecord = owner().getKind() == Tree.Kind.RECORD && method.getReturnType() == null;
            if (isPublic(method.getModifiers()) && !inherits && !ofRecord) {
                check(method.getName() + "("
                        + method.getParameters().stream()
                                .map(parameter -> parameter.getType().toString())
                                .collect(Collectors.joining(", "))
                        + ")");
            }
            return null;
        }

        @Override
        public Void visitVariable(VariableTree field, Void nothing) {
            boolean ofRecord = owner().getKind() == Tree.Kind.RECORD
                    && !field.getModifiers().getFlags().contains(Modifier.STATIC);
            if (isPublic(field.getModifiers()) && !ofRecord) {
                check(field.getName().toString());
            }
            return null;
        }

        private ClassTree owner() {
            return (ClassTree) getCurrentPath().getParentPath().getLeaf();
        }

        private boolean isPublic(ModifiersTree modifiers) {
            return modifiers.getFlags().contains(Modifier.PUBLIC)
                    || modifiers.getFlags().contains(Modifier.PROTECTED)
                    || isPublicInterface(getCurrentPath().getParentPath().getLeaf())
                            && !modifiers.getFlags().contains(Modifier.PRIVATE);
        }

        private static boolean isPublicInterface(Tree type) {
            return type.getKind() == Tree.Kind.INTERFACE
                    && ((ClassTree) type).getModifiers().getFlags().contains(Modifier.PUBLIC);
        }

        private void check(String name) {
            if (docs.getDocCommentTree(getCurrentPath()) == null) {
                found.add(file() + ": " + name);
            }
        }

        private void checkComponents(ClassTree record) {
            DocCommentTree comment = docs.getDocCommentTree(getCurrentPath());
            Set<String> described = comment == null
                    ? Set.of()
                    : comment.getBlockTags().stream()
                            .filter(tag -> tag.getKind() == DocTree.Kind.PARAM)
                            .map(tag -> ((ParamTree) tag).getName().toString())
                            .collect(Collectors.toSet());
            for (Tree member : record.getMembers()) {
                if (member instanceof VariableTree field
                        && !field.getModifiers().getFlags().contains(Modifier.STATIC)
                        && !described.contains(field.getName().toString())) {
                    found.add(file() + ": @param " + field.getName() + " of " + record.getSimpleName());
                }
            }
        }

        private String file() {
            return Path.of(getCurrentPath().getCompilationUnit().getSourceFile().getName())
                    .getFileName()
                    .toString();
        }
    }
}
