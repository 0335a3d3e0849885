package manyjvm.maven;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import manyjvm.kernel.spi.LibraryResolver.Pom;
import manyjvm.kernel.spi.LibraryResolver.Resolution;
import manyjvm.kernel.spi.Magic.MagicUsageException;
import manyjvm.maven.MavenSession.Line;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One session's libraries, from a repository in a folder. */
class SessionResolverTest {
    @TempDir
    private Path folder;

    private FileRepository repository;
    private MavenSession session;

    @BeforeEach
    void start() throws IOException {
        repository = new FileRepository(folder.resolve("repository"));
        Files.createDirectories(repository.folder());
        session = new MavenSession(folder.resolve("m2"), repository.url());
    }

    @AfterEach
    void stop() {
        session.close();
    }

    @Test
    void library_comesWithAllItNeedsAtRunTime() throws Exception {
        repository
                .library("toy:top:1", "toy:middle:1", "toy:tests:1@test", "toy:container:1@provided")
                .library("toy:middle:1", "toy:low:1@runtime")
                .library("toy:low:1");
        assertThat(session.maven("toy:top:1")).isEqualTo(new Line("top-1.jar", "middle-1.jar", "low-1.jar"));
        assertThat(session.maven("toy:low:1")).isEqualTo(new Line());
        assertThat(session.resolver.libraries())
                .containsExactly(
                        "toy:top:1   In[1]", "toy:middle:1   In[1] for toy:top", "toy:low:1   In[1] for toy:top");
    }

    @Test
    void librariesThatNeedEachOther_comeOnce() throws Exception {
        repository.library("toy:a:1", "toy:b:1").library("toy:b:1", "toy:a:1");
        assertThat(session.maven("toy:a:1")).isEqualTo(new Line("a-1.jar", "b-1.jar"));
        assertThat(session.maven("toy:b:1")).isEqualTo(new Line());
    }

    // ---- one resolution for the whole session

    @Test
    void versionInForce_stays_andTheLineThatAsksForAnotherSaysSo() throws Exception {
        repository.library("toy:top:1").library("toy:top:2", "toy:more:1").library("toy:more:1");
        session.maven("toy:top:1");
        Line second = session.maven("toy:top:2");
        assertThat(second.jars()).as("what only the other version needs").isEmpty();
        assertThat(second.notes())
                .singleElement()
                .asString()
                .startsWith(
                        "toy:top stays 1, which is on the class path since In[1]; a running JVM cannot exchange it.")
                .contains("For 2, write that version in In[1], restart the kernel");
        assertThat(session.maven("toy:top:1")).isEqualTo(new Line());
        assertThat(session.maven("toy:top")).isEqualTo(new Line());
    }

    @Test
    void twoLines_settleOnOneVersionOfEachLibrary() throws Exception {
        repository
                .library("toy:a:1", "toy:shared:1")
                .library("toy:b:1", "toy:shared:2")
                .library("toy:shared:1")
                .library("toy:shared:2", "toy:more:1")
                .library("toy:more:1");
        assertThat(session.maven("toy:a:1")).isEqualTo(new Line("a-1.jar", "shared-1.jar"));
        Line second = session.maven("toy:b:1");
        assertThat(second.jars()).containsExactly("b-1.jar");
        assertThat(second.notes())
                .singleElement()
                .asString()
                .startsWith(
                        "toy:shared stays 1, which is on the class path since In[1] for toy:a; toy:b was made for 2.")
                .contains("add toy:shared:2 before In[1], restart the kernel");
        Line third = session.maven("toy:shared:2");
        assertThat(third.jars()).isEmpty();
        assertThat(third.notes()).singleElement().asString().contains("run this line before In[1]");
        assertThat(session.maven("toy:b:1").notes()).as("said once").isEmpty();
    }

    @Test
    void olderVersion_thatSomethingNewWasMadeFor_isNoNews() throws Exception {
        repository
                .library("toy:a:1", "toy:shared:2")
                .library("toy:b:1", "toy:shared:1")
                .library("toy:shared:1")
                .library("toy:shared:2");
        session.maven("toy:a:1");
        assertThat(session.maven("toy:b:1")).isEqualTo(new Line("b-1.jar"));
    }

