package manyjvm.parallel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What threads that wait in this library wait for, who has it, and deadlocks by way of several JVMs. */
@Timeout(120)
class WaitsIT {
    @RegisterExtension
    final NoLeftovers leftovers = new NoLeftovers();

    static void cross(Lock mine, Lock other, Barrier all) throws Exception {
        mine.lock();
        all.await();
        other.lock();
    }

    private static String awaitText(Supplier<ThreadDump> stack, String text) {
        String dump = stack.get().toString();
        while (!dump.contains(text)) {
            dump = stack.get().toString();
        }
        return dump;
    }

    private static void end(Process... processes) throws InterruptedException {
        for (Process process : processes) {
            process.kill();
        }
        for (Process process : processes) {
            process.join();
        }
    }

    @Test
    void locksCrossedByTwoProcesses_areADeadlock() throws Exception {
        Lock left = new Lock();
        RLock right = new RLock();
        Barrier both = new Barrier(2);
        Process one = new Process(() -> cross(left, right, both)).start();
        Process two = new Process(() -> cross(right, left, both)).start();

        String text = awaitText(one::stack, "Deadlock:");
        ThreadDump dump = two.stack();

        String named = "\"task\" of " + two.name() + " waits for Lock "
                + left.handle().id() + ", which \"task\" of " + one.name() + " holds";
        String otherNamed = "\"task\" of " + one.name() + " waits for RLock "
                + right.handle().id() + ", which \"task\" of " + two.name() + " holds";
        assertThat(text)
                .contains("Deadlock: these threads wait for each other and never go on, unless somebody else unlocks")
                .contains(named)
                .contains(otherNamed)
                .contains("\"task\" WAITING, waits for RLock " + right.handle().id() + ", which \"task\" of "
                        + two.name() + " holds")
                .contains("at manyjvm.parallel.WaitsIT.cross(WaitsIT.java:")
                .doesNotContain("waits for java");
        assertThat(dump.toString()).contains(named).contains(otherNamed);
        assertThat(dump.deadlock()).extracting(ThreadDump.Entry::name).containsExactly("task");
        assertThat(dump.circle()).extracting(ThreadDump.Step::process).containsExactly(two.name(), one.name());
        end(one, two);
    }

    @Test
    void ringOfThree_andWhoWaitsForIt_areToldIt() throws Exception {
        List<RLock> locks = List.of(new RLock(), new RLock(), new RLock());
        Barrier all = new Barrier(3);
        Process[] ring = new Process[3];
        for (int i = 0; i < 3; i++) {
            RLock mine = locks.get(i);
            RLock next = locks.get((i + 1) % 3);
            ring[i] = new Process(() -> cross(mine, next, all)).start();
        }
        RLock wanted = locks.get(0);
        awaitText(ring[0]::stack, "Deadlock:");
        Process outside = new Process(() -> wanted.lock()).start();

        ThreadDump dump = ring[1].stack();
        String text = awaitText(outside::stack, "Deadlock:");

        assertThat(dump.circle())
                .extracting(ThreadDump.Step::process)
                .containsExactly(ring[1].name(), ring[2].name(), ring[0].name());
        assertThat(dump.toString()).contains("and never go on.");
        assertThat(text)
                .contains("\"task\" WAITING, waits for RLock " + wanted.handle().id() + ", which \"task\" of "
                        + ring[0].name() + " holds")
                .doesNotContain("of " + outside.name() + " waits");
        assertThat(outside.stack().deadlock()).isEmpty();
        end(ring[0], ring[1], ring[2], outside);
    }

    @Test
    void processAndTheProgramsOwnThread() throws Exception {
        RLock ours = new RLock();
        RLock theirs = new RLock();
        CountDownLatch held = new CountDownLatch(1);
        Process process = new Process(() -> {
                    theirs.lock();
                    System.out.println("held");
                    ours.lock();
                })
                .start();
        Thread own = new Thread(
                () -> {
                    ours.lock();
                    held.countDown();
                    try {
                        leftovers.sink().awaitText("held", 1);
                        theirs.lockInterruptibly();
                    } catch (InterruptedException over) {
                        ours.unlock();
                    }
                },
                "cell");
        own.start();
        held.await();

        String text = awaitText(process::stack, "Deadlock:");

        assertThat(text)
                .contains("\"task\" of " + process.name() + " waits for RLock "
                        + ours.handle().id() + ", which \"cell\" of MainProcess holds")
                .contains("\"cell\" of MainProcess waits for RLock "
                        + theirs.handle().id() + ", which \"task\" of " + process.name() + " holds");
        own.interrupt();
        own.join();
        end(process);
    }

