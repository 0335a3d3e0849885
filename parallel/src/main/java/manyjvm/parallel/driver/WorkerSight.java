package manyjvm.parallel.driver;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import manyjvm.parallel.PoolStatus;
import manyjvm.parallel.wire.Payload;
import manyjvm.parallel.wire.Values;
import org.jspecify.annotations.Nullable;

/**
 * What the driver's thread has seen of a worker, and what is made of it where somebody wants to know: {@link #told} asks the
 * operating system, decodes the item and runs its {@code toString}, on the caller's thread.
 *
 * @param chunk what it is at; null for nothing
 * @param item of that chunk
 * @param vitals what it told last of itself
 */
record WorkerSight(
        int number,
        long pid,
        String state,
        Optional<Duration> since,
        @Nullable Chunk chunk,
        int item,
        Optional<WorkerLook.Told> vitals,
        long tasks,
        String lastLine) {
    /** An item that took more bytes is not decoded to be looked at. */
    private static final int LARGEST_DECODED = 64 * 1024;

    private static final int LONGEST_ITEM = 60;

    /** @param decoder of what is not simple; may run the user's code */
    PoolStatus.Worker told(Function<byte[], @Nullable Object> decoder) {
        return new PoolStatus.Worker(number, pid, state, since, doing(decoder), heap(), cpu(), tasks, lastLine);
    }

    private Optional<PoolStatus.Heap> heap() {
        return vitals.filter(
                        told -> told.vitals().heapUsed() >= 0 && told.vitals().heapLimit() > 0)
                .map(told -> new PoolStatus.Heap(
                        told.vitals().heapUsed(),
                        told.vitals().heapLimit(),
                        Duration.ofNanos(Math.max(0, System.nanoTime() - told.at()))));
    }

    /** Of a process the system knows it, also when that is frozen. */
    private Optional<Duration> cpu() {
        return pid != 0
                ? ProcessHandle.of(pid).flatMap(process -> process.info().totalCpuDuration())
                : vitals.filter(told -> told.vitals().cpu() >= 0)
                        .map(told -> Duration.ofNanos(told.vitals().cpu()));
    }

    private String doing(Function<byte[], @Nullable Object> decoder) {
        Chunk at = chunk;
        if (at == null) {
            return "";
        }
        String what = at.submission.description();
        boolean withoutItems = at.submission.settings().items().orElse(0) == 1 || at.isHook();
        String told = shown(at, decoder);
        if (withoutItems) {
            return told.equals("null") ? what : what + ": " + told;
        }
        return what + " item " + (at.first + item) + ": " + told;
    }

    private String shown(Chunk at, Function<byte[], @Nullable Object> decoder) {
        try {
            if (at.items instanceof Payload.Local here) {
                return shortened(here.objects()[item]);
            }
            Values.Reader reader = new Values.Reader(((Payload.Bytes) at.items).bytes());
            reader.skip(item + 1);
            if (!reader.isEncoded()) {
                return shortened(reader.value());
            }
            if (!at.shared.isEmpty()) {
                return "(with shared objects)"; // which this JVM would hold until they are collected
            }
            return reader.length() > LARGEST_DECODED
                    ? "(" + reader.length() / 1024 + " KB)"
                    : shortened(decoder.apply(reader.bytes()));
        } catch (RuntimeException
                | LinkageError
                | StackOverflowError
                | OutOfMemoryError unreadable) { // the user's code
            return "(it cannot be shown: " + unreadable.getClass().getSimpleName() + ")";
        }
    }

    private static String shortened(@Nullable Object value) {
        String text = value != null && value.getClass().isArray()
                ? Arrays.deepToString(new Object[] {value})
                : String.valueOf(value);
        String line = (value != null && value.getClass().isArray() ? text.substring(1, text.length() - 1) : text)
                .replaceAll("\\s+", " ");
        return line.length() <= LONGEST_ITEM ? line : line.substring(0, LONGEST_ITEM) + "...";
    }
}
