package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import manyjvm.kernel.runner.Execution;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What cells change of the JVM as a whole, seen in workers. One kernel for all; what a test changes it changes back. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class JvmChangesIT {
    private static NotebookKernel notebook;

    @BeforeAll
    static void start() throws Exception {
        notebook = new NotebookKernel();
        notebook.run("import java.time.ZoneId;");
        notebook.run("var pool = new Pool(2); var first = Locale.getDefault(); var zone = TimeZone.getDefault();");
        notebook.run(
                """
                String jvm() {
                    return Locale.getDefault() + " " + Locale.getDefault(Locale.Category.DISPLAY) + " "
                            + String.format("%.1f", 1.5) + " " + ZoneId.systemDefault() + " " + System.getProperty("mode");
                }""");
    }

    @AfterAll
    static void stop() {
        notebook.close();
    }

    @AfterEach
    void changeBack() throws Exception {
        notebook.run("Locale.setDefault(first); TimeZone.setDefault(zone); System.clearProperty(\"mode\");");
        assertThat(notebook.value("pool.map(x -> jvm(), range(4)).equals(Collections.nCopies(4, jvm()))"))
                .isEqualTo("true");
    }

    @Test
    void defaults_reachLivingAndNewWorkers_processesAndInitializers() throws Exception {
        assertThat(notebook.run("pool.map(x -> jvm(), range(4))").stderr()).isEmpty();
        notebook.run("Locale.setDefault(Locale.GERMANY); TimeZone.setDefault(TimeZone.getTimeZone(\"Asia/Tokyo\"));"
                + " System.setProperty(\"mode\", \"fast\");");
        String here = "de_DE de_DE 1,5 Asia/Tokyo fast";
        assertThat(notebook.value("jvm()")).isEqualTo(here);
        assertThat(notebook.value("new HashSet<>(pool.map(x -> jvm(), range(4)))"))
                .isEqualTo("[" + here + "]");
        assertThat(notebook.run("var p = new Process(() -> System.out.println(jvm())); p.start(); p.join();")
                        .stdout())
                .contains(here);
        assertThat(notebook.run("%process System.out.println(jvm())").stdout()).contains(here);
        notebook.run("String seen; void look() { seen = jvm(); }");
        assertThat(notebook.value("Pool young = Pool.builder().workers(1).initializer(() -> look()).build();"
                        + " young.apply(() -> seen + \" \" + jvm())"))
                .isEqualTo(here + " " + here);
        assertThat(notebook.value(
                        "young.apply(() -> { try (var inner = new Pool(1)) { return inner.apply(() -> jvm()); } })"))
                .isEqualTo(here);
        notebook.run("young.close();");
    }

    @Test
    void oneCategory_andAnUnusualLocale_travel() throws Exception {
        notebook.run("Locale.setDefault(Locale.Category.FORMAT, Locale.GERMANY);"
                + " Locale.setDefault(Locale.Category.DISPLAY, new Locale(\"no\", \"NO\", \"NY\"));");
        assertThat(notebook.value("pool.apply(() -> jvm()).equals(jvm())")).isEqualTo("true");
        assertThat(notebook.value("pool.apply(() -> jvm())")).contains("no_NO_NY 1,5");
        notebook.run(
                "Locale.setDefault(new Locale(\"ja\", \"JP\", \"JP\")); TimeZone.setDefault(TimeZone.getTimeZone(\"GMT+5\"));");
        assertThat(notebook.value("pool.apply(() -> Locale.getDefault()).equals(Locale.getDefault())"))
                .isEqualTo("true");
        assertThat(notebook.value("pool.apply(() -> ZoneId.systemDefault().toString())"))
                .isEqualTo("GMT+05:00");
    }

    @Test
    void whatATaskChanges_holdsUntilTheNotebookChangesItAgain() throws Exception {
        notebook.run("var one = new Pool(1); System.setProperty(\"mode\", \"a\");");
        assertThat(notebook.value("one.apply(() -> System.setProperty(\"mode\", \"own\"))"))
                .isEqualTo("a");
        assertThat(notebook.value("one.apply(() -> System.getProperty(\"mode\"))"))
                .isEqualTo("own");
        notebook.run("System.setProperty(\"other\", \"x\");");
        assertThat(notebook.value("one.apply(() -> System.getProperty(\"mode\") + System.getProperty(\"other\"))"))
                .isEqualTo("ownx");
        notebook.run("System.setProperty(\"mode\", \"b\");");
        assertThat(notebook.value("one.apply(() -> System.getProperty(\"mode\"))"))
                .isEqualTo("b");
        notebook.run("System.clearProperty(\"mode\"); System.clearProperty(\"other\");");
        assertThat(notebook.value("one.apply(() -> System.getProperty(\"mode\") + System.getProperty(\"other\"))"))
                .isEqualTo("nullnull");
        notebook.run("one.close();");
    }

    @Test
    void optionsOfAPool_areStronger_andWhatDescribesAJvmStays() throws Exception {
        notebook.run(
                "System.setProperty(\"mode\", \"slow\"); System.setProperty(\"java.util.logging.SimpleFormatter.format\", \"%5$s\");");
        notebook.run("Pool fast = Pool.builder().workers(1).jvmOptions(\"-Dmode=fast\").build();");
        assertThat(notebook.value("fast.apply(() -> System.getProperty(\"mode\")"
                        + " + System.getProperty(\"java.util.logging.SimpleFormatter.format\"))"))
                .isEqualTo("fast%5$s");
        notebook.run("fast.close(); System.clearProperty(\"java.util.logging.SimpleFormatter.format\");");

        notebook.run("var folder = System.setProperty(\"user.dir\", \"/\");");
        Execution first = notebook.run("pool.apply(() -> System.getProperty(\"user.dir\"))");
        Execution again = notebook.run("pool.apply(() -> 1)");
        notebook.run("System.setProperty(\"user.dir\", folder);");
        assertThat(first.stderr())
                .isEqualTo("warning: the system property user.dir was changed in this JVM, and does not travel: workers"
                        + " have their own. Set it in the function, or as an option of the pool: jvmOptions(..).\n");
        assertThat(again.stderr()).isEmpty();
    }

    @Test
    void zoneThatIsLookedForAnew_travels() throws Exception {
        notebook.run("var named = System.setProperty(\"user.timezone\", \"Asia/Tokyo\"); TimeZone.setDefault(null);");
        assertThat(notebook.value("ZoneId.systemDefault() + \" \" + pool.apply(() -> ZoneId.systemDefault())"))
                .isEqualTo("Asia/Tokyo Asia/Tokyo");
        notebook.run(
                "System.clearProperty(\"user.timezone\"); TimeZone.setDefault(TimeZone.getTimeZone(\"Asia/Seoul\"));");
        assertThat(notebook.value("pool.apply(() -> ZoneId.systemDefault())")).isEqualTo("Asia/Seoul");
        notebook.run("System.setProperty(\"user.timezone\", named);");
    }

    @Test
    void optionsOfAPool_areStrongerThanDefaults_eachByItself() throws Exception {
        notebook.run("Locale.setDefault(Locale.GERMANY); TimeZone.setDefault(TimeZone.getTimeZone(\"Asia/Tokyo\"));"
                + " System.setProperty(\"mode\", \"m\");");
        notebook.run("var zoned = Pool.builder().workers(1).jvmOptions(\"-Duser.timezone=Asia/Seoul\")"
                + ".initializer(() -> look()).build(); String seen; void look() { seen = jvm(); }");
        assertThat(notebook.value("zoned.apply(() -> seen + \", \" + jvm())"))
                .isEqualTo("de_DE de_DE 1,5 Asia/Seoul m, de_DE de_DE 1,5 Asia/Seoul m");
        notebook.run("zoned.close();");
        notebook.run("var placed = Pool.builder().workers(1)"
                + ".jvmOptions(\"-Duser.language=fr\", \"-Duser.country=FR\").build();");
        assertThat(notebook.value("placed.apply(() -> jvm())")).isEqualTo("fr_FR fr_FR 1,5 Asia/Tokyo m");
        notebook.run("placed.close();");
        assertThat(notebook.run("var other = Process.builder().jvmOptions(\"-Duser.timezone=Asia/Seoul\")"
                                + ".target(() -> System.out.println(jvm())).build(); other.start(); other.join();")
                        .stdout())
                .contains("de_DE de_DE 1,5 Asia/Seoul m");
    }
}
