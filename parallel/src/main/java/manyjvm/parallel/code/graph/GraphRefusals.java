package manyjvm.parallel.code.graph;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Types that must not travel although some of them could be copied: a copy would be useless, or silently a different thing.
 * Looked up by the names of a class and all its supertypes, so that naming a type here does not load it. Counters
 * ({@code AtomicInteger} and its like) and concurrent collections are not here: as results they are plain data.
 */
final class GraphRefusals {
    private static final String LOCK = "it works inside one JVM only; use manyjvm.parallel.";
    private static final Map<String, String> ADVICE = advice();

    private GraphRefusals() {}

    private static Map<String, String> advice() {
        Map<String, String> advice = new LinkedHashMap<>();
        // Ours have twins that work across JVMs.
        advice.put("java.util.concurrent.locks.ReadWriteLock", LOCK + "Lock");
        advice.put("java.util.concurrent.locks.ReentrantLock", LOCK + "RLock or Lock");
        advice.put("java.util.concurrent.locks.Lock", LOCK + "Lock");
        advice.put("java.util.concurrent.locks.StampedLock", LOCK + "Lock");
        advice.put("java.util.concurrent.locks.AbstractOwnableSynchronizer", LOCK + "Lock");
        advice.put("java.util.concurrent.locks.Condition", LOCK + "Condition");
        advice.put("java.util.concurrent.Semaphore", LOCK + "Semaphore");
        advice.put("java.util.concurrent.CountDownLatch", LOCK + "Event or Barrier");
        advice.put("java.util.concurrent.CyclicBarrier", LOCK + "Barrier");
        advice.put("java.util.concurrent.Phaser", LOCK + "Barrier");
        advice.put("java.util.concurrent.Exchanger", LOCK + "Pipe");
        advice.put("java.util.concurrent.BlockingQueue", LOCK + "Queue");
        advice.put("java.util.concurrent.ConcurrentLinkedQueue", LOCK + "Queue");
        advice.put("java.util.concurrent.ConcurrentLinkedDeque", LOCK + "Queue");
        advice.put("java.io.PipedInputStream", LOCK + "Pipe");
        advice.put("java.io.PipedOutputStream", LOCK + "Pipe");
        advice.put(
                "java.nio.MappedByteBuffer", "it is memory of this JVM; use manyjvm.parallel.SharedMemory or a byte[]");
        // Things that run here.
        String running = "it runs in this JVM only; ";
        advice.put("java.lang.Thread", running + "use manyjvm.parallel.Process, or start it inside the function");
        advice.put("java.lang.ThreadGroup", running + "make it inside the function");
        advice.put(
                "java.util.concurrent.Executor", running + "use manyjvm.parallel.Pool, or make it inside the function");
        advice.put("java.util.concurrent.Future", running + "send its result: get()");
        advice.put("java.util.concurrent.CompletionStage", running + "send its result: join()");
        advice.put("java.util.Timer", running + "make it inside the function");
        advice.put("java.lang.Process", running + "send its pid()");
        advice.put("java.lang.ProcessHandle", running + "send its pid()");
        advice.put("java.lang.Runtime", running + "call Runtime.getRuntime() inside the function");
        advice.put(
                "manyjvm.parallel.Manager",
                "send the maps and lists that it made, or make a new Manager in the function");
        String ours = "it belongs to this JVM; make one inside the function, or copy the fields you need";
        advice.put("manyjvm.parallel.Pool", ours);
        advice.put("manyjvm.parallel.JvmBuilder", ours);
        advice.put(
                "manyjvm.parallel.Process", "it belongs to this JVM; make one inside the function, or send its pid()");
        advice.put("manyjvm.parallel.AsyncResult", "it belongs to this JVM; send its result: get()");
        advice.put("manyjvm.parallel.Results", "it is half-way through something here: read it into a list first");
        // Things bound to this JVM's memory or loading.
        advice.put("java.lang.ThreadLocal", "each thread has its own: make it inside the function");
        advice.put(
                "java.util.concurrent.ThreadLocalRandom",
                "each thread has its own: call ThreadLocalRandom.current() inside the function");
        advice.put("java.lang.ClassLoader", "classes travel by themselves: use getClassLoader() inside the function");
        advice.put("java.lang.Module", "use getModule() inside the function");
        advice.put(
                "java.util.WeakHashMap",
                "it forgets what this JVM no longer uses: send a copy of what it holds, new HashMap<>(..)");
        advice.put("java.lang.ref.Reference", "send what it refers to");
        advice.put("java.lang.invoke.MethodHandle", "use a lambda");
        advice.put("java.lang.invoke.VarHandle", "look it up inside the function");
        advice.put("java.lang.invoke.MethodHandles$Lookup", "make it inside the function");
        advice.put("java.lang.reflect.AccessibleObject", "use a lambda, or look it up inside the function");
        // Open files, connections, half-read sources.
        String open = "what is open here is not open there; ";
        advice.put("java.net.Socket", open + "open it inside the function");
        advice.put("java.net.ServerSocket", open + "open it inside the function");
        advice.put("java.net.DatagramSocket", open + "open it inside the function");
        advice.put("java.net.URLConnection", open + "open it inside the function");
        advice.put("java.net.http.HttpClient", open + "make it inside the function");
        advice.put("java.nio.channels.Channel", open + "open it inside the function");
        advice.put("java.nio.channels.Selector", open + "open it inside the function");
        advice.put("java.nio.file.FileSystem", open + "open it inside the function");
        advice.put("java.io.InputStream", open + "open it inside the function, or send its bytes: readAllBytes()");
        advice.put("java.io.OutputStream", open + "open it inside the function (System.out there prints here)");
        advice.put("java.io.Reader", open + "open it inside the function, or send the text");
        advice.put("java.io.Writer", open + "open it inside the function, or send the text");
        advice.put("java.io.RandomAccessFile", open + "open it inside the function");
        advice.put("java.io.FileDescriptor", open + "open the file inside the function");
        advice.put("java.util.Scanner", open + "make it inside the function");
        advice.put("java.io.Console", open + "use System.console() inside the function");
        advice.put("java.sql.Connection", open + "connect inside the function");
        advice.put("java.sql.Statement", open + "connect inside the function");
        advice.put("java.sql.ResultSet", open + "read it into a list first");
        for (String stream : List.of("Stream", "IntStream", "LongStream", "DoubleStream", "BaseStream")) {
            advice.put("java.util.stream." + stream, "a stream is read once and here: collect it first, toList()");
        }
        advice.put("java.util.Iterator", "it is half-way through something here: send the collection");
        advice.put("java.util.Spliterator", "it is half-way through something here: send the collection");
        advice.put("java.util.Enumeration", "it is half-way through something here: send the collection");
        advice.put("java.util.logging.Logger", "make the field static or transient, or get it inside the function");
        advice.put("java.lang.System$Logger", "make the field static or transient, or get it inside the function");
        advice.put("java.awt.Image", "draw it into a java.awt.image.BufferedImage, which travels");
        advice.put("java.awt.image.Raster", "send the BufferedImage that it belongs to, or its pixels as an array");
        advice.put("java.awt.Graphics", "use createGraphics() of the image inside the function");
        advice.put("java.awt.geom.Area", "send it as a path: new Path2D.Double(area)");
        advice.put("jdk.jshell.JShell", "it belongs to this JVM");
        return advice;
    }

