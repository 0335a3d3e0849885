package manyjvm.parallel.driver;

import manyjvm.parallel.wire.Message;
import manyjvm.parallel.wire.connect.Link;

/** The way to one worker. On the driver's thread. */
interface WorkerPort {
    /** To one that has ended it goes nowhere. */
    void send(Message.ToWorker message);

    void close();

    /** The way to one in another JVM. */
    static WorkerPort to(Link link) {
        return new WorkerPort() {
            @Override
            public void send(Message.ToWorker message) {
                link.send(message);
            }

            @Override
            public void close() {
                link.close();
            }
        };
    }
}
