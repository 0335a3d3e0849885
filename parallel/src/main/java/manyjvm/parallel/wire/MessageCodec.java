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
 * Messages to bytes and back, by hand: a worker loads no serializer before its first task. Writing and reading stand apart, each
 * in the order of the record's fields. One description for both would have to make each message anew when it is written, and to
 * ask at each field which way it goes: that was measured a tenth slower to write and a quarter to read, and as much in a fresh
 * worker. That the two agree is seen by sending each message through both.
 */
final class MessageCodec {
    private static final byte HELLO = 1;
    private static final byte CHALLENGE = 2;
    private static final byte PROOF = 3;
    private static final byte GIVE_CLASS = 4;
    private static final byte GIVE_BLOB = 5;
    private static final byte START_JOB = 6;
    private static final byte RUN_CHUNK = 7;
    private static final byte INTERRUPT_CHUNK = 8;
    private static final byte RECLAIM_CHUNK = 9;
    private static final byte END_JOB = 10;
    private static final byte RECEIVED = 11;
    private static final byte CLASS_ANSWER = 12;
    private static final byte SHARED_REPLY = 13;
    private static final byte LEAVE = 14;
    private static final byte CHUNK_ITEMS = 15;
    private static final byte CHUNK_RETURNED = 16;
    private static final byte JOB_REFUSED = 17;
    private static final byte ITEM_STARTED = 18;
    private static final byte OUTPUT = 19;
    private static final byte NEED_CLASS = 20;
    private static final byte SHARED_CALL = 21;
    private static final byte SHARED_TELL = 22;
    private static final byte LEAVING = 24;
    private static final byte JVM_IDS = 25;
    private static final byte SHARED_GONE = 26;
    private static final byte NEED_JVM_IDS = 27;
    private static final byte ASK_THREADS = 28;
    private static final byte THREADS = 29;
    private static final byte SHOWN = 30;
    private static final byte DROP_CONTENTS = 31;
    private static final byte RUN_JOB = 32;
    private static final byte GIVE_BASE = 33;
    private static final byte ASK_VITALS = 34;
    private static final byte TELL_VITALS = 35;

    private static final CallKind[] KINDS = CallKind.values();

    private MessageCodec() {}

