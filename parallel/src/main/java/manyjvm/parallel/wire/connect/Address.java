package manyjvm.parallel.wire.connect;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** Where the driver listens, in words: {@code unix:/path} or {@code tcp:port}, the latter on the loopback address. */
public record Address(String text) {
    private static final String UNIX = "unix:";
    private static final String TCP = "tcp:";

    static Address of(SocketAddress address) {
        return address instanceof UnixDomainSocketAddress unix
                ? new Address(UNIX + unix.getPath())
                : new Address(TCP + ((InetSocketAddress) address).getPort());
    }

    SocketChannel connect() throws IOException {
        if (text.startsWith(UNIX)) {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            channel.connect(UnixDomainSocketAddress.of(Path.of(text.substring(UNIX.length()))));
            return channel;
        }
        SocketChannel channel = SocketChannel.open();
        channel.connect(new InetSocketAddress(
                InetAddress.getLoopbackAddress(), Integer.parseInt(text.substring(TCP.length()))));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        return channel;
    }
}
