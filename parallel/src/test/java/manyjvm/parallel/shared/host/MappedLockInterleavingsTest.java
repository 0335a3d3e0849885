package manyjvm.parallel.shared.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintStream;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Supplier;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.interleaving.Interleavings;
import manyjvm.parallel.interleaving.Scenario;
import manyjvm.parallel.interleaving.Steps;
import manyjvm.parallel.shared.Deadline;
import manyjvm.parallel.shared.Departure;
import manyjvm.parallel.shared.RemoteObject;
import manyjvm.parallel.shared.SharedAnswer;
import manyjvm.parallel.shared.SharedClient;
import manyjvm.parallel.shared.SharedOperation;
import manyjvm.parallel.shared.SharedRequest;
import manyjvm.parallel.shared.Waits;
import manyjvm.parallel.shared.memory.MappedFile;
import manyjvm.parallel.shared.memory.MappedLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A lock's word, its holders in several JVMs and its host, in every order of their steps. */
class MappedLockInterleavingsTest {
    @TempDir
    Path folder;

    /** Several JVMs with a lock between them; the last thread is its host, which takes their messages one by one. */
    abstract static class Jvms implements Scenario {
        /** The one deadline that does not come. */
        static final Deadline NEVER = Deadline.never();

        private static final Shared.Handle HANDLE = new Shared.Handle("Lock", 1, "");

        /** The one that is under way: for what is called in the place of methods. */
        private static Jvms present;

        /** The lock is left free each time. */
        private static MappedFile file;

        private final MappedHost host;
        private final ArrayDeque<Runnable> messages = new ArrayDeque<>();
        private final List<Callable<?>> threads = new ArrayList<>();
        private int running;
        private final Set<Integer> parked = new HashSet<>(); // or ended
        private int holders;
        private boolean over;
        int taken;
        int inherited;

        Jvms(Path folder) throws Exception {
            present = this;
            if (file == null) {
                file = MappedFile.create(folder, HANDLE.id(), 0);
            }
            file.setDeaths(0);
            host = new MappedHost(HANDLE, folder);
        }

        final MappedLock lock(int jvm) {
            SharedClient client = (SharedClient) Proxy.newProxyInstance(
                    SharedClient.class.getClassLoader(), new Class<?>[] {SharedClient.class}, (self, method, given) -> {
                        assertThat(method.getName()).isEqualTo("jvmId");
                        return jvm;
                    });
            return new MappedLock(new RemoteObject(client, HANDLE), file, false);
        }

        /** Adds a JVM's thread: the first is that of JVM 1. */
        final void jvm(Callable<?> body) {
            int number = ++running;
            threads.add(() -> {
                body.call();
                running--;
                parked.add(number);
                return null;
            });
        }

        /** While it is held: nobody else holds it. */
        final void hold(MappedLock lock) {
            assertThat(++holders).isEqualTo(1);
            taken++;
            inherited += lock.isInherited() ? 1 : 0;
            Steps.step();
            holders--;
        }

        final Void takeAndLeave(MappedLock lock) throws InterruptedException {
            assertThat(lock.acquire(NEVER)).isTrue();
            hold(lock);
            lock.release();
            return null;
        }

        /** Waits as one that found the lock taken, and is never heard of again once it was woken, if it ever was. */
        final void parkAndDie(int jvm) {
            boolean[] woken = {false};
            parked.add(jvm);
            SharedRequest park = new SharedRequest(HANDLE, SharedOperation.PARK, jvm);
            messages.add(() -> host.handle(jvm, park, List.of(), answer -> woken[0] = true));
            Steps.await(() -> woken[0]);
            gone(jvm);
        }

        final void gone(int jvm) {
            messages.add(() -> host.handleJvmGone(jvm, new Departure("Process-" + jvm, true)));
        }

        @Override
        public List<Callable<?>> threads() {
            threads.add(() -> {
                while (true) {
                    Steps.await(() -> running == 0 || !messages.isEmpty());
                    if (messages.isEmpty()) {
                        return null;
                    }
                    messages.remove().run();
                }
            });
            return threads;
        }

        @Override
        public void check() {
            assertThat(file.word()).isZero();
            assertThat(host.waitQueues()).allMatch(SharedObjectHost.WaitQueue::isEmpty);
        }

        /** Takes it, and leaves it once these JVMs have asked the host to wait for it, or have ended. */
        final Void takeUntilParked(MappedLock lock, Set<Integer> waiters) throws InterruptedException {
            assertThat(lock.acquire(NEVER)).isTrue();
            Steps.await(() -> parked.containsAll(waiters));
            hold(lock);
            lock.release();
            return null;
        }

        private void send(RemoteObject from, SharedOperation operation, long ticket, Consumer<SharedAnswer> answer) {
            SharedRequest request = new SharedRequest(HANDLE, operation, ticket);
            messages.add(() -> host.handle(from.client().jvmId(), request, List.of(), answer));
        }

        private static SharedAnswer answered(
                RemoteObject remote, SharedOperation operation, long ticket, boolean giveUp) {
            SharedAnswer[] given = {null};
            if (operation == SharedOperation.PARK) {
                present.parked.add(remote.client().jvmId());
            }
            present.send(remote, operation, ticket, answer -> given[0] = answer);
            if (giveUp) {
                Steps.await(present.messages::isEmpty); // the host has heard of it
                present.over = true;
                present.send(remote, SharedOperation.WITHDRAW, ticket, answer -> {});
            }
            Steps.await(() -> given[0] != null);
            return given[0];
        }

