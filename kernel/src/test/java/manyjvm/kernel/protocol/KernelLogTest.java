package manyjvm.kernel.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KernelLogTest {
    private final ByteArrayOutputStream standardError = new ByteArrayOutputStream();

    private void configure(String level) {
        KernelLog.configure(new PrintStream(standardError, true, StandardCharsets.UTF_8), level);
    }

    @AfterEach
    void reset() {
        KernelLog.configure(System.err, null);
    }

    @Test
    void configure_warningsOfAllModules_goToTheProcessAndNotIntoACell() {
        configure(null);
        KernelLog.LOGGER.warning("kernel");
        Logger.getLogger("manyjvm.magics").warning("magics");
        System.getLogger("manyjvm.parallel").log(System.Logger.Level.WARNING, "parallel");
        KernelLog.LOGGER.info("quiet");
        assertThat(standardError.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "[manyjvm] warning: kernel", "[manyjvm] warning: magics", "[manyjvm] warning: parallel");
    }

    @Test
    void configure_off_isSilent() {
        configure("off");
        Logger.getLogger("manyjvm.magics").severe("anything");
        assertThat(standardError.size()).isZero();
    }
}
