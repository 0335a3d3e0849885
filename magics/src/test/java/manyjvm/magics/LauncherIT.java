package manyjvm.magics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an installation starts, and on which JDK, whatever has become of the one it had. The JDKs are scripts that tell what they are asked. */
@Timeout(60)
final class LauncherIT {
    @TempDir
    Path folder;

    private Path root;

    private record Output(int exitCode, List<String> words, String errors) {}

    @BeforeEach
    void install() throws Exception {
        root = folder.resolve("a place/manyjvm");
        Files.createDirectories(root.resolve("bin"));
        for (String name : List.of("manyjvm", "jdk.sh")) {
            Path copy = root.resolve("bin").resolve(name);
            Files.copy(Path.of("../launcher").resolve(name), copy);
            Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    /** A JDK as far as the launcher can tell. */
    private Path jdk(String name, String version) throws Exception {
        Path home = folder.resolve(name);
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(
                home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\nOS_NAME=\"y\"\n");
        String feature = version.replaceFirst("\\..*", "");
        for (String program : List.of("java", "javac")) {
            Path file = home.resolve("bin").resolve(program);
            Files.writeString(
                    file,
                    """
                    #!/bin/sh
                    case $1 in
                        --list-modules) echo jdk.jshell@VERSION ;;
                        -XshowSettings:properties) echo "    java.specification.version = VERSION" >&2 ;;
                        *) echo "NAME"; for word in "$@"; do echo "$word"; done ;;
                    esac
                    """
                            .replace("VERSION", feature)
                            .replace("NAME", name));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        return home;
    }

    private void runsOn(Path home) throws Exception {
        Files.writeString(root.resolve("jdk"), home + "\n");
    }

    private Output launch(Path launcher, Path javaHome, String... arguments) throws Exception {
        List<String> words = new ArrayList<>(List.of(launcher.toString()));
        words.addAll(List.of(arguments));
        Path out = folder.resolve("out");
        Path errors = folder.resolve("errors");
        ProcessBuilder builder =
                new ProcessBuilder(words).redirectOutput(out.toFile()).redirectError(errors.toFile());
        builder.environment().put("JAVA_HOME", javaHome.toString());
        Process process = builder.start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Output(process.exitValue(), Files.readAllLines(out, UTF_8), Files.readString(errors, UTF_8));
    }

    private Output launch(String... arguments) throws Exception {
        return launch(root.resolve("bin/manyjvm"), folder.resolve("none"), arguments);
    }

    @Test
    void installedJdk_whereItIs_getsTheKernelAndItsOptions() throws Exception {
        runsOn(jdk("jdk-17", "17.0.9"));
        Output output = launch("-Xmx2g", "-Da=b c", "connection file.json", "-Xnot-for-the-jvm");

        assertThat(output.errors()).isEmpty();
        assertThat(output.words())
                .startsWith("jdk-17")
                .containsSubsequence("-Xmx2g", "-Da=b c", "-cp", root + "/lib/*", "manyjvm.kernel.Main")
                .endsWith("manyjvm.kernel.Main", "connection file.json", "-Xnot-for-the-jvm")
                .contains("-Dmanyjvm.archive=" + root + "/kernel.jsa", "-Xlog:cds*=off")
                .doesNotContain("--sun-misc-unsafe-memory-access=allow", "-Xlog:aot*=off")
                .noneMatch(word -> word.startsWith("-XX:SharedArchiveFile"));
        assertThat(launch().words()).endsWith("manyjvm.kernel.Main");
        assertThat(launch("--add-opens", "a/b=C", "--add-opens=d/e=F", "-ea:g", "-verbose:gc", "x.json")
                        .words())
                .endsWith(
                        "--add-opens",
                        "a/b=C",
                        "--add-opens=d/e=F",
                        "-ea:g",
                        "-verbose:gc",
                        "-cp",
                        root + "/lib/*",
                        "manyjvm.kernel.Main",
                        "x.json");
        assertThat(launch("-Xmx1g").words()).endsWith("-Xmx1g", "-cp", root + "/lib/*", "manyjvm.kernel.Main");
    }

    @Test
    void archive_whereThereIsOne_isUsed() throws Exception {
        runsOn(jdk("jdk-17", "17.0.9"));
        Files.createFile(root.resolve("kernel.jsa"));

        assertThat(launch("x.json").words()).contains("-XX:SharedArchiveFile=" + root + "/kernel.jsa");
    }

    /** The folder keeps its name: a package of the system's, or a link to the present JDK. */
    @Test
    void jdk_thatBecameAnotherVersionInItsPlace_getsTheOptionsOfThat() throws Exception {
        runsOn(jdk("jdk", "17.0.9"));
        launch("x.json");
        jdk("jdk", "25.0.1");

        assertThat(launch("x.json").words())
                .contains(
                        "--sun-misc-unsafe-memory-access=allow",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xlog:aot*=off");
        assertThat(launch("x.json").errors()).isEmpty();
    }

    @Test
    void jdk_thatIsGone_isReplacedByOneThatFits_andThatIsSaidOnce() throws Exception {
        runsOn(folder.resolve("gone"));
        Path other = jdk("other", "21.0.2");
        Output output = launch(root.resolve("bin/manyjvm"), other, "x.json");

        assertThat(output.words()).startsWith("other").endsWith("x.json");
        assertThat(output.errors().lines())
                .singleElement()
                .asString()
                .contains(folder + "/gone) is gone", "JDK 21 (" + other + ")");
        assertThat(launch("x.json").words()).startsWith("other");
        assertThat(launch("x.json").errors()).isEmpty();
    }

    @Test
    void jdk_thatBecameTooOld_isReplaced() throws Exception {
        runsOn(jdk("jdk", "11.0.2"));

        assertThat(launch(root.resolve("bin/manyjvm"), jdk("newer", "22"), "x.json")
                        .words())
                .startsWith("newer");
    }

    @Test
    void noJdk_anywhere_isOneClearLine() throws Exception {
        runsOn(folder.resolve("gone"));
        Path search = root.resolve("bin/jdk.sh");
        // As on a machine that has none in the usual places either.
        Files.writeString(search, Files.readString(search) + "\njdk_candidates() { :; }\n");
        Output output = launch("x.json");

        assertThat(output.exitCode()).isEqualTo(1);
        assertThat(output.words()).isEmpty();
        assertThat(output.errors().lines())
                .singleElement()
                .asString()
                .startsWith("manyjvm: the JDK that it was installed with (" + folder + "/gone) is gone")
                .contains("apt-get install openjdk-17-jdk-headless", "JAVA_HOME");
    }

    @Test
    void launcher_calledByALinkOrFromItsFolder_findsItsInstallation() throws Exception {
        runsOn(jdk("jdk-17", "17"));
        Path link = Files.createSymbolicLink(folder.resolve("java-kernel"), root.resolve("bin/manyjvm"));

        assertThat(launch(link, folder.resolve("none"), "x.json").words()).contains(root + "/lib/*");
        assertThat(launch(
                                Path.of("sh"),
                                folder.resolve("none"),
                                "-c",
                                "cd \"$1\"/bin && ./manyjvm y.json",
                                "-",
                                "" + root)
                        .words())
                .contains(root + "/lib/*")
                .endsWith("y.json");
    }
}
