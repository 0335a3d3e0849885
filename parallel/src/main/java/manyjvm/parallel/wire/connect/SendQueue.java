package manyjvm.parallel.wire.connect;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import manyjvm.parallel.wire.Message;

/** Where a {@link Link} takes from what it writes, on the owner's thread. */
interface SendQueue {
    /** Queues a message. */
    void add(Message message);

    /** Writes as much as the channel takes; whether all is written. */
    boolean writeTo(WritableByteChannel channel) throws IOException;
}
