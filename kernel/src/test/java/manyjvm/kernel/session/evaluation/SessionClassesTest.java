package manyjvm.kernel.session.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.ToolProvider;
import manyjvm.kernel.spi.SessionClasses;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class SessionClassesTest {
    private final SessionFixture cells = new SessionFixture();

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        cells.close();
    }

    @Test
    void definedTypes_areToldFromWrappersAndFromOthers() throws Exception {
        Object point = cells.value("record Point(int x) { Runnable r() { return () -> {}; } }\nnew Point(1)");
        SessionClasses classes = cells.session.classes();
        Class<?> type = point.getClass();
        assertThat(classes.defines(type)).isTrue();
        assertThat(classes.isWrapper(type)).isFalse();
        Class<?> wrapper = type.getDeclaringClass();
        assertThat(classes.isWrapper(wrapper)).isTrue();
        assertThat(classes.defines(String.class)).isFalse();
        assertThat(classes.loader()).isSameAs(type.getClassLoader());
        assertThat(classes.loader().loadClass(type.getName())).isSameAs(type);
        assertThatThrownBy(() -> classes.bytes(String.class)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void bytes_holdTransformsAndCellLinesButNoChecks() {
        List<String> seen = new CopyOnWriteArrayList<>();
        cells.classTransforms.add((name, bytes) -> {
            seen.add(name);
            return bytes;
        });
        cells.run("class Loops {\n  void go() { while (true) System.exit(3); } }\nnew Loops()", 4);
        Object loops = cells.value("new Loops()");
        assertThat(seen).contains(loops.getClass().getName());
        String bytes = new String(cells.session.classes().bytes(loops.getClass()), StandardCharsets.ISO_8859_1);
        assertThat(bytes).contains("In[4]").contains("exit").doesNotContain("CellGuard");
    }

    @Test
    void transform_changesWhatRuns() {
        cells.classTransforms.add((name, bytes) -> {
            org.objectweb.asm.ClassWriter writer = new org.objectweb.asm.ClassWriter(0);
            new org.objectweb.asm.ClassReader(bytes)
                    .accept(
                            new org.objectweb.asm.ClassVisitor(org.objectweb.asm.Opcodes.ASM9, writer) {
                                @Override
                                public org.objectweb.asm.MethodVisitor visitMethod(
                                        int access,
                                        String method,
                                        String descriptor,
                                        String signature,
                                        String[] thrown) {
                                    return new org.objectweb.asm.MethodVisitor(
                                            org.objectweb.asm.Opcodes.ASM9,
                                            super.visitMethod(access, method, descriptor, signature, thrown)) {
                                        @Override
                                        public void visitLdcInsn(Object value) {
                                            super.visitLdcInsn("before".equals(value) ? "after" : value);
                                        }
                                    };
                                }
                            },
                            0);
            return writer.toByteArray();
        });
        assertThat(cells.value("String word() { return \"before\"; }\nword()")).isEqualTo("after");
    }

    @Test
    void jarAddedLater_isSeenByCompilerAndCells() throws Exception {
        Path jar = jar("lib.jar", "extra", "Greeting", "public static String hello() { return \"hi\"; }");
        assertThat(cells.value("int survivor = 41;\nsurvivor")).isEqualTo(41);
        assertThat(cells.failure("extra.Greeting.hello()").name()).isEqualTo("CompilationError");
        cells.value("%classpath \"" + jar + "\"");
        assertThat(cells.value("import extra.Greeting;\nGreeting.hello() + survivor"))
                .isEqualTo("hi41");
        assertThat(cells.session.classes().classPath()).containsExactly(jar);
        cells.value("%classpath");
        assertThat(cells.out.strip()).isEqualTo(jar.toString());
    }

    @Test
    void allJarsOfAFolder_areAddedByAStar() throws Exception {
        jar("one.jar", "one", "One", "public static int one() { return 1; }");
        jar("two.jar", "two", "Two", "public static int two() { return 2; }");
        cells.value("%classpath " + folder + "/*");
        assertThat(cells.value("one.One.one() + two.Two.two()")).isEqualTo(3);
    }

    @Test
    void missingJar_isRefused() {
        assertThat(cells.failure("%classpath /no/such.jar").message()).contains("there is no /no/such.jar");
    }

    @Test
    void whatIsNeitherJarNorFolderOfClasses_isRefusedWithTheCure() throws Exception {
        Path jar = jar("good.jar", "good", "Good", "public static int one() { return 1; }");
        Path data = Files.writeString(folder.resolve("data.csv"), "a,b\n");
        Path text = Files.writeString(folder.resolve("text.jar"), "no jar");
        Path cut = folder.resolve("cut.jar");
        Files.write(cut, Arrays.copyOf(Files.readAllBytes(jar), 100));
        Path zip = folder.resolve("sources.zip");
        try (var out = new java.util.zip.ZipOutputStream(Files.newOutputStream(zip))) {
            out.putNextEntry(new java.util.zip.ZipEntry("Good.java"));
        }
        Path jars = Files.createDirectory(folder.resolve("jars"));
        Files.copy(jar, jars.resolve("copy.jar"));
        Path empty = Files.createDirectory(folder.resolve("empty"));
        Path classes = Files.copy(jar, folder.resolve("classes.zip"));

        assertThat(cells.failure("%classpath " + data).message())
                .contains(data + " is neither a jar nor a folder of classes")
                .contains("read it by its path");
        assertThat(cells.failure("%classpath " + text).message()).contains(text + " is not a valid jar");
        assertThat(cells.failure("%classpath " + cut).message()).contains(cut + " is not a valid jar");
        assertThat(cells.failure("%classpath " + zip).message()).contains(zip + " holds no classes");
        assertThat(cells.failure("%classpath " + jars).message()).contains("%classpath " + jars + "/*");
        assertThat(cells.failure("%classpath " + empty + "/*").message()).contains("there is no jar in " + empty);
        assertThat(cells.failure("%classpath " + jar + " " + data).message()).contains("neither a jar");
        assertThat(cells.session.classes().classPath()).isEmpty();
        cells.value("%classpath " + empty + " " + classes);
        assertThat(cells.value("good.Good.one()")).isEqualTo(1);
    }

    @Test
    void usersOwnVersionOfOurDependency_isTheUsers() throws Exception {
        Path jar = jar("gson.jar", "com.google.gson", "Gson", "public static int version() { return 1; }");
        cells.value("%classpath " + jar);
        assertThat(cells.value("com.google.gson.Gson.version()")).isEqualTo(1);
    }

    @Test
    void close_leavesNoFile() throws Exception {
        cells.value("1");
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        String mine = "manyjvm-session-" + ProcessHandle.current().pid() + "-";
        cells.close();
        cells.close();
        try (var files = Files.list(temporary)) {
            assertThat(files.map(one -> one.getFileName().toString())).noneMatch(name -> name.startsWith(mine));
        }
        assertThatThrownBy(() -> cells.run("1"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    private Path jar(String file, String packageName, String type, String members) throws Exception {
        Path sources = Files.createTempDirectory(folder, "source");
        Path source = sources.resolve(type + ".java");
        Files.writeString(source, "package " + packageName + "; public class " + type + " { " + members + " }");
        int failed = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "--release", "17", "-d", sources.toString(), source.toString());
        assertThat(failed).isZero();
        Path jar = folder.resolve(file);
        String entry = packageName.replace('.', '/') + "/" + type + ".class";
        try (OutputStream out = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry(entry));
            Files.copy(sources.resolve(entry), zip);
        }
        return jar;
    }
}