    @Test
    void joinOfAProcessThatWaitsForTheJoinersLock() throws Exception {
        RLock lock = new RLock();
        Process process = new Process(() -> lock.lock());
        Thread own = new Thread(
                () -> {
                    lock.lock();
                    try {
                        process.start().join();
                    } catch (InterruptedException over) {
                        lock.unlock();
                    }
                },
                "joiner");
        own.start();
        while (!process.isAlive()) {
            Thread.onSpinWait();
        }

        String text = awaitText(process::stack, "Deadlock:");

        assertThat(text)
                .contains("\"joiner\" of MainProcess waits for the end of " + process.name() + "\n")
                .contains("which \"joiner\" of MainProcess holds");
        own.interrupt();
        own.join();
        process.join();
    }

    @Test
    void resultsOfWorkersThatWaitForTheSubmittersLock() throws Exception {
        RLock lock = new RLock();
        try (Pool pool = new Pool(2)) {
            Thread own = new Thread(
                    () -> {
                        lock.lock();
                        try {
                            pool.map(x -> lock.withLock(() -> x + 1), List.of(1, 2, 3));
                        } catch (java.util.concurrent.CancellationException over) {
                            lock.unlock();
                        }
                    },
                    "submitter");
            own.start();

            String text = awaitText(() -> pool.stack(2), "Deadlock:");

            assertThat(text)
                    .contains("\"task\" of " + pool.name() + " worker 2 waits for RLock "
                            + lock.handle().id() + ", which \"submitter\" of MainProcess holds")
                    .contains("\"submitter\" of MainProcess waits for the result of map: 0 of 3 items done");
            own.interrupt();
            own.join();
        }
    }

    @Test
    void lockTakenTwiceByItsHolder_isADeadlockOfOne_unlessItEndsByItself() throws Exception {
        Lock lock = new Lock();
        Process process = new Process(() -> {
                    lock.lock();
                    lock.lock();
                })
                .start();

        assertThat(awaitText(process::stack, "Deadlock:"))
                .contains("this thread waits for itself and never goes on, unless somebody else unlocks the Lock.")
                .contains("waits for Lock " + lock.handle().id() + ", which it holds itself");
        end(process);

        Lock timed = new Lock();
        Process ends = new Process(() -> {
                    timed.lock();
                    timed.acquire(Duration.ofMinutes(10));
                })
                .start();
        String text = awaitText(ends::stack, "which it holds itself");
        assertThat(text).doesNotContain("Deadlock:");
        end(ends);
    }

    @Test
    void lockOfTheJdkInBetween() throws Exception {
        RLock lock = new RLock();
        Process process = new Process(() -> {
                    ReentrantLock inner = new ReentrantLock();
                    CountDownLatch bothHold = new CountDownLatch(2);
                    Thread right = new Thread(
                            () -> {
                                inner.lock();
                                bothHold.countDown();
                                lock.lock();
                            },
                            "right");
                    lock.lock();
                    right.start();
                    bothHold.countDown();
                    bothHold.await();
                    inner.lock();
                })
                .start();

        ThreadDump dump = process.stack();
        while (dump.circle().isEmpty()) {
            dump = process.stack();
        }

        assertThat(dump.deadlock()).extracting(ThreadDump.Entry::name).containsExactly("task", "right");
        assertThat(dump.toString())
                .containsOnlyOnce("Deadlock:")
                .containsPattern("\"task\" of \\S+ waits for \\S+ReentrantLock\\S+, which \"right\" of")
                .contains("\"right\" of " + process.name() + " waits for RLock "
                        + lock.handle().id() + ", which \"task\" of");
        end(process);
    }

