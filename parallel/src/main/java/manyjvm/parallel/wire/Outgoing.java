package manyjvm.parallel.wire;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;

/** Where a {@link Link} takes from what it writes, on the owner's thread. */
interface Outgoing {
    /** Queues a message. */
    void add(Message message);

    /** Writes as much as the channel takes; whether all is written. */
    boolean writeTo(WritableByteChannel channel) throws IOException;
}
