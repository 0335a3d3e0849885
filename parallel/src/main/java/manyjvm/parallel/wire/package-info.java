/**
 * What crosses between driver and worker, and the two ends of the connection that carries it. Start with {@link
 * manyjvm.parallel.wire.Message}, then {@link manyjvm.parallel.wire.Ledger}, which is why nothing is lost when a worker dies.
 *
 * <p>The connection is a plain stream socket: a Unix domain socket in the driver's private folder, loopback TCP where the
 * path would be too long. ZeroMQ was weighed against it. In trials a stream was four times as quick (12 against 55
 * microseconds a round trip), the end of the other side is an event, and what was written stays readable after the
 * writer's death, while ZeroMQ's own thread holds it in the dying process. A worker starts without the library and its
 * threads, and its high-water marks, identities and reconnects, each a trap of its own here, have no counterpart.
 */
package manyjvm.parallel.wire;
