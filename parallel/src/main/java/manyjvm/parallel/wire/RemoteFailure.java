package manyjvm.parallel.wire;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import manyjvm.parallel.NotShippableException;
import manyjvm.parallel.TaskFailedException;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.bytes.ByteOutput;
import manyjvm.parallel.shared.EncodedValue;
import org.jspecify.annotations.Nullable;

/**
 * An exception on its way to another JVM: always as name, message and frames, with its causes and suppressed exceptions, so
 * that the reader never needs its class; and as the object, when that can be encoded, for a reader that knows the class.
 */
public final class RemoteFailure {
    private static final int DEEPEST = 16;
    private static final int MOST_FRAMES = 1024;
    private static final int LONGEST_MESSAGE = 64 * 1024;
    private static final StackTraceElement[] NO_FRAMES = {};

    private RemoteFailure() {}

    /**
     * @param encoder gives an object's bytes, or throws when it cannot travel
     * @param cut the frames above this class's are the user's; the rest is how a worker calls
     */
    public static byte[] encode(Throwable failure, Function<Object, byte[]> encoder, String cut) {
        ByteOutput out = new ByteOutput(1024);
        byte[] object;
        try {
            object = encoder.apply(failure);
        } catch (Throwable notShippable) { // the user's writeObject may throw anything
            object = new byte[0]; // name, message and frames go alone
        }
        out.writeArray(object);
        describe(failure, out, cut, new IdentityHashMap<>(), 0);
        return out.toByteArray();
    }

    private static void describe(
            Throwable failure, ByteOutput out, String cut, Map<Throwable, Boolean> seen, int depth) {
        seen.put(failure, true);
        out.writeString(failure.getClass().getName());
        out.writeString(shortened(messageOf(failure)));
        out.writeString(shortened(given(failure::toString, failure.getClass().getName())));
        StackTraceElement[] frames = given(failure::getStackTrace, NO_FRAMES);
        int count = 0;
        while (count < frames.length
                && count < MOST_FRAMES
                && frames[count] != null // a user's own getStackTrace() may give anything
                && !frames[count].getClassName().startsWith(cut)) {
            count++;
        }
        out.writeUnsigned(count);
        for (int i = 0; i < count; i++) {
            StackFrames.write(out, frames[i]);
        }
        Optional<Throwable> cause = given(() -> Optional.ofNullable(failure.getCause()), Optional.<Throwable>empty())
                .filter(one -> !seen.containsKey(one) && depth < DEEPEST);
        out.writeBoolean(cause.isPresent());
        cause.ifPresent(one -> describe(one, out, cut, seen, depth + 1));
        List<Throwable> suppressed = new ArrayList<>();
        for (Throwable one : failure.getSuppressed()) {
            if (!seen.containsKey(one) && depth < DEEPEST) {
                suppressed.add(one);
                seen.put(one, true);
            }
        }
        out.writeUnsigned(suppressed.size());
        for (Throwable one : suppressed) {
            describe(one, out, cut, seen, depth + 1);
        }
    }

    /** What one of the user's methods gives, or another value when it throws. */
    private static <T> T given(Supplier<? extends @Nullable T> method, T otherwise) {
        try {
            T value = method.get();
            return value == null ? otherwise : value;
        } catch (Throwable broken) { // what the user's code throws about its own exception helps nobody
            return otherwise;
        }
    }

    /** A user's getMessage may itself throw. */
    private static String messageOf(Throwable failure) {
        try {
            String message = failure.getMessage();
            return message == null ? "" : message;
        } catch (RuntimeException | Error broken) {
            return "(its getMessage() threw " + broken.getClass().getName() + ")";
        }
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST_MESSAGE ? text : text.substring(0, LONGEST_MESSAGE) + " ...";
    }

    /**
     * The exception here: the object itself where its class is known, else a {@link TaskFailedException} that tells its name.
     *
     * @param decoder reads the object, or throws
     * @param locate the place of a frame in the user's words
     */
    public static Throwable decode(
            byte[] bytes,
            Function<byte[], ? extends @Nullable Object> decoder,
            UnaryOperator<StackTraceElement> locate) {
        Decoder in = new Decoder(bytes);
        byte[] object = in.readArray();
        Description description = Description.read(in, locate);
        if (object.length > 0) {
            Optional<Throwable> known = object(object, decoder);
            if (known.isPresent() && canBeTold(known.get(), description)) {
                return withTheWordsOfItsJvm(known.get(), description);
            }
        }
        return description.standIn();
    }

