package manyjvm.parallel.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import manyjvm.parallel.Barrier;
import manyjvm.parallel.BoundedSemaphore;
import manyjvm.parallel.Condition;
import manyjvm.parallel.Event;
import manyjvm.parallel.Lock;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.Semaphore;
import manyjvm.parallel.Value;
import manyjvm.parallel.WaitInterruptedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class SynchronizersTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(20);

    @RegisterExtension
    final FakeDriver driver = new FakeDriver();

    @Test
    void semaphore_letsThroughAsManyAsItHasPermits_overAllJvms() throws Exception {
        Semaphore semaphore = new Semaphore(2);
        Semaphore there = driver.newJvm().receive(semaphore);
        there.acquire();
        assertThat(semaphore.tryAcquire()).isTrue();
        assertThat(there.tryAcquire()).isFalse();
        assertThat(there.acquire(SHORT)).isFalse();
        assertThat(semaphore.availablePermits()).isZero();
        Threads<Boolean> waiter = Threads.runUntilWaiting(() -> there.acquire(LONG));
        semaphore.release();
        assertThat(waiter.get()).isTrue();
        semaphore.release(3);
        assertThat(there.availablePermits()).isEqualTo(3);
        there.withPermit(() -> assertThat(there.availablePermits()).isEqualTo(2));
        assertThatThrownBy(() -> there.release(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void semaphore_interruptedOrDeadWaiter_takesNoPermit() throws Exception {
        Semaphore semaphore = new Semaphore(0);
        FakeDriver.Jvm jvm = driver.newJvm();
        Semaphore there = jvm.receive(semaphore);
        Threads<Boolean> interrupted = Threads.runUntilWaiting(() -> {
            assertThatThrownBy(there::acquire).isInstanceOf(WaitInterruptedException.class);
            return Thread.interrupted();
        });
        interrupted.thread.interrupt();
        assertThat(interrupted.get()).isTrue();
        Threads.runUntilWaiting(() -> there.acquire(LONG));
        jvm.flush();
        jvm.die();
        jvm.wireEnd();
        semaphore.release();
        assertThat(semaphore.availablePermits()).isEqualTo(1);
    }

    @Test
    void boundedSemaphore_refusesToBeReleasedTooOften() {
        BoundedSemaphore semaphore = new BoundedSemaphore(1);
        BoundedSemaphore there = driver.newJvm().receive(semaphore);
        assertThatThrownBy(there::release)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("more often");
        there.acquire();
        semaphore.release();
        assertThat(there.availablePermits()).isEqualTo(1);
    }

    @Test
    void event_letsGoOfAllThatWait_andStaysSetUntilCleared() throws Exception {
        Event event = new Event();
        Event there = driver.newJvm().receive(event);
        assertThat(there.await(SHORT)).isFalse();
        List<Threads<Boolean>> waiters = List.of(
                Threads.runUntilWaiting(() -> there.await(LONG)), Threads.runUntilWaiting(() -> event.await(LONG)));
        there.set();
        for (Threads<Boolean> waiter : waiters) {
            assertThat(waiter.get()).isTrue();
        }
        event.await();
        assertThat(event.isSet()).isTrue();
        event.clear();
        assertThat(there.isSet()).isFalse();
    }

    @Test
    void condition_signalWakesTheLongestWaiting_inAnotherJvm() throws Exception {
        Lock lock = new Lock();
        Condition condition = lock.newCondition();
        Condition there = driver.newJvm().receive(condition);
        Value.OfInt waiting = Value.rawInt(0);
        List<Threads<Boolean>> waiters = new ArrayList<>();
        for (int number = 1; number <= 2; number++) {
            waiters.add(Threads.runUntilWaiting(() -> there.lock().withLock(() -> {
                waiting.getAndAdd(1);
                return there.await(LONG);
            })));
            // Who holds the lock now knows that the last one waits.
            int expected = number;
            while (lock.withLock(() -> waiting.get()) < expected) {
                Thread.onSpinWait();
            }
        }
        lock.withLock(() -> condition.signal());
        assertThat(waiters.get(0).get()).isTrue();
        assertThat(waiters.get(1).isDone()).isFalse();
        lock.withLock(condition::signalAll);
        assertThat(waiters.get(1).get()).isTrue();
    }

    @Test
    void condition_withoutItsLock_isRefused() {
        Condition condition = new Condition();
        assertThatThrownBy(condition::signal)
                .isInstanceOf(IllegalMonitorStateException.class)
                .hasMessageContaining("lock it first");
        assertThatThrownBy(condition::await).isInstanceOf(IllegalMonitorStateException.class);
    }

    @Test
    void condition_timedOutOrInterrupted_holdsTheLockAgain_atItsDepth() throws Exception {
        Condition condition = new Condition();
        Condition there = driver.newJvm().receive(condition);
        there.lock().lock();
        there.lock().lock();
        assertThat(there.await(5, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(there.awaitNanos(1000)).isLessThanOrEqualTo(0);
        Thread.currentThread().interrupt();
        assertThatThrownBy(there::await).isInstanceOf(InterruptedException.class);
        there.lock().unlock();
        assertThat(there.lock().isHeldByCurrentThread()).isTrue();
        there.lock().unlock();
        assertThat(condition.lock().isLocked()).isFalse();
    }

    @Test
    void condition_signalToOneThatDied_goesToTheNext() throws Exception {
        Condition condition = new Condition();
        // Enrolled, signalled, and dead before it heard of it.
        driver.hosts().handle(7, request(condition, SharedOperation.ENROL), enrolled -> {});
        Value.OfInt waiting = Value.rawInt(0);
        Threads<Boolean> next = Threads.runUntilWaiting(() -> condition.lock().withLock(() -> {
            waiting.set(1);
            return condition.await(LONG);
        }));
        while (condition.lock().withLock(() -> waiting.get()) == 0) {
            Thread.onSpinWait();
        }
        condition.lock().withLock(() -> condition.signal());
        assertThat(next.isDone()).isFalse();
        driver.hosts().jvmGone(7, FakeDriver.DEATH);
        assertThat(next.get()).isTrue();
    }

    @Test
    void condition_awaitUntil_handsItemsBetweenJvms() throws Exception {
        Condition condition = new Condition();
        Value.OfInt turn = Value.rawInt(0);
        int rounds = 300;
        List<Threads<Void>> players = new ArrayList<>();
        for (int player = 0; player < 2; player++) {
            int mine = player;
            FakeDriver.Jvm jvm = driver.newJvm();
            Condition there = jvm.receive(condition);
            Value.OfInt turnThere = jvm.receive(turn);
            players.add(Threads.run(() -> {
                for (int round = 0; round < rounds; round++) {
                    there.lock().withLock(() -> {
                        there.awaitUntil(() -> turnThere.get() % 2 == mine);
                        turnThere.set(turnThere.get() + 1);
                        there.signalAll();
                    });
                }
                return null;
            }));
        }
        for (Threads<Void> player : players) {
            player.get();
        }
        assertThat(turn.get()).isEqualTo(2 * rounds);
        assertThat(condition.lock().withLock(() -> condition.awaitUntil(() -> false, SHORT)))
                .isFalse();
    }

    @Test
    void barrier_letsGoWhenAllAreThere_againAndAgain() throws Exception {
        Barrier barrier = new Barrier(3);
        List<Threads<List<Integer>>> parties = new ArrayList<>();
        for (int party = 0; party < 3; party++) {
            Barrier there = driver.newJvm().receive(barrier);
            parties.add(Threads.run(() -> {
                List<Integer> order = new ArrayList<>();
                for (int round = 0; round < 50; round++) {
                    order.add(there.await());
                }
                return order;
            }));
        }
        List<List<Integer>> orders = new ArrayList<>();
        for (Threads<List<Integer>> party : parties) {
            orders.add(party.get());
        }
        for (int round = 0; round < 50; round++) {
            int each = round;
            assertThat(orders.stream().map(order -> order.get(each))).containsExactlyInAnyOrder(0, 1, 2);
        }
        assertThat(barrier.numberWaiting()).isZero();
        assertThat(barrier.parties()).isEqualTo(3);
    }

    @Test
    void barrier_breaksForAll_whenOneTimesOutOrDiesOrAborts() throws Exception {
        Barrier barrier = new Barrier(3);
        FakeDriver.Jvm jvm = driver.newJvm();
        Barrier there = jvm.receive(barrier);

        Threads<Integer> waiter = Threads.runUntilWaiting(() -> barrier.await());
        assertThatThrownBy(() -> there.await(SHORT)).isInstanceOf(TimeoutException.class);
        assertThatThrownBy(waiter::get).hasCauseInstanceOf(BrokenBarrierException.class);
        assertThat(barrier.isBroken()).isTrue();
        assertThatThrownBy(barrier::await).isInstanceOf(BrokenBarrierException.class);

        barrier.reset();
        Threads<Integer> survivor = Threads.runUntilWaiting(() -> barrier.await());
        Threads.runUntilWaiting(() -> there.await());
        jvm.flush();
        jvm.die();
        assertThatThrownBy(survivor::get).hasCauseInstanceOf(BrokenBarrierException.class);

        barrier.reset();
        Threads<Integer> aborted = Threads.runUntilWaiting(() -> barrier.await());
        barrier.abort();
        assertThatThrownBy(aborted::get).hasCauseInstanceOf(BrokenBarrierException.class);
    }

    @Test
    void driverClose_endsEveryWait() throws Exception {
        Semaphore semaphore = new Semaphore(0);
        Event event = new Event();
        Barrier barrier = new Barrier(2);
        Condition condition = new Condition();
        List<Threads<Object>> waiters = List.of(
                Threads.runUntilWaiting(() -> semaphore.acquire(LONG)),
                Threads.runUntilWaiting(() -> event.await(LONG)),
                Threads.runUntilWaiting(barrier::await),
                Threads.runUntilWaiting(() -> condition.lock().withLock(() -> condition.await(LONG))));
        driver.hosts().close();
        for (Threads<Object> waiter : waiters) {
            assertThatThrownBy(waiter::get)
                    .hasCauseInstanceOf(ParallelException.class)
                    .hasMessageContaining("the driver that hosts it was closed");
        }
    }

    @Test
    void badNumbers_areRefused() {
        assertThatThrownBy(() -> new Semaphore(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Barrier(0)).isInstanceOf(IllegalArgumentException.class);
    }

    private static SharedRequest request(Condition condition, SharedOperation operation) {
        return new SharedRequest(condition.handle(), operation, 1);
    }
}
