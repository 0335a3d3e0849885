package manyjvm.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class KernelProgramTest {
    private static final Path HOME = Path.of("/home/someone");

    @Test
    void historyFile_isWhereTheUserWantsIt_orNowhere() {
        assertThat(KernelProgram.historyFile(Map.of(), HOME))
                .contains(Path.of("/home/someone/.local/state/manyjvm/history.jsonl"));
        assertThat(KernelProgram.historyFile(Map.of("XDG_STATE_HOME", "/state"), HOME))
                .contains(Path.of("/state/manyjvm/history.jsonl"));
        assertThat(KernelProgram.historyFile(Map.of("XDG_STATE_HOME", "state"), HOME))
                .contains(Path.of("/home/someone/.local/state/manyjvm/history.jsonl"));
        assertThat(KernelProgram.historyFile(Map.of("MANYJVM_HISTORY", "/tmp/mine"), HOME))
                .contains(Path.of("/tmp/mine"));
        assertThat(KernelProgram.historyFile(Map.of("MANYJVM_HISTORY", "Off"), HOME))
                .isEmpty();
    }
}
