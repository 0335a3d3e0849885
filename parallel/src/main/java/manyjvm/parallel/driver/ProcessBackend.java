package manyjvm.parallel.driver;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.machine.AvailableMemory;
import manyjvm.parallel.machine.IoReason;
import manyjvm.parallel.spi.Backend;
import manyjvm.parallel.spi.Capabilities;
import manyjvm.parallel.spi.Exit;
import manyjvm.parallel.spi.JvmSettings;
import manyjvm.parallel.spi.WorkerHandle;
import manyjvm.parallel.spi.WorkerSpec;

/** Workers that are processes of this host: the default. */
final class ProcessBackend implements Backend {
    private static final int UNSAFE_WARNS = 24;
    private static final long PIPES_DEADLINE_MILLIS = 500;

    private final Optional<WorkerArchive> archive;
    private final StandbyJvms standbys;
    private final EnvironmentOptions environment;

    /**
     * @param archive shared classes for workers of this very JDK; used when it is there
     * @param standbys taken instead of starting a JVM where one fits
     * @param environment of this JVM
     */
    ProcessBackend(Optional<WorkerArchive> archive, StandbyJvms standbys, EnvironmentOptions environment) {
        this.archive = archive;
        this.standbys = standbys;
        this.environment = environment;
    }

    @Override
    public String name() {
        return "processes";
    }

    @Override
    public String count(int workers) {
        return workers + (workers == 1 ? " process" : " processes");
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(true, true, true);
    }

    @Override
    public WorkerHandle launch(WorkerSpec spec) {
        List<String> command = command(spec.jvm(), spec.classPath(), spec.mainClass());
        Optional<Process> standby = standbys.take(command);
        Process process;
        try {
            process = standby.isPresent() ? standby.get() : new ProcessBuilder(command).start();
        } catch (IOException failure) {
            throw new ParallelException(spec.name() + " could not be started: " + IoReason.of(failure), failure);
        }
        try {
            return new Running(process, spec);
        } catch (RuntimeException | Error noThreads) {
            process.destroyForcibly(); // nobody would know of it
            throw noThreads;
        }
    }

    /**
     * Starts one more JVM that stands by for workers without settings of their own.
     *
     * @return whether still more are wanted
     */
    boolean standBy(List<Path> classPath, String mainClass) throws IOException {
        return standbys.add(command(JvmSettings.DEFAULT, classPath, mainClass));
    }

    @Override
    public void close() {
        standbys.close(); // the others end one by one with their pools
    }

