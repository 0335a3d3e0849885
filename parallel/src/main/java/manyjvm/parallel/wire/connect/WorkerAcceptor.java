package manyjvm.parallel.wire.connect;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import manyjvm.parallel.machine.IoReason;
import manyjvm.parallel.wire.Message;
import org.jspecify.annotations.Nullable;

/**
 * Where workers come in. Whoever connects has {@link #DEADLINE} to prove that it is a worker that this driver started and
 * that has not come in yet; everybody else is dropped before anything but the handshake is read. Strangers are cheap, and
 * when there are many of them the oldest gives way to the newest: a worker needs some milliseconds for its handshake, so it
 * gets in however many others hang on. Confined to the loop.
 */
public final class WorkerAcceptor {
    static final Duration DEADLINE = Duration.ofSeconds(2);
    static final int MOST_STRANGERS = 256;
    private static final int BACKLOG = 256;
    private static final int MOST_COMPLAINTS = 10; // within one deadline

    /** How long nobody is let in after that has failed, which mostly means too many open files. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    private static final int LONGEST_UNIX_PATH = 100;

    /** What a worker is expected to know, and who wants to hear of it. */
    private record Expected(byte[] secret, Arrival arrival) {}

    /** A worker has come in. */
    public interface Arrival {
        /** The handler of its messages from now on. */
        Link.Handler arrived(Link link, long pid);
    }

    private final OwnerLoop loop;
    private final ServerSocketChannel server;
    private final Address address;
    private final Consumer<String> log;
    private final SecureRandom random = new SecureRandom();
    private final Map<Integer, Expected> expected = new HashMap<>();
    private final Set<Stranger> strangers = new LinkedHashSet<>(); // the oldest first
    private int complaints;
    private @Nullable SelectionKey key; // null until it is open
    private boolean closed;

    /**
     * @param folder a private folder for the socket; loopback TCP is used when its path is too long
     * @param log is told of connections that failed the handshake
     */
    public WorkerAcceptor(OwnerLoop loop, Path folder, Consumer<String> log) {
        this(loop, folder, folder.resolve("socket").toString().length() <= LONGEST_UNIX_PATH, log);
    }

    WorkerAcceptor(OwnerLoop loop, Path folder, boolean unix, Consumer<String> log) {
        this.loop = loop;
        this.log = log;
        try {
            if (unix) {
                Path socket = folder.resolve("socket");
                server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                server.bind(UnixDomainSocketAddress.of(socket), BACKLOG);
                Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
            } else {
                server = ServerSocketChannel.open();
                server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
            }
            address = Address.of(server.getLocalAddress());
        } catch (IOException failure) {
            throw new UncheckedIOException(
                    "cannot listen for workers in " + folder + ": " + IoReason.of(failure), failure);
        }
    }

    public Address address() {
        return address;
    }

    /** A secret for a new worker; not longer than its handshake. */
    public byte[] newSecret() {
        byte[] secret = new byte[Handshake.SECRET_BYTES];
        random.nextBytes(secret);
        return secret;
    }

    /** On the loop's thread. */
    public void open() {
        try {
            key = loop.register(server, SelectionKey.OP_ACCEPT, this::accept);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot listen for workers: " + IoReason.of(failure), failure);
        }
    }

    /** On the loop's thread: this worker may come in, once. */
    public void expect(int worker, byte[] secret, Arrival arrival) {
        expected.put(worker, new Expected(secret, arrival));
    }

    /** On the loop's thread: this worker will not come any more. */
    public void forget(int worker) {
        expected.remove(worker);
    }

    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        Set.copyOf(strangers).forEach(stranger -> stranger.drop("the driver closes"));
        try {
            if (key != null) {
                key.cancel();
            }
            server.close();
            if (server.getLocalAddress() instanceof UnixDomainSocketAddress unix) {
                Files.deleteIfExists(unix.getPath());
            }
        } catch (IOException unimportant) {
            // the socket's folder is deleted as a whole by its owner
        }
    }

    private void accept(SelectionKey ready) {
        try {
            SocketChannel channel = server.accept();
            if (channel == null) {
                return;
            }
            if (strangers.size() >= MOST_STRANGERS) {
                strangers.iterator().next().drop("too many of them at once");
            }
            channel.configureBlocking(false);
            if (channel.getLocalAddress() instanceof InetSocketAddress) {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
            Stranger stranger = new Stranger(channel);
            strangers.add(stranger);
            stranger.link.open();
        } catch (IOException failure) {
            complain("a connection could not be accepted: " + IoReason.of(failure));
            // It would be tried again at once, and for ever.
            ready.interestOps(0);
            loop.after(PAUSE, () -> {
                if (ready.isValid()) {
                    ready.interestOps(SelectionKey.OP_ACCEPT);
                }
            });
        }
    }

    /** A flood of strangers is not to become a flood of text. */
    private void complain(String text) {
        if (complaints++ == 0) {
            loop.after(DEADLINE, () -> {
                if (complaints > MOST_COMPLAINTS) {
                    log.accept("of unknown connections, " + (complaints - MOST_COMPLAINTS) + " more were dropped");
                }
                complaints = 0;
            });
        }
        if (complaints <= MOST_COMPLAINTS) {
            log.accept(text);
        }
    }

    /** A connection that has not proved anything yet. */
    private final class Stranger implements Link.Handler {
        private final Link link;
        private final BufferedSendQueue sendQueue = new BufferedSendQueue();
        private final OwnerLoop.Timer deadline;
        private final byte[] nonce = new byte[Handshake.NONCE_BYTES];
        private Message.@Nullable Hello hello; // null until it has come

        Stranger(SocketChannel channel) {
            link = new Link(loop, channel, sendQueue, this);
            deadline = loop.after(DEADLINE, () -> drop("no handshake within " + DEADLINE.toSeconds() + " s"));
        }

        @Override
        public void received(Link from, Message message) {
            if (message instanceof Message.Hello first && hello == null) {
                challenge(first);
            } else if (message instanceof Message.Proof proof && hello != null) {
                welcome(hello, proof);
            } else {
                drop("a " + message.getClass().getSimpleName() + " message before the handshake");
            }
        }

        @Override
        public void ended(Link ended, String reason) {
            forgetStranger();
            // A worker that is killed while it starts does no more than that.
            boolean killed = reason.equals(Link.CLOSED) || hello != null && reason.startsWith(Link.BROKE);
            if (!killed) {
                complain("an unknown connection was dropped: " + reason);
            }
        }

        private void challenge(Message.Hello first) {
            Expected worker = expected.get(first.worker());
            if (worker == null) {
                drop("no worker " + first.worker() + " is expected");
                return;
            }
            hello = first;
            random.nextBytes(nonce);
            link.send(new Message.Challenge(
                    nonce, Handshake.driverProof(worker.secret(), first.worker(), first.nonce(), nonce)));
        }

        private void welcome(Message.Hello hello, Message.Proof proof) {
            Expected worker = expected.get(hello.worker());
            if (worker == null
                    || !Handshake.matches(
                            Handshake.workerProof(worker.secret(), hello.worker(), hello.nonce(), nonce),
                            proof.proof())) {
                drop("it does not know the secret of worker " + hello.worker());
                return;
            }
            expected.remove(hello.worker());
            forgetStranger();
            sendQueue.grow();
            link.trust(worker.arrival().arrived(link, proof.pid()));
        }

        private void drop(String reason) {
            forgetStranger();
            link.close();
            complain("an unknown connection was dropped: " + reason);
        }

        private void forgetStranger() {
            deadline.cancel();
            strangers.remove(this);
        }
    }
}
