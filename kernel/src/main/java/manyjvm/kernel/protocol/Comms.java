package manyjvm.kernel.protocol;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.reflect.TypeToken;
import io.github.spencerpark.jupyter.channels.JupyterSocket;
import io.github.spencerpark.jupyter.channels.ReplyEnvironment;
import io.github.spencerpark.jupyter.kernel.KernelConnectionProperties;
import io.github.spencerpark.jupyter.kernel.comm.Comm;
import io.github.spencerpark.jupyter.kernel.comm.CommFactory;
import io.github.spencerpark.jupyter.kernel.comm.CommManager;
import io.github.spencerpark.jupyter.messages.ContentType;
import io.github.spencerpark.jupyter.messages.HMACGenerator;
import io.github.spencerpark.jupyter.messages.Header;
import io.github.spencerpark.jupyter.messages.KernelTimestamp;
import io.github.spencerpark.jupyter.messages.Message;
import io.github.spencerpark.jupyter.messages.MessageType;
import io.github.spencerpark.jupyter.messages.comm.CommCloseCommand;
import io.github.spencerpark.jupyter.messages.comm.CommMsgCommand;
import io.github.spencerpark.jupyter.messages.comm.CommOpenCommand;
import io.github.spencerpark.jupyter.messages.reply.ErrorReply;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.logging.Logger;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/**
 * The base library's registry of comms ("Custom Messages"), with our IOPub under it: comms may be opened, used and
 * closed from any thread, and the front end's messages come in order on the thread {@code comm}, also while a cell runs.
 */
final class Comms extends CommManager implements AutoCloseable {
    private static final Gson GSON = new Gson();

    private final IoPub ioPub;
    private final String session;
    private final Supplier<JsonObject> parentHeader;
    private final Publisher publisher = new Publisher();

    /** @param parentHeader of the request that the calling thread works for */
    Comms(ZMQ.Context context, IoPub ioPub, String session, Supplier<JsonObject> parentHeader) {
        this.ioPub = ioPub;
        this.session = session;
        this.parentHeader = parentHeader;
        this.iopub = new Bridge(context);
        this.comms = new ConcurrentHashMap<>();
        this.targets = new ConcurrentHashMap<>();
    }

    @Override
    public <T extends Comm> T openComm(String targetName, CommFactory<T> factory) {
        String id = UUID.randomUUID().toString();
        CommOpenCommand open = new CommOpenCommand(id, targetName, new JsonObject());
        T comm = factory.produce(this, id, targetName, new Message<>(null, CommOpenCommand.MESSAGE_TYPE, open));
        registerComm(comm);
        publish(open, new JsonObject(), List.of());
        return comm;
    }

    @Override
    public void messageComm(String id, JsonObject data, Map<String, Object> metadata, List<byte[]> buffers) {
        publish(
                new CommMsgCommand(id, data),
                metadata == null ? new JsonObject() : GSON.toJsonTree(metadata).getAsJsonObject(),
                buffers == null ? List.of() : buffers);
    }

    /** Closes it once, whoever comes first. */
    @Override
    public void closeComm(Comm comm) {
        if (comms.containsKey(comm.getID())) {
            super.closeComm(comm);
        }
    }

    /** The front end opens a comm; one for a target that nobody registered is closed at once, as the protocol asks. */
    void onOpen(JupyterMessage message) {
        handleCommOpenCommand(
                publisher,
                based(
                        message,
                        CommOpenCommand.MESSAGE_TYPE,
                        new CommOpenCommand(
                                message.text("comm_id", ""), message.text("target_name", ""), message.object("data"))));
    }

    void onMessage(JupyterMessage message) {
        handleCommMsgCommand(
                publisher,
                based(
                        message,
                        CommMsgCommand.MESSAGE_TYPE,
                        new CommMsgCommand(message.text("comm_id", ""), message.object("data"))));
    }

    void onClose(JupyterMessage message) {
        handleCommCloseCommand(
                publisher,
                based(
                        message,
                        CommCloseCommand.MESSAGE_TYPE,
                        new CommCloseCommand(message.text("comm_id", ""), message.object("data"))));
    }

    /** @return the content of the {@code comm_info_reply} */
    JsonObject info(JupyterMessage request) {
        String target = request.text("target_name", "");
        JsonObject found = new JsonObject();
        for (Comm comm : this) {
            if (target.isEmpty() || target.equals(comm.getTargetName())) {
                JsonObject entry = new JsonObject();
                entry.addProperty("target_name", comm.getTargetName());
                found.add(comm.getID(), entry);
            }
        }
        JsonObject content = new JsonObject();
        content.add("comms", found);
        return content;
    }

    @Override
    public void close() {
        iopub.close();
    }

    private void publish(ContentType<?> content, JsonObject metadata, List<byte[]> buffers) {
        ioPub.publish(JupyterMessage.publication(
                content.getType().getName(),
                JupyterMessage.json(content),
                parentHeader.get(),
                session,
                metadata,
                buffers));
    }

    private static <T> Message<T> based(JupyterMessage message, MessageType<T> type, T content) {
        Header<T> header = new Header<>(
                message.id(),
                message.username(),
                JupyterMessage.text(message.header(), "session", ""),
                new KernelTimestamp(JupyterMessage.text(message.header(), "date", "")),
                type,
                JupyterMessage.text(message.header(), "version", JupyterMessage.PROTOCOL_VERSION));
        Map<String, Object> metadata =
                GSON.fromJson(message.metadata(), new TypeToken<Map<String, Object>>() {}.getType());
        return new Message<>(message.identities(), header, null, metadata, content, message.buffers());
    }

    /** What the base library takes for its IOPub socket. The ZeroMQ socket that its superclass makes is never used. */
    private final class Bridge extends JupyterSocket {
        Bridge(ZMQ.Context context) {
            super(context, SocketType.PUB, HMACGenerator.NO_AUTH_INSTANCE, Logger.getLogger("manyjvm.kernel.comm"));
        }

        @Override
        public void bind(KernelConnectionProperties connection) {
            throw new UnsupportedOperationException("This socket is never bound");
        }

        @Override
        public synchronized void sendMessage(Message<?> message) {
            publish((ContentType<?>) message.getContent(), new JsonObject(), List.of());
        }
    }

    /** What the base library's handlers reply to. Busy and idle are said around them, by the router. */
    private final class Publisher implements ReplyEnvironment {
        @Override
        public <T extends ContentType<T>> void publish(T content) {
            Comms.this.publish(content, new JsonObject(), List.of());
        }

        @Override
        public void setStatusBusy() {}

        @Override
        public void setStatusIdle() {}

        @Override
        public void setBusyDeferIdle() {}

        @Override
        public void resolveDeferrals() {}

        @Override
        public ReplyEnvironment defer() {
            throw unused();
        }

        @Override
        public void defer(Runnable action) {
            throw unused();
        }

        @Override
        public void publish(Message<?> message) {
            throw unused();
        }

        @Override
        public void reply(Message<?> message) {
            throw unused();
        }

        @Override
        public <T extends ContentType<T>> void reply(T content) {
            throw unused();
        }

        @Override
        public void replyError(MessageType<?> type, ErrorReply error) {
            throw unused();
        }

        private UnsupportedOperationException unused() {
            return new UnsupportedOperationException("Handlers of comm messages do not reply");
        }
    }
}
