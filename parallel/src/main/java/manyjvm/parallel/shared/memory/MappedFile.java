package manyjvm.parallel.shared.memory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.machine.IoReason;

/**
 * Memory that all JVMs of a driver on one host see: a small file in the private folder, mapped. It starts with a header of
 * {@value #HEADER} bytes for a lock (which may go unused), then the values, in native byte order and naturally aligned.
 *
 * <pre>
 *   0 word   8 depth   16 deaths   24 inherited   32 values ...
 *   '---- see MappedLock ---------------------'    '-- the first share the lock's cache line
 * </pre>
 *
 * <p>Reads acquire and writes release: what a JVM wrote before it set a cell is seen by whoever reads that cell. That costs
 * nothing over plain access on common processors; {@code compareAndSet} and {@code getAndAdd} are full fences. Types of less
 * than four bytes have no atomic instruction in Java: theirs are made of one on the four bytes around them.
 *
 * <p>The mapping ends with this object; the file's name goes earlier (see {@code MappedHost}), which mappings survive.
 */
public final class MappedFile {
    static final int HEADER = 32;

    private static final VarHandle INTS = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final VarHandle LONGS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final VarHandle FLOATS =
            MethodHandles.byteBufferViewVarHandle(float[].class, ByteOrder.nativeOrder());
    private static final VarHandle DOUBLES =
            MethodHandles.byteBufferViewVarHandle(double[].class, ByteOrder.nativeOrder());
    private static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    /** A mapping has at most 2 GiB; the last is kept free for rounding up. */
    static final long MOST_BYTES = Integer.MAX_VALUE - 64;

    private static final int ZEROS = 1 << 20;

    // Declared as ByteBuffer, not MappedByteBuffer: only then is a VarHandle call exact, and fast.
    private final ByteBuffer memory;

    private MappedFile(ByteBuffer memory) {
        this.memory = memory.order(ByteOrder.nativeOrder());
    }

    public static Path path(Path folder, long id) {
        return folder.resolve("shared-" + id);
    }

    /**
     * Makes the file of a new object, all zeros, readable by its owner only.
     *
     * @throws ParallelException when it is too big for one mapping or for the folder's file system
     */
    public static MappedFile create(Path folder, long id, long valueBytes) {
        if (valueBytes > MOST_BYTES - HEADER) {
            throw new ParallelException("An Array of " + valueBytes + " bytes is too big: one Array holds at most "
                    + (MOST_BYTES - HEADER) + " bytes. Split it into several.");
        }
        long size = (HEADER + valueBytes + 7) / 8 * 8;
        try {
            return new MappedFile(createMemory(path(folder, id), size));
        } catch (FileAlreadyExistsException twice) {
            throw new UncheckedIOException("Shared object " + id + " was made before", twice);
        }
    }

