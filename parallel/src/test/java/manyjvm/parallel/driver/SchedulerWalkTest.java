package manyjvm.parallel.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import manyjvm.parallel.driver.LostItem.Begun;
import manyjvm.parallel.spi.JobSettings;
import manyjvm.parallel.wire.connect.WorkerJournal.Phase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Lives of pools in which everything happens in any order. Whatever happens: an item has one outcome, a chunk is with one
 * worker, what is submitted to the end ends, and so does a pool that is closed.
 *
 * <p>{@code -Dmanyjvm.walk.seed=N} plays the life again that failed, {@code -Dmanyjvm.walk.lives=N} so many.
 */
@Timeout(300)
class SchedulerWalkTest {
    private static final int LIVES = Integer.getInteger("manyjvm.walk.lives", 3_000);
    private static final long SEED = Long.getLong("manyjvm.walk.seed", System.nanoTime() & 0xffff_ffffL);
    private static final int MOST_STEPS = 400;
    private static final int ENOUGH = 100_000;

    @Test
    void anyOrderOfEvents_keepsWhatIsPromised() {
        System.out.println("lives of pools from -Dmanyjvm.walk.seed=" + SEED);
        for (int life = 0; life < LIVES; life++) {
            new Walk(SEED + life).run();
        }
    }

    private static final class Walk {
        private final long seed;
        private final Random random;
        private final SimulatedPool pool;
        private final int wildness;

        Walk(long seed) {
            this.seed = seed;
            random = new Random(seed);
            List<Hook> hooks = new ArrayList<>();
            for (Hook hook : Hook.values()) {
                if (random.nextInt(3) == 0) {
                    hooks.add(hook);
                }
            }
            wildness = random.nextInt(30);
            pool = new SimulatedPool(
                    1 + random.nextInt(4),
                    random.nextInt(3) == 0 ? 1 + random.nextInt(4) : 0,
                    random.nextInt(4) == 0 ? 100 : 0,
                    random.nextInt(3) == 0 ? Optional.of(Duration.ofMillis(50)) : Optional.empty(),
                    hooks.toArray(Hook[]::new));
        }

        void run() {
            try {
                int steps = random.nextInt(MOST_STEPS);
                for (int i = 0; i < steps; i++) {
                    anything();
                }
                pool.submissions.forEach(sent -> {
                    if (!sent.complete) {
                        sent.complete();
                    }
                });
                orderly(() -> pool.submissions.stream().allMatch(SimulatedPool.Sent::isEnded));
                if (random.nextBoolean()) {
                    pool.close();
                } else {
                    pool.terminate();
                }
                orderly(() -> pool.ended);
                assertThat(pool.living).as("workers of a pool that has ended").isEmpty();
                assertThat(pool.scheduler.queued()).isZero();
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError(
                        "with -Dmanyjvm.walk.seed=" + seed + " -Dmanyjvm.walk.lives=1:\n"
                                + String.join(
                                        "\n", pool.log.subList(Math.max(0, pool.log.size() - 60), pool.log.size())),
                        failure);
            }
        }

        /** Everybody does what is to be done, nobody dies of it, and time goes on. */
        private void orderly(java.util.function.BooleanSupplier end) {
            for (int i = 0; !end.getAsBoolean(); i++) {
                assertThat(i).as("rounds until the end").isLessThan(ENOUGH);
                pool.killedDie();
                pool.leavingEnd();
                pool.hooksTold();
                for (WorkerLife life : List.copyOf(pool.living)) {
                    if (life.state() == WorkerLife.State.STARTING) {
                        pool.comesIn(life);
                    } else if (life.state() == WorkerLife.State.BUSY && !life.isDoomed()) {
                        Chunk head = life.head().orElseThrow();
                        if (pool.interrupted.contains(head)) {
                            pool.returns(life, head);
                        } else {
                            pool.starts(life);
                            pool.does(life);
                        }
                    }
                }
                pool.passes(Duration.ofMillis(1 + random.nextInt(20)));
            }
        }

