package manyjvm.parallel.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import manyjvm.parallel.PoolClosedException;
import manyjvm.parallel.driver.SimulatedPool.Sent;
import manyjvm.parallel.spi.JobSettings;
import manyjvm.parallel.wire.Payload;
import manyjvm.parallel.wire.connect.WorkerJournal.Phase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lives of pools, played event by event. */
class SchedulerTest {
    private static final Death BY_SIGNAL = new Death("signal 9 (SIGKILL)", -9, "", List.of());

    // ---------------------------------------------------------------- dealing

    @Test
    void chunksOfUnknownLength_goOneToAWorker() {
        SimulatedPool pool = new SimulatedPool(2).allReady();
        Sent sent = pool.submit(SimulatedPool.plain());
        for (int i = 0; i < 5; i++) {
            sent.add(1);
        }
        assertThat(pool.worker(1).load()).isEqualTo(1);
        assertThat(pool.worker(2).load()).isEqualTo(1);
        assertThat(pool.scheduler.queued()).isEqualTo(3);
    }

    @Test
    void shortChunks_areHeldInStore_andTakenBackWhenAnotherIsIdle() {
        SimulatedPool pool = new SimulatedPool(2).allReady();
        Sent sent = pool.submit(SimulatedPool.plain());
        for (int i = 0; i < 20; i++) {
            sent.add(1);
        }
        pool.does(pool.worker(1)); // at once
        assertThat(pool.worker(1).load()).isGreaterThan(1);
        while (pool.worker(2).load() > 0) {
            pool.does(pool.worker(2));
        }
        assertThat(pool.scheduler.queued()).isZero();
        assertThat(pool.reclaimed).isEmpty();
        pool.passes(Duration.ofMillis(6)); // what the first one runs is not short after all
        assertThat(pool.reclaimed).hasSize(pool.worker(1).load() - 1);
        Chunk taken = pool.reclaimed.iterator().next();
        pool.returns(pool.worker(1), taken);
        assertThat(pool.worker(2).holds(taken)).isTrue();
    }

    @Test
    void boundChunks_goToTheirWorkersAndAreNeverTakenBack() {
        SimulatedPool pool = new SimulatedPool(3).allReady();
        Sent busy = pool.submitOne(SimulatedPool.plain(), 1);
        Sent all = pool.submit(SimulatedPool.everyWorker());
        Chunk first = all.add(1);
        Chunk second = all.add(1);
        assertThat(pool.worker(1).holds(first)).isFalse(); // it is at something else
        assertThat(pool.worker(2).holds(second)).isTrue();
        pool.does(pool.worker(1));
        assertThat(busy.isEnded()).isTrue();
        assertThat(pool.worker(1).holds(first)).isTrue();
        pool.dies(pool.worker(1), 0, Phase.RUNNING);
        pool.comesIn(pool.worker(1));
        assertThat(pool.worker(1).holds(first)).isTrue();
    }

    @Test
    void boundChunk_startsAWorkerThatHasStopped() {
        SimulatedPool pool = new SimulatedPool(2, 0, 0, Optional.of(Duration.ofSeconds(1))).allReady();
        pool.passes(Duration.ofSeconds(2));
        pool.leavingEnd();
        assertThat(pool.living).isEmpty();
        Sent all = pool.submit(SimulatedPool.everyWorker());
        all.add(1);
        assertThat(pool.living).extracting(WorkerLife::number).containsExactly(1);
    }

    @Test
    void workerThatHasDoneItsTasks_isReplaced() {
        SimulatedPool pool = new SimulatedPool(1, 2, 0, Optional.empty()).allReady();
        WorkerLife first = pool.worker(1);
        Sent sent = pool.submit(SimulatedPool.plain());
        for (int i = 0; i < 3; i++) {
            sent.add(1);
        }
        pool.does(first);
        pool.does(first);
        assertThat(first.state()).isEqualTo(WorkerLife.State.LEAVING);
        pool.leavingEnd();
        assertThat(pool.worker(1)).isNotSameAs(first);
        pool.comesIn(pool.worker(1));
        assertThat(pool.worker(1).load()).isEqualTo(1);
    }

