package manyjvm.parallel.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import manyjvm.parallel.wire.connect.OwnerLoop;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Reads are shared, and each question is answered. */
@Timeout(60)
class ClassServerTest {
    private final List<Throwable> faults = Collections.synchronizedList(new ArrayList<>());
    private final OwnerLoop loop = new OwnerLoop("loop of a test", faults::add);
    private final CountDownLatch go = new CountDownLatch(1);
    private final AtomicInteger reads = new AtomicInteger();
    private final List<Thread> readers = Collections.synchronizedList(new ArrayList<>());
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final ClassServer server = new ClassServer(loop, this::read, faults::add);

    private Optional<byte[]> read(String name) {
        reads.incrementAndGet();
        readers.add(Thread.currentThread());
        switch (name) {
            case "slow" -> awaitGo();
            case "broken" -> throw new LinkageError("broken");
            case "missing" -> {
                return Optional.empty();
            }
            default -> {
                // there
            }
        }
        return Optional.of(name.getBytes(StandardCharsets.UTF_8));
    }

    private void awaitGo() {
        try {
            go.await();
        } catch (InterruptedException unexpected) {
            throw new IllegalStateException(unexpected);
        }
    }

    @BeforeEach
    void start() {
        loop.start();
    }

    @AfterEach
    void end() throws Exception {
        go.countDown();
        server.close();
        loop.stop();
        assertThat(loop.join(Duration.ofSeconds(30))).isTrue();
        for (Thread reader : readers) {
            reader.join(30_000);
            assertThat(reader.isAlive()).isFalse();
        }
    }

    private void ask(String name) {
        loop.post(
                () -> server.ask(name, file -> answers.add(name + " is " + new String(file, StandardCharsets.UTF_8))));
    }

    private String answer() throws InterruptedException {
        return String.valueOf(answers.poll(30, TimeUnit.SECONDS));
    }

    @Test
    void askedAgainMeanwhile_givesBothTheOneRead() throws Exception {
        ask("slow");
        ask("slow");
        ask("quick");
        assertThat(answer()).isEqualTo("quick is quick");
        go.countDown();
        assertThat(List.of(answer(), answer())).containsOnly("slow is slow");
        assertThat(reads).hasValue(2);
        ask("slow");
        assertThat(answer()).isEqualTo("slow is slow");
        assertThat(reads).as("what was read before may have changed").hasValue(3);
    }

    @Test
    void missingOrUnreadable_isAnsweredWithNothing() throws Exception {
        ask("missing");
        assertThat(answer()).isEqualTo("missing is ");
        assertThat(faults).isEmpty();
        ask("broken");
        assertThat(answer()).isEqualTo("broken is ");
        assertThat(faults).hasSize(1);
    }

    @Test
    void manyAtOnce_areAllAnswered_byFewThreads() throws Exception {
        for (int i = 0; i < 1000; i++) {
            ask("class " + i % 100);
        }
        for (int i = 0; i < 1000; i++) {
            assertThat(answer()).startsWith("class ");
        }
        assertThat(readers.stream().distinct().count()).isBetween(1L, 4L);
    }

    @Test
    void closed_answersWithNothing_andLetsTheReadUnderWayFinish() throws Exception {
        ask("slow");
        ask("quick");
        assertThat(answer()).isEqualTo("quick is quick");
        server.close();
        ask("late");
        assertThat(answer()).isEqualTo("late is ");
        go.countDown();
        assertThat(answer()).isEqualTo("slow is slow");
    }
}
