package manyjvm.parallel.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerArchiveTest {
    @TempDir
    Path folder;

    @Test
    void classFolders_haveNoArchive() {
        assertThat(WorkerArchive.of(List.of(folder))).isEmpty();
        assertThat(WorkerArchive.of(List.of(folder.resolve("missing.jar")))).isEmpty();
    }

    @Test
    void archive_isAnotherOneWhenAJarChanges() throws Exception {
        Path jar = Files.writeString(folder.resolve("a.jar"), "one");
        Path before = WorkerArchive.of(List.of(jar)).orElseThrow().file();
        assertThat(WorkerArchive.of(List.of(jar)).orElseThrow().file()).isEqualTo(before);
        Files.setLastModifiedTime(jar, FileTime.fromMillis(1));
        assertThat(WorkerArchive.of(List.of(jar)).orElseThrow().file()).isNotEqualTo(before);
    }

    @Test
    void draftOfAJvmThatWasKilledWhileItWrote_neverBecomesTheArchive() throws Exception {
        WorkerArchive archive = new WorkerArchive(folder.resolve("worker.jsa"));
        Path half = Files.write(folder.resolve("half"), new byte[8192]);
        archive.finish(half);
        archive.finish(Files.createFile(folder.resolve("empty")));
        archive.finish(folder.resolve("missing"));
        assertThat(archive.isReady()).isFalse();
        archive.finish(Files.write(folder.resolve("whole"), new byte[] {1, 2, 3, 4, 5}));
        assertThat(archive.isReady()).isTrue();
    }
}