    private List<String> command(JvmSettings jvm, List<Path> classPath, String mainClass) {
        List<String> command = new ArrayList<>();
        if (!jvm.cpus().isEmpty()) {
            command.add(taskset()
                    .orElseThrow(() -> new ParallelException("pinning to processors needs the program taskset (package"
                            + " util-linux), which is not on this machine: install it or leave cpus(..) out"))
                    .toString());
            command.add("-c");
            command.add(jvm.cpus().stream().map(String::valueOf).collect(Collectors.joining(",")));
        }
        Path home = jvm.javaHome().orElse(Path.of(System.getProperty("java.home")));
        Path java = home.resolve("bin").resolve("java");
        if (!Files.isExecutable(java)) {
            throw new ParallelException("there is no JDK in " + home + ": " + java + " is missing; give javaHome(..) a"
                    + " folder that has bin/java");
        }
        OptionalInt feature = jvm.javaHome().isPresent()
                ? feature(home)
                : OptionalInt.of(Runtime.version().feature());
        if (feature.isPresent() && feature.getAsInt() < Runtime.version().feature()) {
            throw new ParallelException("the JDK in " + home + " is version " + feature.getAsInt()
                    + ", older than this JVM's "
                    + Runtime.version().feature() + ": it could not load the classes that are sent to it");
        }
        command.add(java.toString());
        // No --add-opens, --add-exports or --enable-native-access: each costs the JDK's archived modules, 40 ms a
        // start.
        command.addAll(environment.collector(jvm));
        environment.firstHeap(jvm, AvailableMemory.most()).ifPresent(command::add);
        command.add("-Xshare:auto");
        command.add("-XX:-UsePerfData");
        command.add("-XX:+ExitOnOutOfMemoryError");
        command.add("-Dstdout.encoding=UTF-8");
        command.add("-Dstderr.encoding=UTF-8");
        // A JVM that is to write an archive must not be given another one.
        boolean ownArchive = jvm.options().stream()
                .anyMatch(option -> option.matches("-XX:(ArchiveClassesAtExit|SharedArchiveFile)=.*"));
        if (archive.isPresent()
                && jvm.javaHome().isEmpty()
                && !ownArchive
                && archive.get().isReady()) {
            command.add("-XX:SharedArchiveFile=" + archive.get().file());
            command.add("-Xlog:disable"); // an archive that does not fit is no user's business
        }
        if (feature.isPresent() && feature.getAsInt() >= UNSAFE_WARNS) { // older ones reject the option
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        if (PreviewFeatures.areEnabled()
                && feature.equals(OptionalInt.of(Runtime.version().feature()))) { // others know other features
            command.add("--enable-preview");
        }
        jvm.maxHeap().ifPresent(size -> command.addAll(environment.heap(size)));
        command.addAll(jvm.options());
        command.add("-cp");
        command.add(classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
        command.add(mainClass);
        return command;
    }

    /** The version of a JDK. Empty where its {@code release} file does not say: the worker's start then tells. */
    private static OptionalInt feature(Path home) {
        Properties properties = new Properties();
        try (Reader release = Files.newBufferedReader(home.resolve("release"))) {
            properties.load(release);
            String version = properties.getProperty("JAVA_VERSION", "").replace("\"", "");
            return OptionalInt.of(Runtime.Version.parse(version.startsWith("1.") ? version.substring(2, 3) : version)
                    .feature());
        } catch (IOException | IllegalArgumentException unknown) {
            return OptionalInt.empty(); // some vendors' JDKs have no such file, or one of their own form
        }
    }

    private static Optional<Path> taskset() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin:/bin");
        return Stream.of(path.split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, "taskset"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** A started process; two threads read its real output. */
    private static final class Running implements WorkerHandle {
        private final Process process;
        private final CompletableFuture<Exit> exit = new CompletableFuture<>();
        private final CountDownLatch pipes = new CountDownLatch(2);
        private final LastWords lastWords = new LastWords();

        Running(Process process, WorkerSpec spec) {
            this.process = process;
            reader(process.getInputStream(), false, spec).start();
            reader(process.getErrorStream(), true, spec).start();
            try {
                OutputStream input = process.getOutputStream(); // stays open: it is the worker's life-line
                input.write(spec.greeting());
                input.flush();
            } catch (IOException gone) {
                // it died at once; its exit tells why
            }
            process.onExit().thenRunAsync(this::ended, this::onOwnThread);
        }

        private void onOwnThread(Runnable command) {
            Thread thread = new Thread(command, "exit of " + process.pid());
            thread.setDaemon(true);
            thread.start();
        }

        private void ended() {
            try {
                // A process that the worker started may have inherited the pipes and hold them open.
                pipes.await(PIPES_DEADLINE_MILLIS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException impossible) {
                Thread.currentThread().interrupt(); // nobody knows this thread
            }
            letGo();
            exit.complete(new Exit(process.exitValue(), lastWords.lines(), where()));
        }

        private Thread reader(InputStream stream, boolean error, WorkerSpec spec) {
            Thread thread = new Thread(
                    () -> {
                        byte[] buffer = new byte[8192];
                        LastWords.Ear ear = lastWords.new Ear();
                        StartNotes notes = new StartNotes(error ? System.getenv() : Map.of());
                        try (stream) {
                            for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
                                tell(spec, error, notes.without(Arrays.copyOf(buffer, count)), ear);
                            }
                            tell(spec, error, notes.rest(), ear);
                        } catch (IOException closed) {
                            // the process has ended
                        } finally {
                            ear.end();
                            pipes.countDown();
                        }
                    },
                    spec.name() + (error ? " stderr" : " stdout"));
            thread.setDaemon(true);
            return thread;
        }

        private void tell(WorkerSpec spec, boolean error, byte[] bytes, LastWords.Ear ear) {
            if (bytes.length > 0) {
                ear.hear(bytes);
                spec.text().text(error, bytes);
            }
        }

        @Override
        public CompletionStage<Exit> onExit() {
            return exit;
        }

        /** By the handle: {@code Process.destroy()} would close the pipes too, with the last words in them. */
        @Override
        public void terminate() {
            process.toHandle().destroy();
        }

        @Override
        public void kill() {
            process.toHandle().destroyForcibly();
        }

        @Override
        public void letGo() {
            try {
                process.getOutputStream().close();
            } catch (IOException already) {
                // the other end is gone
            }
        }

        @Override
        public long pid() {
            return process.pid();
        }

        @Override
        public String where() {
            return "localhost";
        }
    }
}
