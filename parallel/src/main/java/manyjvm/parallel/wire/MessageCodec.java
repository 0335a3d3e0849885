package manyjvm.parallel.wire;

import java.util.ArrayList;
import java.util.List;
import manyjvm.parallel.bytes.HandleForm;
import manyjvm.parallel.insight.Spent;
import manyjvm.parallel.insight.Vitals;
import manyjvm.parallel.shared.Departure;
import manyjvm.parallel.shared.Hold;
import manyjvm.parallel.shared.SharedAnswer;
import manyjvm.parallel.shared.SharedRequest;
import manyjvm.parallel.spi.CallKind;
import manyjvm.parallel.wire.Message.AskThreads;
import manyjvm.parallel.wire.Message.AskVitals;
import manyjvm.parallel.wire.Message.Challenge;
import manyjvm.parallel.wire.Message.ChunkItems;
import manyjvm.parallel.wire.Message.ChunkReturned;
import manyjvm.parallel.wire.Message.ClassAnswer;
import manyjvm.parallel.wire.Message.DropContents;
import manyjvm.parallel.wire.Message.EndJob;
import manyjvm.parallel.wire.Message.GiveBase;
import manyjvm.parallel.wire.Message.GiveBlob;
import manyjvm.parallel.wire.Message.GiveClass;
import manyjvm.parallel.wire.Message.Hello;
import manyjvm.parallel.wire.Message.InterruptChunk;
import manyjvm.parallel.wire.Message.ItemStarted;
import manyjvm.parallel.wire.Message.JobRefused;
import manyjvm.parallel.wire.Message.JvmIds;
import manyjvm.parallel.wire.Message.Leave;
import manyjvm.parallel.wire.Message.Leaving;
import manyjvm.parallel.wire.Message.NeedClass;
import manyjvm.parallel.wire.Message.NeedJvmIds;
import manyjvm.parallel.wire.Message.Output;
import manyjvm.parallel.wire.Message.Proof;
import manyjvm.parallel.wire.Message.Received;
import manyjvm.parallel.wire.Message.ReclaimChunk;
import manyjvm.parallel.wire.Message.RunChunk;
import manyjvm.parallel.wire.Message.RunJob;
import manyjvm.parallel.wire.Message.SharedCall;
import manyjvm.parallel.wire.Message.SharedGone;
import manyjvm.parallel.wire.Message.SharedReply;
import manyjvm.parallel.wire.Message.SharedTell;
import manyjvm.parallel.wire.Message.Shown;
import manyjvm.parallel.wire.Message.StartJob;
import manyjvm.parallel.wire.Message.TellVitals;
import manyjvm.parallel.wire.Message.Threads;

/**
 * Messages to bytes and back, by hand: a worker loads no serializer before its first task. Writing ({@link MessageWriter}) and
 * reading stand apart, each in the order of the record's fields. One description for both would have to make each message anew
 * when it is written, and to ask at each field which way it goes: that was measured a tenth slower to write and a quarter to
 * read, and as much in a fresh worker. That the two agree is seen by sending each message through both.
 */
final class MessageCodec {
    static final byte HELLO = 1;
    static final byte CHALLENGE = 2;
    static final byte PROOF = 3;
    static final byte GIVE_CLASS = 4;
    static final byte GIVE_BLOB = 5;
    static final byte START_JOB = 6;
    static final byte RUN_CHUNK = 7;
    static final byte INTERRUPT_CHUNK = 8;
    static final byte RECLAIM_CHUNK = 9;
    static final byte END_JOB = 10;
    static final byte RECEIVED = 11;
    static final byte CLASS_ANSWER = 12;
    static final byte SHARED_REPLY = 13;
    static final byte LEAVE = 14;
    static final byte CHUNK_ITEMS = 15;
    static final byte CHUNK_RETURNED = 16;
    static final byte JOB_REFUSED = 17;
    static final byte ITEM_STARTED = 18;
    static final byte OUTPUT = 19;
    static final byte NEED_CLASS = 20;
    static final byte SHARED_CALL = 21;
    static final byte SHARED_TELL = 22;
    static final byte LEAVING = 24;
    static final byte JVM_IDS = 25;
    static final byte SHARED_GONE = 26;
    static final byte NEED_JVM_IDS = 27;
    static final byte ASK_THREADS = 28;
    static final byte THREADS = 29;
    static final byte SHOWN = 30;
    static final byte DROP_CONTENTS = 31;
    static final byte RUN_JOB = 32;
    static final byte GIVE_BASE = 33;
    static final byte ASK_VITALS = 34;
    static final byte TELL_VITALS = 35;

    private static final CallKind[] KINDS = CallKind.values();

    private MessageCodec() {}

    static void write(Message message, Encoder out) {
        MessageWriter writer = new MessageWriter(out);
        if (message instanceof Message.ToWorker toWorker) {
            toWorker.deliverTo(writer);
        } else if (message instanceof Message.ToDriver toDriver) {
            toDriver.deliverTo(writer);
        } else {
            writer.greeting((Message.Greeting) message);
        }
    }

    static Message read(Decoder in) {
        return read(in.readByte(), in);
    }