        private void anything() {
            switch (random.nextInt(14)) {
                case 0, 1 -> submit();
                case 2 ->
                    any(pool.submissions).filter(sent -> !sent.complete).ifPresent(sent -> {
                        if (!sent.submission.settings().everyWorker() || sent.chunks < pool.size) {
                            sent.add(1 + random.nextInt(4));
                        }
                    });
                case 3 -> any(pool.submissions).filter(sent -> !sent.complete).ifPresent(SimulatedPool.Sent::complete);
                case 4, 5, 6, 7, 8 -> any(List.copyOf(pool.living)).ifPresent(this::goesOn);
                case 9 -> pool.passes(Duration.ofNanos((long) Math.pow(10, 3 + random.nextInt(8))));
                case 10 -> {
                    if (random.nextBoolean()) {
                        pool.hooksTold();
                    } else {
                        pool.killedDie();
                    }
                }
                case 11 -> pool.leavingEnd();
                case 12 -> {
                    if (random.nextInt(100) < wildness) {
                        any(List.copyOf(pool.living)).ifPresent(this::dies);
                    }
                }
                default -> {
                    if (random.nextInt(100) < wildness) {
                        wild();
                    }
                }
            }
        }

        private void submit() {
            if (pool.closed || pool.submissions.size() > 40) {
                return;
            }
            boolean everyWorker = random.nextInt(6) == 0;
            SimulatedPool.Sent sent = pool.submit(new JobSettings(
                    "map",
                    random.nextInt(4) == 0 ? Optional.of(Duration.ofMillis(20)) : Optional.empty(),
                    random.nextInt(3) == 0 ? 1 + random.nextInt(3) : 0,
                    random.nextInt(5) == 0,
                    everyWorker));
            int chunks = random.nextInt(everyWorker ? pool.size + 1 : 8);
            for (int i = 0; i < chunks; i++) {
                sent.add(1 + random.nextInt(4));
            }
            if (random.nextBoolean()) {
                sent.complete();
            }
        }

        private void goesOn(WorkerLife life) {
            switch (life.state()) {
                case STARTING -> {
                    if (random.nextInt(60) == 0 && wildness > 20) {
                        pool.notLaunched(life);
                    } else {
                        pool.comesIn(life);
                    }
                }
                case BUSY -> work(life);
                default -> {
                    // nothing to do
                }
            }
        }

        private void work(WorkerLife life) {
            Chunk head = life.head().orElseThrow();
            List<Chunk> back = new ArrayList<>(pool.sent.get(life));
            back.removeIf(chunk -> !pool.reclaimed.contains(chunk) && !pool.interrupted.contains(chunk));
            if (!back.isEmpty() && random.nextBoolean()) {
                pool.returns(life, back.get(random.nextInt(back.size())));
                return;
            }
            pool.memory = random.nextInt(200);
            switch (random.nextInt(6)) {
                case 0 -> pool.starts(life);
                case 1 -> {
                    int count = random.nextInt(head.left() + 1);
                    if (!head.isHook()) {
                        pool.outcomes(life, count, Math.min(count, random.nextInt(4) == 0 ? 1 : 0));
                    }
                }
                case 2 -> {
                    if (random.nextInt(10) < wildness / 10) {
                        if (head.isHook()) {
                            pool.hookFails(life, "no good");
                        } else {
                            pool.refuses(life);
                        }
                    }
                }
                default -> pool.does(life);
            }
        }

        private void dies(WorkerLife life) {
            boolean signal = random.nextBoolean();
            Death death = new Death(signal ? "signal 9 (SIGKILL)" : "exit code 3", signal ? -9 : 3, "", List.of());
            if (random.nextInt(10) == 0) {
                pool.gone(life, death, Begun.UNKNOWN);
            } else {
                Phase phase = Phase.values()[random.nextInt(Phase.values().length)];
                pool.dies(life, random.nextInt(2), phase, death);
            }
        }

        private void wild() {
            switch (random.nextInt(12)) {
                case 0 -> pool.close();
                case 1 -> pool.terminate();
                case 2, 3, 4 -> {
                    if (!pool.closed) {
                        pool.restart();
                    }
                }
                case 5, 6 -> pool.interrupt();
                default -> any(pool.submissions).ifPresent(SimulatedPool.Sent::cancel);
            }
        }

        private <T> Optional<T> any(List<T> list) {
            return list.isEmpty() ? Optional.empty() : Optional.of(list.get(random.nextInt(list.size())));
        }
    }
}
