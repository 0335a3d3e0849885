package manyjvm.parallel.driver;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.machine.IoReason;
import manyjvm.parallel.wire.connect.OwnerLoop;

/** When JVMs that stand by are started, and when they are dismissed. Confined to the driver's thread. */
final class StandbyTimer {
    /** How long the driver is idle before it starts JVMs that stand by. */
    private static final Duration DELAY = Duration.ofMillis(700);

    /** How long an idle driver keeps them. */
    private static final Duration LIFE = Duration.ofMinutes(10);

    private static final System.Logger LOG = System.getLogger("manyjvm.parallel");

    /** Starts one more JVM. */
    interface Starter {
        /** @return whether still more are wanted */
        boolean start() throws IOException;
    }

    private final OwnerLoop loop;
    private final StandbyJvms standbys;
    private final Starter starter;
    private final BooleanSupplier idle;
    private final List<OwnerLoop.Timer> timers = new ArrayList<>();

    /** @param idle whether nothing is under way now */
    StandbyTimer(OwnerLoop loop, StandbyJvms standbys, Starter starter, BooleanSupplier idle) {
        this.loop = loop;
        this.standbys = standbys;
        this.starter = starter;
        this.idle = idle;
    }

    /** Work has ended, or a good moment has come: unless something is submitted meanwhile, whose end comes here again. */
    void begin() {
        if (standbys.wanted() == 0 || !idle.getAsBoolean()) {
            return;
        }
        timers.forEach(OwnerLoop.Timer::cancel);
        timers.clear();
        timers.add(loop.after(LIFE, () -> onThread(standbys::dismiss)));
        timers.add(loop.after(DELAY, () -> {
            if (idle.getAsBoolean()) {
                onThread(this::start);
            }
        }));
    }

    /** One of its own: starting a process takes some milliseconds, for which others wait too. */
    private static void onThread(Runnable work) {
        Thread thread = new Thread(work, "stand-by");
        thread.setDaemon(true);
        thread.start();
    }

    private void start() {
        try {
            if (starter.start()) {
                loop.post(this::begin);
            }
        } catch (IOException | ParallelException failure) {
            LOG.log(System.Logger.Level.WARNING, "no JVM can stand by: {0}", IoReason.ofAny(failure));
        }
    }
}
