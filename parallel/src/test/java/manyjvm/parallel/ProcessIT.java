package manyjvm.parallel;

import static manyjvm.parallel.Parallel.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One JVM, one target. */
@Timeout(120)
class ProcessIT {
    @RegisterExtension
    final NoLeftovers leftovers = new NoLeftovers();

    @Test
    void target_runsInAJvmOfItsOwn() throws Exception {
        int[] numbers = {1, 2, 3};
        Process process = new Process(() -> System.out.println(java.util.Arrays.toString(numbers) + " "
                + ProcessHandle.current().pid() + " "
                + Parallel.currentProcess().name() + " "
                + Parallel.parentProcess().orElseThrow().pid()));
        assertThat(process.isAlive()).isFalse();
        process.start();
        numbers[0] = 99; // too late: the target was snapshotted
        assertThat(Parallel.activeChildren()).extracting(ProcessInfo::pid).contains(process.pid());
        process.join();
        assertThat(process.exitCode()).isZero();
        assertThat(leftovers.sink().out())
                .isEqualTo("[1, 2, 3] " + process.pid() + " " + process.name() + " "
                        + ProcessHandle.current().pid() + "\n");
        assertThatThrownBy(process::start).isInstanceOf(IllegalStateException.class);
        assertThat(process.onExit().get(10, TimeUnit.SECONDS)).isSameAs(process);
    }

    @ParameterizedTest
    @CsvSource({"exit, 3", "halt, 3", "kill, -9", "terminate, -15"})
    void exitCode_tellsHowItEnded(String how, int exitCode) throws Exception {
        Process process = new Process(() -> WorkerDeathIT.die(how)).start();
        process.join();
        assertThat(process.exitCode()).isEqualTo(exitCode);
    }

    @Test
    void jvmThatEndsBeforeTheTarget_isNoSuccess() throws Exception {
        Process process = Process.builder()
                .target(() -> System.out.println("never"))
                .jvmOptions("-version")
                .start();
        process.join();
        assertThat(process.exitCode()).isZero(); // of that JVM
        assertThat(leftovers.sink().err()).contains(process.name() + " did not start");
    }

    @Test
    void uncaughtException_isShownAndMakesTheExitCodeOne() throws Exception {
        Process process = new Process((Action) () -> {
                    throw new IllegalStateException("went wrong");
                })
                .start();
        process.join();
        assertThat(process.exitCode()).isEqualTo(1);
        assertThat(leftovers.sink().err())
                .contains("Exception in process " + process.name() + ": java.lang.IllegalStateException: went wrong")
                .contains("at manyjvm.parallel.ProcessIT");
    }

    @Test
    void terminateKillInterrupt_endIt() throws Exception {
        Action sleep = () -> {
            System.out.println("sleeping");
            Thread.sleep(60_000);
        };
        Process terminated = new Process(sleep).start();
        Process killed = new Process(sleep).start();
        Process interrupted = new Process(sleep).start();
        assertThat(killed.join(Duration.ofMillis(1))).isFalse();
        assertThatThrownBy(killed::exitCode).isInstanceOf(IllegalStateException.class);
        leftovers.sink().awaitText("sleeping", 3);
        terminated.terminate();
        killed.kill();
        interrupted.interrupt();
        terminated.join();
        killed.join();
        interrupted.join();
        assertThat(List.of(terminated.exitCode(), killed.exitCode(), interrupted.exitCode()))
                .containsExactly(-15, -9, 1);
        assertThat(leftovers.sink().err()).contains("InterruptedException");
    }

    /** The JVM is starting when start() returns, so the interrupt is there before the target is. */
    @Test
    void interrupt_beforeTheTargetBegins_isNotLost() throws Exception {
        Process process = new Process(() -> {
                    System.out.println("begun");
                    Thread.sleep(600_000);
                })
                .start();
        process.interrupt();
        process.join();
        assertThat(process.exitCode()).isEqualTo(1);
        assertThat(leftovers.sink().out()).isEqualTo("begun\n");
        assertThat(leftovers.sink().err()).contains("InterruptedException");
    }

    @Test
    void threadsOfTheTarget_keepItAlive() throws Exception {
        Process process = new Process(() -> new Thread(() -> {
                            try {
                                Thread.sleep(300);
                            } catch (InterruptedException impossible) {
                                throw new IllegalStateException(impossible);
                            }
                            System.out.println("still here");
                        })
                        .start())
                .start();
        process.join();
        assertThat(process.exitCode()).isZero();
        assertThat(leftovers.sink().out()).isEqualTo("still here\n");
    }

    @Test
    void closingDriver_waitsForProcessesThatAreNoDaemons() {
        new Process(() -> {
                    Thread.sleep(500);
                    System.out.println("finished");
                })
                .start();
        Process.builder()
                .target((Action) () -> Thread.sleep(60_000))
                .daemon(true)
                .start();
        leftovers.driver().close();
        assertThat(leftovers.sink().out()).isEqualTo("finished\n");
    }

