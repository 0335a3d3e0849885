package manyjvm.parallel.wire.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OwnerLoopTest {
    private final Queue<Throwable> faults = new ConcurrentLinkedQueue<>();
    private final OwnerLoop loop = new OwnerLoop("loop under test", faults::add);

    @BeforeEach
    void start() {
        loop.start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        loop.stop();
        assertThat(loop.join(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void posts_underAnInterruptStorm_allArrive() throws Exception {
        int posters = 4;
        int each = 50_000;
        CountDownLatch arrived = new CountDownLatch(posters * each);
        AtomicBoolean storm = new AtomicBoolean(true);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < posters; i++) {
            Thread poster = new Thread(() -> {
                for (int post = 0; post < each; post++) {
                    loop.post(arrived::countDown);
                }
            });
            threads.add(poster);
            poster.start();
        }
        Thread interrupter = new Thread(() -> {
            while (storm.get()) {
                threads.forEach(Thread::interrupt);
                Thread.onSpinWait();
            }
        });
        interrupter.start();
        assertThat(arrived.await(50, TimeUnit.SECONDS)).isTrue();
        storm.set(false);
        interrupter.join();
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @Test
    void commandThatThrows_isReportedAndTheLoopGoesOn() throws Exception {
        CountDownLatch after = new CountDownLatch(1);
        loop.post(() -> {
            throw new IllegalStateException("bad command");
        });
        loop.post(after::countDown);
        assertThat(after.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(faults).singleElement().satisfies(fault -> assertThat(fault).hasMessage("bad command"));
    }

    @Test
    void faultThatNobodyCanHear_doesNotEndTheLoop() throws Exception {
        goesOn(new OwnerLoop("loop that is told of no fault", fault -> {
            throw new IllegalStateException("deaf", fault);
        }));
    }

    /** As it is without memory: the JVM made its few errors of that kind beforehand. */
    @Test
    void faultThatIsThrownAgain_doesNotEndTheLoop() throws Exception {
        goesOn(new OwnerLoop("loop that has no memory", fault -> {
            throw (RuntimeException) fault;
        }));
    }

    private static void goesOn(OwnerLoop deaf) throws Exception {
        deaf.start();
        CountDownLatch after = new CountDownLatch(1);
        deaf.post(() -> {
            throw new IllegalStateException("bad command");
        });
        deaf.post(after::countDown);
        assertThat(after.await(10, TimeUnit.SECONDS)).isTrue();
        deaf.stop();
        assertThat(deaf.join(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void timers_runInOrder_andCancelledOnesNever() throws Exception {
        Queue<String> ran = new ConcurrentLinkedQueue<>();
        CountDownLatch last = new CountDownLatch(1);
        loop.post(() -> {
            loop.after(Duration.ofSeconds(2), () -> {
                ran.add("second");
                last.countDown();
            });
            loop.after(Duration.ofMillis(1), () -> ran.add("first"));
            loop.after(Duration.ofMillis(10), () -> ran.add("never")).cancel();
        });
        assertThat(last.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(ran).containsExactly("first", "second");
    }

    @Test
    void post_afterTheStop_saysSo() throws Exception {
        loop.stop();
        loop.join(Duration.ofSeconds(10));
        assertThat(loop.post(() -> {})).isFalse();
    }
}