    @Test
    void workerThatHasGrownTooLarge_isReplacedAfterItsTask() {
        SimulatedPool pool = new SimulatedPool(1, 0, 100, Optional.empty()).allReady();
        pool.memory = 101;
        pool.submitOne(SimulatedPool.plain(), 1);
        pool.does(pool.worker(1));
        assertThat(pool.worker(1).state()).isEqualTo(WorkerLife.State.LEAVING);
    }

    @Test
    void idleWorkers_endAfterTheirTimeAndComeBackWithWork() {
        SimulatedPool pool = new SimulatedPool(2, 0, 0, Optional.of(Duration.ofSeconds(10))).allReady();
        pool.passes(Duration.ofSeconds(9));
        assertThat(pool.log).doesNotContain("leave 1");
        pool.passes(Duration.ofSeconds(1));
        pool.leavingEnd();
        assertThat(pool.living).isEmpty();
        Sent sent = pool.submitOne(SimulatedPool.plain(), 1);
        pool.allReady();
        pool.does(pool.worker(1));
        assertThat(sent.reason()).isEmpty();
    }

    // ---------------------------------------------------------------- deaths

    @Test
    void itemsOfADeadWorker_areLostWhereTheyWereBegunAndElseRunAgain() {
        SimulatedPool pool = new SimulatedPool(2).allReady();
        Sent sent = pool.submitOne(SimulatedPool.plain(), 5);
        pool.outcomes(pool.worker(1), 2, 0);
        pool.dies(pool.worker(1), 1, Phase.RUNNING);
        assertThat(sent.outcomes)
                .containsEntry(0L, "ok")
                .containsEntry(2L, "lost")
                .doesNotContainKey(3L);
        pool.does(pool.worker(2));
        assertThat(sent.outcomes).containsEntry(3L, "ok").hasSize(5);
        assertThat(sent.reason()).isEmpty();
    }

    @Test
    void deathWithRetries_runsTheItemAgainSoOften() {
        SimulatedPool pool = new SimulatedPool(1).allReady();
        Sent sent = pool.submitOne(SimulatedPool.retrying(2), 1);
        for (int i = 0; i < 2; i++) {
            pool.dies(pool.worker(1), 1, Phase.RUNNING);
            assertThat(sent.isEnded()).isFalse();
            pool.comesIn(pool.worker(1));
        }
        pool.dies(pool.worker(1), 1, Phase.RUNNING);
        assertThat(sent.outcomes).containsEntry(0L, "lost");
        assertThat(sent.reason()).isEmpty();
    }

    @Test
    void itemBehindOneThatWasRunAgain_hasItsOwnRetries() {
        SimulatedPool pool = new SimulatedPool(1).allReady();
        Sent sent = pool.submitOne(SimulatedPool.retrying(1), 2);
        pool.dies(pool.worker(1), 1, Phase.RUNNING);
        pool.comesIn(pool.worker(1));
        pool.outcomes(pool.worker(1), 1, 0);
        pool.dies(pool.worker(1), 1, Phase.RUNNING);
        pool.comesIn(pool.worker(1));
        pool.does(pool.worker(1));
        assertThat(sent.outcomes).containsOnly(entry(0L, "ok"), entry(1L, "ok"));
    }

    @Test
    void deathsBeforeAChunkThatHasMovedOnSince_areForgotten() {
        SimulatedPool pool = new SimulatedPool(1).allReady();
        Sent sent = pool.submitOne(SimulatedPool.plain(), 3);
        for (int i = 0; i < 2; i++) {
            pool.dies(pool.worker(1), 0, Phase.RUNNING);
            pool.comesIn(pool.worker(1));
        }
        pool.outcomes(pool.worker(1), 1, 0);
        pool.dies(pool.worker(1), 1, Phase.RUNNING);
        pool.comesIn(pool.worker(1));
        pool.dies(pool.worker(1), 0, Phase.RUNNING);
        pool.comesIn(pool.worker(1));
        pool.does(pool.worker(1));
        assertThat(sent.outcomes).containsOnly(entry(0L, "ok"), entry(1L, "lost"), entry(2L, "ok"));
    }

