package manyjvm.parallel.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class AvailableMemoryTest {
    @Test
    void machine_isReadInKibibytes() {
        assertThat(AvailableMemory.machine(
                        "MemAvailable", "MemTotal: 9 kB\nMemFree: 1 kB\nMemAvailable:    2048 kB\nBuffers: 3 kB\n"))
                .isEqualTo(2L << 20);
    }

    @Test
    void machine_withoutTheLine_isUnknown() {
        assertThatThrownBy(() -> AvailableMemory.machine("MemAvailable", "MemTotal: 9 kB"))
                .isInstanceOf(NumberFormatException.class);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void bytes_onLinux_areKnown() {
        assertThat(AvailableMemory.bytes().orElseThrow()).isPositive();
        assertThat(AvailableMemory.most().orElseThrow()).isPositive();
    }
}
