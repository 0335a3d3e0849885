package manyjvm.parallel.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import manyjvm.parallel.Connection;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.Pipe;
import manyjvm.parallel.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class RemoteObjectTest {
    @RegisterExtension
    final FakeDriver driver = new FakeDriver();

    /** Has another thread run something while a request is about to be sent, as far as that gets by itself. */
    private static final class Racing extends Passing {
        private final AtomicReference<Runnable> race = new AtomicReference<>();

        Racing(SharedClient to) {
            super(to);
        }

        @Override
        public CompletableFuture<SharedAnswer> call(SharedRequest request) {
            Runnable other = race.getAndSet(null);
            if (other != null) {
                Thread thread = new Thread(other, "race");
                thread.start();
                while (thread.isAlive() && thread.getState() != Thread.State.WAITING) {
                    Thread.onSpinWait();
                }
            }
            return super.call(request);
        }
    }

    @Test
    void close_whileAWaitIsBeingSent_endsIt() {
        Racing client = new Racing(driver.driverJvm());
        RemoteObject remote = new RemoteObject(client, new Queue<Integer>().handle());
        client.race.set(remote::close);
        assertThatThrownBy(() -> remote.await(SharedOperation.GET_WAITING, Deadline.never()))
                .isInstanceOf(ParallelException.class)
                .hasMessageContaining("closed in this JVM");
    }

    @Test
    void close_whileOneOfManyWaitsIsBeingSent_endsThem() throws Exception {
        Racing client = new Racing(driver.driverJvm());
        RemoteObject remote = new RemoteObject(client, new Queue<Integer>().handle());
        client.race.set(remote::close);
        RemoteObject.Pending wait = remote.start(SharedOperation.GET_WAITING);
        RemoteObject.awaitAny(List.of(wait), Deadline.never());
        assertThatThrownBy(() -> remote.finish(wait)).hasMessageContaining("closed in this JVM");
        assertThatThrownBy(() -> remote.start(SharedOperation.GET_WAITING)).hasMessageContaining("closed in this JVM");
    }

    /** What the host hears after the close would make this JVM a user of the end again. */
    @Test
    void close_whileAReceiverOrASenderIsBeingSent_isSeenAtTheOtherSide() throws Exception {
        for (boolean sends : new boolean[] {false, true}) {
            Pipe pipe = Pipe.duplex();
            FakeDriver.Jvm jvm = driver.newJvm();
            jvm.receive(pipe.second());
            Racing client = new Racing(jvm);
            Connection there =
                    (Connection) new SharedLinker(client).link(pipe.second().handle());
            client.race.set(there::close);
            if (sends) {
                there.send("last");
                assertThat(pipe.first().recv()).isEqualTo("last");
            } else {
                assertThatThrownBy(there::recv).hasMessageContaining("closed in this JVM");
            }
            assertThatThrownBy(pipe.first()::recv).isInstanceOf(EOFException.class);
        }
    }
}
