package manyjvm.parallel.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.shared.Departure;
import manyjvm.parallel.shared.SharedAnswer;
import manyjvm.parallel.shared.SharedOperation;
import manyjvm.parallel.shared.SharedRelay;
import manyjvm.parallel.shared.SharedRequest;
import org.junit.jupiter.api.Test;

/** Requests of workers of workers: each in its own name, and nothing kept of what has no answer. */
class RelayedHostsTest {
    private static final Shared.Handle QUEUE = new Shared.Handle("Queue", 7, "");

    private static final Shared.Handle PIPE = new Shared.Handle("Pipe", 8, "duplex");

    private final List<String> sent = new ArrayList<>();
    private final List<CompletableFuture<SharedAnswer>> calls = new ArrayList<>();
    private int blocks;

    private final SharedRelay upwards = new SharedRelay() {
        @Override
        public CompletableFuture<SharedAnswer> call(int jvmId, SharedRequest request) {
            sent.add("call of " + jvmId);
            calls.add(new CompletableFuture<>());
            return calls.get(calls.size() - 1);
        }

        @Override
        public void tell(int jvmId, SharedRequest request) {
            sent.add(SharedOperation.values()[request.operation()] + " of " + jvmId);
        }

        @Override
        public void gone(int jvmId, Departure departure) {
            sent.add(jvmId + " gone: " + departure);
        }

        @Override
        public CompletableFuture<Integer> newJvmIds() {
            return CompletableFuture.completedFuture(1 + blocks++ * BLOCK);
        }
    };

    private final RelayedHosts hosts = new RelayedHosts(9, upwards);

    private static SharedRequest request(SharedOperation operation) {
        return new SharedRequest(QUEUE, operation, 0);
    }

    @Test
    void tell_isPassedOnAndNoAnswerAwaited() {
        hosts.tell(11, request(SharedOperation.RELEASED));
        hosts.sent(12, List.of(QUEUE, PIPE));
        hosts.submitted(3, List.of(PIPE, QUEUE));
        hosts.jvmGone(11, new Departure("Process-2 (pid 4711)", true));
        assertThat(sent)
                .containsExactly(
                        "RELEASED of 11", "SENT of 12", "SUBMITTED of 9", "11 gone: Process-2 (pid 4711) died");
        assertThat(calls).isEmpty();
    }

    @Test
    void call_isAnsweredOrRefused() {
        List<SharedAnswer> answers = new ArrayList<>();
        hosts.handle(11, request(SharedOperation.GET), answers::add);
        SharedAnswer done = new SharedAnswer(SharedAnswer.DONE, 5, new byte[0]);
        calls.get(0).complete(done);
        assertThat(answers).containsExactly(done);

        hosts.handle(11, request(SharedOperation.GET), answers::add);
        calls.get(1).completeExceptionally(new ParallelException("ending"));
        assertThat(answers.get(1).status()).isNegative();
        assertThat(new String(answers.get(1).body(), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo("ending");
    }

    @Test
    void numbersOfJvms_areNeverGivenTwice() {
        JvmIds root = new JvmIds.Counted();
        JvmIds nested = new JvmIds.Given(new SharedRelay() {
            @Override
            public CompletableFuture<SharedAnswer> call(int jvmId, SharedRequest request) {
                throw new IllegalStateException("not asked for");
            }

            @Override
            public void tell(int jvmId, SharedRequest request) {
                throw new IllegalStateException("not asked for");
            }

            @Override
            public void gone(int jvmId, Departure departure) {
                throw new IllegalStateException("not asked for");
            }

            @Override
            public CompletableFuture<Integer> newJvmIds() {
                return root.nextBlock();
            }
        });
        Set<Integer> given = new HashSet<>();
        for (int i = 0; i < 3 * SharedRelay.BLOCK; i++) {
            assertThat(given.add(nested.next())).isTrue();
            assertThat(given.add(root.next())).isTrue();
        }
        assertThat(given).allMatch(number -> number > 0);
    }

    @Test
    void numbersOfJvms_haveAnEnd() {
        JvmIds root = new JvmIds.Counted();
        assertThatThrownBy(() -> {
                    while (true) {
                        root.nextBlock();
                    }
                })
                .isInstanceOf(ParallelException.class)
                .hasMessageContaining("restart it");
    }
}