    @Test
    void processInAProcess_printsUpwards_isListedAndDiesWithItsParent() throws Exception {
        Queue<Long> pids = new Queue<>();
        Process parent = new Process(() -> {
                    Process quick = new Process(() -> System.out.println("grandchild of "
                                    + Parallel.parentProcess().orElseThrow().name()))
                            .start();
                    quick.join();
                    System.out.println("exit code " + quick.exitCode());
                    Process slow = new Process(() -> Thread.sleep(600_000)).start();
                    pids.put(slow.pid());
                    pids.put(Parallel.activeChildren().get(0).pid());
                    slow.join();
                })
                .start();
        long grandchild = pids.get(Duration.ofSeconds(60));
        assertThat(pids.get(Duration.ofSeconds(60))).isEqualTo(grandchild);
        assertThat(Parallel.activeChildren()).extracting(ProcessInfo::pid).containsExactly(parent.pid());
        ProcessHandle handle = ProcessHandle.of(grandchild).orElseThrow();
        parent.kill();
        parent.join();
        handle.onExit().get(60, TimeUnit.SECONDS);
        assertThat(leftovers.sink().out()).isEqualTo("grandchild of " + parent.name() + "\nexit code 0\n");
    }

    @Test
    void close_waits_andInterruptedItKills() throws Exception {
        try (Process process = new Process(() -> System.out.println("done")).start()) {
            assertThat(process.daemon()).isFalse();
        }
        assertThat(leftovers.sink().out()).isEqualTo("done\n");
        Process slow = new Process(() -> Thread.sleep(600_000)).start();
        Thread.currentThread().interrupt();
        slow.close();
        assertThat(Thread.interrupted()).isTrue();
        slow.join();
        assertThat(slow.exitCode()).isEqualTo(-9);
    }

    @Test
    void poolInAWorker_runsAndPrintsUpwards() {
        try (Pool pool = new Pool(1)) {
            List<Integer> sum = pool.map(
                    x -> {
                        try (Pool inner = new Pool(1)) {
                            List<Integer> products = inner.map(
                                    y -> {
                                        System.out.println("inner " + y);
                                        return x * y;
                                    },
                                    range(3));
                            return products.get(0) + products.get(1) + products.get(2);
                        }
                    },
                    List.of(1, 10));
            assertThat(sum).containsExactly(3, 30);
            assertThat(leftovers.sink().out()).contains("[1] [1] inner 2\n");
        }
    }

    @Test
    void nestingBeyondTheLimit_isRefused() {
        try (Pool pool = new Pool(1)) {
            assertThatThrownBy(() -> pool.apply(() -> nest(3)))
                    .isInstanceOf(TaskFailedException.class)
                    .hasStackTraceContaining("the limit is a depth of 3");
        }
    }

    static int nest(int levels) {
        if (levels == 0) {
            return 0;
        }
        try (Pool pool = new Pool(1)) {
            return pool.apply(() -> nest(levels - 1));
        }
    }

    @Test
    void processKilledWhileItsThreadsWait_isBuried_andWhatItHeldIsReleased() throws Exception {
        Barrier barrier = new Barrier(3);
        Lock lock = new Lock();
        Process victim = new Process(() -> {
                    lock.lock();
                    Thread other = new Thread((Action) barrier::await);
                    other.start();
                    barrier.await();
                })
                .start();
        while (barrier.numberWaiting() < 2) {
            Thread.onSpinWait();
        }
        victim.kill();
        assertThat(victim.join(Duration.ofSeconds(60))).isTrue();
        assertThat(victim.exitCode()).isEqualTo(-9);
        assertThat(barrier.isBroken()).isTrue();
        assertThat(lock.acquire(Duration.ofSeconds(60))).isTrue();
        assertThat(lock.holderDied()).isTrue();
        lock.release();
        assertThat(leftovers.sink().err()).isEmpty();
    }

    @Test
    void sharedObjects_workInside() throws Exception {
        Queue<Object> queue = new Queue<>();
        Value.OfInt count = Value.ofInt(0);
        Process process = new Process(() -> {
            queue.put(java.util.Arrays.asList(42, null, "hello"));
            count.withLock(() -> count.set(count.get() + 1));
        });
        process.start();
        assertThat(queue.get(Duration.ofSeconds(60))).isEqualTo(java.util.Arrays.asList(42, null, "hello"));
        process.join();
        assertThat(count.get()).isEqualTo(1);
        assertThat(process.exitCode()).isZero();
    }

    @Test
    void pipeCapturedWhole_closeByItsMaker_isTheEndForTheProcess() throws Exception {
        Pipe pipe = Pipe.duplex();
        Process echo = new Process(() -> {
                    try {
                        while (true) {
                            pipe.second().send(pipe.second().recv());
                        }
                    } catch (java.io.EOFException end) {
                        System.exit(7);
                    }
                })
                .start();
        pipe.first().send(1);
        assertThat(pipe.first().recv()).isEqualTo(1);
        pipe.first().close();
        assertThat(echo.join(Duration.ofSeconds(60))).isTrue();
        assertThat(echo.exitCode()).isEqualTo(7);
    }
}
