package manyjvm.parallel;

import static manyjvm.parallel.Parallel.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import manyjvm.parallel.driver.Driver;
import manyjvm.parallel.spi.ParallelRuntime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever goes wrong while work is handed over leaves nothing behind: no driver waits for what never started, no worker
 * starts for what was closed, and whoever waits is told. The driver here would wait for processes far longer than the test may
 * take.
 */
@Timeout(60)
class HalfStartedIT {
    @RegisterExtension
    final NoLeftovers leftovers = new NoLeftovers();

    private final HookedSink sink = new HookedSink();
    private Driver driver;

    /** Runs something on the submitting thread at the moment of a submission, which is when the driver asks for the place. */
    static final class HookedSink implements manyjvm.parallel.spi.OutputSink {
        private final RecordingSink texts = new RecordingSink();
        private Runnable once = () -> {};

        @Override
        public Object place() {
            Runnable hook = once;
            once = () -> {};
            hook.run();
            return "here";
        }

        @Override
        public void write(Object place, manyjvm.parallel.spi.OutputOrigin origin, Stream stream, String text) {
            texts.write(place, origin, stream, text);
        }
    }

    @BeforeEach
    void open() {
        driver = Driver.builder()
                .outputSink(sink)
                .processesDeadline(Duration.ofMinutes(10))
                .open();
        ParallelRuntime.install(driver);
    }

    @AfterEach
    void close() {
        driver.close();
        assertThat(sink.texts.err()).doesNotContain("fault of manyjvm");
    }

    /** Does something to the submitting thread while it is written. */
    static final class Hooked implements Serializable {
        private static final long serialVersionUID = 1L;

        enum Hook {
            INTERRUPTS {
                @Override
                void strike() {
                    Thread.currentThread().interrupt();
                }
            },
            THROWS {
                @Override
                void strike() {
                    throw new IllegalStateException("refused");
                }
            },
            RUNS_OUT_OF_MEMORY {
                @Override
                void strike() {
                    throw new OutOfMemoryError("refused");
                }
            };

            abstract void strike();
        }

        private final Hook hook;

        Hooked(Hook hook) {
            this.hook = hook;
        }

        private void writeObject(ObjectOutputStream out) {
            hook.strike();
        }
    }

    // ------------------------------------------------------------ never started

    @ParameterizedTest
    @EnumSource
    @SuppressWarnings("ObjectToString")
    void process_thatIsRefusedOrInterruptedWhileItIsPacked_isNotWaitedFor(Hooked.Hook hook) {
        Hooked hooked = new Hooked(hook);
        Process process = new Process(() -> System.out.println(hooked));
        Throwable refused = catchThrowable(process::start);
        assertThat(Thread.interrupted()).isEqualTo(hook == Hooked.Hook.INTERRUPTS);
        assertThat(refused)
                .isInstanceOf(
                        switch (hook) {
                            case INTERRUPTS -> CancellationException.class;
                            case THROWS -> NotShippableException.class;
                            case RUNS_OUT_OF_MEMORY -> OutOfMemoryError.class;
                        });
        driver.interruptPlace("here"); // what a Stop does next
        assertThat(process.isAlive()).isFalse();
        assertThat(Parallel.activeChildren()).isEmpty();
    }

