package manyjvm.parallel.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import manyjvm.parallel.Connection;
import manyjvm.parallel.NotShippableException;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.Pipe;
import manyjvm.parallel.Queue;
import manyjvm.parallel.WaitInterruptedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class PipeTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(20);

    @RegisterExtension
    final FakeDriver driver = new FakeDriver();

    @Test
    void duplex_carriesObjectsBothWays_nullIncluded() throws Exception {
        Pipe pipe = Pipe.duplex();
        Connection here = pipe.first();
        Connection there = driver.newJvm().receive(pipe.second());
        there.send(Arrays.asList(42, null, "hello"));
        there.send(null);
        assertThat(here.recv()).isEqualTo(Arrays.asList(42, null, "hello"));
        assertThat(here.recv()).isNull();
        here.send("back");
        assertThat(there.recv(String.class)).isEqualTo("back");
        here.send(1);
        assertThatThrownBy(() -> there.recv(String.class))
                .isInstanceOf(ClassCastException.class)
                .hasMessageStartingWith("recv(String.class) at Connection ")
                .hasMessageContaining("java.lang.Integer, and that message is lost");
        here.send(2);
        assertThat((int) there.recv(int.class)).isEqualTo(2);
    }

    @Test
    void bytes_travelAsBytes() throws Exception {
        Pipe pipe = Pipe.duplex();
        Connection there = driver.newJvm().receive(pipe.second());
        there.sendBytes(new byte[] {1, 2});
        assertThat(pipe.first().recvBytes()).containsExactly(1, 2);
        there.send("text");
        assertThatThrownBy(pipe.first()::recvBytes)
                .isInstanceOf(ClassCastException.class)
                .hasMessageStartingWith("recvBytes() at Connection ")
                .hasMessageContaining("java.lang.String, and that message is lost")
                .hasMessageContaining("Use recv()");
    }

    @Test
    void oneWay_sendsFromSecondToFirstOnly() throws Exception {
        Pipe pipe = Pipe.oneWay();
        pipe.second().send(1);
        assertThat(pipe.first().recv()).isEqualTo(1);
        assertThatThrownBy(() -> pipe.first().send(1))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("only receives");
        assertThatThrownBy(() -> pipe.second().recv())
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("only sends");
    }

    @Test
    void send_ofWhatCannotTravel_isRefused() {
        Pipe pipe = Pipe.duplex();
        assertThatThrownBy(() -> pipe.first().send(new Thread())).isInstanceOf(NotShippableException.class);
    }

    @Test
    void ends_areTheSameObjectEachTime() {
        Pipe pipe = Pipe.duplex();
        Pipe there = driver.newJvm().receive(pipe);
        assertThat(pipe.first()).isSameAs(pipe.first()).isNotSameAs(pipe.second());
        assertThat(there.first()).isSameAs(there.first());
    }

    @Test
    void poll_tellsOfMessagesAndOfTheEnd() throws Exception {
        Pipe pipe = Pipe.duplex();
        FakeDriver.Jvm jvm = driver.newJvm();
        Connection there = jvm.receive(pipe.second());
        assertThat(pipe.first().poll()).isFalse();
        assertThat(pipe.first().poll(SHORT)).isFalse();
        Threads<Boolean> poller = Threads.runUntilWaiting(() -> pipe.first().poll(LONG));
        there.send(1);
        assertThat(poller.get()).isTrue();
        assertThat(pipe.first().poll()).isTrue();
        assertThat(pipe.first().recv()).isEqualTo(1);
        there.close();
        assertThat(pipe.first().poll(LONG)).isTrue();
        assertThatThrownBy(pipe.first()::recv).isInstanceOf(EOFException.class);
    }

    @Test
    void recv_givesWhatWasSent_thenTheEnd_whenTheOtherSideClosed() throws Exception {
        Pipe pipe = Pipe.duplex();
        Connection there = driver.newJvm().receive(pipe.second());
        there.send("last");
        there.close();
        there.close();
        assertThat(pipe.first().recv()).isEqualTo("last");
        assertThatThrownBy(pipe.first()::recv).isInstanceOf(EOFException.class).hasMessageContaining("other side");
        assertThatThrownBy(() -> there.send(1)).hasMessageContaining("closed in this JVM");
    }

    @Test
    void recv_endsWhenTheJvmThatTheOtherEndWasGivenToDies_alsoWhileWaiting() throws Exception {
        Pipe pipe = Pipe.duplex();
        FakeDriver.Jvm jvm = driver.newJvm();
        Connection there = jvm.receive(pipe.second());
        there.send("last");
        Threads<Object> receiver = Threads.runUntilWaiting(() -> {
            assertThat(pipe.first().recv()).isEqualTo("last");
            return pipe.first().recv();
        });
        jvm.die();
        assertThatThrownBy(receiver::get).hasCauseInstanceOf(EOFException.class);
    }

    @Test
    void recv_endsWhenAJvmDiesThatHadTheWholePipe_evenIfItNeverUsedIt() throws Exception {
        Pipe pipe = Pipe.duplex();
        FakeDriver.Jvm jvm = driver.newJvm();
        jvm.receive(pipe);
        Threads<Object> receiver = Threads.runUntilWaiting(pipe.first()::recv);
        jvm.die();
        assertThatThrownBy(receiver::get).hasCauseInstanceOf(EOFException.class);
    }

    @Test
    void wholePipe_sentToAWorker_worksForTheEndThatEachUses() throws Exception {
        Pipe pipe = Pipe.duplex();
        FakeDriver.Jvm jvm = driver.newJvm();
        Pipe there = jvm.receive(pipe);
        // The worker asks first: the maker has not used its end yet, and still may.
        Threads<Object> receiver = Threads.runUntilWaiting(there.second()::recv);
        pipe.first().send("question");
        assertThat(receiver.get()).isEqualTo("question");
        there.second().send("answer");
        jvm.flush();
        jvm.die();
        jvm.wireEnd();
        assertThat(pipe.first().recv()).isEqualTo("answer");
        assertThatThrownBy(pipe.first()::recv).isInstanceOf(EOFException.class);
    }

    @Test
    void wholePipe_closedByItsMaker_endsTheWorkersWait() throws Exception {
        Pipe pipe = Pipe.duplex();
        Pipe there = driver.newJvm().receive(pipe);
        Threads<Object> receiver = Threads.runUntilWaiting(there.second()::recv);
        pipe.first().close();
        assertThatThrownBy(receiver::get).hasCauseInstanceOf(EOFException.class);
    }

    @Test
    void endUsedByItsMakerBeforeItWasGivenAway_stillEndsWithTheTaker() throws Exception {
        Pipe pipe = Pipe.duplex();
        pipe.second().send("tried");
        assertThat(pipe.first().recv()).isEqualTo("tried");
        FakeDriver.Jvm jvm = driver.newJvm();
        jvm.receive(pipe.second());
        jvm.die();
        jvm.wireEnd();
        assertThatThrownBy(pipe.first()::recv).isInstanceOf(EOFException.class);
    }

    @Test
    void endGivenToASecondJvm_afterTheFirstDied_livesAgain() throws Exception {
        Pipe pipe = Pipe.duplex();
        FakeDriver.Jvm first = driver.newJvm();
        first.receive(pipe.second());
        first.die();
        first.wireEnd();
        Connection there = driver.newJvm().receive(pipe.second());
        there.send(2);
        assertThat(pipe.first().recv()).isEqualTo(2);
    }

    @Test
    void bothEnds_inOneJvm_neverEndByThemselves() throws Exception {
        Pipe pipe = Pipe.duplex();
        Threads<Object> receiver = Threads.runUntilWaiting(pipe.first()::recv);
        pipe.second().send("here");
        assertThat(receiver.get()).isEqualTo("here");
        assertThat(pipe.first().poll(SHORT)).isFalse();
    }

    @Test
    void send_afterTheOtherSideEnded_saysSo() throws Exception {
        Pipe pipe = Pipe.duplex();
        FakeDriver.Jvm jvm = driver.newJvm();
        Connection there = jvm.receive(pipe.second());
        pipe.first().close();
        assertThatThrownBy(() -> {
                    there.send(1);
                    jvm.flush();
                    there.send(2);
                })
                .isInstanceOf(ParallelException.class)
                .hasMessageContaining("other side");
    }

    @Test
    void send_toAReceiverThatDoesNotRead_waitsForIt() throws Exception {
        Pipe pipe = Pipe.duplex();
        Connection there = driver.newJvm().receive(pipe.second());
        int messages = 40;
        Threads<Void> sender = Threads.runUntilWaiting(() -> {
            for (int message = 0; message < messages; message++) {
                there.sendBytes(new byte[256 << 10]);
            }
            return null;
        });
        assertThat(sender.isDone()).isFalse();
        for (int message = 0; message < messages; message++) {
            assertThat(pipe.first().recvBytes()).hasSize(256 << 10);
        }
        sender.get();
    }

    @Test
    void send_waitingForTheReceiver_endsAtCloseAndAtInterrupt() throws Exception {
        Pipe pipe = Pipe.duplex();
        Connection there = driver.newJvm().receive(pipe.second());
        Threads<Boolean> interrupted = Threads.runUntilWaiting(() -> {
            assertThatThrownBy(() -> sendForEver(there)).isInstanceOf(WaitInterruptedException.class);
            return Thread.interrupted();
        });
        interrupted.thread.interrupt();
        assertThat(interrupted.get()).isTrue();
        Threads<Void> closed = Threads.runUntilWaiting(() -> {
            assertThatThrownBy(() -> sendForEver(there))
                    .isInstanceOf(ParallelException.class)
                    .hasMessageContaining("closed in this JVM");
            return null;
        });
        there.close();
        closed.get();
    }

    @Test
    void recv_interrupted_losesNoMessage() throws Exception {
        Pipe pipe = Pipe.duplex();
        Connection there = driver.newJvm().receive(pipe.second());
        Threads<Boolean> receiver = Threads.runUntilWaiting(() -> {
            assertThatThrownBy(there::recv).isInstanceOf(WaitInterruptedException.class);
            return Thread.interrupted();
        });
        receiver.thread.interrupt();
        assertThat(receiver.get()).isTrue();
        pipe.first().send("kept");
        assertThat(there.recv()).isEqualTo("kept");
    }

    @Test
    void close_endsTheWaitsOfThisJvm() throws Exception {
        Pipe pipe = Pipe.duplex();
        Threads<Object> receiver = Threads.runUntilWaiting(pipe.first()::recv);
        pipe.first().close();
        assertThatThrownBy(receiver::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(ParallelException.class)
                .hasMessageContaining("closed in this JVM");
        assertThat(pipe.first().isClosed()).isTrue();
    }

    @Test
    void waitAny_givesThoseThatAreReady() throws Exception {
        Pipe one = Pipe.duplex();
        Pipe two = Pipe.duplex();
        Pipe three = Pipe.duplex();
        FakeDriver.Jvm jvm = driver.newJvm();
        Connection toTwo = jvm.receive(two.second());
        Connection toThree = jvm.receive(three.second());
        List<Connection> all = List.of(one.first(), two.first(), three.first());
        assertThat(Connection.waitAny(all, SHORT)).isEmpty();
        Threads<List<Connection>> waiter = Threads.runUntilWaiting(() -> Connection.waitAny(all));
        toTwo.send(2);
        assertThat(waiter.get()).containsExactly(two.first());
        toThree.close();
        jvm.flush();
        assertThat(Connection.waitAny(all, LONG)).containsExactly(two.first(), three.first());
        assertThat(two.first().recv()).isEqualTo(2);
        assertThatThrownBy(three.first()::recv).isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> Connection.waitAny(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void waitAny_interruptedOrClosed_ends() throws Exception {
        Pipe one = Pipe.duplex();
        List<Connection> all = List.of(one.first());
        Threads<Boolean> interrupted = Threads.runUntilWaiting(() -> {
            assertThatThrownBy(() -> Connection.waitAny(all)).isInstanceOf(WaitInterruptedException.class);
            return Thread.interrupted();
        });
        interrupted.thread.interrupt();
        assertThat(interrupted.get()).isTrue();
        Threads<List<Connection>> closed = Threads.runUntilWaiting(() -> Connection.waitAny(all));
        one.first().close();
        assertThatThrownBy(closed::get).hasMessageContaining("closed in this JVM");
    }

    @Test
    void endThroughAQueue_staysOpenUntilItsTakerEnds() throws Exception {
        Queue<Object> queue = new Queue<>();
        FakeDriver.Jvm maker = driver.newJvm();
        FakeDriver.Jvm taker = driver.newJvm();
        Pipe pipe = maker.make(Pipe::duplex);
        Queue<Object> queueOfMaker = maker.receive(queue);
        queueOfMaker.put(pipe.second());
        Connection there = (Connection) taker.receive(queue).get();
        there.send("hello");
        assertThat(pipe.first().recv()).isEqualTo("hello");
        taker.flush();
        taker.die();
        taker.wireEnd();
        assertThatThrownBy(pipe.first()::recv).isInstanceOf(EOFException.class);
    }

    @Test
    void driverClose_endsWaits_withOneClearError() throws Exception {
        Pipe pipe = Pipe.duplex();
        Connection there = driver.newJvm().receive(pipe.second());
        Threads<Object> receiver = Threads.runUntilWaiting(there::recv);
        driver.hosts().close();
        assertThatThrownBy(receiver::get)
                .hasCauseInstanceOf(ParallelException.class)
                .hasMessageContaining("the driver that hosts it was closed");
    }

    private static void sendForEver(Connection connection) {
        while (true) {
            connection.sendBytes(new byte[256 << 10]);
        }
    }
}
