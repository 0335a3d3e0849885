package manyjvm.parallel.shared.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import manyjvm.parallel.ParallelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class NamedMemoryTest {
    private static final int BYTES = 32 << 20;

    @TempDir
    Path folder;

    @Test
    void memory_isOpenedWholeOrNotAtAll() throws Exception {
        CompletableFuture<Integer> opened = CompletableFuture.supplyAsync(() -> {
            while (true) {
                try {
                    return NamedMemory.open(folder, "x").capacity();
                } catch (ParallelException notYet) {
                    Thread.onSpinWait(); // the test's timeout ends it
                }
            }
        });
        ByteBuffer made = NamedMemory.create(folder, "x", BYTES);
        assertThat(made.capacity()).isEqualTo(BYTES);
        assertThat(opened.get(60, TimeUnit.SECONDS)).isEqualTo(BYTES);
    }

    @Test
    void create_refusesANameThatIsTaken_andLeavesTheMemoryAlone() {
        NamedMemory.create(folder, "x", 8).put(0, (byte) 7);
        assertThatThrownBy(() -> NamedMemory.create(folder, "x", 16)).hasMessageContaining("already");
        assertThat(NamedMemory.open(folder, "x").get(0)).isEqualTo((byte) 7);
        assertThat(folder.toFile().list()).containsExactly("memory-x");
    }
}
