/**
 * The two ends of the connection between driver and worker, and what outlives it. Start with {@link
 * manyjvm.parallel.wire.connect.WorkerJournal}, which is why nothing is lost when a worker dies; then {@link
 * manyjvm.parallel.wire.connect.WorkerAcceptor} and {@link manyjvm.parallel.wire.connect.WorkerConnector}, where the two meet.
 *
 * <p>The connection is a plain stream socket: a Unix domain socket in the driver's private folder, loopback TCP where the
 * path would be too long. ZeroMQ was weighed against it. In trials a stream was four times as quick (12 against 55
 * microseconds a round trip), the end of the other side is an event, and what was written stays readable after the
 * writer's death, while ZeroMQ's own thread holds it in the dying process. A worker starts without the library and its
 * threads, and its high-water marks, identities and reconnects, each a trap of its own here, have no counterpart.
 */
@NullMarked
package manyjvm.parallel.wire.connect;

import org.jspecify.annotations.NullMarked;