        // ---- in the place of what goes by the wire, the clock and the console, or takes long

        static MappedFile open(Path folder, long id) {
            return file;
        }

        static SharedAnswer await(
                RemoteObject remote,
                SharedOperation operation,
                Deadline deadline,
                Supplier<List<Waits.Holder>> holders) {
            return answered(remote, operation, Thread.currentThread().getId(), deadline != NEVER);
        }

        static SharedAnswer ask(RemoteObject remote, SharedOperation operation) {
            return answered(remote, operation, 0, false);
        }

        static void tell(RemoteObject remote, SharedOperation operation, long number) {
            Steps.step();
            present.send(remote, operation, number, answer -> {});
        }

        /** It is over once it was waited for. */
        static boolean isOver(Deadline deadline) {
            return deadline != NEVER && present.over;
        }

        static void println(PrintStream out, String line) {
            assertThat(line).contains("was released because its holder Process-1 died");
        }

        /** One try stands for many: it may come at any moment. */
        static boolean spin(MappedLock lock, long self, long contended) throws ReflectiveOperationException {
            Method tryAcquire = MappedLock.class.getDeclaredMethod("tryAcquire", long.class, long.class);
            tryAcquire.setAccessible(true);
            return (boolean) tryAcquire.invoke(lock, self, contended);
        }
    }

    static final class TwoJvms extends Jvms {
        TwoJvms(Path folder) throws Exception {
            super(folder);
            for (int number = 1; number <= 2; number++) {
                MappedLock lock = lock(number);
                jvm(() -> {
                    takeAndLeave(lock);
                    return takeAndLeave(lock);
                });
            }
        }

        @Override
        public void check() {
            super.check();
            assertThat(taken).isEqualTo(4);
            assertThat(inherited).isZero();
        }
    }

    static final class OneGivesUp extends Jvms {
        OneGivesUp(Path folder) throws Exception {
            super(folder);
            MappedLock first = lock(1);
            MappedLock impatient = lock(2);
            MappedLock overtaking = lock(3);
            MappedLock behind = lock(4);
            boolean[] gaveUp = {false};
            jvm(() -> takeUntilParked(first, Set.of(2, 4)));
            jvm(() -> {
                if (impatient.acquire(Deadline.in(Duration.ofDays(1)))) {
                    hold(impatient);
                    impatient.release();
                }
                gaveUp[0] = true;
                return null;
            });
            jvm(() -> {
                if (overtaking.tryAcquire()) {
                    Steps.await(() -> gaveUp[0]);
                    hold(overtaking);
                    overtaking.release();
                }
                return null;
            });
            jvm(() -> takeAndLeave(behind));
        }

        @Override
        public void check() {
            super.check();
            assertThat(taken).isBetween(2, 4);
        }
    }

    static final class OneDiesWithIt extends Jvms {
        private boolean beforeDeath;

        OneDiesWithIt(Path folder) throws Exception {
            super(folder);
            MappedLock dying = lock(1);
            MappedLock heir = lock(2);
            jvm(() -> {
                assertThat(dying.acquire(NEVER)).isTrue();
                beforeDeath = taken > 0;
                gone(1);
                return null;
            });
            jvm(() -> takeAndLeave(heir));
        }

        @Override
        public void check() {
            super.check();
            assertThat(taken).isEqualTo(1);
            assertThat(inherited).isEqualTo(beforeDeath ? 0 : 1);
        }
    }

    static final class OneDiesAsItIsWoken extends Jvms {
        OneDiesAsItIsWoken(Path folder) throws Exception {
            super(folder);
            MappedLock held = lock(1);
            jvm(() -> takeUntilParked(held, Set.of(2, 3)));
            jvm(() -> {
                parkAndDie(2);
                return null;
            });
            MappedLock behind = lock(3);
            jvm(() -> takeAndLeave(behind));
        }

        @Override
        public void check() {
            super.check();
            assertThat(taken).isEqualTo(2);
            assertThat(inherited).isZero();
        }
    }

    private void explore(Class<? extends Jvms> jvms, int preemptions) throws Exception {
        Interleavings.of(jvms, folder)
                .replacing(RemoteObject.class, "await")
                .replacing(RemoteObject.class, "ask")
                .replacing(RemoteObject.class, "tell")
                .replacing(MappedFile.class, "open")
                .replacing(Deadline.class, "isOver")
                .replacing(PrintStream.class, "println")
                .replacing(MappedLock.class, "spin")
                .explore(preemptions);
    }

    @Test
    void lock_isHeldByOneJvmAtATime_andNoWakeUpIsLost() throws Exception {
        explore(TwoJvms.class, 3);
    }

    @Test
    void wakeUpOfOneThatGivesUp_isPassedOn() throws Exception {
        explore(OneGivesUp.class, 0);
    }

    @Test
    void wakeUpOfOneThatDies_isPassedOn() throws Exception {
        explore(OneDiesAsItIsWoken.class, 1);
    }

    @Test
    void lockOfTheDead_goesToOneThatIsTold() throws Exception {
        explore(OneDiesWithIt.class, 2);
    }
}