    @Test
    void holderThatIsAlive_orThatIsNoMore_isNamed() throws Exception {
        Lock lock = new Lock();
        lock.lock();
        Process waiter = new Process(() -> lock.lock()).start();
        assertThat(awaitText(waiter::stack, "waits for Lock"))
                .contains("which \"" + Thread.currentThread().getName() + "\" of MainProcess holds")
                .doesNotContain("Deadlock:");
        lock.unlock();
        waiter.join();

        Lock left = new Lock();
        Thread holder = new Thread(() -> left.lock());
        holder.start();
        holder.join();
        Process second = new Process(() -> left.lock()).start();
        assertThat(awaitText(second::stack, "waits for Lock"))
                .contains("which a thread of MainProcess holds that has ended")
                .doesNotContain("Deadlock:");
        left.unlock();
        second.join();

        try (Pool pool = new Pool(1)) {
            Lock forgotten = new Lock();
            pool.apply(() -> forgotten.lock());
            Process third = new Process(() -> forgotten.lock()).start();
            assertThat(awaitText(third::stack, "that has ended"))
                    .contains("which a task of " + pool.name() + " worker 1 holds that has ended");
            forgotten.unlock();
            third.join();
        }

        Lock ofTheDead = new Lock();
        Process dies = new Process(() -> {
                    ofTheDead.lock();
                    System.out.println("held");
                    Thread.sleep(600_000);
                })
                .start();
        leftovers.sink().awaitText("held", 1);
        Process heir = new Process(() -> {
                    ofTheDead.lock();
                    Thread.sleep(600_000);
                })
                .start();
        awaitText(heir::stack, "which \"task\" of " + dies.name() + " holds");
        end(dies);
        assertThat(awaitText(heir::stack, "Thread.sleep")).doesNotContain("waits for Lock");
        end(heir);
    }

    @Test
    void frozenHolder_isNamedWithoutItsThread() throws Exception {
        RLock lock = new RLock();
        Process holder = new Process(() -> {
                    lock.lock();
                    System.out.println("held");
                    Thread.sleep(600_000);
                })
                .start();
        leftovers.sink().awaitText("held", 1);
        Process waiter = new Process(() -> lock.lock()).start();
        awaitText(waiter::stack, "which \"task\" of " + holder.name() + " holds");
        Trouble.signal("STOP", holder.pid());
        assertThat(waiter.stack().toString())
                .contains("waits for RLock " + lock.handle().id() + ", which a thread of " + holder.name() + " holds")
                .doesNotContain("Deadlock:");
        Trouble.signal("CONT", holder.pid());
        end(holder, waiter);
    }

    /** Workers of workers that the first driver knows by their parents only. */
    @Test
    void holderInAWorkersWorker_isNamedByItsParent() throws Exception {
        RLock lock = new RLock();
        Process parent = new Process(() -> {
                    new Process(() -> {
                                lock.lock();
                                System.out.println("held");
                                Thread.sleep(600_000);
                            })
                            .start()
                            .join();
                })
                .start();
        leftovers.sink().awaitText("held", 1);
        Process waiter = new Process(() -> lock.lock()).start();
        assertThat(awaitText(waiter::stack, "waits for RLock"))
                .contains("which a thread of a worker of " + parent.name() + " holds")
                .doesNotContain("Deadlock:");
        end(parent, waiter);
    }

    @Test
    void threadsAsWorkers_tellWhatTheyWaitFor() throws Exception {
        RLock lock = new RLock();
        lock.lock();
        try (Pool pool = Pool.threads(1)) {
            AsyncResult<?> result = pool.applyAsync(() -> lock.withLock(() -> 1));
            assertThat(awaitText(() -> pool.stack(1), "waits for RLock"))
                    .contains("which \"" + Thread.currentThread().getName() + "\" holds")
                    .doesNotContain("Deadlock:");
            lock.unlock();
            result.get();
        }
    }

