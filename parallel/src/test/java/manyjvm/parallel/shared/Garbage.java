package manyjvm.parallel.shared;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The garbage collector, as tests need it. */
final class Garbage {
    private Garbage() {}

    /** Returns when the collector has found what is unreachable now, and the hosts have been told. */
    static void collect() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            CountDownLatch found = new CountDownLatch(1);
            Hold.watch(new Object(), found::countDown);
            do {
                System.gc();
            } while (!found.await(5, TimeUnit.MILLISECONDS));
        }
    }
}
