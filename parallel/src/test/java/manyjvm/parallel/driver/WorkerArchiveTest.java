package manyjvm.parallel.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
        WorkerArchive archive = new WorkerArchive(folder.resolve("worker.jsa"), "");
        Path half = Files.write(folder.resolve("half"), new byte[8192]);
        archive.finish(half);
        archive.finish(Files.createFile(folder.resolve("empty")));
        archive.finish(folder.resolve("missing"));
        assertThat(archive.isReady()).isFalse();
        archive.finish(Files.write(folder.resolve("whole"), new byte[] {1, 2, 3, 4, 5}));
        assertThat(archive.isReady()).isTrue();
    }

    @Test
    void newArchive_removesThoseThatFitNothingAnyMore() throws Exception {
        Path cache = folder.resolve("cache");
        Path updated = Files.writeString(folder.resolve("updated.jar"), "one");
        Path removed = Files.writeString(folder.resolve("removed.jar"), "one");
        Path kept = Files.writeString(folder.resolve("kept.jar"), "one");
        WorkerArchive ofUpdated = made(updated, cache);
        WorkerArchive ofRemoved = made(removed, cache);
        WorkerArchive ofKept = made(kept, cache);
        Path unknown = Files.writeString(cache.resolve("worker-0123456789abcdef01234567.jsa"), "of an older version");
        Path draftOfTheDead = Files.writeString(cache.resolve("worker-00.jsa.999999999999"), "half");
        Path draft = Files.writeString(
                cache.resolve("worker-00.jsa." + ProcessHandle.current().pid()), "half");
        Path strange = Files.writeString(cache.resolve("notes.txt"), "of somebody");

        Files.writeString(updated, "two, and longer");
        Files.delete(removed);
        WorkerArchive last = made(updated, cache);

        assertThat(unknown).doesNotExist();
        assertThat(draftOfTheDead).doesNotExist();
        assertThat(draft).exists();
        assertThat(strange).exists();
        assertThat(ofUpdated.isReady()).isFalse();
        assertThat(ofRemoved.isReady()).isFalse();
        assertThat(ofKept.isReady()).isTrue();
        assertThat(last.isReady()).isTrue();
        assertThat(cache.toFile().list()).hasSize(6); // two archives with what they were made from, a draft, the notes
    }

    @Test
    void newArchive_keepsTheLastUsedOfThoseThatFit() throws Exception {
        Path cache = folder.resolve("cache");
        List<WorkerArchive> all = new ArrayList<>();
        for (int i = 0; i < WorkerArchive.KEPT + 3; i++) {
            all.add(made(Files.writeString(folder.resolve(i + ".jar"), "jar"), cache));
            Files.setLastModifiedTime(all.get(i).file(), FileTime.fromMillis(i));
            all.get(0).use();
        }
        assertThat(all.stream().map(WorkerArchive::isReady))
                .containsExactly(true, false, false, false, true, true, true);
    }

    @Test
    void cacheFolder_isTheUsers() {
        assertThat(WorkerArchive.cacheFolder(Map.of("HOME", "/h"), "/u")).isEqualTo(Path.of("/h/.cache/manyjvm"));
        assertThat(WorkerArchive.cacheFolder(Map.of(), "/u")).isEqualTo(Path.of("/u/.cache/manyjvm"));
        assertThat(WorkerArchive.cacheFolder(Map.of("HOME", "/h", "XDG_CACHE_HOME", "/c"), "/u"))
                .isEqualTo(Path.of("/c/manyjvm"));
    }

    private WorkerArchive made(Path jar, Path cache) throws Exception {
        WorkerArchive archive = WorkerArchive.of(List.of(jar), cache).orElseThrow();
        Path draft = archive.begin().orElseThrow();
        archive.finish(Files.write(draft, new byte[] {1, 2, 3, 4, 5}));
        return archive;
    }
}
