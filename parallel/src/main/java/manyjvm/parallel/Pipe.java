package manyjvm.parallel;

import manyjvm.parallel.base.Shared;
import manyjvm.parallel.shared.RemoteObject;
import manyjvm.parallel.shared.SharedClient;
import manyjvm.parallel.shared.SharedKind;
import manyjvm.parallel.spi.ParallelRuntime;

/**
 * Two connected ends between two JVMs: Python's {@code multiprocessing.Pipe}.
 *
 * <pre>{@code
 * var pipe = Pipe.duplex();
 * var process = new Process(() -> pipe.second().send(Arrays.asList(42, null, "hello")));
 * process.start();
 * System.out.println(pipe.first().recv());           // [42, null, hello]
 * process.join();
 * }</pre>
 *
 * <p>Either an end or the whole pipe may be used in a lambda or process target. When an end is closed, see {@link Connection}.
 */
public final class Pipe implements Shared {
    private final RemoteObject remote;

    private Pipe(boolean duplex) {
        String ends = duplex ? Connection.DUPLEX : Connection.ONE_WAY;
        remote = RemoteObject.create(ParallelRuntime.current().shared(), SharedKind.PIPE, ends);
        remote.adopt(this);
    }

    /** Links a pipe that exists. */
    Pipe(SharedClient client, Handle handle) {
        remote = new RemoteObject(client, handle);
    }

    /** Both ends send and receive: Python's {@code Pipe()}. */
    public static Pipe duplex() {
        return new Pipe(true);
    }

    /** The first end only receives, the second only sends: Python's {@code Pipe(duplex=False)}. */
    public static Pipe oneWay() {
        return new Pipe(false);
    }

    /** The first end; the same object each time in this JVM. */
    public Connection first() {
        return end(Connection.FIRST);
    }

    /** The second end; the same object each time in this JVM. */
    public Connection second() {
        return end(Connection.SECOND);
    }

    @Override
    public Handle handle() {
        return remote.handleOf(this);
    }

    @Override
    public String toString() {
        return remote.handle().name() + " (" + remote.handle().detail() + ")";
    }

    private Connection end(String side) {
        Handle pipe = remote.handle();
        Handle end = SharedKind.CONNECTION.handle(pipe.id(), side + " " + pipe.detail());
        Connection connection = (Connection) remote.client().linker().link(end);
        connection.keep(this);
        return connection;
    }
}
