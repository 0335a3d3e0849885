package manyjvm.kernel.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class WakeUpTest {
    @Test
    void signal_underAStormOfInterrupts_losesNoPost() throws Exception {
        int atLeast = 5_000;
        Queue<Integer> queue = new ConcurrentLinkedQueue<>();
        AtomicBoolean finished = new AtomicBoolean();
        AtomicInteger posted = new AtomicInteger();
        AtomicInteger posting = new AtomicInteger(4);
        try (WakeUp wakeUp = new WakeUp()) {
            List<Thread> posters = new ArrayList<>();
            for (int poster = 0; poster < 4; poster++) {
                posters.add(new Thread(() -> {
                    // Until an interrupt has come through a signal: how soon the storm gets a processor is not ours.
                    boolean struck = false;
                    for (int i = 0; i < atLeast || !struck; i++) {
                        queue.add(i);
                        posted.incrementAndGet();
                        wakeUp.signal();
                        struck |= Thread.interrupted();
                    }
                    posting.decrementAndGet();
                    wakeUp.signal();
                }));
            }
            Thread storm = new Thread(() -> {
                while (!finished.get()) {
                    posters.forEach(Thread::interrupt);
                }
            });
            posters.forEach(Thread::start);
            storm.start();

            int taken = 0;
            try (Selector selector = Selector.open()) {
                wakeUp.source().register(selector, SelectionKey.OP_READ);
                while (posting.get() > 0 || taken < posted.get()) {
                    selector.select();
                    selector.selectedKeys().clear();
                    if (wakeUp.acknowledge()) {
                        wakeUp.source().register(selector, SelectionKey.OP_READ);
                    }
                    while (queue.poll() != null) {
                        taken++;
                    }
                }
            } finally {
                finished.set(true);
                storm.join();
            }
            for (Thread poster : posters) {
                poster.join();
            }
            assertThat(taken).isEqualTo(posted.get()).isGreaterThanOrEqualTo(4 * atLeast);
        }
    }
}
