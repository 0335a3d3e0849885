package manyjvm.parallel.wire.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import manyjvm.parallel.interleaving.Interleavings;
import manyjvm.parallel.interleaving.Scenario;
import manyjvm.parallel.interleaving.Steps;
import org.junit.jupiter.api.Test;

/** A loop, and threads that post to it while another stops it, in every order of their steps. */
class OwnerLoopInterleavingsTest {
    static final class Posting implements Scenario {
        private static Posting present;

        private final OwnerLoop loop;
        private final List<Integer> accepted = new ArrayList<>();
        private final List<Integer> ran = new ArrayList<>();
        private boolean woken;

        Posting() {
            present = this;
            loop = new OwnerLoop("loop", fault -> {
                throw new AssertionError(fault);
            });
        }

        @Override
        public List<Callable<?>> threads() {
            return List.of(
                    () -> post(1, 2),
                    () -> {
                        post(11);
                        loop.stop();
                        return null;
                    },
                    () -> {
                        Method run = OwnerLoop.class.getDeclaredMethod("run");
                        run.setAccessible(true);
                        return run.invoke(loop);
                    });
        }

        private Void post(int... numbers) {
            for (int number : numbers) {
                if (loop.post(() -> ran.add(number))) {
                    accepted.add(number);
                }
            }
            return null;
        }

        @Override
        public void check() {
            assertThat(ran).containsExactlyInAnyOrderElementsOf(accepted).contains(11);
            assertThat(ran.stream().filter(number -> number < 10)).isSorted();
        }

        // ---- in the place of the selector's methods

        static Selector open() {
            return null;
        }

        static Selector wakeup(Selector selector) {
            Steps.step();
            present.woken = true;
            return selector;
        }

        static int select(Selector selector) {
            Steps.await(() -> present.woken);
            present.woken = false;
            return 0;
        }

        static int select(Selector selector, long millis) {
            throw new AssertionError("there is no timer");
        }

        static int selectNow(Selector selector) {
            Steps.step();
            present.woken = false;
            return 0;
        }

        static Set<SelectionKey> selectedKeys(Selector selector) {
            return Set.of();
        }

        static void close(Selector selector) {
            // nothing waits any more
        }
    }

    @Test
    void command_isRunOnce_orRefused_whileTheLoopIsStopped() throws Exception {
        Interleavings.of(Posting.class)
                .replacing(Selector.class, "open")
                .replacing(Selector.class, "wakeup")
                .replacing(Selector.class, "select")
                .replacing(Selector.class, "selectNow")
                .replacing(Selector.class, "selectedKeys")
                .replacing(Selector.class, "close")
                .explore(2);
    }
}
