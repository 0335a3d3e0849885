package manyjvm.parallel.wire.connect;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import manyjvm.parallel.spi.WorkerApi;

/**
 * What a worker reads from its standard input before anything else: never in its arguments or environment, where other users
 * of the machine could read the secret. The input then stays open as the life-line.
 *
 * @param jvmId who the worker is among the driver's JVMs, for the handshake and for shared objects
 * @param name as users see it
 * @param depth 1 for a worker of the program that the user runs, 2 for a worker of such a worker
 * @param single whether it runs one target and then ends, as a {@code Process}
 * @param secret proves both sides to each other
 * @param nonce the worker's part of the handshake: random, made by the driver for this worker alone
 * @param address where the driver listens
 * @param folder the private folder for files in shared memory
 * @param journal the file that outlives the worker
 * @param parentName the JVM that started it
 * @param parentPid of that JVM, for what the worker says of its parent
 * @param api what code may name there besides this library
 */
public record WorkerStart(
        int jvmId,
        String name,
        int depth,
        boolean single,
        byte[] secret,
        byte[] nonce,
        Address address,
        Path folder,
        Path journal,
        String parentName,
        long parentPid,
        Optional<WorkerApi> api) {

    public void writeTo(OutputStream stream) throws IOException {
        DataOutputStream out = new DataOutputStream(stream);
        out.writeInt(jvmId);
        out.writeUTF(name);
        out.writeInt(depth);
        out.writeBoolean(single);
        out.writeInt(secret.length);
        out.write(secret);
        out.writeInt(nonce.length);
        out.write(nonce);
        out.writeUTF(address.text());
        out.writeUTF(folder.toString());
        out.writeUTF(journal.toString());
        out.writeUTF(parentName);
        out.writeLong(parentPid);
        out.writeBoolean(api.isPresent());
        if (api.isPresent()) {
            write(out, api.get().classPath().stream().map(Path::toString).toList());
            write(out, api.get().packages());
            out.writeUTF(api.get().starter());
        }
        out.flush();
    }

    public static WorkerStart readFrom(InputStream stream) throws IOException {
        DataInputStream in = new DataInputStream(stream);
        return new WorkerStart(
                in.readInt(),
                in.readUTF(),
                in.readInt(),
                in.readBoolean(),
                in.readNBytes(in.readInt()),
                in.readNBytes(in.readInt()),
                new Address(in.readUTF()),
                Path.of(in.readUTF()),
                Path.of(in.readUTF()),
                in.readUTF(),
                in.readLong(),
                in.readBoolean() ? Optional.of(api(in)) : Optional.empty());
    }

    private static WorkerApi api(DataInputStream in) throws IOException {
        return new WorkerApi(strings(in).stream().map(Path::of).toList(), strings(in), in.readUTF());
    }

    private static void write(DataOutputStream out, List<String> strings) throws IOException {
        out.writeInt(strings.size());
        for (String string : strings) {
            out.writeUTF(string);
        }
    }

    private static List<String> strings(DataInputStream in) throws IOException {
        List<String> strings = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            strings.add(in.readUTF());
        }
        return strings;
    }
}
