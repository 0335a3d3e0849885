package manyjvm.parallel.wire;

import manyjvm.parallel.bytes.HandleForm;
import manyjvm.parallel.insight.Vitals;
import manyjvm.parallel.shared.SharedRequest;
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

/** Writes messages, each as {@link MessageCodec} reads it: its type, then its fields in the order of the record. */
record MessageWriter(Encoder out) implements Message.ToWorker.Receiver, Message.ToDriver.Receiver {
    void greeting(Message.Greeting greeting) {
        if (greeting instanceof Hello hello) {
            out.writeByte(MessageCodec.HELLO);
            out.writeInt(hello.worker());
            out.writeArray(hello.nonce());
        } else if (greeting instanceof Challenge challenge) {
            out.writeByte(MessageCodec.CHALLENGE);
            out.writeArray(challenge.nonce());
            out.writeArray(challenge.proof());
        } else {
            Proof proof = (Proof) greeting;
            out.writeByte(MessageCodec.PROOF);
            out.writeArray(proof.proof());
            out.writeLong(proof.pid());
        }
    }

    @Override
    public void onGiveClass(GiveClass message) {
        out.writeByte(MessageCodec.GIVE_CLASS);
        out.writeString(message.name());
        out.writeString(message.hash());
        out.writeBytes(message.classFile());
    }

    @Override
    public void onGiveBlob(GiveBlob message) {
        out.writeByte(MessageCodec.GIVE_BLOB);
        out.writeString(message.hash());
        out.writeLong(message.size());
        out.writeBytes(message.content());
    }

    @Override
    public void onDropContents(DropContents message) {
        out.writeByte(MessageCodec.DROP_CONTENTS);
        CodeForm.strings(out, message.hashes());
    }

    @Override
    public void onGiveBase(GiveBase message) {
        out.writeByte(MessageCodec.GIVE_BASE);
        out.writeInt(message.number());
        CodeForm.writeBase(out, message.base());
    }

    @Override
    public void onStartJob(StartJob message) {
        out.writeByte(MessageCodec.START_JOB);
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
        out.writeByte(MessageCodec.RUN_CHUNK);
        chunk(message);
    }

    @Override
    public void onRunJob(RunJob message) {
        out.writeByte(MessageCodec.RUN_JOB);
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
        out.writeByte(MessageCodec.INTERRUPT_CHUNK);
        out.writeLong(message.chunk());
    }

    @Override
    public void onReclaimChunk(ReclaimChunk message) {
        out.writeByte(MessageCodec.RECLAIM_CHUNK);
        out.writeLong(message.chunk());
    }

    @Override
    public void onEndJob(EndJob message) {
        out.writeByte(MessageCodec.END_JOB);
        out.writeLong(message.job());
    }

    @Override
    public void onReceived(Received message) {
        out.writeByte(MessageCodec.RECEIVED);
        out.writeLong(message.streamBytes());
        out.writeLong(message.attachmentBytes());
    }

    @Override
    public void onClassAnswer(ClassAnswer message) {
        out.writeByte(MessageCodec.CLASS_ANSWER);
        out.writeLong(message.request());
        out.writeBytes(message.classFile());
    }

    @Override
    public void onSharedReply(SharedReply message) {
        out.writeByte(MessageCodec.SHARED_REPLY);
        out.writeLong(message.request());
        out.writeInt(message.answer().status());
        out.writeLong(message.answer().number());
        out.writeBytes(message.answer().body());
        out.writeLong(message.answer().grant());
    }

    @Override
    public void onLeave(Leave message) {
        out.writeByte(MessageCodec.LEAVE);
    }

    @Override
    public void onChunkItems(ChunkItems message) {
        out.writeByte(MessageCodec.CHUNK_ITEMS);
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
        out.writeByte(MessageCodec.CHUNK_RETURNED);
        out.writeLong(message.chunk());
        out.writeInt(message.from());
    }

    @Override
    public void onJobRefused(JobRefused message) {
        out.writeByte(MessageCodec.JOB_REFUSED);
        out.writeLong(message.job());
        out.writeLong(message.chunk());
        out.writeBytes(message.failure());
    }

    @Override
    public void onItemStarted(ItemStarted message) {
        out.writeByte(MessageCodec.ITEM_STARTED);
        out.writeLong(message.chunk());
        out.writeInt(message.item());
    }

    @Override
    public void onOutput(Output message) {
        out.writeByte(MessageCodec.OUTPUT);
        out.writeLong(message.job());
        out.writeLong(message.task());
        out.writeBoolean(message.error());
        out.writeBytes(message.text());
    }

    @Override
    public void onShown(Shown message) {
        out.writeByte(MessageCodec.SHOWN);
        out.writeLong(message.job());
        out.writeLong(message.task());
        out.writeBytes(message.content());
    }

    @Override
    public void onLeaving(Leaving message) {
        out.writeByte(MessageCodec.LEAVING);
    }

    @Override
    public void onAskThreads(AskThreads message) {
        out.writeByte(MessageCodec.ASK_THREADS);
        out.writeLong(message.request());
    }

    @Override
    public void onThreads(Threads message) {
        out.writeByte(MessageCodec.THREADS);
        out.writeLong(message.request());
        out.writeBytes(message.table());
    }

    @Override
    public void onAskVitals(AskVitals message) {
        out.writeByte(MessageCodec.ASK_VITALS);
        out.writeLong(message.request());
    }

    @Override
    public void onTellVitals(TellVitals message) {
        out.writeByte(MessageCodec.TELL_VITALS);
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
        out.writeByte(MessageCodec.NEED_CLASS);
        out.writeLong(message.request());
        out.writeString(message.name());
    }

    @Override
    public void onSharedCall(SharedCall message) {
        out.writeByte(MessageCodec.SHARED_CALL);
        out.writeLong(message.request());
        out.writeInt(message.jvmId());
        request(message.content());
    }

    @Override
    public void onSharedTell(SharedTell message) {
        out.writeByte(MessageCodec.SHARED_TELL);
        out.writeInt(message.jvmId());
        request(message.content());
    }

    @Override
    public void onSharedGone(SharedGone message) {
        out.writeByte(MessageCodec.SHARED_GONE);
        out.writeInt(message.jvmId());
        out.writeString(message.departure().who());
        out.writeBoolean(message.departure().died());
    }

    @Override
    public void onNeedJvmIds(NeedJvmIds message) {
        out.writeByte(MessageCodec.NEED_JVM_IDS);
        out.writeLong(message.request());
    }

    @Override
    public void onJvmIds(JvmIds message) {
        out.writeByte(MessageCodec.JVM_IDS);
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