    private static Message read(int type, Decoder in) {
        Message message = readAny(type, in);
        if (in.remaining() > 0) {
            throw new WireException("a " + message.getClass().getSimpleName() + " message is longer than it should be");
        }
        return message;
    }

    /** Reads what a stranger may say; anything else is refused by its type alone. */
    static Message readHandshake(Decoder in) {
        int type = in.readByte();
        if (type != HELLO && type != CHALLENGE && type != PROOF) {
            throw new WireException("a message of type " + type + " before the handshake");
        }
        return read(type, in);
    }

    private static Message readAny(int type, Decoder in) {
        return switch (type) {
            case HELLO -> new Hello(in.readInt(), in.readArray());
            case CHALLENGE -> new Challenge(in.readArray(), in.readArray());
            case PROOF -> new Proof(in.readArray(), in.readLong());
            case GIVE_CLASS -> new GiveClass(in.readString(), in.readString(), in.readBytes());
            case GIVE_BLOB -> new GiveBlob(in.readString(), in.readLong(), in.readBytes());
            case DROP_CONTENTS -> new DropContents(CodeForm.strings(in));
            case GIVE_BASE -> new GiveBase(in.readInt(), CodeForm.readBase(in));
            case START_JOB -> startJob(in);
            case RUN_CHUNK -> runChunk(in);
            case RUN_JOB -> new RunJob(startJob(in), runChunk(in));
            case INTERRUPT_CHUNK -> new InterruptChunk(in.readLong());
            case RECLAIM_CHUNK -> new ReclaimChunk(in.readLong());
            case END_JOB -> new EndJob(in.readLong());
            case RECEIVED -> new Received(in.readLong(), in.readLong());
            case CLASS_ANSWER -> new ClassAnswer(in.readLong(), in.readBytes());
            case SHARED_REPLY -> new SharedReply(in.readLong(), answer(in));
            case LEAVE -> new Leave();
            case CHUNK_ITEMS ->
                new ChunkItems(
                        in.readLong(),
                        in.readInt(),
                        in.readInt(),
                        in.readInt(),
                        in.readBoolean(),
                        in.readBoolean(),
                        spent(in),
                        slow(in),
                        payload(in));
            case CHUNK_RETURNED -> new ChunkReturned(in.readLong(), in.readInt());
            case JOB_REFUSED -> new JobRefused(in.readLong(), in.readLong(), in.readBytes());
            case ITEM_STARTED -> new ItemStarted(in.readLong(), in.readInt());
            case OUTPUT -> new Output(in.readLong(), in.readLong(), in.readBoolean(), in.readBytes());
            case SHOWN -> new Shown(in.readLong(), in.readLong(), in.readBytes());
            case NEED_CLASS -> new NeedClass(in.readLong(), in.readString());
            case SHARED_CALL -> new SharedCall(in.readLong(), in.readInt(), request(in));
            case SHARED_TELL -> new SharedTell(in.readInt(), request(in));
            case SHARED_GONE -> new SharedGone(in.readInt(), new Departure(in.readString(), in.readBoolean()));
            case NEED_JVM_IDS -> new NeedJvmIds(in.readLong());
            case JVM_IDS -> new JvmIds(in.readLong(), in.readInt());
            case LEAVING -> new Leaving();
            case ASK_THREADS -> new AskThreads(in.readLong());
            case THREADS -> new Threads(in.readLong(), in.readBytes());
            case ASK_VITALS -> new AskVitals(in.readLong());
            case TELL_VITALS ->
                new TellVitals(
                        in.readLong(),
                        new Vitals(in.readLong(), in.readLong(), in.readLong(), in.readLong(), in.readLong()));
            default -> throw new WireException("unknown message type " + type);
        };
    }

    private static StartJob startJob(Decoder in) {
        return new StartJob(in.readLong(), kind(in), in.readInt(), CodeForm.read(in), in.readBoolean());
    }

    private static RunChunk runChunk(Decoder in) {
        return new RunChunk(in.readLong(), in.readLong(), in.readLong(), in.readInt(), in.readInt(), payload(in));
    }

    private static CallKind kind(Decoder in) {
        int kind = in.readByte();
        if (kind >= KINDS.length) {
            throw new WireException("unknown kind of call " + kind);
        }
        return KINDS[kind];
    }

    private static Payload payload(Decoder in) {
        return new Payload.Bytes(in.readBytes());
    }

    private static Spent spent(Decoder in) {
        return new Spent(in.readLong(), in.readLong(), in.readLong(), in.readLong());
    }

    private static List<Message.Slow> slow(Decoder in) {
        int count = in.readCount(3);
        List<Message.Slow> slow = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            slow.add(new Message.Slow(in.readInt(), in.readInt(), in.readLong()));
        }
        return slow;
    }

    private static SharedAnswer answer(Decoder in) {
        return new SharedAnswer(in.readInt(), in.readLong(), in.readBytes(), in.readLong(), Hold.NONE);
    }

    private static SharedRequest request(Decoder in) {
        return new SharedRequest(HandleForm.read(in), in.readInt(), in.readLong(), in.readBytes());
    }
}
