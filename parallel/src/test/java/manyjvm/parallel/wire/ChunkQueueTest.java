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
    private final ChunkQueue queue = new ChunkQueue();

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
        queue.add(chunk(7));
        queue.take();
        queue.interrupt(7);
        awaitInterrupt();
        assertThat(queue.isStopped()).isTrue();
        queue.leave();
        assertThat(Thread.interrupted()).isFalse();
        assertThat(queue.isStopped()).isFalse();
    }

    @Test
    void interrupt_whileTheChunkWaits_strikesWhenItIsTaken() {
        queue.add(chunk(7));
        queue.add(chunk(8));
        queue.interrupt(8);
        queue.take();
        assertThat(Thread.currentThread().isInterrupted()).as("not its chunk").isFalse();
        queue.leave();
        queue.take();
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
        queue.leave();
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void interrupt_ofAChunkThatHasEnded_hitsNoOther() {
        queue.add(chunk(7));
        queue.add(chunk(8));
        queue.take();
        queue.leave();
        queue.take();
        queue.interrupt(7);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(queue.isStopped()).isFalse();
    }

    @Test
    void chunk_isEitherWithdrawnOrRun() {
        queue.add(chunk(7));
        assertThat(queue.withdraw(7)).isTrue();
        assertThat(queue.withdraw(7)).isFalse();
        queue.add(chunk(8));
        queue.take();
        assertThat(queue.withdraw(8)).isFalse();
    }

    @Test
    void strayInterrupt_betweenTwoChunks_isMeantForNone() {
        queue.add(chunk(7));
        Thread.currentThread().interrupt();
        queue.take();
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
        queue.add(chunk(7));
        Thread runner = new Thread(() -> {
            queue.take();
            channel.enter();
            inside.countDown();
            awaitInterrupt();
            queue.leave();
            left.countDown();
        });
        runner.start();
        inside.await();
        queue.interrupt(7); // returns, although the channel does not close
        channel.closes.await();
        assertThat(channel.closedBy.get()).isNotSameAs(Thread.currentThread());
        assertThat(queue.withdraw(7)).as("the queue is not held meanwhile").isFalse();
        channel.mayClose.countDown();
        left.await();
        runner.join();
    }
}
