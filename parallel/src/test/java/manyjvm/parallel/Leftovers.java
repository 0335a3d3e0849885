package manyjvm.parallel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What this JVM holds at a moment, so that a test can tell later what was left behind since. Linux only, by /proc. */
final class Leftovers {
    /** Threads of the JDK's that come when needed and stay for a while, or for ever. */
    private static final List<String> JDK_THREADS = List.of(
            "process reaper",
            "Common-Cleaner",
            "Cleaner-",
            "ForkJoinPool.commonPool",
            "CompletableFutureDelay",
            "Attach Listener",
            "Notification Thread",
            "JNA Cleaner",
            "junit-");

    private static final long LOOK_AGAIN_NANOS = 5_000_000;

    private final Set<Thread> threads;
    private final Map<String, Long> files;

    private Leftovers(Set<Thread> threads, Map<String, Long> files) {
        this.threads = threads;
        this.files = files;
    }

    /** What there is now, and may be there later. */
    static Leftovers before() throws IOException {
        return new Leftovers(new HashSet<>(Thread.getAllStackTraces().keySet()), openFiles());
    }

    /** No child process, thread, open file, mapped file or shared file more than there was; each has some time to go. */
    void assertNothingNew() throws Exception {
        assertNothingNewIn(Set.of());
    }

    /** As {@link #assertNothingNew}, while a driver lives, which has its folder with nothing in it but its own files. */
    void assertNothingNewIn(Set<Path> foldersOfTheLiving) throws Exception {
        CompletableFuture<?>[] ends =
                ProcessHandle.current().descendants().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(ends).get(10, TimeUnit.SECONDS);
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            boolean jdk = JDK_THREADS.stream().anyMatch(thread.getName()::startsWith);
            if (!jdk && !threads.contains(thread)) {
                thread.join(10_000);
                assertThat(thread.isAlive()).as("thread " + thread.getName()).isFalse();
            }
        }
        assertThat(folders()).isEqualTo(foldersOfTheLiving);
        for (Path folder : foldersOfTheLiving) {
            try (Stream<Path> files = Files.list(folder)) {
                assertThat(files.map(file -> file.getFileName().toString())).isSubsetOf("socket", "owner");
            }
        }
        openFiles().forEach((kind, count) -> assertThat(count)
                .as("open files of the kind " + kind)
                .isLessThanOrEqualTo(files.getOrDefault(kind, 0L)));
        assertNoneMapped();
    }

    /** A condition that the operating system makes true, and tells nobody. */
    interface Condition {
        boolean isMet() throws Exception;
    }

    /** Returns when the condition is met or the time is up. */
    static void await(Duration time, Condition condition) throws Exception {
        long deadline = System.nanoTime() + time.toNanos();
        while (!condition.isMet() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
    }

    /** The driver's private folders of this JVM. */
    static Set<Path> folders() throws IOException {
        return folders(ProcessHandle.current().pid());
    }

    static Set<Path> folders(long pid) throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/dev/shm"))) {
            return all.filter(path -> path.getFileName().toString().startsWith("manyjvm-" + pid + "-"))
                    .collect(Collectors.toSet());
        }
    }

    /** How many there are of each kind that can be ours: sockets, pipes, selectors, files in shared memory. */
    private static Map<String, Long> openFiles() throws IOException {
        Map<String, Long> kinds = new TreeMap<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                try {
                    String target = Files.readSymbolicLink(descriptor).toString();
                    if (target.contains(":[") || target.startsWith("anon_inode") || target.contains("manyjvm-")) {
                        kinds.merge(target.replaceAll(":\\[\\d+\\]", ""), 1L, Long::sum);
                    }
                } catch (NoSuchFileException closed) {
                    // the descriptor of this very listing
                }
            }
        }
        return kinds;
    }

    /** A mapping is let go by the garbage collector, which is asked for it until it has. */
    private static void assertNoneMapped() throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        List<String> mapped = mapped();
        while (!mapped.isEmpty() && System.nanoTime() < deadline) {
            System.gc();
            mapped = mapped();
        }
        assertThat(mapped).as("shared files that are still mapped").isEmpty();
    }

    private static List<String> mapped() throws IOException {
        String folder = "/dev/shm/manyjvm-" + ProcessHandle.current().pid() + "-";
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains(folder)).toList();
        }
    }
}