    @Test
    void secondDeathWhileLoadingTheFunction_endsTheSubmission() {
        SimulatedPool pool = new SimulatedPool(1).allReady();
        Sent sent = pool.submitOne(SimulatedPool.plain(), 3);
        pool.dies(pool.worker(1), 1, Phase.LOADING);
        assertThat(sent.outcomes).containsEntry(0L, "lost");
        pool.comesIn(pool.worker(1));
        pool.dies(pool.worker(1), 1, Phase.LOADING);
        assertThat(sent.reason().orElseThrow()).hasMessage("given up at 1");
    }

    @Test
    void thirdDeathBeforeAChunk_failsIt() {
        SimulatedPool pool = new SimulatedPool(1).allReady();
        Sent sent = pool.submitOne(SimulatedPool.plain(), 2);
        for (int i = 0; i < 3; i++) {
            assertThat(sent.isEnded()).isFalse();
            pool.dies(pool.worker(1), 0, Phase.RUNNING);
            if (i < 2) {
                pool.comesIn(pool.worker(1));
            }
        }
        assertThat(sent.outcomes.values()).containsExactly("lost", "lost");
    }

    @Test
    void fourDeathsBeforeAnyChunk_endTheSubmission() {
        SimulatedPool pool = new SimulatedPool(2).allReady();
        Sent sent = pool.submit(SimulatedPool.plain());
        sent.add(1);
        sent.add(1);
        sent.complete();
        for (int i = 0; i < 2; i++) {
            pool.dies(pool.worker(1), 0, Phase.RUNNING);
            pool.dies(pool.worker(2), 0, Phase.RUNNING);
            pool.allReady();
        }
        assertThat(sent.reason().orElseThrow()).hasMessageStartingWith("given up");
    }

    @Test
    void chunkThatWaitedBehindAnother_isNotBlamedForTheDeath() {
        SimulatedPool pool = new SimulatedPool(1).allReady();
        Sent sent = pool.submit(SimulatedPool.retrying(5));
        for (int i = 0; i < 5; i++) {
            sent.add(1);
        }
        pool.does(pool.worker(1));
        assertThat(pool.worker(1).load()).isGreaterThan(1);
        pool.dies(pool.worker(1), 1, Phase.RUNNING);
        pool.comesIn(pool.worker(1));
        assertThat(pool.head(1).first).isEqualTo(1); // and they keep their order
        assertThat(pool.scheduler.queued() + pool.scheduler.running()).isEqualTo(4);
    }

    @ParameterizedTest
    @EnumSource(value = WorkerLife.State.class, names = "GONE", mode = EnumSource.Mode.EXCLUDE)
    void deathInAnyState_leavesThePoolAtWork(WorkerLife.State state) {
        SimulatedPool pool = new SimulatedPool(1, state == WorkerLife.State.LEAVING ? 1 : 0, 0, Optional.empty());
        WorkerLife life = pool.worker(1);
        Sent before = pool.submitOne(SimulatedPool.retrying(1), 1);
        if (state != WorkerLife.State.STARTING) {
            pool.comesIn(life);
            if (state != WorkerLife.State.BUSY) {
                pool.does(life);
            }
        }
        assertThat(life.state()).isEqualTo(state);
        pool.dies(life, 1, Phase.RUNNING);
        Sent after = pool.submitOne(SimulatedPool.plain(), 1);
        pool.comesIn(pool.worker(1));
        while (!after.isEnded()) {
            pool.does(pool.worker(1));
            pool.leavingEnd();
            pool.allReady();
        }
        assertThat(before.outcomes).containsEntry(0L, "ok");
        assertThat(after.outcomes).containsEntry(0L, "ok");
    }

    // ---------------------------------------------------------------- storms

    @Test
    void thirdWorkerThatDoesNotComeUp_endsThePool() {
        SimulatedPool pool = new SimulatedPool(1);
        Sent sent = pool.submitOne(SimulatedPool.plain(), 1);
        for (int i = 0; i < 3; i++) {
            assertThat(pool.broken).isNull();
            pool.dies(pool.worker(1), 0, Phase.RUNNING);
        }
        assertThat(pool.broken).hasMessage("the workers of pool do not start (exit code 3). Look at the settings.");
        assertThat(sent.reason()).contains(pool.broken);
        assertThat(pool.launches).isEqualTo(3);
        assertThat(pool.ended).isTrue();
    }