    static void write(Message message, Encoder out) {
        Writer writer = new Writer(out);
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

    private record Writer(Encoder out) implements Message.ToWorker.Receiver, Message.ToDriver.Receiver {
        void greeting(Message.Greeting greeting) {
            if (greeting instanceof Hello hello) {
                out.writeByte(HELLO);
                out.writeInt(hello.worker());
                out.writeArray(hello.nonce());
            } else if (greeting instanceof Challenge challenge) {
                out.writeByte(CHALLENGE);
                out.writeArray(challenge.nonce());
                out.writeArray(challenge.proof());
            } else {
                Proof proof = (Proof) greeting;
                out.writeByte(PROOF);
                out.writeArray(proof.proof());
                out.writeLong(proof.pid());
            }
        }

        @Override
        public void onGiveClass(GiveClass message) {
            out.writeByte(GIVE_CLASS);
            out.writeString(message.name());
            out.writeString(message.hash());
            out.writeBytes(message.classFile());
        }

        @Override
        public void onGiveBlob(GiveBlob message) {
            out.writeByte(GIVE_BLOB);
            out.writeString(message.hash());
            out.writeLong(message.size());
            out.writeBytes(message.content());
        }

        @Override
        public void onDropContents(DropContents message) {
            out.writeByte(DROP_CONTENTS);
            CodeForm.strings(out, message.hashes());
        }

        @Override
        public void onGiveBase(GiveBase message) {
            out.writeByte(GIVE_BASE);
            out.writeInt(message.number());
            CodeForm.writeBase(out, message.base());
        }

        @Override
        public void onStartJob(StartJob message) {
            out.writeByte(START_JOB);
            job(message);
        }

        private void job(StartJob message) {
            out.writeLong(message.job());
            out.writeByte(message.kind().ordinal());
            out.writeInt(message.base());
            CodeForm.write(out, message.code());
            out.writeBoolean(message.timed());
        }

        @Override
        public void onRunChunk(RunChunk message) {
            out.writeByte(RUN_CHUNK);
            chunk(message);
        }

        @Override
        public void onRunJob(RunJob message) {
            out.writeByte(RUN_JOB);
            job(message.job());
            chunk(message.chunk());
        }

        private void chunk(RunChunk message) {
            out.writeLong(message.job());
            out.writeLong(message.chunk());
            out.writeLong(message.first());
            out.writeInt(message.from());
            out.writeInt(message.to());
            payload(message.items());
        }

        @Override
        public void onInterruptChunk(InterruptChunk message) {
            out.writeByte(INTERRUPT_CHUNK);
            out.writeLong(message.chunk());
        }

        @Override
        public void onReclaimChunk(ReclaimChunk message) {
            out.writeByte(RECLAIM_CHUNK);
            out.writeLong(message.chunk());
        }

        @Override
        public void onEndJob(EndJob message) {
            out.writeByte(END_JOB);
            out.writeLong(message.job());
        }

        @Override
        public void onReceived(Received message) {
            out.writeByte(RECEIVED);
            out.writeLong(message.streamBytes());
            out.writeLong(message.attachmentBytes());
        }

        @Override
        public void onClassAnswer(ClassAnswer message) {
            out.writeByte(CLASS_ANSWER);
            out.writeLong(message.request());
            out.writeBytes(message.classFile());
        }

        @Override
        public void onSharedReply(SharedReply message) {
            out.writeByte(SHARED_REPLY);
            out.writeLong(message.request());
            out.writeInt(message.answer().status());
            out.writeLong(message.answer().number());
            out.writeBytes(message.answer().body());
            out.writeLong(message.answer().grant());
        }

        @Override
        public void onLeave(Leave message) {
            out.writeByte(LEAVE);
        }

        @Override
        public void onChunkItems(ChunkItems message) {
            out.writeByte(CHUNK_ITEMS);
            out.writeLong(message.chunk());
            out.writeInt(message.from());
            out.writeInt(message.count());
            out.writeInt(message.failed());
            out.writeBoolean(message.last());
            out.writeBoolean(message.shared());
            out.writeLong(message.spent().reading());
            out.writeLong(message.spent().working());
            out.writeLong(message.spent().writing());
            out.writeLong(message.spent().sending());
            out.writeUnsigned(message.slow().size());
            for (Message.Slow slow : message.slow()) {
                out.writeInt(slow.item());
                out.writeInt(slow.items());
                out.writeLong(slow.nanos());
            }
            payload(message.outcomes());
        }

        @Override
        public void onChunkReturned(ChunkReturned message) {
            out.writeByte(CHUNK_RETURNED);
            out.writeLong(message.chunk());
            out.writeInt(message.from());
        }

        @Override
        public void onJobRefused(JobRefused message) {
            out.writeByte(JOB_REFUSED);
            out.writeLong(message.job());
            out.writeLong(message.chunk());
            out.writeBytes(message.failure());
        }

        @Override
        public void onItemStarted(ItemStarted message) {
            out.writeByte(ITEM_STARTED);
            out.writeLong(message.chunk());
            out.writeInt(message.item());
        }

        @Override
        public void onOutput(Output message) {
            out.writeByte(OUTPUT);
            out.writeLong(message.job());
            out.writeLong(message.task());
            out.writeBoolean(message.error());
            out.writeBytes(message.text());
        }

        @Override
        public void onShown(Shown message) {
            out.writeByte(SHOWN);
            out.writeLong(message.job());
            out.writeLong(message.task());
            out.writeBytes(message.content());
        }

        @Override
        public void onLeaving(Leaving message) {
            out.writeByte(LEAVING);
        }

        @Override
        public void onAskThreads(AskThreads message) {
            out.writeByte(ASK_THREADS);
            out.writeLong(message.request());
        }

        @Override
        public void onThreads(Threads message) {
            out.writeByte(THREADS);
            out.writeLong(message.request());
            out.writeBytes(message.table());
        }

        @Override
        public void onAskVitals(AskVitals message) {
            out.writeByte(ASK_VITALS);
            out.writeLong(message.request());
        }

        @Override
        public void onTellVitals(TellVitals message) {
            out.writeByte(TELL_VITALS);
            out.writeLong(message.request());
            Vitals vitals = message.vitals();
            out.writeLong(vitals.cpu());
            out.writeLong(vitals.collections());
            out.writeLong(vitals.collecting());
            out.writeLong(vitals.heapUsed());
            out.writeLong(vitals.heapLimit());
        }

        @Override
        public void onNeedClass(NeedClass message) {
            out.writeByte(NEED_CLASS);
            out.writeLong(message.request());
            out.writeString(message.name());
        }

        @Override
        public void onSharedCall(SharedCall message) {
            out.writeByte(SHARED_CALL);
            out.writeLong(message.request());
            out.writeInt(message.jvmId());
            request(message.content());
        }

        @Override
        public void onSharedTell(SharedTell message) {
            out.writeByte(SHARED_TELL);
            out.writeInt(message.jvmId());
            request(message.content());
        }

        @Override
        public void onSharedGone(SharedGone message) {
            out.writeByte(SHARED_GONE);
            out.writeInt(message.jvmId());
            out.writeString(message.departure().who());
            out.writeBoolean(message.departure().died());
        }

        @Override
        public void onNeedJvmIds(NeedJvmIds message) {
            out.writeByte(NEED_JVM_IDS);
            out.writeLong(message.request());
        }

        @Override
        public void onJvmIds(JvmIds message) {
            out.writeByte(JVM_IDS);
            out.writeLong(message.request());
            out.writeInt(message.first());
        }

        private void payload(Payload payload) {
            if (!(payload instanceof Payload.Bytes encoded)) {
                throw new IllegalStateException("objects of this JVM were about to be sent to another"
                        + "; this is a fault of manyjvm, please report it");
            }
            out.writeBytes(encoded.bytes());
        }

        private void request(SharedRequest request) {
            HandleForm.write(out, request.target());
            out.writeInt(request.operation());
            out.writeLong(request.number());
            out.writeBytes(request.body());
        }
    }
}