    @Test
    void nearerDeclaration_ofALaterLine_doesNotChangeWhatIsInForce() throws Exception {
        repository
                .library("toy:a:1", "toy:b:1")
                .library("toy:b:1", "toy:shared:1")
                .library("toy:c:1", "toy:shared:2")
                .library("toy:shared:1")
                .library("toy:shared:2");
        session.maven("toy:a:1");
        assertThat(session.maven("toy:c:1").jars()).containsExactly("c-1.jar");
        assertThat(session.resolver.libraries()).anyMatch(line -> line.startsWith("toy:shared:1 "));
    }

    @Test
    void oneLine_takesTheNearestThenTheFirst() throws Exception {
        repository
                .library("toy:a:1", "toy:b:1")
                .library("toy:b:1", "toy:shared:1")
                .library("toy:c:1", "toy:shared:2")
                .library("toy:shared:1")
                .library("toy:shared:2");
        assertThat(session.maven("toy:a:1", "toy:c:1").jars())
                .containsExactlyInAnyOrder("a-1.jar", "b-1.jar", "c-1.jar", "shared-2.jar");
        assertThat(session.refused("toy:shared:1", "toy:shared:2"))
                .isEqualTo("toy:shared is asked for twice, with 1 and 2: only one can be on the class path");
    }

    @Test
    void failedLine_leavesTheSessionAsItWas() throws Exception {
        repository.library("toy:a:1").library("toy:b:1", "toy:missing:1");
        assertThat(session.refused("toy:a:1", "toy:b:1")).startsWith("cannot get toy:missing:1: ");
        assertThat(session.resolver.libraries()).isEmpty();
        assertThat(session.maven("toy:a:1")).isEqualTo(new Line("a-1.jar"));
    }

    @Test
    void resolution_thatAnotherHasComeBefore_isNotCurrent() throws Exception {
        repository.library("toy:a:1").library("toy:b:1");
        Resolution a = session.resolved("toy:a:1");
        Resolution b = session.resolved("toy:b:1");
        assertThat(a.isCurrent()).isTrue();
        b.keep();
        assertThat(a.isCurrent()).isFalse();
        Resolution again = session.resolved("toy:a:1");
        session.resolver.addRepository("other", repository.url());
        assertThat(again.isCurrent()).isFalse();
        session.resolved("toy:a:1").keep();
        assertThat(session.resolver.libraries()).hasSize(2);
    }

    // ---- versions

    @Test
    void ranges_andTheNewest_areLookedUp() throws Exception {
        repository
                .library("toy:a:1.0")
                .library("toy:a:1.5")
                .library("toy:a:2.0")
                .versions("toy:a", "1.0", "1.5", "2.0")
                .library("toy:b:1")
                .library("toy:b:3")
                .versions("toy:b", "1", "3");
        assertThat(session.maven("toy:a:[1.0,2.0)").jars()).containsExactly("a-1.5.jar");
        assertThat(session.maven("toy:a:[1.2,3)")).as("the one in force fits").isEqualTo(new Line());
        assertThat(session.maven("toy:b:RELEASE").jars()).containsExactly("b-3.jar");
        assertThat(session.maven("toy:b:LATEST")).isEqualTo(new Line());
        assertThat(session.maven("toy:a:LATEST").notes())
                .singleElement()
                .asString()
                .contains("For 2.0,");
        assertThat(session.refused("toy:c:[1,2)"))
                .startsWith("no version [1,2) of toy:c is in any of the repositories asked: all (file:");
    }

    @Test
    void snapshots_areFilesOfTheirOwn_andStayAsLoaded() throws Exception {
        repository.library("toy:a:1-SNAPSHOT");
        assertThat(session.refused("toy:a:1-SNAPSHOT"))
                .endsWith("; none of them has snapshots: %mavenRepo adds one that has");
        Files.writeString(session.home.resolve("settings.xml"), "<settings/>");
        session.close();
        session.resolver.addRepository("snapshots", repository.url());
        assertThat(session.maven("toy:a:1-SNAPSHOT").jars()).containsExactly("a-1-SNAPSHOT.jar");
        assertThat(session.update("toy:a:1-SNAPSHOT").notes())
                .singleElement()
                .asString()
                .contains("toy:a:1-SNAPSHOT stays as In[2] has loaded it: a newer snapshot takes a restart");
    }

