package manyjvm.parallel.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import manyjvm.parallel.Lock;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.RLock;
import manyjvm.parallel.Value;
import manyjvm.parallel.WaitInterruptedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class LockTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(20);

    @RegisterExtension
    final FakeDriver driver = new FakeDriver();

    @Test
    void lock_heldInOneJvm_isTakenInTheOther() throws Exception {
        Lock lock = new Lock();
        Lock there = driver.newJvm().receive(lock);
        lock.lock();
        assertThat(there.isLocked()).isTrue();
        assertThat(there.isHeldByCurrentThread()).isFalse();
        assertThat(there.tryLock()).isFalse();
        assertThat(there.tryLock(1, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(there.acquire(SHORT)).isFalse();
        Threads<Void> waiter = Threads.runUntilWaiting(() -> {
            there.lock();
            there.unlock();
            return null;
        });
        lock.unlock();
        waiter.get();
        assertThat(lock.isLocked()).isFalse();
    }

    @Test
    void lock_isNotReentrant_andMayBeUnlockedByAnyThread_asInPython() throws Exception {
        Lock lock = new Lock();
        Lock there = driver.newJvm().receive(lock);
        lock.acquire();
        assertThat(lock.tryLock()).isFalse();
        Threads.run(() -> {
                    there.release();
                    return null;
                })
                .get();
        assertThat(lock.isLocked()).isFalse();
        assertThatThrownBy(lock::unlock)
                .isInstanceOf(IllegalMonitorStateException.class)
                .hasMessageContaining("not held by anybody");
    }

    @Test
    void rlock_isReentrant_andUnlockedByItsHolderOnly() throws Exception {
        RLock lock = new RLock();
        RLock there = driver.newJvm().receive(lock);
        lock.lock();
        lock.lock();
        assertThat(lock.isHeldByCurrentThread()).isTrue();
        lock.unlock();
        assertThat(there.isLocked()).isTrue();
        assertThatThrownBy(there::unlock)
                .isInstanceOf(IllegalMonitorStateException.class)
                .hasMessageContaining("only its holder");
        assertThat(Threads.run(lock::tryLock).get()).isFalse();
        lock.unlock();
        assertThat(there.isLocked()).isFalse();
    }

    @Test
    void withLock_andHold_leaveTheLock_whateverHappens() {
        Lock lock = new Lock();
        assertThat(lock.withLock(() -> 1 + 1)).isEqualTo(2);
        List<Boolean> during = new ArrayList<>();
        lock.withLock(() -> {
            during.add(lock.isLocked());
        });
        assertThat(during).containsExactly(true);
        assertThatThrownBy(() -> lock.withLock(() -> {
                    throw new IOException("thrown as it is");
                }))
                .isInstanceOf(IOException.class);
        assertThat(lock.isLocked()).isFalse();
        try (Lock.Held held = lock.hold()) {
            assertThat(held).isNotNull();
            assertThat(lock.isLocked()).isTrue();
        }
        assertThat(lock.isLocked()).isFalse();
    }

    @Test
    void lock_interruptedWhileWaiting_throwsWithTheFlagSet() throws Exception {
        Lock lock = new Lock();
        Lock there = driver.newJvm().receive(lock);
        lock.lock();
        Threads<Boolean> waiter = Threads.runUntilWaiting(() -> {
            assertThatThrownBy(there::lock).isInstanceOf(WaitInterruptedException.class);
            return Thread.interrupted();
        });
        waiter.thread.interrupt();
        assertThat(waiter.get()).isTrue();
        Threads<Boolean> interruptibly = Threads.runUntilWaiting(() -> {
            assertThatThrownBy(there::lockInterruptibly).isInstanceOf(InterruptedException.class);
            return Thread.interrupted();
        });
        interruptibly.thread.interrupt();
        assertThat(interruptibly.get()).isFalse();
        lock.unlock();
        assertThat(there.tryLock()).isTrue();
    }

    @Test
    void lock_contendedByManyThreadsOfSeveralJvms_neverHasTwoHolders_andLosesNoWakeUp() throws Exception {
        Lock lock = new Lock();
        Value.OfInt count = Value.rawInt(0);
        int rounds = 300;
        List<Threads<Void>> threads = new ArrayList<>();
        for (int number = 0; number < 4; number++) {
            FakeDriver.Jvm jvm = number == 0 ? driver.driverJvm() : driver.newJvm();
            Lock there = jvm.receive(lock);
            Value.OfInt countThere = jvm.receive(count);
            for (int thread = 0; thread < 2; thread++) {
                threads.add(Threads.run(() -> {
                    for (int round = 0; round < rounds; round++) {
                        there.withLock(() -> {
                            int before = countThere.get();
                            // Long enough that others stop spinning and park.
                            for (int yields = 0; yields < 50; yields++) {
                                Thread.yield();
                            }
                            countThere.set(before + 1);
                        });
                    }
                    return null;
                }));
            }
        }
        for (Threads<Void> thread : threads) {
            thread.get();
        }
        assertThat(count.get()).isEqualTo(8 * rounds);
        assertThat(lock.isLocked()).isFalse();
    }

    @Test
    void lock_underTimeoutsAndInterrupts_losesNoWakeUp() throws Exception {
        Lock lock = new Lock();
        Lock there = driver.newJvm().receive(lock);
        int rounds = 500;
        Threads<Void> impatient = Threads.run(() -> {
            for (int round = 0; round < rounds; round++) {
                try {
                    if (there.acquire(Duration.ofNanos(30_000))) {
                        there.release();
                    }
                } catch (WaitInterruptedException again) {
                    Thread.interrupted();
                }
            }
            return null;
        });
        List<Threads<Void>> patient = new ArrayList<>();
        for (int number = 0; number < 2; number++) {
            patient.add(Threads.run(() -> {
                for (int round = 0; round < rounds; round++) {
                    lock.withLock(Thread::yield);
                    impatient.thread.interrupt();
                }
                return null;
            }));
        }
        impatient.get();
        for (Threads<Void> thread : patient) {
            thread.get();
        }
        assertThat(lock.isLocked()).isFalse();
    }

    @Test
    void lock_whoseHolderDied_isReleased_andTheNextHolderIsTold() throws Exception {
        for (Lock lock : List.of(new Lock(), new RLock())) {
            FakeDriver.Jvm victim = driver.newJvm();
            Lock there = victim.receive(lock);
            there.lock();
            there.tryLock(); // an RLock's depth must not outlive its holder
            PrintStream err = System.err;
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            System.setErr(new PrintStream(text, true, StandardCharsets.UTF_8));
            try {
                Threads<Boolean> next = Threads.runUntilWaiting(() -> {
                    lock.lock();
                    boolean told = lock.holderDied();
                    lock.unlock();
                    return told;
                });
                victim.die();
                assertThat(next.get()).isTrue();
            } finally {
                System.setErr(err);
            }
            assertThat(text.toString(StandardCharsets.UTF_8))
                    .contains("was released because its holder Process-2 (pid 4711) died: what it guards");
            assertThat(lock.isLocked()).isFalse();
            lock.lock();
            assertThat(lock.holderDied()).isFalse();
            lock.unlock();
        }
    }

    @Test
    void lock_wokenJvmDies_othersAreWokenInstead() throws Exception {
        Lock lock = new Lock();
        lock.lock();
        // Parks at the host and is never heard of again, as a JVM killed the moment it was woken.
        driver.hosts().handle(7, park(lock), woken -> {});
        Lock there = driver.newJvm().receive(lock);
        Threads<Void> waiter = Threads.runUntilWaiting(() -> {
            there.lock();
            there.unlock();
            return null;
        });
        lock.unlock();
        driver.hosts().jvmGone(7, FakeDriver.DEATH);
        waiter.get();
    }

    @Test
    void driverClose_endsWaits_withOneClearError() throws Exception {
        Lock lock = new Lock();
        Lock there = driver.newJvm().receive(lock);
        lock.lock();
        Threads<Void> waiter = Threads.runUntilWaiting(() -> {
            there.lock();
            return null;
        });
        driver.hosts().close();
        assertThatThrownBy(waiter::get)
                .hasCauseInstanceOf(ParallelException.class)
                .hasMessageContaining("the driver that hosts it was closed");
    }

    @Test
    void driverClose_beforeTheWait_isToldAsSuch() throws Exception {
        Lock lock = new Lock();
        Lock there = driver.newJvm().receive(lock);
        lock.lock();
        driver.hosts().close();
        assertThatThrownBy(there::lock)
                .isInstanceOf(ParallelException.class)
                .hasMessageContaining("the driver that hosts it was closed");
    }

    @Test
    void toString_showsTheState() {
        Lock lock = new RLock();
        assertThat(lock).hasToString("RLock 1 (free)");
        lock.lock();
        assertThat(lock).hasToString("RLock 1 (locked)");
        assertThat(lock.acquire(LONG)).isTrue();
    }

    private static SharedRequest park(Lock lock) {
        return new SharedRequest(lock.handle(), SharedOperation.PARK, 1);
    }
}
