package manyjvm.parallel;

import static manyjvm.parallel.Parallel.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.ObjectInputStream;
import java.io.Serializable;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The driver's thread runs no code of the user's, wherever that may hide: each piece of it here notes the thread on which it
 * runs in this JVM. So code that never returns holds up whoever asked for it, and no pool.
 */
@Timeout(90)
class DriverThreadIT {
    private static final String DRIVER = "parallel-driver";

    @RegisterExtension
    final NoLeftovers leftovers = new NoLeftovers();

    /** What ran, with the names of the threads. */
    private static final Map<String, Set<String>> SEEN = new ConcurrentHashMap<>();

    private static void note(String what) {
        if (!Trouble.inWorker()) {
            SEEN.computeIfAbsent(what, any -> ConcurrentHashMap.newKeySet())
                    .add(Thread.currentThread().getName());
        }
    }

    @AfterEach
    void nothingRanOnTheDriversThread() {
        Map<String, Set<String>> seen = Map.copyOf(SEEN);
        SEEN.clear();
        seen.forEach((what, threads) -> assertThat(threads).as(what).doesNotContain(DRIVER));
    }

    /** An exception all of whose methods are the user's. */
    static class Noting extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Noting() {
            super("noted");
        }

        private void readObject(ObjectInputStream in) throws Exception {
            note("readObject");
            in.defaultReadObject();
        }

        @Override
        public String getMessage() {
            note("getMessage");
            return super.getMessage();
        }

        @Override
        public String toString() {
            note("toString");
            return "Noting!";
        }

        @Override
        public synchronized Throwable getCause() {
            note("getCause");
            return super.getCause();
        }

        @Override
        public StackTraceElement[] getStackTrace() {
            note("getStackTrace");
            return super.getStackTrace();
        }