    @Test
    void typesAndClassifiers_areFilesOfALibrary() throws Exception {
        repository
                .library("toy:a:1")
                .jar("toy:a:1", "-tests", "tests")
                .jar("toy:a:1", "-linux", "native")
                .write("toy:a:1", ".zip", new byte[] {1});
        assertThat(session.maven("toy:a:1", "toy:a:jar:linux:1", "toy:a:test-jar:1")
                        .jars())
                .containsExactly("a-1.jar", "a-1-linux.jar", "a-1-tests.jar");
        Line zip = session.maven("toy:a:zip:1");
        assertThat(zip.jars()).isEmpty();
        assertThat(zip.notes())
                .singleElement()
                .asString()
                .startsWith("toy:a:zip:1 is no jar: it is at ")
                .endsWith("and not on the class path");
    }

    @ParameterizedTest
    @ValueSource(strings = {"toy", "toy:a:1:2:3:4", "toy:a:", "to y:a:1", ":a:1", "toy:a:[1,2", "toy:a/b:1"})
    void whatIsNoCoordinate_isRefused(String text) {
        assertThat(session.refused(text)).startsWith("'" + text + "' is not a Maven coordinate: write group:artifact:");
    }

    // ---- platforms and poms

    @Test
    void platform_givesVersions_alsoToLaterLines() throws Exception {
        repository
                .library("toy:a:1", "toy:b:1")
                .library("toy:b:1")
                .library("toy:b:2")
                .library("toy:c:7")
                .pom(
                        "toy:bom:1",
                        "pom",
                        "<dependencyManagement>" + FileRepository.dependencies("toy:a:1", "toy:b:2", "toy:c:7")
                                + "</dependencyManagement>")
                .versions("toy:d", "4", "5");
        assertThat(session.refused("toy:c")).isEqualTo("toy:c needs a version, as in toy:c:1.0");
        assertThat(session.platform("toy:bom:1", "toy:a")).isEqualTo(new Line("a-1.jar", "b-2.jar"));
        assertThat(session.maven("toy:c")).isEqualTo(new Line("c-7.jar"));
        assertThat(session.refused("toy:d"))
                .isEqualTo("toy:d needs a version, as in toy:d:5; none of the platforms of this session gives it one");
        assertThat(MavenSession.refusal(() -> session.platform("toy:nobom:1")))
                .startsWith("cannot get toy:nobom:pom:1: it is in none of the repositories asked: all (file:");
    }

    @Test
    void pomTypes_areSaid() throws Exception {
        repository
                .pom("toy:parent:1", "pom", "")
                .pom("toy:collection:1", "pom", FileRepository.dependencies("toy:a:1"))
                .library("toy:a:1");
        assertThat(session.refused("toy:parent:1"))
                .isEqualTo("toy:parent:1 is a pom without a jar: GROUP:ARTIFACT:pom:VERSION adds what it depends on, "
                        + "--bom toy:parent:1 takes versions from it");
        assertThat(session.maven("toy:parent:pom:1").notes())
                .singleElement()
                .asString()
                .startsWith("toy:parent:pom:1 brings no jar");
        assertThat(session.maven("toy:collection:pom:1")).isEqualTo(new Line("a-1.jar"));
    }

    @Test
    void partsOfAPom_areEnough() throws Exception {
        FileRepository other = new FileRepository(folder.resolve("other"));
        other.library("toy:b:1");
        repository.library("toy:a:1").library("toy:lombok:1").library("toy:junit:1");
        Line line = session.pom(FileRepository.dependency("toy:a:${v}") + "\n<properties><v>1</v></properties>"
                + FileRepository.dependencies("toy:lombok:1@provided", "toy:junit:1@test"));
        assertThat(line.jars()).containsExactly("a-1.jar", "lombok-1.jar");
        assertThat(line.notes()).containsExactly("not added, being of scope test: toy:junit");
        assertThat(session.pom(FileRepository.dependency("toy:junit:1@test"), "test")
                        .jars())
                .containsExactly("junit-1.jar");
    }