    @Test
    void whatElseIsWaitedFor_hasTheLibrarysWords() throws Exception {
        Queue<Integer> empty = new Queue<>();
        Queue<Integer> full = new Queue<>(1);
        full.put(1);
        JoinableQueue<Integer> work = new JoinableQueue<>();
        work.put(1);
        Semaphore semaphore = new Semaphore(0);
        Event event = new Event();
        Event workerIsTaken = new Event();
        Barrier barrier = new Barrier(2);
        Lock lock = new Lock();
        Condition condition = lock.newCondition();
        Pipe pipe = Pipe.duplex();
        Connection first = pipe.first();
        Value.OfInt value = Value.of(0);
        value.lock().lock();
        Process process = new Process(() -> {
                    start("get", () -> empty.get());
                    start("put", () -> full.put(2));
                    start("work", () -> work.join());
                    start("semaphore", () -> semaphore.acquire());
                    start("event", () -> event.await());
                    start("barrier", () -> barrier.await());
                    start("condition", () -> lock.withLock(() -> condition.await()));
                    start("uninterruptible", () -> lock.withLock(() -> condition.awaitUninterruptibly()));
                    start("pipe", () -> first.recv());
                    start("poll", () -> Connection.waitAny(List.of(first)));
                    start("value", () -> value.withLock(() -> value.set(1)));
                    Process child = new Process(() -> Thread.sleep(600_000)).start();
                    start("join", () -> child.join());
                    Pool pool = new Pool(1);
                    start(
                            "apply",
                            () -> pool.apply(() -> {
                                workerIsTaken.set();
                                Thread.sleep(600_000);
                            }));
                    workerIsTaken.await();
                    start("async", () -> pool.applyAsync(() -> 1).get());
                    start("imap", () -> pool.imap(x -> x, List.of(1)).next());
                    Thread.sleep(600_000);
                })
                .start();

        assertWaits(process, "get", "an element of Queue " + empty.handle().id());
        assertWaits(process, "put", "room in Queue " + full.handle().id());
        assertWaits(
                process,
                "work",
                "the end of the work of JoinableQueue " + work.handle().id());
        assertWaits(
                process,
                "semaphore",
                "a permit of Semaphore " + semaphore.handle().id());
        assertWaits(process, "event", "the setting of Event " + event.handle().id());
        assertWaits(
                process,
                "barrier",
                "the other parties of Barrier " + barrier.handle().id());
        assertWaits(
                process,
                "condition",
                "a signal of Condition " + condition.handle().id());
        assertWaits(
                process,
                "uninterruptible",
                "a signal of Condition " + condition.handle().id());
        assertWaits(process, "pipe", "a message on Connection " + first.handle().id());
        assertWaits(process, "poll", "a message on Connection " + first.handle().id());
        assertWaits(process, "value", "RLock " + value.handle().id());
        assertWaits(process, "join", "the end of Process-1");
        assertWaits(process, "apply", "the result of apply");
        assertWaits(process, "async", "the result of applyAsync");
        assertWaits(process, "imap", "the next result of imap");
        assertThat(process.stack().toString()).doesNotContain("Deadlock:");
        assertThat(process.stack().threads())
                .extracting(ThreadDump.Entry::waitsFor)
                .noneMatch(waitsFor -> waitsFor.contains("CompletableFuture"));
        value.lock().unlock();
        end(process);
    }

    private static void assertWaits(Process process, String thread, String what) {
        ThreadDump dump = process.stack();
        while (dump.threads().stream()
                .noneMatch(
                        entry -> entry.name().equals(thread) && entry.waitsFor().startsWith(what))) {
            dump = process.stack();
        }
    }

    private static void start(String name, Action body) {
        Thread thread = new Thread(
                () -> {
                    try {
                        body.run();
                    } catch (Exception failure) {
                        throw new IllegalStateException(failure);
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Two that take the same two locks in the same order: one always waits for the other, and goes on. */
    @Test
    void busyLocks_areNoDeadlock() throws Exception {
        RLock first = new RLock();
        RLock second = new RLock();
        Action body = () -> {
            while (true) {
                first.withLock(() -> second.withLock(() -> Thread.onSpinWait()));
            }
        };
        Process one = new Process(body).start();
        Process two = new Process(body).start();
        for (int i = 0; i < 200; i++) {
            assertThat(one.stack().circle()).isEmpty();
            assertThat(two.stack().deadlock()).isEmpty();
        }
        end(one, two);
    }
}
