package manyjvm.parallel.driver;

import java.lang.ref.Reference;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import manyjvm.parallel.shared.Hold;
import manyjvm.parallel.spi.JobListener;
import manyjvm.parallel.wire.Payload;
import manyjvm.parallel.wire.RemoteFailure;
import manyjvm.parallel.wire.Values;
import org.jspecify.annotations.Nullable;

/** Outcomes as they arrive at the driver, decoded by whoever reads them. */
final class Batches {
    private Batches() {}

    /** Reads what workers encoded. */
    record Reading(Function<byte[], ? extends @Nullable Object> decoder, UnaryOperator<StackTraceElement> locate) {
        Throwable failure(byte[] bytes) {
            return RemoteFailure.decode(bytes, decoder, locate);
        }
    }

    /** @param hold keeps what the outcomes refer to, as long as the batch may be read */
    static JobListener.Batch of(long first, int size, Payload outcomes, Hold hold, Reading reading) {
        return outcomes instanceof Payload.Bytes encoded
                ? new Encoded(first, size, encoded.bytes(), hold, reading)
                : new Local(first, size, ((Payload.Local) outcomes).objects());
    }

    /**
     * The first failure that a process sent, as a stand-in that prints as the exception does. On the driver's thread: nothing
     * is decoded, and no code of the exception's class runs.
     */
    static Optional<Throwable> told(JobListener.Batch batch) {
        if (batch instanceof Encoded encoded) {
            Values.Reader reader = new Values.Reader(encoded.outcomes());
            while (reader.next()) {
                if (reader.isFailure()) {
                    return Optional.of(
                            RemoteFailure.told(reader.bytes(), encoded.reading().locate()));
                }
            }
        }
        return Optional.empty();
    }

    /** Whether some item failed. On the driver's thread: nothing is decoded. */
    static boolean hasFailures(JobListener.Batch batch) {
        if (batch instanceof Local local) {
            return Stream.of(local.outcomes()).anyMatch(outcome -> outcome instanceof Values.Failed);
        }
        return batch instanceof Failed || told(batch).isPresent();
    }

    /** An item without an outcome of its own. */
    static JobListener.Batch failed(long index, Supplier<? extends Throwable> failure) {
        return new Failed(index, failure);
    }

    private record Encoded(long first, int size, byte[] outcomes, Hold hold, Reading reading)
            implements JobListener.Batch {
        @Override
        public void readTo(JobListener.Receiver receiver) {
            Values.Reader reader = new Values.Reader(outcomes);
            for (int i = 0; i < size; i++) {
                if (!reader.next()) {
                    throw new IllegalStateException("a worker sent fewer outcomes than it said"
                            + "; this is a fault of manyjvm, please report it");
                }
                long index = first + i;
                if (reader.isFailure()) {
                    receiver.failure(index, reading.failure(reader.bytes()));
                } else if (reader.isEncoded()) {
                    decode(index, reader.bytes(), receiver);
                } else {
                    receiver.value(index, reader.value());
                }
            }
            Reference.reachabilityFence(hold);
        }

        private void decode(long index, byte[] bytes, JobListener.Receiver receiver) {
            Object value;
            try {
                value = reading.decoder().apply(bytes);
            } catch (RuntimeException | Error failure) { // the users' readObject and the like
                receiver.failure(index, failure);
                return;
            }
            receiver.value(index, value);
        }
    }

    private record Local(long first, int size, @Nullable Object[] outcomes) implements JobListener.Batch {
        @Override
        public void readTo(JobListener.Receiver receiver) {
            for (int i = 0; i < size; i++) {
                if (outcomes[i] instanceof Values.Failed failed) {
                    receiver.failure(first + i, failed.failure());
                } else {
                    receiver.value(first + i, outcomes[i]);
                }
            }
        }
    }

    private record Failed(long first, Supplier<? extends Throwable> failure) implements JobListener.Batch {
        @Override
        public int size() {
            return 1;
        }

        @Override
        public void readTo(JobListener.Receiver receiver) {
            receiver.failure(first, failure.get());
        }
    }
}
