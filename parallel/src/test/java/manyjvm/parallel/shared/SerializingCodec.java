package manyjvm.parallel.shared;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import manyjvm.parallel.NotShippableException;
import manyjvm.parallel.base.Shared;

/** A codec for tests: JDK serialization, in which shared objects travel as handles. */
class SerializingCodec {
    private record Traveller(String kind, long id, String detail) implements Serializable {}

    private final Shared.Linker linker;

    SerializingCodec(Shared.Linker linker) {
        this.linker = linker;
    }

    /** For subclasses: a handle is written. */
    void met(Shared.Handle handle) {}

    byte[] encode(Object value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new Output(bytes)) {
            out.writeObject(value);
        } catch (NotSerializableException refused) {
            throw new NotShippableException(refused.getMessage() + " cannot travel", refused);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return bytes.toByteArray();
    }

    Object decode(byte[] bytes) {
        try (ObjectInputStream in = new Input(new ByteArrayInputStream(bytes))) {
            return in.readObject();
        } catch (IOException | ClassNotFoundException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private final class Output extends ObjectOutputStream {
        Output(OutputStream out) throws IOException {
            super(out);
            enableReplaceObject(true);
        }

        @Override
        protected Object replaceObject(Object object) {
            if (object instanceof Shared shared) {
                Shared.Handle handle = shared.handle();
                met(handle);
                return new Traveller(handle.kind(), handle.id(), handle.detail());
            }
            return object;
        }
    }

    private final class Input extends ObjectInputStream {
        Input(InputStream in) throws IOException {
            super(in);
            enableResolveObject(true);
        }

        @Override
        protected Object resolveObject(Object object) {
            return object instanceof Traveller traveller
                    ? linker.link(new Shared.Handle(traveller.kind(), traveller.id(), traveller.detail()))
                    : object;
        }
    }
}
