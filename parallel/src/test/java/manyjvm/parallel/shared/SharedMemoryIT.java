package manyjvm.parallel.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import manyjvm.parallel.Array;
import manyjvm.parallel.Lock;
import manyjvm.parallel.Queue;
import manyjvm.parallel.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Shared objects between real JVMs: what threads of one JVM cannot show. */
@Timeout(120)
class SharedMemoryIT {
    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    final FakeDriver driver = new FakeDriver();

    @Test
    void value_incrementedWithLockByTwoJvms_losesNothing() throws Exception {
        Value.OfLong guarded = Value.of(0L);
        Value.OfLong atomic = Value.rawLong(0);
        Value.OfInt arrived = Value.rawInt(0);
        int rounds = 500_000;
        try (ChildJvm<Long> one = child(1, () -> increment(guarded, atomic, arrived, rounds));
                ChildJvm<Long> two = child(2, () -> increment(guarded, atomic, arrived, rounds))) {
            one.get();
            two.get();
        }
        assertThat(guarded.get()).isEqualTo(2L * rounds);
        assertThat(atomic.get()).isEqualTo(2L * rounds);
    }

    private static Long increment(Value.OfLong guarded, Value.OfLong atomic, Value.OfInt arrived, int rounds) {
        arrived.getAndAdd(1);
        await(arrived, 2);
        for (int round = 0; round < rounds; round++) {
            guarded.withLock(() -> guarded.set(guarded.get() + 1));
            atomic.getAndAdd(1);
        }
        return guarded.get();
    }

    /** The lesson: {@code set(get() + 1)} is two steps, and another JVM's write can fall between them. */
    @Test
    void value_incrementedWithoutLockByTwoJvms_losesWhatFallsBetweenTheSteps() throws Exception {
        Value.OfLong bare = Value.rawLong(0);
        Value.OfInt step = Value.rawInt(0);
        try (ChildJvm<Long> one = child(1, () -> {
                    long seen = bare.get();
                    step.set(1);
                    await(step, 2);
                    bare.set(seen + 1);
                    return seen;
                });
                ChildJvm<Long> two = child(2, () -> {
                    await(step, 1);
                    long seen = bare.get();
                    bare.set(seen + 1);
                    step.set(2);
                    return seen;
                })) {
            assertThat(List.of(one.get(), two.get())).containsExactly(0L, 0L);
        }
        assertThat(bare.get()).isEqualTo(1);
    }

    private static void await(Value.OfInt value, int wanted) {
        while (value.get() < wanted) {
            Thread.onSpinWait();
        }
    }

    @Test
    void array_andValue_setInAnotherJvm_areSeenHere() throws Exception {
        Value.OfDouble number = Value.of(0.0);
        Array.OfInt array = Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        try (ChildJvm<String> child = child(1, () -> {
            number.set(3.1415927);
            for (int index = 0; index < array.length(); index++) {
                array.set(index, -array.get(index));
            }
            return array.toString();
        })) {
            assertThat(child.get()).isEqualTo("[0, -1, -2, -3, -4, -5, -6, -7, -8, -9]");
        }
        assertThat(number.get()).isEqualTo(3.1415927);
        assertThat(array.toArray()).containsExactly(0, -1, -2, -3, -4, -5, -6, -7, -8, -9);
    }

    @Test
    void lock_contendedByThreeJvms_andWaitedForLong_losesNoWakeUp() throws Exception {
        Lock lock = new Lock();
        Value.OfInt count = Value.rawInt(0);
        int rounds = 2_000;
        try (ChildJvm<Boolean> one = child(1, () -> holdForAWhile(lock, count, rounds));
                ChildJvm<Boolean> two = child(2, () -> holdForAWhile(lock, count, rounds))) {
            holdForAWhile(lock, count, rounds);
            one.get();
            two.get();
        }
        assertThat(count.get()).isEqualTo(3 * rounds);
        assertThat(lock.isLocked()).isFalse();
    }

    private static Boolean holdForAWhile(Lock lock, Value.OfInt count, int rounds) {
        for (int round = 0; round < rounds; round++) {
            lock.withLock(() -> {
                int before = count.get();
                for (int yields = 0; yields < 40; yields++) {
                    Thread.yield();
                }
                count.set(before + 1);
            });
        }
        return true;
    }

    @Test
    void lock_whoseHolderIsKilled_isReleasedToTheNextWhoIsTold() throws Exception {
        Lock lock = new Lock();
        Queue<String> queue = new Queue<>();
        try (ChildJvm<Boolean> holder = child(1, () -> {
                    lock.lock();
                    queue.put("locked");
                    return new Queue<Boolean>().get(); // for ever
                });
                ChildJvm<Boolean> next = child(2, () -> {
                    while (!lock.isLocked()) {
                        Thread.onSpinWait();
                    }
                    queue.put("waiting");
                    return lock.withLock(() -> lock.holderDied());
                })) {
            assertThat(List.of(queue.get(LONG), queue.get(LONG))).containsExactlyInAnyOrder("locked", "waiting");
            holder.kill();
            assertThat(next.get()).isTrue();
        }
        assertThat(lock.isLocked()).isFalse();
    }

    @Test
    void queue_betweenJvms_keepsOrderAndNullsInside_andSurvivesItsProducer() throws Exception {
        Queue<Object> queue = new Queue<>();
        try (ChildJvm<Boolean> child = child(1, () -> {
            queue.put(Arrays.asList(42, null, "hello"));
            for (int element = 0; element < 10_000; element++) {
                queue.put(element);
            }
            return true;
        })) {
            child.get();
        }
        assertThat(queue.get(LONG)).isEqualTo(Arrays.asList(42, null, "hello"));
        for (int element = 0; element < 10_000; element++) {
            assertThat(queue.get(LONG)).isEqualTo(element);
        }
    }

    @Test
    void takerKilledWhileItWaits_takesNothingWithIt() throws Exception {
        Queue<String> queue = new Queue<>();
        Queue<String> ready = new Queue<>();
        for (int jvmId = 1; jvmId <= 3; jvmId++) {
            try (ChildJvm<String> child = child(jvmId, () -> {
                ready.put("now");
                return queue.get();
            })) {
                assertThat(ready.get(LONG)).isEqualTo("now");
                child.kill();
                queue.put("kept");
                assertThat(queue.get(LONG)).isEqualTo("kept");
            }
        }
    }

    private <R> ChildJvm<R> child(int jvmId, manyjvm.parallel.Task<R> task) throws Exception {
        return new ChildJvm<>(driver.hosts(), driver.driverJvm(), jvmId, task);
    }
}
