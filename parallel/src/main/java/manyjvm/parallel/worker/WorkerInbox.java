package manyjvm.parallel.worker;

import manyjvm.parallel.code.Bundle;
import manyjvm.parallel.code.CodeStore;
import manyjvm.parallel.wire.JvmVitals;
import manyjvm.parallel.wire.Message;
import manyjvm.parallel.wire.ThreadTable;
import manyjvm.parallel.wire.WireException;
import manyjvm.parallel.wire.connect.JournaledSendQueue;
import manyjvm.parallel.wire.connect.Link;

/** Hands messages on; all on the wire thread. */
record WorkerInbox(
        CodeStore store,
        TaskRunner runner,
        JournaledSendQueue sendQueue,
        ClassFetcher fetcher,
        WorkerShared shared,
        LifeLine lifeLine)
        implements Link.Handler, Message.ToWorker.Receiver {
    @Override
    public void received(Link link, Message message) {
        if (!(message instanceof Message.ToWorker told)) {
            throw new WireException("a worker was sent " + message.getClass().getSimpleName());
        }
        told.deliverTo(this);
    }

    /** The driver is gone. */
    @Override
    public void ended(Link link, String reason) {
        lifeLine.driverIsGone();
    }

    @Override
    public void onGiveClass(Message.GiveClass message) {
        store.addClass(new Bundle.ClassReference(message.name(), message.hash()), message.classFile());
    }

    @Override
    public void onGiveBlob(Message.GiveBlob message) {
        store.addBlob(new Bundle.BlobReference(message.hash(), message.size()), message.content());
    }

    @Override
    public void onDropContents(Message.DropContents message) {
        message.hashes().forEach(store::drop);
    }

    @Override
    public void onGiveBase(Message.GiveBase message) {
        runner.know(message);
    }

    @Override
    public void onStartJob(Message.StartJob message) {
        runner.start(message);
    }

    @Override
    public void onRunChunk(Message.RunChunk message) {
        runner.add(message);
    }

    @Override
    public void onRunJob(Message.RunJob message) {
        runner.addJob(message);
    }

    @Override
    public void onReclaimChunk(Message.ReclaimChunk message) {
        returned(message.chunk(), runner.withdraw(message.chunk()));
    }

    @Override
    public void onInterruptChunk(Message.InterruptChunk message) {
        returned(message.chunk(), runner.interrupt(message.chunk()));
    }

    private void returned(long chunk, boolean withdrawn) {
        if (withdrawn) {
            sendQueue.append(new Message.ChunkReturned(chunk, Message.ChunkReturned.WHOLE));
        }
    }

    @Override
    public void onEndJob(Message.EndJob message) {
        runner.end(message.job());
    }

    @Override
    public void onReceived(Message.Received message) {
        sendQueue.received(message);
    }

    @Override
    public void onClassAnswer(Message.ClassAnswer message) {
        fetcher.answered(message);
    }

    @Override
    public void onSharedReply(Message.SharedReply message) {
        shared.answered(message);
    }

    /** On a thread of its own: the wire thread must not wait for classes to load, or for room in the send queue. */
    @Override
    public void onAskThreads(Message.AskThreads message) {
        Thread thread = new Thread(
                () -> sendQueue.append(
                        new Message.Threads(message.request(), ThreadTable.ofThisJvm(WorkerMain.TASK_THREAD, shared))),
                "threads");
        thread.setDaemon(true);
        thread.start();
    }

    /** As {@link #onAskThreads}. */
    @Override
    public void onAskVitals(Message.AskVitals message) {
        Thread thread = new Thread(
                () -> sendQueue.append(new Message.TellVitals(message.request(), JvmVitals.ofThisJvm())), "vitals");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void onJvmIds(Message.JvmIds message) {
        shared.given(message);
    }

    @Override
    public void onLeave(Message.Leave message) {
        runner.add(message);
    }
}