        @Override
        public void setStackTrace(StackTraceElement[] frames) {
            note("setStackTrace");
            super.setStackTrace(frames);
        }
    }

    /** As a class that is loaded, or initialised, first when the exception comes home. */
    static final class NotingClass extends Noting {
        private static final long serialVersionUID = 1L;

        static {
            note("static initializer");
        }
    }

    static final class NotingValue implements Serializable {
        private static final long serialVersionUID = 1L;

        private void readObject(ObjectInputStream in) throws Exception {
            note("readObject of a value");
            in.defaultReadObject();
        }

        @Override
        public boolean equals(Object other) {
            note("equals");
            return other instanceof NotingValue;
        }

        @Override
        public int hashCode() {
            note("hashCode");
            return 1;
        }

        @Override
        public String toString() {
            note("toString of a value");
            return "value";
        }
    }

    // ------------------------------------------------------------ where it runs

    @Test
    void process_thatFails_isToldWithoutTheUsersCode() throws Exception {
        for (boolean withClass : List.of(false, true)) {
            Process process = new Process((Action) () -> {
                        throw withClass ? new NotingClass() : new Noting();
                    })
                    .start();
            process.onExit().thenAccept(ended -> note("dependent of onExit")).get(60, TimeUnit.SECONDS);
            assertThat(process.exitCode()).isEqualTo(1);
        }
        assertThat(leftovers.sink().err())
                .contains("Exception in process Process-1: Noting!")
                .contains("at manyjvm.parallel.DriverThreadIT");
        assertThat(SEEN.keySet()).containsExactly("dependent of onExit");
    }

    @ParameterizedTest
    @ValueSource(strings = {"processes", "threads"})
    void pool_readsValuesAndFailures_onTheThreadsOfThoseWhoAsk(String backend) throws Exception {
        try (Pool pool = Pool.builder().backend(backend).workers(2).build()) {
            Fn<NotingValue, NotingValue> same = value -> value;
            pool.map(same, List.of(new NotingValue(), new NotingValue()));
            assertThat(pool.imap(same, List.of(new NotingValue())).next()).isNotNull();
            assertThat(catchThrowable(() -> pool.map(
                            x -> {
                                throw new NotingClass();
                            },
                            range(3))))
                    .hasCauseInstanceOf(Noting.class);
            CountDownLatch told = new CountDownLatch(2);
            pool.applyAsync(() -> new NotingValue(), value -> {
                        note("callback");
                        told.countDown();
                    })
                    .thenApply(value -> {
                        note("thenApply");
                        return value;
                    })
                    .whenComplete((value, failure) -> note("whenComplete"))
                    .thenAcceptAsync(value -> note("thenAcceptAsync"))
                    .get(60, TimeUnit.SECONDS);
            AsyncResult<Integer> failing = pool.applyAsync(
                    (Task<Integer>) () -> {
                        throw new Noting();
                    },
                    value -> {},
                    failure -> {
                        note("error callback");
                        told.countDown();
                    });
            failing.exceptionally(failure -> {
                        note("exceptionally");
                        return 0;
                    })
                    .get(60, TimeUnit.SECONDS);
            assertThat(told.await(60, TimeUnit.SECONDS)).isTrue();
            pool.execute((Action) () -> {
                throw new Noting();
            });
            leftovers.sink().awaitError("failed: Noting!");
            AsyncResult<Void> cancelled = pool.applyAsync((Action) () -> Thread.sleep(600_000));
            cancelled.whenComplete((value, failure) -> note("dependent of a cancel"));
            pool.interrupt();
            assertThatThrownBy(cancelled::get).isNotNull();
        }
        assertThat(SEEN.keySet())
                .contains(
                        "callback", "thenApply", "whenComplete", "thenAcceptAsync", "error callback", "exceptionally");
    }

    @ParameterizedTest
    @ValueSource(strings = {"processes", "threads"})
    void hooks_thatFail_areToldOffTheDriversThread(String backend) throws Exception {
        Action failing = () -> {
            throw new NotingClass();
        };
        try (Pool pool =
                Pool.builder().backend(backend).workers(1).initializer(failing).build()) {
            assertThatThrownBy(() -> pool.apply(() -> 1))
                    .hasMessageContaining("the initializer of " + pool.name() + " failed: Noting!")
                    .hasRootCauseInstanceOf(NotingClass.class);
        }
        try (Pool pool =
                Pool.builder().backend(backend).workers(1).exitHook(failing).build()) {
            pool.apply(() -> 1);
        }
        assertThat(leftovers.sink().err()).contains("the exit hook of").contains("failed: Noting!");
    }

    /** As the JDK's own channels are, it is left only once it is closed: an interrupt wakes a sleeper before it closes. */
    static final class NotingChannel extends AbstractInterruptibleChannel {
        private final CountDownLatch closed = new CountDownLatch(1);

        @Override
        protected void implCloseChannel() {
            note("implCloseChannel");
            closed.countDown();
        }

        /** @param inside told when an interrupt closes it: one that comes before {@code begin} is seen may only wake it. */
        void read(CountDownLatch inside) throws Exception {
            begin();
            try {
                inside.countDown();
                while (isOpen()) {
                    try {
                        closed.await();
                    } catch (InterruptedException first) {
                        // the channel is closed next
                    }
                }
            } finally {
                end(false);
            }
        }
    }

    @Test
    void interrupt_ofAThreadThatWaitsInAUsersChannel_closesItElsewhere() throws Exception {
        try (Pool pool = Pool.threads(1)) {
            CountDownLatch inside = new CountDownLatch(1);
            AsyncResult<Void> result = pool.applyAsync((Action) () -> new NotingChannel().read(inside));
            inside.await();
            result.cancel();
            assertThat(pool.apply(() -> 1)).isEqualTo(1);
        }
        assertThat(SEEN).containsKey("implCloseChannel");
    }

    // ------------------------------------------------------------ when it never returns

    private static volatile CountDownLatch stuck = new CountDownLatch(1);

    enum Where {
        READ_OBJECT,
        MESSAGE,
        TO_STRING,
        STATIC_INITIALIZER
    }

    private static void block(Where where) {
        if (!Trouble.inWorker()) {
            note("stuck in " + where);
            try {
                stuck.await();
            } catch (InterruptedException givesUp) {
                Thread.currentThread().interrupt();
            }
        }
    }

    static class Sticky extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final Where where;

        Sticky(Where where) {
            super("sticky");
            this.where = where;
        }

        static Sticky of(Where where) {
            return where == Where.STATIC_INITIALIZER ? new StickyClass() : new Sticky(where);
        }

        private void readObject(ObjectInputStream in) throws Exception {
            in.defaultReadObject();
            if (where == Where.READ_OBJECT) {
                block(where);
            }
        }

        @Override
        public String getMessage() {
            if (where == Where.MESSAGE) {
                block(where);
            }
            return super.getMessage();
        }

        @Override
        public String toString() {
            if (where == Where.TO_STRING) {
                block(where);
            }
            return super.toString();
        }
    }

    static final class StickyClass extends Sticky {
        private static final long serialVersionUID = 1L;

        static {
            block(Where.STATIC_INITIALIZER);
        }

        StickyClass() {
            super(Where.STATIC_INITIALIZER);
        }
    }

    @BeforeEach
    void getStuck() {
        stuck = new CountDownLatch(1);
    }

    @AfterEach
    void letGo() {
        stuck.countDown();
    }

    @ParameterizedTest
    @EnumSource
    void exceptionThatNeverComesHome_freezesNothing(Where where) throws Exception {
        Action failing = () -> {
            throw Sticky.of(where);
        };
        try (Pool other = new Pool(1)) {
            Process process = new Process(failing).start();
            assertThat(process.join(Duration.ofSeconds(60))).isTrue();
            assertThat(process.exitCode()).isEqualTo(1);
            assertThat(leftovers.sink().err()).contains("Sticky").contains("sticky");
            if (where == Where.READ_OBJECT || where == Where.TO_STRING) {
                hooksThatFail_areTold(failing);
            }
            AsyncResult<Void> unread = other.applyAsync(failing);
            assertThat(other.apply(() -> 2)).isEqualTo(2);
            assertThat(unread.isCompletedExceptionally() && unread.isCancelled())
                    .isFalse();
            letGo();
            assertThatThrownBy(unread::get).hasRootCauseInstanceOf(Sticky.class);
        }
    }

    private static void hooksThatFail_areTold(Action failing) {
        try (Pool pool = Pool.builder().workers(1).initializer(failing).build()) {
            assertThatThrownBy(() -> pool.apply(() -> 1)).hasMessageContaining("sticky");
        }
        try (Pool pool = Pool.builder().workers(1).exitHook(failing).build()) {
            assertThat(pool.apply(() -> 1)).isEqualTo(1);
        }
    }
}