    @Test
    void repositoriesOfAPom_areAskedFromThenOn() throws Exception {
        FileRepository other = new FileRepository(folder.resolve("other"));
        other.library("toy:b:1").library("toy:c:1");
        Files.writeString(session.home.resolve("settings.xml"), "<settings/>");
        String repo = "<repository><id>other</id><url>" + other.url() + "</url></repository>";
        assertThat(session.pom(repo + FileRepository.dependency("toy:b:1"))).isEqualTo(new Line("b-1.jar"));
        assertThat(session.resolver.repositories())
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("central https://"),
                        second -> assertThat(second).isEqualTo("other " + other.url()));
    }

    @Test
    void wholePom_hasItsParentBesideIt_andItsDependencyManagement() throws Exception {
        repository
                .library("toy:a:3")
                .library("toy:b:4")
                .pom(
                        "toy:bom:1",
                        "pom",
                        "<dependencyManagement>" + FileRepository.dependencies("toy:b:4") + "</dependencyManagement>");
        Path parent = folder.resolve("project");
        Path child = Files.createDirectories(parent.resolve("child")).resolve("pom.xml");
        String head = "<modelVersion>4.0.0</modelVersion>";
        Files.writeString(
                parent.resolve("pom.xml"),
                "<project>" + head + "<groupId>own</groupId><artifactId>parent</artifactId><version>1</version>"
                        + "<packaging>pom</packaging><properties><version.a>3</version.a></properties></project>");
        String bom =
                "<dependencyManagement><dependencies><dependency><groupId>toy</groupId><artifactId>bom</artifactId>"
                        + "<version>1</version><type>pom</type><scope>import</scope></dependency></dependencies>"
                        + "</dependencyManagement>";
        String text = "<?xml version=\"1.0\"?>\n<project>" + head
                + "<parent><groupId>own</groupId><artifactId>parent</artifactId><version>1</version></parent>"
                + "<artifactId>child</artifactId>" + bom
                + FileRepository.dependencies("toy:a:${version.a}", "toy:b") + "</project>";
        Files.writeString(child, text);
        assertThat(session.pom(new Pom(text, Optional.of(child)))).isEqualTo(new Line("a-3.jar", "b-4.jar"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<dependency>|this is no XML: line 1: ",
                "hello|the pom has no dependencies",
                "<plugin/>|<plugin> is no part of a pom that %%loadFromPOM knows",
                "<dependency><groupId>toy</groupId></dependency>|the pom cannot be used: ",
                "<dependency><groupId>toy</groupId><artifactId>a</artifactId></dependency>|the pom cannot be used: "
            })
    void whatIsNoPom_isRefused(String textAndMessage) {
        String[] parts = textAndMessage.split("\\|");
        String said;
        try {
            said = String.join("\n", session.pom(parts[0]).notes());
        } catch (MagicUsageException refused) {
            said = refused.getMessage();
        }
        assertThat(said).startsWith(parts[1]);
    }

    // ---- what is missing, or odd

    @Test
    void whatIsNowhere_isNamed_withTheRepositoriesAndTheVersionsThereAre() throws Exception {
        repository.library("toy:a:1.0").versions("toy:a", "0.9", "1.0");
        assertThat(session.refused("no.such:thing:1"))
                .isEqualTo("cannot get no.such:thing:1: it is in none of the repositories asked: all ("
                        + repository.url() + ")");
        assertThat(session.refused("toy:a:1.1")).endsWith("; the newest versions are 0.9, 1.0");
    }

    @Test
    void settingsThatSayOffline_areSaid() throws Exception {
        repository.library("toy:a:1");
        session.close();
        session = new MavenSession(folder.resolve("m2"), "http://127.0.0.1:9/", "<offline>true</offline>");
        assertThat(session.refused("toy:a:1"))
                .startsWith(
                        "cannot get toy:a:1: " + folder.resolve("m2/settings.xml") + " says offline: only what is in ");
    }

    @Test
    void libraryWithoutAPom_isAdded_andThatIsSaid() throws Exception {
        repository.jar("toy:a:1", "", "a");
        Line line = session.maven("toy:a:1");
        assertThat(line.jars()).containsExactly("a-1.jar");
        assertThat(line.notes())
                .containsExactly("toy:a:1 has no pom: what it depends on is not known, and was not added");
        repository.library("toy:b:1").write("toy:b:1", ".pom", "<project>".getBytes(StandardCharsets.UTF_8));
        assertThat(session.maven("toy:b:1").notes())
                .containsExactly(
                        "toy:b:1 has a pom that cannot be read: what it depends on is not known, and was not added");
    }

    @Test
    void libraryThatHasMoved_isFound_andThatIsSaid() throws Exception {
        repository
                .pom(
                        "toy:old:1",
                        "jar",
                        "<distributionManagement><relocation><artifactId>new</artifactId></relocation></distributionManagement>")
                .library("toy:new:1");
        Line line = session.maven("toy:old:1");
        assertThat(line.jars()).containsExactly("new-1.jar");
        assertThat(line.notes()).containsExactly("toy:old is now called toy:new");
    }

    @Test
    void brokenSettings_areSaid() throws Exception {
        Files.writeString(session.home.resolve("settings.xml"), "<settings><mirrors></settings>");
        assertThat(session.refused("toy:a:1")).startsWith("the settings of Maven cannot be used: ");
    }

    // ---- repositories

    @Test
    void addedRepositories_areAskedAfterTheOthers() throws Exception {
        Files.writeString(
                session.home.resolve("settings.xml"),
                "<settings><mirrors><mirror><id>mine</id><mirrorOf>central</mirrorOf><url>" + repository.url()
                        + "</url></mirror></mirrors></settings>");
        FileRepository other = new FileRepository(folder.resolve("another one"));
        other.library("toy:a:2").library("toy:b:1");
        repository.library("toy:b:1");
        session.resolver.addRepository("other", other.folder().toString());
        assertThat(session.resolver.repositories())
                .containsExactly("mine " + repository.url() + " in the place of central", "other " + other.url());
        assertThat(session.maven("toy:a:2", "toy:b:1").jars()).containsExactly("a-2.jar", "b-1.jar");
        assertThat(session.refused("toy:c:1"))
                .isEqualTo("cannot get toy:c:1: it is in none of the repositories asked: mine (" + repository.url()
                        + "), other (" + other.url() + ")");
        assertThat(MavenSession.refusal(() -> session.resolver.addRepository("x", "ftp://host/")))
                .contains("is no place for libraries");
        assertThat(MavenSession.refusal(() -> session.resolver.addRepository(
                        "x", folder.resolve("none").toString())))
                .startsWith("there is no folder ");
        assertThat(MavenSession.refusal(() -> session.resolver.addRepository("a/b", repository.url())))
                .contains("cannot name a repository");
    }

    // ---- completion, sources

    @Test
    void complete_knowsTheLocalRepository() throws Exception {
        repository.library("toy.box:car:1").library("toy.box:card:1.1").library("toy.box:card:1.2");
        session.maven("toy.box:car:1", "toy.box:card:1.2");
        assertThat(session.resolver.complete("to")).containsExactly("toy.box:");
        assertThat(session.resolver.complete("toy.")).containsExactly("toy.box:");
        assertThat(session.resolver.complete("toy.box:ca")).containsExactly("toy.box:car:", "toy.box:card:");
        assertThat(session.resolver.complete("toy.box:card:")).containsExactly("toy.box:card:1.2");
        assertThat(session.resolver.complete("toy.box:card:2")).isEmpty();
        assertThat(session.resolver.complete("../")).isEmpty();
        assertThat(session.resolver.complete("nothing.here:")).isEmpty();
    }

    @Test
    void sources_comeOnDemand() throws Exception {
        repository.library("toy:a:1").jar("toy:a:1", "-sources", "sources").library("toy:b:1");
        session.maven("toy:a:1", "toy:b:1");
        Path local = session.home.resolve("repository/toy");
        assertThat(local.resolve("a/1/a-1-sources.jar")).doesNotExist();
        assertThat(session.resolver.sources(local.resolve("a/1/a-1.jar")))
                .contains(local.resolve("a/1/a-1-sources.jar"));
        assertThat(local.resolve("a/1/a-1-sources.jar")).exists();
        assertThat(session.resolver.sources(local.resolve("b/1/b-1.jar"))).isEmpty();
        assertThat(session.resolver.sources(folder.resolve("other.jar"))).isEmpty();
    }
}
