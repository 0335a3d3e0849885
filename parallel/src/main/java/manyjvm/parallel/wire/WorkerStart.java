package manyjvm.parallel.wire;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * What a worker reads from its standard input before anything else: never in its arguments or environment, where other users
 * of the machine could read the secret. The input then stays open as the life-line.
 *
 * @param member who the worker is among the driver's JVMs, for the handshake and for shared objects
 * @param name as users see it
 * @param depth 1 for a worker of the program that the user runs, 2 for a worker of such a worker
 * @param single whether it runs one target and then ends, as a {@code Process}
 * @param secret proves both sides to each other
 * @param nonce the worker's own contribution to the handshake, random and never used twice
 * @param folder the private folder for files in shared memory
 * @param ledger the file that outlives the worker
 * @param parentName the JVM that started it
 */
public record WorkerStart(
        int member,
        String name,
        int depth,
        boolean single,
        byte[] secret,
        byte[] nonce,
        Address address,
        Path folder,
        Path ledger,
        String parentName,
        long parentPid) {

    public void writeTo(OutputStream stream) throws IOException {
        DataOutputStream out = new DataOutputStream(stream);
        out.writeInt(member);
        out.writeUTF(name);
        out.writeInt(depth);
        out.writeBoolean(single);
        out.writeInt(secret.length);
        out.write(secret);
        out.writeInt(nonce.length);
        out.write(nonce);
        out.writeUTF(address.text());
        out.writeUTF(folder.toString());
        out.writeUTF(ledger.toString());
        out.writeUTF(parentName);
        out.writeLong(parentPid);
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
                in.readLong());
    }
}
