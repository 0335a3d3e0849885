package manyjvm.parallel.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import manyjvm.parallel.Connection;
import manyjvm.parallel.Pipe;
import manyjvm.parallel.base.Shared;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class SharedLinkerTest {
    @RegisterExtension
    final FakeDriver driver = new FakeDriver();

    /** A JVM whose linker waits, having told of an object that it links again, until the cleaner of the old one has run. */
    private static final class Relinking extends Passing {
        private final SharedLinker linker = new SharedLinker(this);
        private final CountDownLatch cleaner = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);
        private volatile boolean again;

        Relinking(SharedClient to) {
            super(to);
        }

        /** Nothing that is unreachable is told of from now on, until the object is linked again. */
        void holdBackCleaner() throws InterruptedException {
            CountDownLatch heldBack = new CountDownLatch(1);
            Hold.watch(new Object(), () -> {
                heldBack.countDown();
                awaitUninterrupted(cleaner);
            });
            do {
                System.gc();
            } while (!heldBack.await(5, TimeUnit.MILLISECONDS));
            again = true;
        }

        @Override
        public void tell(SharedRequest request) {
            super.tell(request);
            SharedOperation operation = SharedOperation.of(request);
            if (operation == SharedOperation.RELEASED) {
                released.countDown();
            } else if (operation == SharedOperation.LINKED && again) {
                cleaner.countDown();
                awaitUninterrupted(released);
            }
        }

        private static void awaitUninterrupted(CountDownLatch latch) {
            try {
                latch.await();
            } catch (InterruptedException unexpected) {
                throw new IllegalStateException(unexpected);
            }
        }

        @Override
        public SharedLinker linker() {
            return linker;
        }
    }

    @Test
    void link_whileTheCleanerFindsTheObjectBefore_keepsTheEndInUse() throws Exception {
        FakeDriver.Jvm jvm = driver.newJvm();
        Relinking there = new Relinking(jvm);
        Pipe pipe = Pipe.oneWay();
        Connection here = pipe.first();
        Shared.Handle end = pipe.second().handle();
        driver.hosts().submitted(1, List.of(end));
        driver.hosts().sent(jvm.jvmId(), List.of(end));
        driver.hosts().delivered(1, List.of(end));
        Object[] kept = {there.linker().link(end)}; // else the cleaner may find it before it is held back
        there.holdBackCleaner();
        kept[0] = null;
        while (there.linker().known(end).isPresent()) {
            System.gc();
        }
        Threads<Object> receiver = Threads.runUntilWaiting(here::recv);
        Connection again = (Connection) there.linker().link(end);
        jvm.flush();
        assertThat(receiver.isDone()).isFalse();
        assertThat(there.linker().link(end)).isSameAs(again);
        again.send("hello");
        assertThat(receiver.get()).isEqualTo("hello");
    }
}
