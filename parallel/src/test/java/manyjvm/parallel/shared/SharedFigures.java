package manyjvm.parallel.shared;

import java.util.concurrent.Callable;
import manyjvm.parallel.Queue;
import manyjvm.parallel.Value;

/**
 * Figures of shared objects, one line of JSON each. Locked increments and single accesses are those of the product; queue
 * figures go over the tests' own pipe between two JVMs, not over the library's wire.
 */
final class SharedFigures {
    private SharedFigures() {}

    public static void main(String[] arguments) throws Exception {
        FakeDriver driver = new FakeDriver();
        driver.beforeEach(null);
        try {
            for (int round = 0; round < 3; round++) {
                accesses();
                lockedIncrements(driver, 10 * round);
                queue(driver, 10 * round);
            }
        } finally {
            driver.afterEach(null);
        }
    }

    private static void accesses() throws Exception {
        Value.OfDouble value = Value.of(0.0);
        int rounds = 100_000_000;
        print(
                "value_get_ns",
                seconds(() -> {
                            double sum = 0;
                            for (int round = 0; round < rounds; round++) {
                                sum += value.get();
                            }
                            return sum;
                        })
                        / rounds
                        * 1e9);
        print(
                "value_set_ns",
                seconds(() -> {
                            for (int round = 0; round < rounds; round++) {
                                value.set(round);
                            }
                            return null;
                        })
                        / rounds
                        * 1e9);
        int locked = 10_000_000;
        print(
                "locked_increment_alone_ns",
                seconds(() -> {
                            for (int round = 0; round < locked; round++) {
                                value.withLock(() -> value.set(value.get() + 1));
                            }
                            return null;
                        })
                        / locked
                        * 1e9);
    }

    private static void lockedIncrements(FakeDriver driver, int jvmId) throws Exception {
        Value.OfLong value = Value.of(0L);
        Value.OfInt arrived = Value.rawInt(0);
        int rounds = 2_000_000;
        try (ChildJvm<Double> one = new ChildJvm<>(
                        driver.hosts(), driver.driverJvm(), jvmId + 1, () -> increment(value, arrived, rounds));
                ChildJvm<Double> two = new ChildJvm<>(
                        driver.hosts(), driver.driverJvm(), jvmId + 2, () -> increment(value, arrived, rounds))) {
            double slower = Math.max(one.get(), two.get());
            print("locked_increments_per_s_2_jvms", 2 * rounds / slower);
        }
        if (value.get() != 2L * rounds) {
            throw new AssertionError("lost increments: " + value);
        }
    }

    private static double increment(Value.OfLong value, Value.OfInt arrived, int rounds) throws Exception {
        arrived.getAndAdd(1);
        while (arrived.get() < 2) {
            Thread.onSpinWait();
        }
        return seconds(() -> {
            for (int round = 0; round < rounds; round++) {
                value.withLock(() -> value.set(value.get() + 1));
            }
            return null;
        });
    }

    private static void queue(FakeDriver driver, int jvmId) throws Exception {
        Queue<Integer> queue = new Queue<>();
        int messages = 300_000;
        try (ChildJvm<Boolean> child = new ChildJvm<>(driver.hosts(), driver.driverJvm(), jvmId + 3, () -> {
            for (int message = 0; message < messages; message++) {
                queue.put(message);
            }
            return true;
        })) {
            queue.get();
            print(
                    "queue_from_worker_per_s",
                    messages
                            / seconds(() -> {
                                for (int message = 1; message < messages; message++) {
                                    queue.get();
                                }
                                return null;
                            }));
            child.get();
        }
        Queue<Integer> bounded = new Queue<>(1000);
        int boundedMessages = 30_000;
        try (ChildJvm<Boolean> child = new ChildJvm<>(driver.hosts(), driver.driverJvm(), jvmId + 4, () -> {
            for (int message = 0; message < boundedMessages; message++) {
                bounded.put(message);
            }
            return true;
        })) {
            bounded.get();
            print(
                    "bounded_queue_from_worker_per_s",
                    boundedMessages
                            / seconds(() -> {
                                for (int message = 1; message < boundedMessages; message++) {
                                    bounded.get();
                                }
                                return null;
                            }));
            child.get();
        }
        Queue<Integer> toWorker = new Queue<>();
        for (int message = 0; message < boundedMessages; message++) {
            toWorker.put(message);
        }
        try (ChildJvm<Double> child = new ChildJvm<>(
                driver.hosts(),
                driver.driverJvm(),
                jvmId + 5,
                () -> seconds(() -> {
                    for (int message = 0; message < boundedMessages; message++) {
                        toWorker.get();
                    }
                    return null;
                }))) {
            print("queue_to_worker_per_s", boundedMessages / child.get());
        }
    }

    private static double seconds(Callable<?> body) throws Exception {
        long start = System.nanoTime();
        body.call();
        return (System.nanoTime() - start) / 1e9;
    }

    private static void print(String name, double figure) {
        System.out.printf("{\"%s\": %.1f}%n", name, figure);
    }
}
