package manyjvm.kernel.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import manyjvm.kernel.runner.JupyterClient.Conversation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class JupyterClientIT {
    private static final Duration TOO_SHORT = Duration.ofNanos(1);

    @Test
    void execution_afterATimeout_goesOnFromThere(@TempDir Path folder) throws Exception {
        try (JupyterClient client = JupyterClient.start(
                KernelCommand.ofThisJvm("manyjvm.kernel.FakeKernelMain"),
                folder,
                Map.of(),
                System.err,
                Duration.ofSeconds(90))) {
            for (int i = 0; i < 20; i++) {
                try (Conversation conversation = client.begin(new ExecuteRequest("print " + i))) {
                    assertThat(afterManyTimeouts(conversation).status()).isEqualTo("ok");
                }
            }
        }
    }

    /** Each wait ends between two messages of the kernel, most of them between the reply and the idle of one cell. */
    private static Execution afterManyTimeouts(Conversation conversation) throws InterruptedException {
        while (true) {
            try {
                return conversation.execution(TOO_SHORT, received -> {});
            } catch (TimeoutException early) {
                Thread.onSpinWait();
            }
        }
    }
}
