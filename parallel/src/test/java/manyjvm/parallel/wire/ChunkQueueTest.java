package manyjvm.parallel.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.spi.AbstractInterruptibleChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A chunk is waiting or running, and an interrupt finds it in either. */
@Timeout(60)
class ChunkQueueTest {
    private final ChunkQueue line = new ChunkQueue();

    private static Message.RunChunk chunk(long number) {
        return new Message.RunChunk(1, number, 0, 0, 1, new Payload.Bytes(new byte[0]));
    }

    /** Waits for the interrupt, which comes on a thread of its own. */
    private static void awaitInterrupt() {
        while (!Thread.currentThread().isInterrupted()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void interrupt_rightAfterTheChunkWasTaken_reachesIt() {
        line.add(chunk(7));
        line.take();
        line.interrupt(7);
        awaitInterrupt();
        assertThat(line.isStopped()).isTrue();
        line.leave();
        assertThat(Thread.interrupted()).isFalse();
        assertThat(line.isStopped()).isFalse();
    }

    @Test
    void interrupt_whileTheChunkWaits_strikesWhenItIsTaken() {
        line.add(chunk(7));
        line.add(chunk(8));
        line.interrupt(8);
        line.take();
        assertThat(Thread.currentThread().isInterrupted()).as("not its chunk").isFalse();
        line.leave();
        line.take();
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
        line.leave();
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void interrupt_ofAChunkThatHasEnded_hitsNoOther() {
        line.add(chunk(7));
        line.add(chunk(8));
        line.take();
        line.leave();
        line.take();
        line.interrupt(7);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(line.isStopped()).isFalse();
    }

    @Test
    void chunk_isEitherWithdrawnOrRun() {
        line.add(chunk(7));
        assertThat(line.withdraw(7)).isTrue();
        assertThat(line.withdraw(7)).isFalse();
        line.add(chunk(8));
        line.take();
        assertThat(line.withdraw(8)).isFalse();
    }

    @Test
    void strayInterrupt_betweenTwoChunks_isMeantForNone() {
        line.add(chunk(7));
        Thread.currentThread().interrupt();
        line.take();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    /** An interrupt closes a channel in which its victim waits, and the channel may be the user's. */
    private static final class UsersChannel extends AbstractInterruptibleChannel {
        private final AtomicReference<Thread> closedBy = new AtomicReference<>();
        private final CountDownLatch mayClose = new CountDownLatch(1);
        private final CountDownLatch closes = new CountDownLatch(1);

        @Override
        protected void implCloseChannel() {
            closedBy.set(Thread.currentThread());
            closes.countDown();
            try {
                mayClose.await();
            } catch (InterruptedException impossible) {
                throw new IllegalStateException(impossible);
            }
        }

        void enter() {
            begin();
        }
    }

    @Test
    void interrupt_runsNoUsersCode_andWaitsForNone_butTheChunkDoes() throws Exception {
        UsersChannel channel = new UsersChannel();
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch left = new CountDownLatch(1);
        line.add(chunk(7));
        Thread runner = new Thread(() -> {
            line.take();
            channel.enter();
            inside.countDown();
            awaitInterrupt();
            line.leave();
            left.countDown();
        });
        runner.start();
        inside.await();
        line.interrupt(7); // returns, although the channel does not close
        channel.closes.await();
        assertThat(channel.closedBy.get()).isNotSameAs(Thread.currentThread());
        assertThat(line.withdraw(7)).as("the line is not held meanwhile").isFalse();
        channel.mayClose.countDown();
        left.await();
        runner.join();
    }
}
