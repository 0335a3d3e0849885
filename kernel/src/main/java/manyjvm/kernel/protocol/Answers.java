package manyjvm.kernel.protocol;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.spencerpark.jupyter.messages.publish.PublishStatus;
import java.util.function.Function;
import java.util.logging.Level;
import org.zeromq.ZMQ;

/** Sends replies: each between a busy and an idle, and an error where there is no other. Safe for all threads. */
final class Answers {
    private final IoPub ioPub;
    private final String session;

    /** Where a request came by, and its reply goes. */
    record Channel(SocketLoop loop, ZMQ.Socket socket) {
        void send(JupyterMessage message) {
            loop.send(socket, message);
        }
    }

    /** @param session the kernel's, for headers */
    Answers(IoPub ioPub, String session) {
        this.ioPub = ioPub;
        this.session = session;
    }

    /** Busy, the reply or an error reply, idle. A front end waits for each of them without end. */
    void answer(Channel channel, JupyterMessage request, String type, Function<JupyterMessage, JsonObject> answer) {
        ioPub.status(request.header(), PublishStatus.BUSY, false);
        JsonObject content;
        try {
            content = answer.apply(request);
        } catch (Throwable failure) {
            content = failed(failure);
        }
        try {
            reply(channel, request, type, content, new JsonObject());
        } finally {
            ioPub.status(request.header(), PublishStatus.IDLE, false);
        }
    }

    /** An answer that cannot be put into a message, for its size or its depth, becomes one that says so. */
    void reply(Channel channel, JupyterMessage request, String type, JsonObject content, JsonObject metadata) {
        try {
            channel.send(request.reply(type, content, metadata, session));
        } catch (RuntimeException | Error failure) {
            channel.send(request.reply(type, failed(failure), metadata, session));
        }
    }

    private static JsonObject failed(Throwable failure) {
        KernelLog.LOGGER.log(Level.WARNING, "A request failed", failure);
        return error(failure.getClass().getName(), String.valueOf(failure.getMessage()), failure.toString());
    }

    /**
     * The content of a reply that says why there is no other ("Request-Reply" in the protocol).
     *
     * @param name of the error, as a class has it
     * @param message one line
     */
    static JsonObject error(String name, String message) {
        return error(name, message, name + ": " + message);
    }

    private static JsonObject error(String name, String message, String trace) {
        JsonArray traceback = new JsonArray();
        traceback.add(trace);
        JsonObject content = new JsonObject();
        content.addProperty("status", "error");
        content.addProperty("ename", name);
        content.addProperty("evalue", message);
        content.add("traceback", traceback);
        return content;
    }
}
