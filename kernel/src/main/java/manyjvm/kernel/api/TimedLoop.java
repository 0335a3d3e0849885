package manyjvm.kernel.api;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Runs code again and again, and takes the time. The class is loaded anew for each measurement: the JVM compiles a loop for
 * what it has called so far, and one that has called five different lambdas could not take up the sixth into its code.
 *
 * <p>What the code computes is kept by a write that no later one may replace, in each loop: so the compiler can neither
 * leave the computation out nor do it once for all loops. The write costs a fraction of a nanosecond.
 */
abstract class TimedLoop {
    /** @return how long so many loops take, in nanoseconds */
    abstract long nanos(long loops) throws Throwable;

    static TimedLoop of(Timing.Code<?, ?> code) {
        return fresh(OfValue.class, Timing.Code.class, code);
    }

    static TimedLoop of(Timing.LongCode<?> code) {
        return fresh(OfLong.class, Timing.LongCode.class, code);
    }

    static TimedLoop of(Timing.DoubleCode<?> code) {
        return fresh(OfDouble.class, Timing.DoubleCode.class, code);
    }

    static TimedLoop of(Timing.Action<?> code) {
        return fresh(OfAction.class, Timing.Action.class, code);
    }

    private static TimedLoop fresh(Class<? extends TimedLoop> loop, Class<?> takes, Object code) {
        String file = loop.getName().substring(loop.getPackageName().length() + 1) + ".class";
        try (InputStream bytes = loop.getResourceAsStream(file)) {
            if (bytes == null) {
                throw new IllegalStateException(file + " is missing: install manyjvm again");
            }
            MethodHandles.Lookup here = MethodHandles.lookup();
            Class<?> copy = here.defineHiddenClass(bytes.readAllBytes(), true).lookupClass();
            return (TimedLoop) copy.getDeclaredConstructor(takes).newInstance(code);
        } catch (IOException | ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static final class OfValue extends TimedLoop {
        private final Timing.Code<?, ?> code;
        private final AtomicReference<@Nullable Object> kept = new AtomicReference<>();

        OfValue(Timing.Code<?, ?> code) {
            this.code = code;
        }

        @Override
        long nanos(long loops) throws Throwable {
            long start = System.nanoTime();
            for (long i = 0; i < loops; i++) {
                kept.setRelease(code.run());
            }
            return System.nanoTime() - start;
        }
    }

    static final class OfLong extends TimedLoop {
        private final Timing.LongCode<?> code;
        private final AtomicLong kept = new AtomicLong();

        OfLong(Timing.LongCode<?> code) {
            this.code = code;
        }

        @Override
        long nanos(long loops) throws Throwable {
            long start = System.nanoTime();
            for (long i = 0; i < loops; i++) {
                kept.setRelease(code.run());
            }
            return System.nanoTime() - start;
        }
    }

    static final class OfDouble extends TimedLoop {
        private final Timing.DoubleCode<?> code;
        private final AtomicLong kept = new AtomicLong();

        OfDouble(Timing.DoubleCode<?> code) {
            this.code = code;
        }

        @Override
        long nanos(long loops) throws Throwable {
            long start = System.nanoTime();
            for (long i = 0; i < loops; i++) {
                kept.setRelease(Double.doubleToRawLongBits(code.run()));
            }
            return System.nanoTime() - start;
        }
    }

    static final class OfAction extends TimedLoop {
        private final Timing.Action<?> code;

        OfAction(Timing.Action<?> code) {
            this.code = code;
        }

        @Override
        long nanos(long loops) throws Throwable {
            long start = System.nanoTime();
            for (long i = 0; i < loops; i++) {
                code.run();
            }
            return System.nanoTime() - start;
        }
    }
}
