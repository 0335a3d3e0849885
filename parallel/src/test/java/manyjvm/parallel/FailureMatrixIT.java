package manyjvm.parallel;

import static manyjvm.parallel.Parallel.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.BufferedReader;
import java.io.Serializable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import manyjvm.parallel.Trouble.Kind;
import manyjvm.parallel.Trouble.When;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever goes wrong, wherever it does: the error has a name and tells what is needed to act, the other results are kept,
 * what was printed arrives, the pool goes on, and no JVM is left behind. Each combination takes less than 5 s on a quiet
 * machine; the bound leaves room for noise.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FailureMatrixIT {
    /** Where things go wrong. */
    enum Site {
        SERIALISE_TASK,
        DESERIALISE_TASK,
        CLASS_LOAD,
        INITIALIZER,
        BODY,
        SERIALISE_RESULT,
        DESERIALISE_RESULT,
        CALLBACK,
        IDLE,
        SHUTDOWN
    }

    private static final int ITEMS = 8;
    private static final int CHUNK = 4;
    private static final int STRUCK = 2;
    private static final Duration LIMIT = Duration.ofSeconds(1);
    private static final long PATIENCE_SECONDS = 30;
    private static final int SIGKILL_STATUS = 137;
    private static final Set<Site> IN_THE_USERS_JVM =
            EnumSet.of(Site.SERIALISE_TASK, Site.DESERIALISE_RESULT, Site.CALLBACK);

    /** What cannot be tried, and why. */
    private static final Map<Site, Map<Kind, String>> MAKES_NO_SENSE = new EnumMap<>(Site.class);

    static {
        for (Site site : IN_THE_USERS_JVM) {
            without(site, "stops the user's own program: who stopped it lets it go on", Kind.SIGSTOP);
        }
        for (Site site : List.of(Site.SERIALISE_TASK, Site.DESERIALISE_RESULT)) {
            without(site, "is the user's own thread in the user's own code: nothing in Java ends that", Kind.DEAF_LOOP);
        }
        without(
                Site.DESERIALISE_TASK,
                "is the end of the journey that begins at SERIALISE_TASK and is tried there",
                Kind.OVER_64_KIB,
                Kind.OVER_1_MIB,
                Kind.OVER_2_GIB);
        without(
                Site.DESERIALISE_RESULT,
                "is the end of the journey that begins at SERIALISE_RESULT and is tried there",
                Kind.OVER_64_KIB,
                Kind.OVER_1_MIB,
                Kind.OVER_2_GIB);
        without(Site.BODY, "text has no size of its own, and results are SERIALISE_RESULT", Kind.OVER_2_GIB);
        without(Site.CALLBACK, "cannot get what could not travel", Kind.OVER_2_GIB);
        without(Site.IDLE, "nothing travels", Kind.OVER_64_KIB, Kind.OVER_1_MIB, Kind.OVER_2_GIB);
    }

    private static void without(Site site, String reason, Kind... kinds) {
        for (Kind kind : kinds) {
            MAKES_NO_SENSE
                    .computeIfAbsent(site, any -> new EnumMap<>(Kind.class))
                    .put(kind, reason);
        }
    }

    static Stream<Arguments> combinations() {
        return Stream.of(Site.values()).flatMap(site -> Stream.of(Kind.values())
                .filter(kind -> !MAKES_NO_SENSE.getOrDefault(site, Map.of()).containsKey(kind))
                .map(kind -> Arguments.of(site, kind)));
    }

    private final NoLeftovers leftovers = new NoLeftovers();
    private Pool pool;
    private int tried;
    private int passed;
    private double slowest;
    private String slowestCase = "";

    @BeforeAll
    void start() {
        leftovers.open();
        pool = Pool.builder().name("matrix").workers(2).maxHeap("64m").build();
    }

    @AfterAll
    void end() throws Exception {
        pool.close();
        leftovers.closeAndCheck();
        System.out.printf(
                "failure matrix: %d combinations tried, %d passed, the slowest in %.1f s: %s%n",
                tried, passed, slowest, slowestCase);
    }

    @ParameterizedTest(name = "{0} meets {1}")
    @MethodSource("combinations")
    @Timeout(PATIENCE_SECONDS)
    void site_meetsKind(Site site, Kind kind) throws Exception {
        tried++;
        leftovers.sink().clear();
        long start = System.nanoTime();
        if (IN_THE_USERS_JVM.contains(site) && kind.endsTheJvm()) {
            losesTheProgram(site, kind);
        } else {
            meet(site, kind);
        }
        poolIsAsNew();
        double seconds = (System.nanoTime() - start) / 1e9;
        if (seconds > slowest) {
            slowest = seconds;
            slowestCase = site + " meets " + kind;
        }
        passed++;
    }

    private void meet(Site site, Kind kind) throws Exception {
        switch (site) {
            case SERIALISE_TASK -> serialiseTask(kind);
            case DESERIALISE_TASK -> {
                List<Object> items = new ArrayList<>(range(ITEMS));
                items.set(STRUCK, new Trouble.Troubled(site.name(), kind, When.READ));
                failsOneItem(site, kind, calls(kind), Trouble.square(), items);
            }
            case CLASS_LOAD -> classLoad(kind);
            case INITIALIZER -> initializer(kind);
            case BODY -> body(kind);
            case SERIALISE_RESULT -> serialiseResult(kind);
            case DESERIALISE_RESULT ->
                failsOneItem(
                        site,
                        kind,
                        calls(kind),
                        Trouble.giving(STRUCK, site.name(), kind, When.READ),
                        new ArrayList<>(range(ITEMS)));
            case CALLBACK -> callback(kind);
            case IDLE -> idle(kind);
            case SHUTDOWN -> shutdown(kind);
        }
    }

    private Calls calls(Kind kind) {
        return kind.hangs() ? pool.timeout(LIMIT) : pool;
    }

    /** Answers rightly with both workers, and there is no JVM but those. */
    private void poolIsAsNew() throws Exception {
        assertThat(pool.map(x -> x * x, range(ITEMS))).isEqualTo(squares());
        List<Long> workers = pool.everyWorker(() -> ProcessHandle.current().pid());
        CompletableFuture<?>[] others = ProcessHandle.current()
                .descendants()
                .filter(process -> !workers.contains(process.pid()))
                .map(ProcessHandle::onExit)
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(others).get(20, TimeUnit.SECONDS);
    }

    private static List<Integer> squares() {
        return Stream.iterate(0, x -> x + 1).limit(ITEMS).map(x -> x * x).toList();
    }

    private static List<Integer> squaresButOne() {
        List<Integer> squares = new ArrayList<>(squares());
        squares.set(STRUCK, null);
        return squares;
    }

    // ---------------------------------------------------------------- what the user is told

    private void failsOneItem(Site site, Kind kind, Calls calls, Fn<Object, Object> function, List<?> items) {
        Throwable thrown = catchThrowable(() -> calls.chunk(CHUNK).map(function, items));
        assertThat(thrown).isInstanceOfSatisfying(TaskFailedException.class, failure -> {
            assertThat(failure.index()).isEqualTo(STRUCK);
            assertThat(failure.failures().keySet()).containsExactly(STRUCK);
            assertThat(failure.getMessage()).contains("item " + STRUCK + " of map");
            assertThat((Object) failure.results()).isEqualTo(squaresButOne());
        });
        tells(site, kind, thrown);
        if (!IN_THE_USERS_JVM.contains(site)) {
            assertThat(leftovers.sink().out())
                    .containsOnlyOnce(Trouble.announcement(site.name(), kind) + "\n")
                    .matches("(?s).*\\[[12]] " + site + " meets .*");
        }
    }

    /** The kind's name, and what is needed to act. */
    private static void tells(Site site, Kind kind, Throwable thrown) {
        switch (kind) {
            case EXCEPTION -> assertThat(thrown).hasStackTraceContaining(Trouble.message(site.name()));
            case STACK_OVERFLOW -> assertThat(thrown).hasStackTraceContaining("StackOverflowError");
            case OUT_OF_MEMORY -> {
                if (IN_THE_USERS_JVM.contains(site)) {
                    assertThat(thrown)
                            .hasStackTraceContaining("OutOfMemoryError")
                            .hasStackTraceContaining(Trouble.message(site.name()));
                } else {
                    died(thrown, "out of memory", Trouble.EXIT_CODE, "maxHeap");
                }
            }
            case EXIT -> died(thrown, "exit code " + Trouble.EXIT_CODE, Trouble.EXIT_CODE, "");
            case HALT -> died(thrown, "exit code " + Trouble.HALT_CODE, Trouble.HALT_CODE, "");
            case SIGKILL -> died(thrown, "signal 9 (SIGKILL)", -9, "memory");
            case SIGSTOP, DEAF_LOOP -> {
                died(thrown, "task timeout", -9, "");
                assertThat(thrown).hasMessageContaining("the task timeout of " + LIMIT.toSeconds() + " s");
            }
            default -> throw new IllegalArgumentException(kind + " is no failure");
        }
    }

    private static void died(Throwable thrown, String reason, int exitCode, String hint) {
        Throwable told = thrown instanceof WorkerDiedException ? thrown : thrown.getCause();
        assertThat(told).isInstanceOfSatisfying(WorkerDiedException.class, death -> {
            assertThat(death.reason()).contains(reason);
            assertThat(death.exitCode()).isEqualTo(exitCode);
            assertThat(death.pid()).isPositive();
            assertThat(death.worker()).matches("\\w+ worker [12]");
            assertThat(death.getMessage())
                    .contains(death.worker())
                    .contains("pid " + death.pid())
                    .contains(reason)
                    .contains(hint);
        });
    }

    // ---------------------------------------------------------------- the sites

    private void serialiseTask(Kind kind) {
        if (kind.bytes() > 0) {
            List<Object> items = new ArrayList<>(range(ITEMS));
            items.set(STRUCK, kind.payload());
            assertThat(pool.chunk(CHUNK)
                            .map(item -> item instanceof byte[] bytes ? (Object) bytes.length : (Object) (-1), items))
                    .contains(kind.bytes(), -1)
                    .hasSize(ITEMS);
            return;
        }
        Object culprit = kind.isPayload()
                ? kind.payload()
                : new Trouble.Troubled(Site.SERIALISE_TASK.name(), kind, When.WRITTEN);
        Throwable thrown = catchThrowable(() -> pool.map(Trouble.square(), List.of(0, 1, culprit)));
        if (kind == Kind.OVER_2_GIB) {
            assertThat(thrown)
                    .isInstanceOf(NotShippableException.class)
                    .hasMessageContaining("cannot send item 2 of map: item")
                    .hasMessageContaining("2 GiB")
                    .hasMessageContaining("send it in parts");
        } else if (kind == Kind.EXCEPTION) {
            assertThat(thrown)
                    .isInstanceOf(NotShippableException.class)
                    .hasMessageContaining("cannot send item 2 of map: item")
                    .hasMessageContaining("Troubled")
                    .hasMessageContaining(Trouble.message(Site.SERIALISE_TASK.name()));
        } else {
            tells(Site.SERIALISE_TASK, kind, thrown); // the user's own Error, unchanged
        }
    }

    private void classLoad(Kind kind) {
        Serializable captured = Trouble.ofTroubledClass(kind);
        if (kind.bytes() > 0) {
            assertThat(pool.map(Trouble.unloadable(captured), new ArrayList<>(range(ITEMS))))
                    .isEqualTo((Object) squares());
            return;
        }
        Throwable thrown = catchThrowable(
                () -> calls(kind).chunk(CHUNK).map(Trouble.unloadable(captured), new ArrayList<>(range(ITEMS))));
        if (kind == Kind.OVER_2_GIB) {
            assertThat(thrown).isInstanceOf(NotShippableException.class).hasMessageContaining("2 GiB");
            return;
        }
        assertThat(thrown)
                .isInstanceOf(TaskFailedException.class)
                .hasMessageContaining("the function of map")
                .hasMessageFindingMatch("matrix worker [12] \\(pid \\d+\\)");
        tells(Site.CLASS_LOAD, kind, thrown);
        assertThat(leftovers.sink().out()).contains(Trouble.announcement(Site.CLASS_LOAD.name(), kind) + "\n");
    }

    private void initializer(Kind kind) throws Exception {
        Object payload = kind.isPayload() ? kind.payload() : null;
        Action initializer = kind.isPayload()
                ? () -> System.out.println("a payload of " + ((byte[]) payload).length)
                : () -> Trouble.strike("INITIALIZER", kind);
        Pool.Builder builder = Pool.builder().name("begun").workers(1).maxHeap("64m");
        if (kind == Kind.OVER_2_GIB) {
            assertThat(catchThrowable(() -> builder.initializer(initializer).build()))
                    .isInstanceOf(NotShippableException.class)
                    .hasMessageContaining("2 GiB");
            return;
        }
        try (Pool begun = builder.initializer(initializer).build()) {
            if (kind.bytes() > 0) {
                assertThat(begun.map(x -> x * x, range(ITEMS))).isEqualTo(squares());
                assertThat(leftovers.sink().out()).contains("a payload of " + kind.bytes() + "\n");
                return;
            }
            if (kind.hangs()) {
                AsyncResult<List<Integer>> waiting = begun.mapAsync(x -> x * x, range(ITEMS));
                leftovers.sink().awaitText(Trouble.announcement("INITIALIZER", kind), 1);
                begun.terminate();
                assertThat(catchThrowable(waiting::join))
                        .isInstanceOf(CancellationException.class)
                        .hasStackTraceContaining("begun was terminated");
                return;
            }
            Throwable thrown = catchThrowable(() -> begun.map(x -> x * x, range(ITEMS)));
            assertThat(thrown)
                    .isInstanceOf(ParallelException.class)
                    .hasMessageContaining("the initializer of begun failed");
            Throwable cause = thrown.getCause();
            while (!(cause instanceof WorkerDiedException) && cause.getCause() != null) {
                cause = cause.getCause();
            }
            tells(Site.INITIALIZER, kind, cause);
            assertThat(leftovers.sink().out()).contains(Trouble.announcement("INITIALIZER", kind) + "\n");
        }
    }

    private void body(Kind kind) {
        if (!kind.isPayload()) {
            failsOneItem(
                    Site.BODY,
                    kind,
                    calls(kind),
                    Trouble.strikingAt(STRUCK, "BODY", kind),
                    new ArrayList<>(range(ITEMS)));
            return;
        }
        int length = kind.bytes();
        Throwable thrown = catchThrowable(() -> pool.apply((Action) () -> {
            System.out.println("x".repeat(length));
            throw new IllegalStateException("y".repeat(length));
        }));
        assertThat(thrown.getCause().getMessage()).hasSize(length);
        assertThat(leftovers.sink().out().replaceAll("[^x]", "")).hasSize(length);
    }

    private void serialiseResult(Kind kind) {
        List<Object> items = new ArrayList<>(range(ITEMS));
        if (kind.bytes() > 0) {
            List<Object> results = pool.chunk(CHUNK).map(Trouble.givingPayload(STRUCK, kind), items);
            assertThat((byte[]) results.get(STRUCK)).hasSize(kind.bytes());
            results.set(STRUCK, null);
            assertThat((Object) results).isEqualTo(squaresButOne());
        } else if (kind == Kind.OVER_2_GIB) {
            Throwable thrown = catchThrowable(() -> pool.chunk(CHUNK).map(Trouble.givingPayload(STRUCK, kind), items));
            assertThat(thrown).isInstanceOfSatisfying(TaskFailedException.class, failure -> {
                assertThat(failure)
                        .hasMessageContaining("cannot send the result: result")
                        .hasMessageContaining("2 GiB")
                        .hasCauseInstanceOf(NotShippableException.class);
                assertThat((Object) failure.results()).isEqualTo(squaresButOne());
            });
        } else {
            failsOneItem(
                    Site.SERIALISE_RESULT,
                    kind,
                    calls(kind),
                    Trouble.giving(STRUCK, "SERIALISE_RESULT", kind, When.WRITTEN),
                    items);
        }
    }

    private void callback(Kind kind) throws Exception {
        if (kind.isPayload()) {
            CompletableFuture<Object> given = new CompletableFuture<>();
            pool.applyAsync((Task<Object>) kind::payload, given::complete);
            assertThat((byte[]) given.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).hasSize(kind.bytes());
            return;
        }
        if (kind == Kind.DEAF_LOOP) {
            AtomicBoolean enough = new AtomicBoolean();
            CompletableFuture<Void> begun = new CompletableFuture<>();
            CompletableFuture<Void> ended = new CompletableFuture<>();
            pool.applyAsync((Task<Integer>) () -> 1, one -> {
                begun.complete(null);
                while (!enough.get()) {
                    Thread.onSpinWait();
                }
                ended.complete(null);
            });
            begun.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            poolIsAsNew(); // meanwhile
            enough.set(true);
            ended.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return;
        }
        AsyncResult<Integer> result = pool.applyAsync((Task<Integer>) () -> 1, one -> Trouble.strike("CALLBACK", kind));
        assertThat(result.get()).isEqualTo(1);
        String telling = kind == Kind.STACK_OVERFLOW ? "StackOverflowError" : Trouble.message("CALLBACK");
        leftovers.sink().awaitError("a callback of applyAsync on " + pool.name() + " failed: ");
        leftovers.sink().awaitError(telling);
    }

    private void idle(Kind kind) throws Exception {
        Event now = new Event();
        Calls first = pool.chunk(1);
        List<Long> pids = pool.everyWorker(() -> ProcessHandle.current().pid());
        ProcessHandle victim = ProcessHandle.of(pids.get(0)).orElseThrow();
        if (kind == Kind.SIGKILL || kind == Kind.SIGSTOP) {
            Trouble.signal(kind == Kind.SIGKILL ? "KILL" : "STOP", victim.pid());
            // The stopped one has begun nothing: after the limit it is replaced, and what it was given runs elsewhere.
            assertThat(pool.timeout(LIMIT).chunk(1).map(x -> x * x, range(ITEMS)))
                    .isEqualTo(squares());
        } else {
            long pid = victim.pid();
            pool.everyWorker((Action) () -> {
                if (ProcessHandle.current().pid() == pid) {
                    Trouble.strikeLater("IDLE", kind, now);
                }
            });
            now.set();
        }
        switch (kind) {
            case EXCEPTION, STACK_OVERFLOW -> {
                leftovers.sink().awaitError(kind == Kind.EXCEPTION ? Trouble.message("IDLE") : "StackOverflowError");
                assertThat(victim.isAlive()).isTrue();
            }
            case DEAF_LOOP -> {
                leftovers.sink().awaitText(Trouble.announcement("IDLE", kind), 1);
                assertThat(first.map(x -> x * x, range(ITEMS))).isEqualTo(squares());
                pool.restart(); // spares the other combinations the busy processor
                victim.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
            default -> victim.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        if (kind != Kind.SIGKILL && kind != Kind.SIGSTOP) {
            leftovers.sink().awaitText(Trouble.announcement("IDLE", kind), 1);
        }
    }

    private void shutdown(Kind kind) throws Exception {
        Object payload = kind.isPayload() ? kind.payload() : null;
        Action exitHook = kind.isPayload()
                ? () -> System.out.println("x".repeat(((byte[]) payload).length))
                : () -> Trouble.strike("SHUTDOWN", kind);
        Pool.Builder builder = Pool.builder().name("ended").workers(1).maxHeap("64m");
        if (kind == Kind.OVER_2_GIB) {
            assertThat(catchThrowable(() -> builder.exitHook(exitHook).build()))
                    .isInstanceOf(NotShippableException.class)
                    .hasMessageContaining("2 GiB");
            return;
        }
        Pool ended = builder.exitHook(exitHook).build();
        assertThat(ended.map(x -> x * x, range(ITEMS))).isEqualTo(squares());
        if (kind.hangs()) {
            Thread closing = new Thread(ended::close, "closing");
            closing.start();
            leftovers.sink().awaitText(Trouble.announcement("SHUTDOWN", kind), 1);
            closing.interrupt();
            closing.join();
            ended.join();
            return;
        }
        ended.close();
        if (kind.bytes() > 0) {
            assertThat(leftovers.sink().out().replaceAll("[^x]", "")).hasSize(kind.bytes());
            return;
        }
        assertThat(leftovers.sink().out()).contains(Trouble.announcement("SHUTDOWN", kind) + "\n");
        assertThat(leftovers.sink().err())
                .contains("the exit hook of ended worker 1 failed")
                .contains(
                        switch (kind) {
                            case EXCEPTION -> Trouble.message("SHUTDOWN");
                            case STACK_OVERFLOW -> "StackOverflowError";
                            case OUT_OF_MEMORY -> "out of memory";
                            case EXIT -> "exit code " + Trouble.EXIT_CODE + ") while it ran the exit hook.";
                            case HALT -> "exit code " + Trouble.HALT_CODE;
                            default -> "signal 9 (SIGKILL)";
                        });
    }

    /** The user's own JVM ends in the middle: its workers go with it. */
    private void losesTheProgram(Site site, Kind kind) throws Exception {
        java.lang.Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Trouble.LostProgram.class.getName(),
                        site.name(),
                        kind.name())
                .redirectErrorStream(true)
                .start();
        List<ProcessHandle> workers = new ArrayList<>();
        List<String> said = new ArrayList<>();
        try (BufferedReader lines = program.inputReader()) {
            for (String line = lines.readLine(); line != null && !line.equals("ready"); line = lines.readLine()) {
                ProcessHandle.of(Long.parseLong(line)).ifPresent(workers::add);
            }
            lines.lines().forEach(said::add);
        }
        assertThat(program.waitFor())
                .as(() -> "the status of a program that said " + said)
                .isEqualTo(
                        switch (kind) {
                            case EXIT -> Trouble.EXIT_CODE;
                            case HALT -> Trouble.HALT_CODE;
                            default -> SIGKILL_STATUS;
                        });
        assertThat(said).contains(Trouble.announcement(site.name(), kind)).doesNotContain("still alive");
        assertThat(workers).hasSize(2);
        for (ProcessHandle worker : workers) {
            worker.onExit().get(3, TimeUnit.SECONDS);
        }
    }

    // ---------------------------------------------------------------- the other ends of what hangs

    @ParameterizedTest(name = "{0}")
    @MethodSource("hanging")
    @Timeout(PATIENCE_SECONDS)
    void hang_isEndedByCancelInterruptAndTerminate(Kind kind) throws Exception {
        leftovers.sink().clear();
        Fn<Object, Object> function = Trouble.strikingAt(STRUCK, "BODY", kind);
        List<Object> items = new ArrayList<>(range(ITEMS));

        AsyncResult<List<Object>> cancelled = pool.mapAsync(function, items);
        leftovers.sink().awaitText(Trouble.announcement("BODY", kind), 1);
        assertThat(cancelled.cancel()).isTrue();
        poolIsAsNew();

        CompletableFuture<Throwable> outcome = new CompletableFuture<>();
        Thread mapping = new Thread(() -> outcome.complete(catchThrowable(() -> pool.map(function, items))), "mapping");
        mapping.start();
        leftovers.sink().awaitText(Trouble.announcement("BODY", kind), 2);
        mapping.interrupt();
        assertThat(outcome.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isInstanceOf(CancellationException.class);
        poolIsAsNew();

        Pool terminated = new Pool(1);
        AsyncResult<List<Object>> running = terminated.mapAsync(function, items);
        leftovers.sink().awaitText(Trouble.announcement("BODY", kind), 3);
        terminated.terminate();
        terminated.join();
        assertThat(catchThrowable(running::join)).isInstanceOf(CancellationException.class);
        poolIsAsNew();
    }

    static Stream<Kind> hanging() {
        return Arrays.stream(Kind.values()).filter(Kind::hangs);
    }

    @Test
    void whatIsNotTried_hasItsReason() {
        int without = MAKES_NO_SENSE.values().stream().mapToInt(Map::size).sum();
        assertThat(combinations().count() + without).isEqualTo((long) Site.values().length * Kind.values().length);
        assertThat(without).isEqualTo(16);
        MAKES_NO_SENSE.values().forEach(reasons -> assertThat(reasons.values())
                .allSatisfy(reason -> assertThat(reason).isNotBlank()));
    }
}