    /**
     * What to do instead of sending an instance.
     *
     * @param type the name of the type that speaks against it: the class itself or one of its supertypes
     */
    record Advice(String type, String text) {
        /** Whether it is on a lock or its like. */
        boolean isOnLock() {
            return text.startsWith(LOCK);
        }
    }

    /** What to do instead of sending an instance of this class; empty when nothing here speaks against it. */
    static Optional<Advice> adviceOn(Class<?> type) {
        // ConcurrentHashMap writes 16 of these empty relics for the sake of JDK 7.
        if (type.getName().equals("java.util.concurrent.ConcurrentHashMap$Segment")) {
            return Optional.empty();
        }
        return Optional.ofNullable(search(type, new HashSet<>()));
    }

    private static @Nullable Advice search(Class<?> type, Set<Class<?>> visited) {
        for (Class<?> level = type; level != null; level = level.getSuperclass()) {
            String text = ADVICE.get(level.getName());
            if (text != null && !isUsersOwn(type, level)) {
                return new Advice(level.getName(), text);
            }
            for (Class<?> implemented : level.getInterfaces()) {
                if (visited.add(implemented) && !isUsersOwn(level, implemented)) {
                    Advice advice = search(implemented, visited);
                    if (advice != null) {
                        return advice;
                    }
                }
            }
        }
        return null;
    }

    /** A user's own Iterator, Lock or Executor is data like any other: only the JDK's implementations are known to be none. */
    private static boolean isUsersOwn(Class<?> type, Class<?> supertype) {
        return supertype.isInterface() && supertype.getName().startsWith("java.util.") && !TypeNames.isOfJdk(type);
    }
}
