package manyjvm.parallel;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What {@link FailureMatrixIT} does to JVMs. It travels to workers, so it names nothing but the JDK and the library, and has
 * no state. In the user's own JVM, where the test runs, out of memory is only thrown.
 */
final class Trouble {
    static final int EXIT_CODE = 3;
    static final int HALT_CODE = 4;

    enum Kind {
        EXCEPTION,
        OUT_OF_MEMORY,
        STACK_OVERFLOW,
        EXIT,
        HALT,
        SIGKILL,
        SIGSTOP,
        DEAF_LOOP,
        OVER_64_KIB(100_000),
        OVER_1_MIB(3_000_000),
        OVER_2_GIB;

        private final int bytes;

        Kind() {
            this(0);
        }

        Kind(int bytes) {
            this.bytes = bytes;
        }

        /** A payload of this kind: of its size, or one that claims to be of it, which no machine has to hold. */
        Object payload() {
            return this == OVER_2_GIB ? new ClaimsTwoGibibytes() : new byte[bytes];
        }

        int bytes() {
            return bytes;
        }

        boolean isPayload() {
            return this == OVER_64_KIB || this == OVER_1_MIB || this == OVER_2_GIB;
        }

        /** Whether it never ends by itself. */
        boolean hangs() {
            return this == SIGSTOP || this == DEAF_LOOP;
        }

        /** Whether it ends its JVM, which only a worker may lose. */
        boolean endsTheJvm() {
            return this == EXIT || this == HALT || this == SIGKILL;
        }
    }

    private Trouble() {}

    /** What is printed before a trouble strikes; it must arrive. */
    static String announcement(String where, Kind kind) {
        return where + " meets " + kind;
    }

    static String message(String where) {
        return "trouble at " + where;
    }

    static void strike(String where, Kind kind) {
        System.out.println(announcement(where, kind));
        switch (kind) {
            case EXCEPTION -> throw new IllegalStateException(message(where));
            case OUT_OF_MEMORY -> fillMemory(where);
            case STACK_OVERFLOW -> recurse(0);
            case EXIT -> System.exit(EXIT_CODE);
            case HALT -> Runtime.getRuntime().halt(HALT_CODE);
            case SIGKILL -> signal("KILL", ProcessHandle.current().pid());
            case SIGSTOP -> {
                // Answered after the announcement has arrived, which lies still here otherwise.
                int unused = new Queue<Integer>().size();
                signal("STOP", ProcessHandle.current().pid());
            }
            case DEAF_LOOP -> {
                while (true) {
                    Thread.onSpinWait();
                }
            }
            default -> throw new IllegalArgumentException(kind + " is not done but carried");
        }
    }

    /** Leaves a thread behind that strikes when its worker has nothing to do. */
    static void strikeLater(String where, Kind kind, Event now) {
        Thread left = new Thread(
                () -> {
                    now.await();
                    strike(where, kind);
                },
                "left behind");
        left.setDaemon(true);
        left.start();
    }

    @SuppressWarnings("ModifiedButNotUsed")
    private static void fillMemory(String where) {
        if (!inWorker()) {
            throw new OutOfMemoryError(message(where));
        }
        List<byte[]> all = new ArrayList<>();
        while (true) {
            all.add(new byte[1 << 20]);
        }
    }

    @SuppressWarnings("InfiniteRecursion")
    private static int recurse(int depth) {
        return recurse(depth + 1) + 1;
    }

    /** Returns when the signal has been sent; to this JVM, it may return never, or much later. */
    static void signal(String name, long pid) {
        try {
            new ProcessBuilder("sh", "-c", "kill -" + name + " " + pid).start().waitFor();
            if (pid == ProcessHandle.current().pid()) {
                Thread.sleep(60_000);
            } else if (name.equals("STOP")) {
                awaitStopped(pid);
            }
        } catch (IOException failure) {
            throw new IllegalStateException("this system has no program kill", failure);
        } catch (InterruptedException interrupt) {
            throw new IllegalStateException("interrupted before the signal struck", interrupt);
        }
    }

