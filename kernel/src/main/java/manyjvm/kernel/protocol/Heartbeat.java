package manyjvm.kernel.protocol;

import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

/** Sends back what it gets, from the thread {@code heartbeat}, which owns the socket. Ends when its context ends. */
final class Heartbeat {
    private final ZMQ.Socket socket;
    private final Thread thread = new Thread(this::run, "heartbeat");

    /** @param socket a bound ROUTER, which also serves peers that send twice without waiting */
    Heartbeat(ZMQ.Socket socket) {
        this.socket = socket;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** For one that was never started: its context waits for all sockets, without end. The others end with their context. */
    void close() {
        if (thread.getState() == Thread.State.NEW) {
            socket.close();
        }
    }

    private void run() {
        try (socket) {
            while (true) {
                byte[] frame = socket.recv(0);
                if (frame == null) {
                    // EINTR: nobody has a reason to interrupt this thread; go on without the flag.
                    Thread.interrupted();
                    continue;
                }
                socket.send(frame, socket.hasReceiveMore() ? ZMQ.SNDMORE : 0);
            }
        } catch (ZMQException ended) {
            if (ended.getErrorCode() != ZMQ.Error.ETERM.getCode()) {
                KernelLog.fault("The thread heartbeat failed", ended);
            }
        }
    }
}