    @Test
    void twentiethThatASignalEnds_endsThePool() {
        SimulatedPool pool = new SimulatedPool(1);
        for (int i = 0; i < 20; i++) {
            assertThat(pool.broken).isNull();
            pool.dies(pool.worker(1), 0, Phase.RUNNING, BY_SIGNAL);
        }
        assertThat(pool.broken).isNotNull();
    }

    @Test
    void workersThatDieUnused_areStartedAgainWithTheNextWork() {
        SimulatedPool pool = new SimulatedPool(1).allReady();
        for (int i = 0; i < 3; i++) {
            pool.dies(pool.worker(1), 0, Phase.RUNNING);
            pool.allReady();
        }
        assertThat(pool.living).isEmpty();
        pool.submitOne(SimulatedPool.plain(), 1);
        assertThat(pool.living).hasSize(1);
        assertThat(pool.broken).isNull();
    }

    @Test
    void workerThatCannotBeLaunched_endsThePool() {
        SimulatedPool pool = new SimulatedPool(2);
        Sent sent = pool.submitOne(SimulatedPool.plain(), 1);
        pool.notLaunched(pool.worker(1));
        assertThat(sent.reason()).contains(pool.broken);
        pool.killedDie();
        assertThat(pool.ended).isTrue();
    }

    // ---------------------------------------------------------------- interrupts and ends of submissions

    @Test
    void cancelledSubmission_isInterruptedAndItsWorkerKilledUnlessItHeeds() {
        SimulatedPool pool = new SimulatedPool(2).allReady();
        Sent sent = pool.submit(SimulatedPool.plain());
        Chunk heeds = sent.add(1);
        Chunk ignores = sent.add(1);
        sent.add(1);
        sent.cancel();
        assertThat(sent.reason().orElseThrow()).isInstanceOf(CancellationException.class);
        assertThat(pool.interrupted).containsExactlyInAnyOrder(heeds, ignores);
        assertThat(pool.scheduler.queued()).isZero();
        pool.returns(pool.worker(1), heeds);
        pool.passes(Duration.ofSeconds(1));
        assertThat(pool.killed).containsOnlyKeys(pool.worker(2));
        assertThat(pool.killed.get(pool.worker(2))).contains("ignored an interrupt for 1 s");
        pool.killedDie();
        assertThat(pool.scheduler.queued()).isZero();
    }

    @ParameterizedTest
    @EnumSource(value = WorkerLife.State.class, names = "GONE", mode = EnumSource.Mode.EXCLUDE)
    void interruptInAnyState_endsTheSubmissionAndKeepsThePool(WorkerLife.State state) {
        SimulatedPool pool = new SimulatedPool(1, state == WorkerLife.State.LEAVING ? 1 : 0, 0, Optional.empty());
        if (state == WorkerLife.State.LEAVING) {
            pool.submitOne(SimulatedPool.plain(), 1);
        }
        if (state != WorkerLife.State.STARTING) {
            pool.allReady();
        }
        if (state == WorkerLife.State.LEAVING) {
            pool.does(pool.worker(1));
        }
        Sent sent = state == WorkerLife.State.READY
                ? pool.submit(SimulatedPool.plain())
                : pool.submitOne(SimulatedPool.plain(), 1);
        assertThat(pool.worker(1).state()).isEqualTo(state);
        pool.interrupt();
        assertThat(sent.reason().orElseThrow()).hasMessage("pool was interrupted");
        if (state == WorkerLife.State.BUSY) {
            pool.returns(pool.worker(1), pool.head(1));
        }
        pool.passes(Duration.ofSeconds(2));
        // One that is to leave and does not is pushed: it keeps the place of what waited.
        assertThat(pool.killed.isEmpty()).isEqualTo(state != WorkerLife.State.LEAVING);
    }

