package manyjvm.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.time.Duration;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is left behind by a JVM that died is told under the name and pid by which its user knows it. */
@Timeout(120)
class DeathOfAHolderIT {
    @RegisterExtension
    final NoLeftovers leftovers = new NoLeftovers();

    private static String called(Process process) {
        return process.name() + " (pid " + process.pid() + ")";
    }

    private static void kill(Process process) throws InterruptedException {
        process.kill();
        process.join();
    }

    @Test
    void locks_ofAProcess() throws Exception {
        Lock lock = new Lock();
        Condition condition = new Condition();
        Value.OfInt value = Value.of(0);
        Event held = new Event();
        Process holder = new Process(() -> {
                    lock.lock();
                    condition.lock().lock();
                    value.lock().lock();
                    held.set();
                    Thread.sleep(600_000);
                })
                .start();
        held.await();
        kill(holder);
        Process next = new Process(() -> {
                    lock.lock();
                    condition.lock().lock();
                    value.lock().lock();
                    System.out.println(lock.holderDied());
                })
                .start();
        next.join();
        assertThat(leftovers.sink().out()).isEqualTo("true\n");
        String reason =
                " was released because its holder " + called(holder) + " died: what it guards may be half changed.";
        assertThat(leftovers.sink().err().lines())
                .hasSize(3)
                .allSatisfy(line -> assertThat(line).startsWith("warning: ").endsWith(reason));
        // The next one ended in order, and unlocked nothing: its holder is no dead one, and still told.
        Process last = new Process(() -> System.out.println(lock.tryLock())).start();
        last.join();
        assertThat(leftovers.sink().out()).isEqualTo("true\ntrue\n");
        assertThat(leftovers.sink().err())
                .contains("warning: Lock " + lock.handle().id() + " was released because its holder " + called(next)
                        + " has ended: what it guards may be half changed.");
    }

    @Test
    void lock_ofAWorkerOfAPool_andOfAWorkersWorker() throws Exception {
        Lock lock = new Lock();
        Lock inner = new Lock();
        Queue<String> names = new Queue<>();
        try (Pool pool = new Pool(1)) {
            assertThatThrownBy(() -> pool.submit(() -> {
                                lock.lock();
                                Process own = new Process(() -> {
                                            inner.lock();
                                            Runtime.getRuntime().halt(7);
                                        })
                                        .start();
                                own.join();
                                names.put(called(own));
                                names.put(Parallel.currentProcess().name());
                                names.put("" + ProcessHandle.current().pid());
                                Runtime.getRuntime().halt(8);
                                return null;
                            })
                            .get())
                    .hasCauseInstanceOf(WorkerDiedException.class);
        }
        String own = names.get();
        String worker = names.get() + " (pid " + names.get() + ")";
        new Process(() -> {
                    lock.lock();
                    inner.lock();
                })
                .start()
                .join();
        assertThat(leftovers.sink().err())
                .contains("its holder " + worker + " died:")
                .contains("its holder " + own + " died:");
    }

    @Test
    void barrierAndPipe_ofAProcess() throws Exception {
        Barrier barrier = new Barrier(3);
        Pipe pipe = Pipe.duplex();
        Connection there = pipe.second();
        Process party = new Process(() -> {
                    there.send("here");
                    barrier.await();
                })
                .start();
        assertThat(pipe.first().recv()).isEqualTo("here");
        while (barrier.numberWaiting() == 0) {
            Thread.onSpinWait();
        }
        kill(party);
        assertThatThrownBy(barrier::await)
                .isInstanceOf(BrokenBarrierException.class)
                .hasMessage(barrier + " is broken: " + called(party)
                        + " died while it waited. reset() makes it usable again.");
        assertThatThrownBy(pipe.first()::recv)
                .isInstanceOf(EOFException.class)
                .hasMessage("The other side of " + pipe.first() + " has ended: " + called(party) + " died.");
        assertThatThrownBy(() -> {
                    pipe.first().send(1);
                    pipe.first().send(2);
                })
                .isInstanceOf(ParallelException.class)
                .hasMessageContaining(" has ended: " + called(party) + " died. This message");

        // Broken or ended by the living, nobody is called dead.
        barrier.reset();
        assertThatThrownBy(() -> barrier.await(Duration.ofMillis(1))).isInstanceOf(TimeoutException.class);
        assertThatThrownBy(barrier::await).hasMessageContaining("one of its parties gave up");
        Pipe closed = Pipe.duplex();
        Connection itsEnd = closed.second();
        new Process(() -> itsEnd.close()).start().join();
        assertThatThrownBy(closed.first()::recv).hasMessage("The other side of " + closed.first() + " has ended.");
    }
}
