package manyjvm.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a worker says of its threads. */
@Timeout(120)
class StackIT {
    @RegisterExtension
    final NoLeftovers leftovers = new NoLeftovers();

    static void spin() {
        System.out.println("spinning");
        while (true) {
            Thread.onSpinWait();
        }
    }

    /** Two threads that each hold what the other wants. */
    static void deadlock(boolean monitors) throws Exception {
        Object first = new Object();
        Object second = new Object();
        ReentrantLock third = new ReentrantLock();
        ReentrantLock fourth = new ReentrantLock();
        CountDownLatch bothHold = new CountDownLatch(2);
        Thread left = new Thread(
                () -> {
                    if (monitors) {
                        hold(first, second, bothHold);
                    } else {
                        hold(third, fourth, bothHold);
                    }
                },
                "left");
        Thread right = new Thread(
                () -> {
                    if (monitors) {
                        hold(second, first, bothHold);
                    } else {
                        hold(fourth, third, bothHold);
                    }
                },
                "right");
        left.start();
        right.start();
        bothHold.await();
        while (!(stuck(left) && stuck(right))) {
            Thread.onSpinWait();
        }
        System.out.println("deadlocked");
        left.join();
    }

    private static boolean stuck(Thread thread) {
        return thread.getState() == Thread.State.BLOCKED || thread.getState() == Thread.State.WAITING;
    }

    private static void hold(Object mine, Object other, CountDownLatch bothHold) {
        synchronized (mine) {
            meet(bothHold);
            synchronized (other) {
                throw new IllegalStateException("not reached");
            }
        }
    }

    private static void hold(ReentrantLock mine, ReentrantLock other, CountDownLatch bothHold) {
        mine.lock();
        meet(bothHold);
        other.lock();
    }

    private static void meet(CountDownLatch bothHold) {
        bothHold.countDown();
        try {
            bothHold.await();
        } catch (InterruptedException impossible) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void busyProcess_tellsWhereItIs() throws Exception {
        Process process = new Process(() -> spin()).start();
        leftovers.sink().awaitText("spinning", 1);

        ThreadDump dump = process.stack();

        assertThat(dump.process()).isEqualTo(process.name());
        assertThat(dump.pid()).isEqualTo(process.pid());
        assertThat(dump.threads()).hasSize(1);
        assertThat(dump.threads().get(0).state()).isEqualTo(Thread.State.RUNNABLE);
        assertThat(dump.deadlock()).isEmpty();
        assertThat(dump.leftOut()).isPositive();
        assertThat(dump.toString())
                .startsWith(process.name() + " (pid " + process.pid() + ")")
                .contains("\"task\" RUNNABLE")
                .contains("at manyjvm.parallel.StackIT.spin(StackIT.java:")
                .doesNotContain("worker.TaskRunner")
                .doesNotContain("CallKind");
        process.kill();
        process.join();
        assertThatThrownBy(process::stack).isInstanceOf(ParallelException.class).hasMessageContaining("has ended");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void deadlock_isFound(boolean monitors) throws Exception {
        Process process = new Process(() -> deadlock(monitors)).start();
        leftovers.sink().awaitText("deadlocked", 1);

        ThreadDump dump = process.stack();

        assertThat(dump.deadlock()).extracting(ThreadDump.Entry::name).containsExactly("left", "right");
        assertThat(dump.deadlock()).extracting(ThreadDump.Entry::heldBy).containsExactly("right", "left");
        assertThat(dump.toString())
                .contains("Deadlock: ")
                .containsPattern("\"left\" waits for \\S+@\\w+, which \"right\" holds")
                .containsPattern("\"right\" waits for \\S+@\\w+, which \"left\" holds")
                .contains("at manyjvm.parallel.StackIT.hold(StackIT.java:");
        assertThat(dump.threads().get(0).name()).isEqualTo("task");
        process.kill();
        process.join();
    }

    @Test
    void waitAtASharedObject_isShownWithoutTheLibrarysInside() throws Exception {
        Queue<Integer> queue = new Queue<>();
        try (Pool pool = new Pool(1)) {
            AsyncResult<Integer> element = pool.applyAsync(() -> {
                System.out.println("waiting");
                return queue.get();
            });
            leftovers.sink().awaitText("waiting", 1);

            String text = awaitStack(pool, "Queue.get");

            assertThat(text).contains("StackIT").doesNotContain("parallel.shared.");
            queue.put(1);
            assertThat(element.get(60, TimeUnit.SECONDS)).isEqualTo(1);
        }
    }

    /** The task says that it waits a moment before it does. */
    private static String awaitStack(Pool pool, String frame) {
        String text = pool.stack(1).toString();
        while (!text.contains(frame)) {
            text = pool.stack(1).toString();
        }
        return text;
    }

    @Test
    void poolsWorkers_areAskedByNumber_andIdleThreadsLeftOut() throws Exception {
        try (Pool pool = new Pool(2)) {
            pool.everyWorker((Action) () -> {
                ExecutorService idle = Executors.newSingleThreadExecutor(task -> {
                    Thread thread = new Thread(task, "executors own");
                    thread.setDaemon(true);
                    return thread;
                });
                idle.submit(() -> 1).get();
            });
            ThreadDump dump = pool.stack(2);
            assertThat(dump.process()).isEqualTo(pool.name() + " worker 2");
            assertThat(dump.pid()).isEqualTo(pool.status().workers().get(1).pid());
            assertThat(dump.toString()).contains("\"task\" has nothing to do").doesNotContain("executors own");
            assertThatThrownBy(() -> pool.stack(3))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("1 to 2");
        }
    }

    @Test
    void startingProcess_answersWhenItHasStarted() throws Exception {
        Process process = new Process(() -> spin()).start();
        assertThat(process.stack().threads()).isNotEmpty();
        process.kill();
        process.join();
    }

    @Test
    void threadsAsWorkers_tellTheirOwn() throws Exception {
        try (Pool pool = Pool.threads(1)) {
            CountDownLatch running = new CountDownLatch(1);
            CountDownLatch end = new CountDownLatch(1);
            AsyncResult<Integer> result = pool.applyAsync(() -> {
                running.countDown();
                end.await();
                return 1;
            });
            running.await();
            assertThat(pool.stack(1).toString()).contains("StackIT").doesNotContain("ThreadWorker");
            end.countDown();
            assertThat(result.get(60, TimeUnit.SECONDS)).isEqualTo(1);
        }
    }
}
