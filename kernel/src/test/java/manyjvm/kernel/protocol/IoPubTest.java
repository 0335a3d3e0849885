package manyjvm.kernel.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.spencerpark.jupyter.messages.HMACGenerator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/** The channel by itself, to a subscriber in the same process. */
@Timeout(30)
final class IoPubTest {
    private static final String ADDRESS = "inproc://iopub";

    private final ZMQ.Context context = ZMQ.context(1);
    private final JupyterCodec codec = new JupyterCodec(HMACGenerator.NO_AUTH_INSTANCE);
    private ZMQ.Socket subscriber;
    private IoPub ioPub;

    @BeforeEach
    void open() throws Exception {
        ZMQ.Socket publisher = SocketLoop.configured(context.socket(SocketType.XPUB));
        publisher.setXpubVerbose(true);
        publisher.bind(ADDRESS);
        subscriber = SocketLoop.configured(context.socket(SocketType.SUB));
        subscriber.subscribe(new byte[0]);
        subscriber.connect(ADDRESS);
        ioPub = new IoPub(context, publisher, codec, "session");
        ioPub.start();
        JupyterMessage welcome = next();
        assertThat(welcome.type()).isEqualTo("iopub_welcome");
        assertThat(welcome.content().get("subscription").getAsString()).isEmpty();
        assertThat(welcome.parentHeader().size()).isZero();
    }

    @AfterEach
    void close() {
        ioPub.close();
        subscriber.close();
        context.close();
    }

    private JupyterMessage next() throws Exception {
        return next(subscriber);
    }

    private JupyterMessage next(ZMQ.Socket subscriber) throws Exception {
        List<byte[]> frames = new ArrayList<>();
        do {
            frames.add(subscriber.recv());
        } while (subscriber.hasReceiveMore());
        return codec.decode(frames);
    }

    private static JsonObject nested(int depth) {
        JsonArray inner = new JsonArray();
        for (int i = 0; i < depth; i++) {
            JsonArray outer = new JsonArray();
            outer.add(inner);
            inner = outer;
        }
        JsonObject content = new JsonObject();
        content.add("data", inner);
        return content;
    }

    @Test
    void message_thatIsNestedTooDeeply_isToldInItsCell_andThoseBehindItCome() throws Exception {
        JsonObject parent = JupyterMessage.header("execute_request", "client", "user");
        PendingText cell = new PendingText(parent);
        JupyterMessage deep = JupyterMessage.publication("display_data", nested(200_000), parent, "session");
        ioPub.publish(cell, deep);
        ioPub.publish(JupyterMessage.publication("clear_output", new JsonObject(), parent, "session"));

        JupyterMessage told = next();
        assertThat(told.type()).isEqualTo("stream");
        assertThat(told.text("name", "")).isEqualTo("stderr");
        assertThat(told.text("text", "")).isEqualTo("This output could not be shown: it is nested too deeply.\n");
        assertThat(told.parentHeader()).isEqualTo(parent);
        assertThat(next().type()).isEqualTo("clear_output");
    }

    /** What comes after the welcome is not lost, which a kernel's first outputs were to who came a moment too late. */
    @Test
    void subscriber_whoIsWelcomed_missesNothingThatFollows() throws Exception {
        for (int i = 0; i < 50; i++) {
            try (ZMQ.Socket late = SocketLoop.configured(context.socket(SocketType.SUB))) {
                String topic = i % 2 == 0 ? "" : "stream";
                late.subscribe(topic);
                late.connect(ADDRESS);
                JupyterMessage welcome = next(late);
                ioPub.publish(JupyterMessage.publication("stream", new JsonObject(), new JsonObject(), "session"));

                assertThat(welcome.content().get("subscription").getAsString()).isEqualTo(topic);
                assertThat(next(late).type()).isEqualTo("stream");
            }
        }
    }

    @Test
    void subscription_thatIsNoText_isNotWelcomedAndHarmsNothing() throws Exception {
        subscriber.subscribe(new byte[] {(byte) 0xC3});
        subscriber.subscribe("clear");

        assertThat(next().content().get("subscription").getAsString()).isEqualTo("clear");
    }
}
