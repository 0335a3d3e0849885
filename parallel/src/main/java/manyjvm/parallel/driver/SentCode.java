package manyjvm.parallel.driver;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.code.Bundle;
import manyjvm.parallel.code.CodeBase;
import manyjvm.parallel.insight.Shipment;
import manyjvm.parallel.wire.Code;
import manyjvm.parallel.wire.Message;

/**
 * What one worker has been told of submissions and sent of their code, each thing once. Messages arrive in order, so both sides
 * know the same. Confined to the driver's thread.
 */
final class SentCode {
    /** So many bases a worker knows by number; the one that was used longest ago gives its number away. */
    private static final int MOST_BASES = 64;

    /**
     * A submission that the worker has been told of, with the hashes of what it uses there.
     *
     * @param whole whether it is one chunk, with which it ends there
     */
    private record Known(OutputTarget output, Set<String> used, boolean whole) {}

    private final Driver driver;
    private final int jvmId;
    private final Consumer<Message.ToWorker> port;
    private final Shipments shipments;
    private final SentContents contents = new SentContents(SentContents.KEPT_BYTES);
    private final Map<CodeBase, Integer> bases = new LinkedHashMap<>(16, 0.75f, true); // the latest used comes last
    private final Map<Long, Known> submissions = new HashMap<>(); // that have not ended
    private final Map<Long, Known> endedInFlight = new HashMap<>(); // while a chunk of them is there

    /** Hears how many bytes of its code were sent for a submission. */
    interface Shipments {
        void sent(Submission submission, Shipment.Kind kind, String name, long bytes);
    }

    /**
     * @param jvmId the worker's
     * @param port the way to it, once it has come in
     */
    SentCode(Driver driver, int jvmId, Consumer<Message.ToWorker> port, Shipments shipments) {
        this.driver = driver;
        this.jvmId = jvmId;
        this.port = port;
        this.shipments = shipments;
    }

    /** Sends a chunk, and before it what it needs and the worker lacks. */
    void send(Chunk chunk) {
        Submission submission = chunk.submission;
        Known told = submissions.get(submission.id());
        Known known = told != null ? told : new Known(submission.output(), new HashSet<>(), chunk.whole);
        if (told == null) {
            submissions.put(submission.id(), known);
            giveWhatItUses(submission, known.used());
        }
        for (Bundle.ClassReference reference : chunk.classes) {
            give(submission, reference, known.used());
        }
        sendShared(chunk.shared);
        submission.pipes().delivered(chunk);
        Message.RunChunk run =
                new Message.RunChunk(submission.id(), chunk.id, chunk.first, chunk.next, chunk.size, chunk.items);
        if (chunk.whole) {
            port.accept(new Message.RunJob(start(submission), run));
            return;
        }
        if (told == null) {
            port.accept(start(submission));
        }
        port.accept(run);
    }

    private void sendShared(List<Shared> objects) {
        if (!objects.isEmpty()) {
            driver.hosts().sent(jvmId, objects.stream().map(Shared::handle).toList());
        }
    }

    private Message.StartJob start(Submission submission) {
        int base = submission.code() instanceof Code.Shipped shipped
                ? number(shipped.bundle().base())
                : 0;
        return new Message.StartJob(submission.id(), submission.kind(), base, submission.code(), submission.isTimed());
    }

    private int number(CodeBase base) {
        Integer known = bases.get(base);
        if (known != null) {
            return known;
        }
        int number = bases.size();
        if (number == MOST_BASES) {
            Map.Entry<CodeBase, Integer> oldest = bases.entrySet().iterator().next();
            number = oldest.getValue();
            bases.remove(oldest.getKey());
        }
        bases.put(base, number);
        port.accept(new Message.GiveBase(number, base));
        return number;
    }

    private void giveWhatItUses(Submission submission, Set<String> used) {
        if (submission.code() instanceof Code.Shipped shipped) {
            Bundle bundle = shipped.bundle();
            for (Bundle.ClassReference reference : bundle.classes()) {
                give(submission, reference, used);
            }
            for (Bundle.BlobReference blob : bundle.blobs()) {
                if (used.add(blob.hash()) && contents.use(blob.hash(), blob.bytes())) {
                    port.accept(new Message.GiveBlob(
                            blob.hash(), blob.bytes(), driver.packer().blob(bundle, blob)));
                    Optional<String> variable = bundle.variableOf(blob);
                    shipments.sent(
                            submission,
                            variable.isPresent() ? Shipment.Kind.VARIABLE : Shipment.Kind.FUNCTION,
                            variable.orElse(submission.description()),
                            blob.bytes());
                }
            }
            long rest = bundle.graph().length;
            for (Bundle.Weight weight : bundle.weights()) {
                if (weight.inGraph()) {
                    shipments.sent(submission, Shipment.Kind.VARIABLE, weight.variable(), weight.bytes());
                    rest -= weight.bytes();
                }
            }
            shipments.sent(submission, Shipment.Kind.FUNCTION, submission.description(), Math.max(0, rest));
            sendShared(bundle.shared());
        }
    }

    private void give(Submission submission, Bundle.ClassReference reference, Set<String> used) {
        if (!used.add(reference.hash())) {
            return;
        }
        byte[] classFile = driver.packer().classFile(reference);
        if (contents.use(reference.hash(), classFile.length)) {
            port.accept(new Message.GiveClass(reference.binaryName(), reference.hash(), classFile));
            shipments.sent(submission, Shipment.Kind.CLASS, reference.binaryName(), classFile.length);
        }
    }

    /**
     * A submission gets no more chunks here.
     *
     * @return whether the worker had been told of it
     */
    boolean ended(Submission submission) {
        Known known = submissions.remove(submission.id());
        if (known == null) {
            return false;
        }
        if (!known.whole()) {
            port.accept(new Message.EndJob(submission.id()));
        }
        endedInFlight.put(submission.id(), known);
        return true;
    }

    /**
     * The worker has answered for all chunks of a submission: if that has ended, what it used may go. Until then the worker may be
     * loading it.
     */
    void released(Submission submission) {
        Known known = endedInFlight.remove(submission.id());
        if (known != null) {
            List<String> dropped = contents.release(known.used());
            if (!dropped.isEmpty()) {
                port.accept(new Message.DropContents(dropped));
            }
        }
    }

    /** The worker has nothing any more. @return where the text goes of the submissions that have not ended */
    List<OutputTarget> workerEnded() {
        List<OutputTarget> outputs =
                submissions.values().stream().map(Known::output).toList();
        submissions.clear();
        endedInFlight.clear();
        bases.clear();
        return outputs;
    }
}