    /** Those that were called off looked at all that waited, each of them: 100,000 took minutes. */
    @ParameterizedTest
    @ValueSource(strings = {"one by one", "backwards", "interrupt", "terminate"})
    @Timeout(20)
    void manySubmissions_areCalledOffInTimeForEach(String how) {
        SimulatedPool pool = new SimulatedPool(2).allReady();
        List<Sent> all = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            all.add(pool.submitOne(SimulatedPool.plain(), 1));
        }
        switch (how) {
            case "one by one" -> all.forEach(Sent::cancel);
            case "backwards" -> {
                for (int i = all.size() - 1; i >= 0; i--) {
                    all.get(i).cancel();
                }
            }
            case "interrupt" -> pool.interrupt();
            default -> pool.terminate();
        }
        assertThat(all).allMatch(Sent::isEnded);
        assertThat(pool.scheduler.queued()).isZero();
    }

    @Test
    void chunkThatComesBack_goesBeforeThoseThatWait() {
        SimulatedPool pool = new SimulatedPool(1).allReady();
        Sent sent = pool.submit(SimulatedPool.plain());
        Chunk first = sent.add(1);
        sent.add(1);
        pool.dies(pool.worker(1), 0, Phase.RUNNING);
        pool.comesIn(pool.worker(1));
        assertThat(pool.head(1)).isSameAs(first);
    }

    @Test
    void resultBeforeTheCancel_stands() {
        SimulatedPool pool = new SimulatedPool(1).allReady();
        Sent sent = pool.submitOne(SimulatedPool.plain(), 1);
        pool.does(pool.worker(1));
        sent.cancel();
        assertThat(sent.reason()).isEmpty();
    }

    @Test
    void cancelBeforeTheResult_stands() {
        SimulatedPool pool = new SimulatedPool(1).allReady();
        Sent sent = pool.submitOne(SimulatedPool.plain(), 1);
        sent.cancel();
        pool.does(pool.worker(1)); // it did not hear of it in time
        assertThat(sent.reason().orElseThrow()).isInstanceOf(CancellationException.class);
        assertThat(sent.outcomes).isEmpty();
        pool.passes(Duration.ofSeconds(2));
        assertThat(pool.killed).isEmpty();
    }

    @Test
    void failureOfAFailFastSubmission_endsIt() {
        SimulatedPool pool = new SimulatedPool(2).allReady();
        Sent sent = pool.submit(SimulatedPool.failFast());
        for (int i = 0; i < 4; i++) {
            sent.add(1);
        }
        pool.outcomes(pool.worker(1), 1, 1);
        assertThat(sent.reason()).isEmpty();
        assertThat(pool.scheduler.queued()).isZero();
        assertThat(pool.interrupted).contains(pool.head(2));
    }

    @Test
    void functionThatCannotBeLoaded_endsItsSubmission() {
        SimulatedPool pool = new SimulatedPool(1).allReady();
        Sent sent = pool.submitOne(SimulatedPool.plain(), 1);
        pool.refuses(pool.worker(1));
        assertThat(sent.reason().orElseThrow()).hasMessage("cannot be loaded");
        assertThat(pool.worker(1).isIdle()).isTrue();
    }

    @Test
    void itemBeyondTheTimeout_hasItsWorkerKilled() {
        SimulatedPool pool = new SimulatedPool(1).allReady();
        JobSettings timed = SimulatedPool.within(Duration.ofSeconds(3));
        Sent sent = pool.submitOne(timed, 2);
        pool.passes(Duration.ofSeconds(4)); // it may load the function meanwhile
        pool.starts(pool.worker(1));
        pool.passes(Duration.ofMillis(2999));
        pool.outcomes(pool.worker(1), 1, 0);
        pool.starts(pool.worker(1));
        assertThat(pool.killed).isEmpty();
        pool.passes(Duration.ofSeconds(3));
        assertThat(pool.killed.values()).containsExactly(Optional.of("took longer than the task timeout of 3 s"));
        assertThat(sent.isEnded()).isFalse();
    }

    @Test
    void timedChunkThatDoesNotBegin_hasItsWorkerKilled() {
        SimulatedPool pool = new SimulatedPool(1).allReady();
        pool.submitOne(SimulatedPool.within(Duration.ofSeconds(1)), 1);
        pool.passes(Duration.ofMillis(2999));
        assertThat(pool.killed).isEmpty();
        pool.passes(Duration.ofMillis(1));
        assertThat(pool.killed.values().iterator().next().orElseThrow())
                .isEqualTo("did not begin within the task timeout of 1 s and 2 s for loading the function");
    }

    // ---------------------------------------------------------------- hooks

    @Test
    void initializer_runsBeforeAnyTaskAndInEachWorker() {
        SimulatedPool pool = new SimulatedPool(1, Hook.INITIALIZER).allReady();
        pool.submitOne(SimulatedPool.plain(), 1);
        assertThat(pool.head(1).isHook()).isTrue();
        pool.does(pool.worker(1));
        assertThat(pool.worker(1).isIdle()).isTrue();
        pool.hooksTold();
        assertThat(pool.head(1).isHook()).isFalse();
        pool.dies(pool.worker(1), 0, Phase.RUNNING);
        pool.comesIn(pool.worker(1));
        assertThat(pool.head(1).isHook()).isTrue();
    }

    @Test
    void initializerThatFails_endsThePool() {
        SimulatedPool pool = new SimulatedPool(2, Hook.INITIALIZER).allReady();
        Sent sent = pool.submitOne(SimulatedPool.plain(), 1);
        pool.hookFails(pool.worker(1), "no driver for it");
        pool.hooksTold();
        assertThat(pool.broken).hasMessage("the initializer of pool failed: no driver for it");
        assertThat(sent.reason()).contains(pool.broken);
    }

    @Test
    void initializerThatThrowsACancellation_endsThePoolLikeAnyOther() {
        SimulatedPool pool = new SimulatedPool(1, Hook.INITIALIZER).allReady();
        Sent sent = pool.submitOne(SimulatedPool.plain(), 1);
        pool.hookFails(pool.worker(1), new CancellationException("mine"), "mine");
        pool.hooksTold();
        assertThat(pool.broken).hasMessage("the initializer of pool failed: mine");
        assertThat(sent.reason()).contains(pool.broken);
    }

    @Test
    void initializerInterruptedByARestart_isNotToBlame() {
        SimulatedPool pool = new SimulatedPool(1, Hook.INITIALIZER).allReady();
        pool.restart();
        pool.dies(pool.worker(1), 1, Phase.RUNNING);
        pool.hooksTold();
        assertThat(pool.broken).isNull();
        assertThat(pool.launches).isEqualTo(2);
    }

    @Test
    void initializerCutShortByATermination_isNotToBlame() {
        SimulatedPool pool = new SimulatedPool(1, Hook.INITIALIZER).allReady();
        pool.terminate();
        pool.dies(pool.worker(1), 1, Phase.RUNNING);
        pool.hooksTold();
        assertThat(pool.broken).isNull();
        assertThat(pool.ended).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void exitHookCutShort_isNoFailureOfIt(boolean restarted) {
        SimulatedPool pool = new SimulatedPool(1, 1, 0, Optional.empty(), Hook.EXIT_HOOK).allReady();
        pool.submitOne(SimulatedPool.plain(), 1);
        pool.does(pool.worker(1));
        assertThat(pool.head(1).isHook()).isTrue();
        WorkerLife life = pool.worker(1);
        if (restarted) {
            pool.restart();
        } else {
            pool.terminate();
        }
        pool.dies(life, 1, Phase.RUNNING);
        pool.hooksTold();
        assertThat(pool.complaints).isEmpty();
        assertThat(pool.ended).isNotEqualTo(restarted);
    }

    @Test
    void exitHookThatEndsItsJvm_hasFailed() {
        SimulatedPool pool = new SimulatedPool(1, Hook.EXIT_HOOK).allReady();
        pool.close();
        pool.dies(pool.worker(1), 1, Phase.RUNNING);
        pool.hooksTold();
        assertThat(pool.complaints).containsExactly("the exit hook of pool worker 1 failed: died");
        assertThat(pool.ended).isTrue();
    }

    @Test
    void exitHookThatThrowsACancellation_hasFailedLikeAnyOther() {
        SimulatedPool pool = new SimulatedPool(1, Hook.EXIT_HOOK).allReady();
        pool.close();
        pool.hookFails(pool.worker(1), new CancellationException("mine"), "mine");
        pool.hooksTold();
        assertThat(pool.complaints).containsExactly("the exit hook of pool worker 1 failed: mine");
    }

    @Test
    void workerThatIsFrozenBeforeItsHook_isKilled() {
        SimulatedPool pool = new SimulatedPool(1, Hook.INITIALIZER).allReady();
        pool.passes(Duration.ofSeconds(10));
        assertThat(pool.killed.values()).containsExactly(Optional.of("did not begin the initializer within 10 s"));
    }

    @Test
    void hookThatHasBegun_mayTakeItsTime() {
        SimulatedPool pool = new SimulatedPool(1, Hook.INITIALIZER).allReady();
        pool.starts(pool.worker(1));
        pool.passes(Duration.ofMinutes(10));
        assertThat(pool.killed).isEmpty();
    }

    @Test
    void closedPool_runsTheExitHookAndWaitsForWhatItSays() {
        SimulatedPool pool = new SimulatedPool(1, Hook.EXIT_HOOK).allReady();
        pool.close();
        pool.hookFails(pool.worker(1), "disk full");
        assertThat(pool.worker(1).isIdle()).isTrue();
        pool.hooksTold();
        assertThat(pool.complaints).containsExactly("the exit hook of pool worker 1 failed: disk full");
        pool.leavingEnd();
        assertThat(pool.ended).isTrue();
        assertThat(pool.broken).isNull();
    }

    @Test
    void poolClosedWhileItsInitializerRuns_runsItsExitHookToo() {
        SimulatedPool pool = new SimulatedPool(1, Hook.INITIALIZER, Hook.EXIT_HOOK).allReady();
        pool.does(pool.worker(1));
        pool.close(); // before the pool hears of it
        pool.hooksTold();
        assertThat(pool.head(1).isHook()).isTrue();
        pool.does(pool.worker(1));
        pool.hooksTold();
        pool.leavingEnd();
        assertThat(pool.ended).isTrue();
        assertThat(pool.log).filteredOn(line -> line.endsWith("on 1")).hasSize(4);
    }

    // ---------------------------------------------------------------- faults

    @Test
    void chunkThatCannotBeSent_runsElsewhere() {
        SimulatedPool pool = new SimulatedPool(1).allReady();
        pool.fault = new IllegalStateException("no such class");
        Sent sent = pool.submitOne(SimulatedPool.plain(), 1);
        assertThat(pool.killed.get(pool.worker(1)))
                .contains("could not be told what to do: java.lang.IllegalStateException: no such class");
        pool.fault = null;
        pool.killedDie();
        pool.comesIn(pool.worker(1));
        pool.does(pool.worker(1));
        assertThat(sent.outcomes).containsOnly(entry(0L, "ok"));
    }

    @Test
    void chunkThatCannotBeSentToAnyWorker_isLost() {
        SimulatedPool pool = new SimulatedPool(1).allReady();
        pool.fault = new IllegalStateException("no such class");
        Sent sent = pool.submitOne(SimulatedPool.plain(), 1);
        for (int i = 0; !sent.isEnded(); i++) {
            assertThat(i).isLessThan(5);
            pool.killedDie();
            pool.comesIn(pool.worker(1));
        }
        assertThat(sent.outcomes).containsOnly(entry(0L, "lost"));
    }

    @Test
    void initializerThatCannotBeMade_endsThePool() {
        SimulatedPool pool = new SimulatedPool(1, Hook.INITIALIZER);
        pool.fault = new IllegalStateException("no such pipe");
        pool.comesIn(pool.worker(1));
        assertThat(pool.broken)
                .hasMessage("the initializer of pool failed: java.lang.IllegalStateException: no such pipe");
    }

    @Test
    void exitHookThatCannotBeMade_keepsNobody() {
        SimulatedPool pool = new SimulatedPool(1, Hook.EXIT_HOOK).allReady();
        pool.fault = new IllegalStateException("no such pipe");
        pool.close();
        assertThat(pool.complaints).hasSize(1);
        pool.fault = null;
        pool.leavingEnd();
        pool.killedDie();
        assertThat(pool.ended).isTrue();
    }

    // ---------------------------------------------------------------- ends of pools

    @Test
    void closedPool_doesWhatItHasAndEnds() {
        SimulatedPool pool = new SimulatedPool(1).allReady();
        Sent sent = pool.submit(SimulatedPool.plain());
        sent.add(1);
        sent.add(1);
        pool.close();
        pool.does(pool.worker(1));
        pool.does(pool.worker(1));
        assertThat(pool.ended).isFalse();
        sent.complete();
        assertThat(sent.reason()).isEmpty();
        pool.leavingEnd();
        assertThat(pool.ended).isTrue();
    }

    @Test
    void closedPool_endsWorkersThatAreStillStarting() {
        SimulatedPool pool = new SimulatedPool(2);
        pool.comesIn(pool.worker(1));
        pool.close();
        pool.leavingEnd();
        pool.killedDie();
        assertThat(pool.log).contains("leave 1", "kill 2: not needed any more");
        assertThat(pool.ended).isTrue();
        assertThat(pool.launches).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void terminatedPool_endsWhateverItDoes(boolean ready) {
        SimulatedPool pool = new SimulatedPool(2);
        if (ready) {
            pool.allReady();
        }
        Sent sent = pool.submitOne(SimulatedPool.retrying(9), 1);
        pool.terminate();
        assertThat(sent.reason().orElseThrow()).hasMessage("pool was terminated");
        pool.killedDie();
        assertThat(pool.ended).isTrue();
        assertThat(pool.launches).isEqualTo(2);
    }

    @Test
    void submissionThatReachesATerminatedPool_isToldSo() {
        SimulatedPool pool = new SimulatedPool(1).allReady();
        pool.terminate();
        Sent late = pool.submit(SimulatedPool.plain());
        late.add(1);
        assertThat(late.reason().orElseThrow())
                .isInstanceOf(PoolClosedException.class)
                .hasMessage("pool was terminated: make a new Pool");
    }

    /** Runs out of memory when it is looked at. */
    private static final class Unlookable {
        @Override
        public String toString() {
            throw new OutOfMemoryError("too large a text");
        }
    }

    @Test
    void lostArgument_thatCannotBeShown_isToldWithoutAGuess() {
        Submission submission = new SimulatedPool(1).allReady().submitOne(SimulatedPool.plain(), 1).submission;
        Chunk chunk = new Chunk(
                7,
                submission,
                0,
                1,
                new Payload.Local(new Object[] {new Unlookable()}),
                List.of(),
                List.of(),
                OptionalInt.empty(),
                true);
        LostItem lost = new LostItem(
                chunk, 0, Optional.of(Phase.RUNNING), new LostItem.DeadWorker("pool worker 1", 4711, BY_SIGNAL));
        assertThat(lost.failure(new Batches.Reading(bytes -> bytes, frame -> frame))
                        .get())
                .hasMessageContaining("argument (cannot be shown: java.lang.OutOfMemoryError).");
    }

    @Test
    void submissionThatReachesABrokenPool_isToldWhy() {
        SimulatedPool pool = new SimulatedPool(1);
        pool.notLaunched(pool.worker(1));
        assertThat(pool.submit(SimulatedPool.plain()).reason()).contains(pool.broken);
    }

    @ParameterizedTest
    @ValueSource(strings = {"close", "terminate", "restart"})
    void workerThatIsNotWanted_isDismissed(String how) {
        SimulatedPool pool = new SimulatedPool(2);
        WorkerLife ready = pool.worker(1);
        WorkerLife starting = pool.worker(2);
        pool.comesIn(ready);
        switch (how) {
            case "close" -> pool.close();
            case "restart" -> pool.restart();
            default -> pool.terminate();
        }
        assertThat(ready.isDismissed()).isTrue();
        assertThat(starting.isDismissed()).isTrue();
    }

    @Test
    void workerThatDiesByItself_isNotDismissedAfterwards() {
        SimulatedPool pool = new SimulatedPool(2).allReady();
        WorkerLife dying = pool.worker(1);
        dying.doom(); // its connection has ended
        pool.terminate();
        assertThat(dying.isDismissed()).isFalse();
        assertThat(pool.worker(2).isDismissed()).isTrue();
    }

    @Test
    void restartedPool_hasNewWorkersAndCountsNoFailedStart() {
        SimulatedPool pool = new SimulatedPool(1);
        for (int i = 0; i < 5; i++) {
            pool.restart();
            pool.killedDie();
        }
        assertThat(pool.broken).isNull();
        assertThat(pool.launches).isEqualTo(6);
    }
}
