package manyjvm.parallel.driver;

import manyjvm.parallel.wire.Message;

/** The way to one worker. On the driver's thread. */
interface WorkerPort {
    void send(Message.ToWorker message);

    void close();
}