    @Test
    void process_interruptedBeforeItsLaunch_isNotStarted() {
        Process process = new Process(() -> Thread.sleep(600_000));
        Thread.currentThread().interrupt();
        assertThatThrownBy(process::start)
                .isInstanceOf(CancellationException.class)
                .hasMessageContaining(process.name());
        assertThat(Thread.interrupted()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @SuppressWarnings("ObjectToString")
    void pool_whoseHookIsRefused_startsNothing(boolean initializer) {
        Hooked hooked = new Hooked(Hooked.Hook.THROWS);
        Pool.Builder builder = Pool.builder().workers(2);
        Action action = () -> System.out.println(hooked);
        assertThatThrownBy(() -> (initializer ? builder.initializer(action) : builder.exitHook(action)).build())
                .isInstanceOf(NotShippableException.class);
        assertThat(Parallel.activeChildren()).isEmpty();
    }

    @Test
    void jdkThatIsMissing_failsProcessAndPool_andBothEnd() throws Exception {
        Path nowhere = Path.of("/nowhere");
        assertThatThrownBy(() -> Process.builder()
                        .javaHome(nowhere)
                        .target((Action) () -> {})
                        .start())
                .isInstanceOf(ParallelException.class)
                .hasMessageContaining("/nowhere");
        Pool pool = Pool.builder().workers(3).javaHome(nowhere).build();
        assertThatThrownBy(() -> pool.map(x -> x, range(10))).hasMessageContaining("/nowhere");
        pool.close();
        assertThat(pool.join(Duration.ofSeconds(30))).isTrue();
    }

    @Test
    void imap_whoseInputThrowsAnErrorAtOnce_doesNotKeepThePoolOpen() {
        Iterable<Integer> input = () -> new Iterator<>() {
            private int given;

            @Override
            public boolean hasNext() {
                if (given == 2) {
                    throw new StackOverflowError("of the input");
                }
                return true;
            }

            @Override
            public Integer next() {
                return given++;
            }
        };
        try (Pool pool = Pool.threads(1)) {
            List<Integer> before = new ArrayList<>();
            assertThatThrownBy(() -> pool.imap(x -> x, input).forEachRemaining(before::add))
                    .isInstanceOf(StackOverflowError.class)
                    .hasMessage("of the input");
            assertThat(before).containsExactly(0, 1);
        }
    }

    // ------------------------------------------------------------ closed meanwhile

    /** Ways to submit; each gives its answer, or throws. */
    enum Submission {
        APPLY {
            @Override
            Object answer(Pool pool) {
                return pool.apply(() -> 1);
            }
        },
        MAP {
            @Override
            Object answer(Pool pool) {
                return pool.map(x -> x, List.of(1)).get(0);
            }
        },
        IMAP {
            @Override
            Object answer(Pool pool) {
                return pool.imap(x -> x, List.of(1)).next();
            }
        },
        EVERY_WORKER {
            @Override
            Object answer(Pool pool) {
                return pool.everyWorker(() -> 1).get(0);
            }
        };

        abstract Object answer(Pool pool);
    }

    enum Close {
        CLOSE(Pool::close),
        SHUTDOWN(Pool::shutdown),
        TERMINATE(Pool::terminate),
        DRIVER(pool -> ((Driver) ParallelRuntime.current()).close());

        private final Consumer<Pool> close;

        Close(Consumer<Pool> close) {
            this.close = close;
        }
    }

    @ParameterizedTest
    @EnumSource
    void submission_whosePoolIsClosedMeanwhile_isRefused_andStartsNoWorker(Close close) throws Exception {
        for (Submission submission : Submission.values()) {
            if (close == Close.DRIVER && submission != Submission.APPLY) {
                driver.close();
                open();
            }
            for (Pool pool : List.of(Pool.threads(1), new Pool(1))) {
                if (close == Close.DRIVER && pool.toString().contains("process")) {
                    continue; // closed with the driver of the other
                }
                sink.once = () -> close.close.accept(pool);
                assertThatThrownBy(() -> submission.answer(pool))
                        .as(submission + " of " + pool)
                        .isInstanceOf(PoolClosedException.class);
                assertThat(pool.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
            }
        }
    }

    @Test
    void restart_ofAPoolThatIsClosedMeanwhile_isRefused() throws Exception {
        Pool pool = new Pool(1);
        pool.shutdown();
        assertThatThrownBy(pool::restart).isInstanceOf(PoolClosedException.class);
        assertThat(pool.join(Duration.ofSeconds(30))).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"CLOSE", "TERMINATE", "DRIVER"})
    void submissions_thatRaceWithAClose_areAllAnswered(Close close) throws Exception {
        for (int round = 0; round < 40; round++) {
            Pool pool = Pool.threads(2);
            List<Thread> submitters = new java.util.ArrayList<>();
            List<Throwable> wrong = java.util.Collections.synchronizedList(new java.util.ArrayList<>());
            java.util.concurrent.CountDownLatch going = new java.util.concurrent.CountDownLatch(3);
            for (Submission submission : List.of(Submission.APPLY, Submission.MAP, Submission.IMAP)) {
                Thread submitter = new Thread(() -> {
                    try {
                        while (true) {
                            assertThat(submission.answer(pool)).isEqualTo(1);
                            going.countDown();
                        }
                    } catch (PoolClosedException | CancellationException expected) {
                        // refused, or called off
                    } catch (ParallelException early) {
                        if (!(early.getCause() instanceof CancellationException)) {
                            wrong.add(early); // an imap tells so that it was called off
                        }
                    } catch (Throwable other) {
                        wrong.add(other);
                    }
                });
                submitter.start();
                submitters.add(submitter);
            }
            going.await();
            close.close.accept(pool);
            for (Thread submitter : submitters) {
                submitter.join(20_000);
                assertThat(submitter.isAlive())
                        .as("a submitter that nobody answers")
                        .isFalse();
            }
            assertThat(wrong).isEmpty();
            assertThat(pool.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
            if (close == Close.DRIVER) {
                open();
            }
        }
    }

    @Test
    void dependents_ofAResultThatADriversCloseCallsOff_runAllTheSame() throws Exception {
        AsyncResult<Void> result = Pool.threads(1).applyAsync((Action) () -> Thread.sleep(600_000));
        driver.close();
        assertThat(result.handle((value, failure) -> failure != null).get(30, TimeUnit.SECONDS))
                .isTrue();
        assertThat(result.handleAsync((value, failure) -> failure != null).get(30, TimeUnit.SECONDS))
                .isTrue();
    }
}
