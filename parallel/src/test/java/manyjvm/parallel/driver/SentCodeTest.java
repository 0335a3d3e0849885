package manyjvm.parallel.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import manyjvm.parallel.Fn;
import manyjvm.parallel.OutputMode;
import manyjvm.parallel.Task;
import manyjvm.parallel.spi.CallKind;
import manyjvm.parallel.spi.JobListener;
import manyjvm.parallel.spi.JobSettings;
import manyjvm.parallel.spi.JvmSettings;
import manyjvm.parallel.wire.FrameWriter;
import manyjvm.parallel.wire.Message;
import manyjvm.parallel.wire.Payload;
import manyjvm.parallel.wire.Values;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a worker that knows the code is sent for the next submission of it: counts, which no machine changes. */
class SentCodeTest {
    private static final JobListener DEAF = new JobListener() {
        @Override
        public void arrived(Batch batch) {
            // nothing is run here
        }

        @Override
        public void ended(Optional<Throwable> reason) {
            // nothing is run here
        }
    };

    private final Driver driver = Driver.builder().open();
    private final List<Message> sent = new ArrayList<>();
    private final SentCode code = new SentCode(driver, 1, sent::add, (submission, kind, name, bytes) -> {});

    @AfterEach
    void close() {
        driver.close();
    }

    private void submit(Object function, CallKind kind, int chunks) {
        JobSettings settings = new JobSettings("test", Optional.empty(), 0, false, false);
        Submission submission = driver.submission(
                driver.codeOfSubmission(function, driver.processBackend(), JvmSettings.DEFAULT, "here"),
                kind,
                settings,
                false,
                "here",
                OutputMode.LIVE,
                DEAF);
        for (int i = 0; i < chunks; i++) {
            Payload item = Values.nothing();
            code.send(new Chunk(
                    driver.nextChunk(),
                    submission,
                    i,
                    1,
                    item,
                    List.of(),
                    List.of(),
                    OptionalInt.empty(),
                    chunks == 1));
        }
        code.ended(submission);
        code.released(submission);
    }

    private void apply(int x) {
        submit((Task<Integer>) () -> x * x, CallKind.CALLABLE, 1);
    }

    private void map() {
        submit((Fn<Integer, Integer>) x -> x * x, CallKind.FUNCTION, 5);
    }

    private Stream<Class<?>> types() {
        return sent.stream().map(Message::getClass);
    }

    private int bytes() {
        return sent.stream()
                .mapToInt(message -> FrameWriter.frame(message).length())
                .sum();
    }

    @Test
    void nextApply_isOneShortMessage() {
        apply(1);
        assertThat(types()).as("the first").containsExactly(Message.GiveBase.class, Message.RunJob.class);
        sent.clear();

        apply(2);
        assertThat(types()).containsExactly(Message.RunJob.class);
        assertThat(bytes()).isLessThan(150);
    }

    @Test
    void nextMap_isItsFunctionItsChunksAndItsEnd() {
        map();
        sent.clear();

        map();
        assertThat(types())
                .containsExactly(
                        Message.StartJob.class,
                        Message.RunChunk.class,
                        Message.RunChunk.class,
                        Message.RunChunk.class,
                        Message.RunChunk.class,
                        Message.RunChunk.class,
                        Message.EndJob.class);
        assertThat(bytes()).isLessThan(450);
    }

    @Test
    void callSitesThatTakeTurns_areEachToldOnce() {
        for (int i = 0; i < 10; i++) {
            apply(i);
            map();
        }
        assertThat(types().filter(Message.GiveBase.class::equals)).hasSize(2);
    }
}