    /**
     * A stand-in that prints as the exception does, with its causes. Decodes nothing: no code of the user's runs here, whatever
     * the exception's class does.
     */
    public static Throwable told(byte[] bytes, UnaryOperator<StackTraceElement> locate) {
        Decoder in = new Decoder(bytes);
        in.readArray();
        return new Told(Description.read(in, locate));
    }

    /** What {@link #decode} gives where the class is not known. Decodes nothing. */
    public static RuntimeException standIn(byte[] bytes, UnaryOperator<StackTraceElement> locate) {
        Decoder in = new Decoder(bytes);
        in.readArray();
        return Description.read(in, locate).standIn();
    }

    private static final class Told extends Exception {
        private static final long serialVersionUID = 1L;

        private final String words;

        Told(Description description) {
            super(description.message(), description.cause().map(Told::new).orElse(null));
            words = description.told();
            setStackTrace(description.frames());
            description.suppressed().forEach(one -> addSuppressed(new Told(one)));
        }

        @Override
        public String toString() {
            return words;
        }
    }

    /** The shared objects that the exception refers to, where its object is an {@link EncodedValue}. */
    static List<Shared.Handle> handles(byte[] bytes) {
        return EncodedValue.handles(new Decoder(bytes).readArray());
    }

    private static Optional<Throwable> object(byte[] object, Function<byte[], ? extends @Nullable Object> decoder) {
        try {
            return decoder.apply(object) instanceof Throwable known ? Optional.of(known) : Optional.empty();
        } catch (RuntimeException | Error unknown) {
            return Optional.empty(); // its class is not known here: the description stands in
        }
    }

    /**
     * A NullPointerException's helpful message ("Cannot invoke ... because ... is null") is not part of the object: the JVM
     * where it was thrown makes it when it is asked for, from a stack that no other JVM has. One that is the cause of
     * another stays as it came, for a cause cannot be replaced; its wrapper mostly quotes it.
     */
    private static Throwable withTheWordsOfItsJvm(Throwable known, Description description) {
        if (known.getClass() != NullPointerException.class
                || known.getMessage() != null
                || description.message().isEmpty()) {
            return known;
        }
        NullPointerException told = new NullPointerException(description.message());
        told.setStackTrace(known.getStackTrace());
        if (known.getCause() != null) {
            told.initCause(known.getCause());
        }
        for (Throwable one : known.getSuppressed()) {
            told.addSuppressed(one);
        }
        return told;
    }

    /** Gives it its frames. An exception that throws when it is asked what it is helps nobody. */
    private static boolean canBeTold(Throwable failure, Description description) {
        try {
            description.frames(failure, new IdentityHashMap<>());
            return failure.toString() != null;
        } catch (RuntimeException | Error broken) {
            return false; // the description stands in
        }
    }

    private record Description(
            String type,
            String message,
            String told,
            StackTraceElement[] frames,
            Optional<Description> cause,
            List<Description> suppressed) {

        static Description read(Decoder in, UnaryOperator<StackTraceElement> locate) {
            String type = in.readString();
            String message = in.readString();
            String told = in.readString();
            StackTraceElement[] frames = new StackTraceElement[in.readCount(StackFrames.LEAST_BYTES)];
            for (int i = 0; i < frames.length; i++) {
                frames[i] = locate.apply(StackFrames.read(in));
            }
            Optional<Description> cause = in.readBoolean() ? Optional.of(read(in, locate)) : Optional.empty();
            List<Description> suppressed = new ArrayList<>();
            for (int left = in.readCount(6); left > 0; left--) {
                suppressed.add(read(in, locate));
            }
            return new Description(type, message, told, frames, cause, suppressed);
        }

        /** Gives the object, and its causes, the frames of the JVM where it was thrown. */
        void frames(Throwable failure, Map<Throwable, Boolean> seen) {
            if (seen.put(failure, true) != null) {
                return;
            }
            failure.setStackTrace(frames);
            if (cause.isPresent() && failure.getCause() != null) {
                cause.get().frames(failure.getCause(), seen);
            }
            Throwable[] own = failure.getSuppressed();
            for (int i = 0; i < Math.min(own.length, suppressed.size()); i++) {
                suppressed.get(i).frames(own[i], seen);
            }
        }

        RuntimeException standIn() {
            RuntimeException failure = type.equals(NotShippableException.class.getName())
                    ? new NotShippableException(
                            message, cause.map(Description::standIn).orElse(null))
                    : standInByName();
            failure.setStackTrace(frames);
            suppressed.forEach(one -> failure.addSuppressed(one.standIn()));
            return failure;
        }

        private TaskFailedException standInByName() {
            return new TaskFailedException(
                    type + (message.isEmpty() ? "" : ": " + message),
                    cause.map(Description::standIn).orElse(null),
                    0,
                    null,
                    Map.of());
        }
    }
}