    /** The thread that takes the signal has to get a processor first; until then the others of its JVM go on. */
    private static void awaitStopped(long pid) throws IOException, InterruptedException {
        Path status = Path.of("/proc/" + pid + "/stat");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (Files.exists(status) && !Files.readString(status).contains(") T ")) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("process " + pid + " was not stopped");
            }
            Thread.sleep(1);
        }
    }

    static boolean inWorker() {
        return Parallel.parentProcess().isPresent();
    }

    /** Squares numbers; whatever else it is given comes back as it is. */
    static Fn<Object, Object> square() {
        return item -> item instanceof Integer number ? (Object) (number * number) : item;
    }

    /** Squares numbers, but for one. */
    static Fn<Object, Object> strikingAt(int item, String where, Kind kind) {
        return each -> {
            int number = (Integer) each;
            if (number == item) {
                strike(where, kind);
            }
            return number * number;
        };
    }

    /** Squares numbers, but gives this object in place of one. */
    static Fn<Object, Object> giving(int item, String where, Kind kind, When when) {
        return each -> {
            int number = (Integer) each;
            return number == item ? new Troubled(where, kind, when) : (Object) (number * number);
        };
    }

    /** Squares numbers, but gives a payload in place of one. */
    static Fn<Object, Object> givingPayload(int item, Kind kind) {
        return each -> {
            int number = (Integer) each;
            return number == item ? kind.payload() : (Object) (number * number);
        };
    }

    /** A function that cannot be loaded, because an object that it captured is of a class that cannot be initialised. */
    static Fn<Object, Object> unloadable(Serializable captured) {
        return each -> captured.hashCode() == 0 ? each : (Object) ((Integer) each * (Integer) each);
    }

    /** When an object strikes on its journey. */
    enum When {
        WRITTEN,
        READ
    }

    /** Strikes when it is written or read. */
    static final class Troubled implements Serializable {
        private static final long serialVersionUID = 1L;

        private final String where;
        private final Kind kind;
        private final When when;

        Troubled(String where, Kind kind, When when) {
            this.where = where;
            this.kind = kind;
            this.when = when;
        }

        private void writeObject(ObjectOutputStream out) throws IOException {
            out.defaultWriteObject();
            if (when == When.WRITTEN) {
                strike(where, kind);
            }
        }

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            if (when == When.READ) {
                strike(where, kind);
            }
        }
    }

    /** Says that it writes 2 GiB. */
    static final class ClaimsTwoGibibytes implements Serializable {
        private static final long serialVersionUID = 1L;

        private void writeObject(ObjectOutputStream out) throws IOException {
            out.write(new byte[1], 0, Integer.MAX_VALUE);
        }
    }

    private static void strikeInWorkers(Kind kind) {
        if (inWorker()) {
            strike("CLASS_LOAD", kind);
        }
    }

    /** An object whose class strikes when a worker initialises it. */
    static Serializable ofTroubledClass(Kind kind) {
        return switch (kind) {
            case EXCEPTION -> new LoadThrows();
            case OUT_OF_MEMORY -> new LoadFillsMemory();
            case STACK_OVERFLOW -> new LoadOverflows();
            case EXIT -> new LoadExits();
            case HALT -> new LoadHalts();
            case SIGKILL -> new LoadKills();
            case SIGSTOP -> new LoadStops();
            case DEAF_LOOP -> new LoadLoops();
            default -> (Serializable) kind.payload();
        };
    }

    static final class LoadThrows implements Serializable {
        private static final long serialVersionUID = 1L;

        static {
            strikeInWorkers(Kind.EXCEPTION);
        }
    }

    static final class LoadFillsMemory implements Serializable {
        private static final long serialVersionUID = 1L;

        static {
            strikeInWorkers(Kind.OUT_OF_MEMORY);
        }
    }

    static final class LoadOverflows implements Serializable {
        private static final long serialVersionUID = 1L;

        static {
            strikeInWorkers(Kind.STACK_OVERFLOW);
        }
    }

    static final class LoadExits implements Serializable {
        private static final long serialVersionUID = 1L;

        static {
            strikeInWorkers(Kind.EXIT);
        }
    }

    static final class LoadHalts implements Serializable {
        private static final long serialVersionUID = 1L;

        static {
            strikeInWorkers(Kind.HALT);
        }
    }

    static final class LoadKills implements Serializable {
        private static final long serialVersionUID = 1L;

        static {
            strikeInWorkers(Kind.SIGKILL);
        }
    }

    static final class LoadStops implements Serializable {
        private static final long serialVersionUID = 1L;

        static {
            strikeInWorkers(Kind.SIGSTOP);
        }
    }

    static final class LoadLoops implements Serializable {
        private static final long serialVersionUID = 1L;

        static {
            strikeInWorkers(Kind.DEAF_LOOP);
        }
    }

    /** A user's program that is lost with its own JVM; prints its workers' pids first. Arguments: site and kind. */
    static final class LostProgram {
        public static void main(String[] arguments) throws Exception {
            String site = arguments[0];
            Kind kind = Kind.valueOf(arguments[1]);
            Pool pool = new Pool(2);
            pool.everyWorker(() -> 1);
            Parallel.activeChildren().forEach(child -> System.out.println(child.pid()));
            System.out.println("ready");
            switch (site) {
                case "SERIALISE_TASK" -> pool.map(square(), List.of(1, new Troubled(site, kind, When.WRITTEN)));
                case "DESERIALISE_RESULT" -> pool.map(giving(1, site, kind, When.READ), List.of(0, 1, 2));
                case "CALLBACK" ->
                    pool.applyAsync((Task<Integer>) () -> 1, one -> strike(site, kind))
                            .get();
                default -> throw new IllegalArgumentException(site);
            }
            pool.close(); // waits for the callback
            System.out.println("still alive");
        }
    }
}
