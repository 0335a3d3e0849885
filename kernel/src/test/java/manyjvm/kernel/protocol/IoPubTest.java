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
    void open() {
        ZMQ.Socket publisher = SocketLoop.configured(context.socket(SocketType.XPUB));
        publisher.bind(ADDRESS);
        subscriber = SocketLoop.configured(context.socket(SocketType.SUB));
        subscriber.subscribe(new byte[0]);
        subscriber.connect(ADDRESS);
        publisher.recv(); // the subscription is there
        ioPub = new IoPub(publisher, codec, "session");
        ioPub.start();
    }

    @AfterEach
    void close() {
        ioPub.close();
        subscriber.close();
        context.close();
    }

    private JupyterMessage next() throws Exception {
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
}