    /**
     * Makes a file and maps all of it: zeros, readable by its owner only.
     *
     * @throws ParallelException when there is no room for it
     */
    static ByteBuffer createMemory(Path file, long size) throws FileAlreadyExistsException {
        Set<StandardOpenOption> options =
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(file, options, ownerOnly(file))) {
            fillWithZeros(channel, size);
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, size);
        } catch (FileAlreadyExistsException twice) {
            throw twice;
        } catch (IOException failure) {
            deleteAfterFailure(file, failure);
            throw new ParallelException(
                    "Cannot make " + size + " bytes of shared memory in " + file.getParent() + ": "
                            + IoReason.of(failure)
                            + ". Make room there (in a container: start it with more shared memory, --shm-size).",
                    failure);
        }
    }

    /** Maps all of a file. */
    static ByteBuffer openMemory(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size());
        }
    }

    /** @throws ParallelException when the object is gone */
    public static MappedFile open(Path folder, long id) {
        Path file = path(folder, id);
        try {
            return new MappedFile(openMemory(file));
        } catch (NoSuchFileException gone) {
            throw new ParallelException(
                    "Shared object " + id + " is gone: the JVM that made it has dropped or closed it. Keep it in a"
                            + " variable while work that uses it is under way.",
                    gone);
        } catch (IOException failure) {
            throw new UncheckedIOException("Cannot map " + file + ": " + IoReason.of(failure), failure);
        }
    }

    /**
     * Written, not only sized: a sparse file on a full file system would kill the JVM at its first use, far from the cause.
     */
    private static void fillWithZeros(FileChannel channel, long size) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(size, ZEROS));
        for (long left = size; left > 0; left -= zeros.limit()) {
            zeros.clear().limit((int) Math.min(left, zeros.capacity()));
            while (zeros.hasRemaining()) {
                channel.write(zeros);
            }
        }
    }

    private static FileAttribute<?>[] ownerOnly(Path file) {
        if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return new FileAttribute<?>[0];
        }
        return new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(
                    Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE))
        };
    }

    private static void deleteAfterFailure(Path file, IOException failure) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException second) {
            failure.addSuppressed(second);
        }
    }

    // ---- the header

    public long word() {
        return (long) LONGS.getVolatile(memory, 0);
    }

    public boolean compareAndSetWord(long expected, long word) {
        return LONGS.compareAndSet(memory, 0, expected, word);
    }

    long clearWord() {
        return (long) LONGS.getAndSet(memory, 0, 0L);
    }

    /** Only for the lock's holder, or its heir after a death. */
    int depth() {
        return (int) INTS.get(memory, 8);
    }

    public void setDepth(int depth) {
        INTS.set(memory, 8, depth);
    }

    long deaths() {
        return (long) LONGS.getVolatile(memory, 16);
    }

    public void setDeaths(long deaths) {
        LONGS.setVolatile(memory, 16, deaths);
    }

    long inherited() {
        return (long) LONGS.get(memory, 24);
    }

    void setInherited(long inherited) {
        LONGS.set(memory, 24, inherited);
    }

    // ---- values; an offset counts bytes from the end of the header

    public byte getByte(int offset) {
        byte value = memory.get(HEADER + offset);
        VarHandle.acquireFence();
        return value;
    }

    public void setByte(int offset, byte value) {
        VarHandle.releaseFence();
        memory.put(HEADER + offset, value);
    }

    public short getShort(int offset) {
        short value = memory.getShort(HEADER + offset);
        VarHandle.acquireFence();
        return value;
    }

    public void setShort(int offset, short value) {
        VarHandle.releaseFence();
        memory.putShort(HEADER + offset, value);
    }

    public char getChar(int offset) {
        return (char) getShort(offset);
    }

    public void setChar(int offset, char value) {
        setShort(offset, (short) value);
    }

    public int getInt(int offset) {
        return (int) INTS.getAcquire(memory, HEADER + offset);
    }

    public void setInt(int offset, int value) {
        INTS.setRelease(memory, HEADER + offset, value);
    }

    public int getAndAddInt(int offset, int delta) {
        return (int) INTS.getAndAdd(memory, HEADER + offset, delta);
    }

    public boolean compareAndSetInt(int offset, int expected, int value) {
        return INTS.compareAndSet(memory, HEADER + offset, expected, value);
    }

    public long getLong(int offset) {
        return (long) LONGS.getAcquire(memory, HEADER + offset);
    }

    public void setLong(int offset, long value) {
        LONGS.setRelease(memory, HEADER + offset, value);
    }

    public long getAndAddLong(int offset, long delta) {
        return (long) LONGS.getAndAdd(memory, HEADER + offset, delta);
    }

    public boolean compareAndSetLong(int offset, long expected, long value) {
        return LONGS.compareAndSet(memory, HEADER + offset, expected, value);
    }

    public float getFloat(int offset) {
        return (float) FLOATS.getAcquire(memory, HEADER + offset);
    }

    public void setFloat(int offset, float value) {
        FLOATS.setRelease(memory, HEADER + offset, value);
    }

    /** Compares bits, as {@link Float#equals} does: NaN is NaN, and 0.0 is not -0.0. */
    public boolean compareAndSetFloat(int offset, float expected, float value) {
        return compareAndSetInt(offset, Float.floatToRawIntBits(expected), Float.floatToRawIntBits(value));
    }

    public double getDouble(int offset) {
        return (double) DOUBLES.getAcquire(memory, HEADER + offset);
    }

    public void setDouble(int offset, double value) {
        DOUBLES.setRelease(memory, HEADER + offset, value);
    }

    /** Compares bits, as {@link Double#equals} does. */
    public boolean compareAndSetDouble(int offset, double expected, double value) {
        return compareAndSetLong(offset, Double.doubleToRawLongBits(expected), Double.doubleToRawLongBits(value));
    }

    public boolean compareAndSetByte(int offset, byte expected, byte value) {
        return compareAndSetPart(offset, 1, expected & 0xff, value & 0xff);
    }

    public boolean compareAndSetShort(int offset, short expected, short value) {
        return compareAndSetPart(offset, 2, expected & 0xffff, value & 0xffff);
    }

    /**
     * Compare-and-set of one or two bytes by one on the four aligned bytes that contain them. A neighbour's change in between
     * makes it try again, so a false answer always means that these bytes differed.
     */
    private boolean compareAndSetPart(int offset, int bytes, int expected, int value) {
        int around = offset & ~3;
        int position = offset - around;
        int shift = 8 * (LITTLE_ENDIAN ? position : 4 - bytes - position);
        int mask = (bytes == 1 ? 0xff : 0xffff) << shift;
        while (true) {
            int now = getInt(around);
            if ((now & mask) != expected << shift) {
                return false;
            }
            if (compareAndSetInt(around, now, (now & ~mask) | value << shift)) {
                return true;
            }
        }
    }

    /** A view of all values for copying many at once; its position and limit are the caller's own. */
    public ByteBuffer values() {
        return memory.slice(HEADER, memory.capacity() - HEADER).order(ByteOrder.nativeOrder());
    }
}
