package manyjvm.parallel;

import static manyjvm.parallel.Parallel.range;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Workers of workers use shared objects as JVMs of their own: what they hold goes when they go, not with their parent. */
@Timeout(120)
class NestedWorkersIT {
    @RegisterExtension
    final NoLeftovers leftovers = new NoLeftovers();

    /** Runs an action in a worker of this worker, which dies of it. */
    static void dyingBelow(Action action) {
        try (Pool inner = new Pool(1)) {
            inner.apply((Action) () -> {
                action.go();
                Runtime.getRuntime().halt(1);
            });
            throw new IllegalStateException("the worker should have died");
        } catch (WorkerDiedException expected) {
            System.out.println("it died");
        }
    }

    @Test
    void lockOfADeadWorkerOfAWorker_isReleasedWhileTheParentLives() {
        Lock lock = new Lock();
        try (Pool pool = new Pool(1)) {
            boolean taken = pool.apply(() -> {
                dyingBelow(lock::lock);
                return lock.acquire(Duration.ofSeconds(60));
            });
            assertThat(taken).isTrue();
            assertThat(lock.tryLock()).isFalse(); // the parent holds it now
        }
        assertThat(lock.acquire(Duration.ofSeconds(60))).isTrue(); // which has ended
        lock.unlock();
    }

    @Test
    void lockOfAWorkersWorker_isReleasedWhenTheParentDies() {
        Lock lock = new Lock();
        try (Pool pool = new Pool(1)) {
            AtomicReference<Throwable> death = new AtomicReference<>();
            pool.applyAsync(
                            (Task<Integer>) () -> {
                                Pool inner = new Pool(1);
                                inner.apply((Action) lock::lock);
                                Runtime.getRuntime().halt(1);
                                return 1;
                            },
                            null,
                            death::set)
                    .exceptionally(thrown -> 0)
                    .join();
            assertThat(lock.acquire(Duration.ofSeconds(60))).isTrue();
            lock.unlock();
        }
    }

    @Test
    void waitOfADeadWorkerOfAWorker_takesNothing() {
        Queue<String> queue = new Queue<>();
        Event waits = new Event();
        try (Pool pool = new Pool(1)) {
            String got = pool.apply(() -> {
                try (Pool inner = new Pool(1)) {
                    AsyncResult<String> waiting = inner.applyAsync((Task<String>) () -> {
                        waits.set();
                        return queue.get();
                    });
                    waits.await();
                    inner.terminate();
                    inner.join();
                    if (!waiting.isCompletedExceptionally()) {
                        return "not ended";
                    }
                }
                queue.put("for the living");
                return queue.get(Duration.ofSeconds(60));
            });
            assertThat(got).isEqualTo("for the living");
        }
    }

    @Test
    void sharedObjects_outliveTheWorkersOfWorkersThatUsedThem() {
        Value.OfInt count = Value.ofInt(0);
        Queue<Integer> queue = new Queue<>();
        try (Pool pool = new Pool(2)) {
            pool.each(
                    outer -> {
                        for (int round = 0; round < 2; round++) {
                            try (Pool inner = new Pool(2)) {
                                inner.each(
                                        x -> {
                                            count.withLock(() -> count.set(count.get() + 1));
                                            queue.put(x);
                                        },
                                        range(10));
                            }
                            count.withLock(() -> count.set(count.get() + 100));
                        }
                    },
                    range(2));
        }
        assertThat(count.get()).isEqualTo(2 * 2 * 110);
        assertThat(queue.size()).isEqualTo(2 * 2 * 10);
        count.withLock(() -> count.set(1)); // its lock's host is still there
    }

    @Test
    void objectMadeInAWorkersWorker_isSharedWithTheRoot() throws Exception {
        Queue<Queue<String>> replies = new Queue<>();
        try (Pool pool = new Pool(1)) {
            AsyncResult<List<String>> answers = pool.applyAsync((Task<List<String>>) () -> {
                try (Pool inner = new Pool(2)) {
                    return inner.chunk(1)
                            .map(
                                    x -> {
                                        Queue<String> own = new Queue<>();
                                        replies.put(own);
                                        return own.get(Duration.ofSeconds(60));
                                    },
                                    range(4));
                }
            });
            for (int i = 0; i < 4; i++) {
                replies.get(Duration.ofSeconds(60)).put("hello");
            }
            assertThat(answers.get(Duration.ofSeconds(60)))
                    .containsOnly("hello")
                    .hasSize(4);
        }
    }
}
