package manyjvm.kernel;

import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.logging.Level;
import manyjvm.kernel.protocol.ConnectionFile;
import manyjvm.kernel.protocol.History;
import manyjvm.kernel.protocol.Kernel;
import manyjvm.kernel.protocol.KernelLog;
import manyjvm.kernel.runner.ArchiveRefresh;
import manyjvm.kernel.runner.JupyterClient;
import manyjvm.kernel.session.Session;
import manyjvm.kernel.session.SessionHost;
import manyjvm.kernel.session.SupportedJdk;
import manyjvm.kernel.spi.KernelExtension;

/**
 * The life of a kernel process: from its connection file until a front end shuts it down, its parent dies, or it is
 * terminated. An interrupt from the terminal (SIGINT) interrupts the running cell, as an {@code interrupt_request} does.
 */
final class KernelProgram {
    /** After this the JVM is halted: user threads and users' shutdown hooks may hang. */
    private static final long EXIT_SECONDS = 8;

    private final Function<SessionHost, Session> openSession;
    private final PrintStream errors = System.err;

    KernelProgram(Function<SessionHost, Session> openSession) {
        this.openSession = openSession;
    }

    /**
     * @param ignored what the front end put behind the connection file; {@code jupyter run} hands the names of its files on
     * @return the exit code
     */
    int run(Path connectionFile, List<String> ignored) {
        Kernel kernel;
        try {
            KernelLog.configure(errors, System.getenv("MANYJVM_LOG"));
            SupportedJdk.note().ifPresent(note -> errors.println("manyjvm: " + note));
            ConnectionFile connection = ConnectionFile.read(connectionFile);
            if (!ignored.isEmpty()) {
                KernelLog.LOGGER.warning(
                        "The kernel ignores what follows its connection file: " + String.join(" ", ignored));
            }
            Optional<Path> historyFile = historyFile(System.getenv(), Path.of(System.getProperty("user.home")));
            kernel = Kernel.open(connection, openSession, extensions(), new History(historyFile));
        } catch (ConnectionFile.ConnectionFileException | IllegalArgumentException badInput) {
            errors.println("manyjvm: " + badInput.getMessage());
            return 2;
        } catch (Kernel.AddressException taken) {
            errors.println("manyjvm: " + taken.getMessage());
            return JupyterClient.EXIT_ADDRESS_IN_USE;
        } catch (Kernel.StartException | ServiceConfigurationError | IllegalStateException failure) {
            errors.println("manyjvm: " + failure.getMessage());
            KernelLog.LOGGER.log(Level.FINE, "The kernel did not start", failure);
            return 1;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(kernel::close, "shutdown"));
        onInterruptSignal(kernel::interrupt);
        watchParent(kernel);
        kernel.start();
        Optional.ofNullable(System.getProperty(ArchiveRefresh.PROPERTY))
                .map(Path::of)
                .ifPresent(ArchiveRefresh::begin);
        try {
            kernel.awaitShutdown();
        } catch (InterruptedException e) {
            // Only the program's own main thread waits here; nobody but a user's thread games can interrupt it.
            Thread.currentThread().interrupt();
        }
        haltWhenStuck();
        kernel.close();
        return 0;
    }

    private static List<KernelExtension> extensions() {
        List<KernelExtension> extensions = new ArrayList<>();
        ServiceLoader.load(KernelExtension.class).forEach(extensions::add);
        return extensions;
    }

    /**
     * Where the history of this user is, as the XDG Base Directory Specification has it for what is no setting and outlives a
     * restart; empty where the user wants none.
     */
    static Optional<Path> historyFile(Map<String, String> environment, Path home) {
        String chosen = environment.getOrDefault("MANYJVM_HISTORY", "").strip();
        if (chosen.equalsIgnoreCase("off")) {
            return Optional.empty();
        }
        if (!chosen.isEmpty()) {
            return Optional.of(Path.of(chosen));
        }
        // A relative path in the variable counts as none, says the specification.
        String state = environment.getOrDefault("XDG_STATE_HOME", "");
        Path states = state.startsWith("/") ? Path.of(state) : home.resolve(".local/state");
        return Optional.of(states.resolve("manyjvm").resolve("history.jsonl"));
    }

    /** Jupyter names itself in {@code JPY_PARENT_PID}; a kernel whose Jupyter is gone would linger for ever. */
    private static void watchParent(Kernel kernel) {
        String name = System.getenv("JPY_PARENT_PID");
        if (name == null || !name.matches("[0-9]{1,18}")) {
            return;
        }
        Optional<ProcessHandle> parent = ProcessHandle.of(Long.parseLong(name));
        if (parent.isEmpty()) {
            // Another process namespace, most likely: a kernel may run in a container of its own.
            KernelLog.LOGGER.info("There is no process " + name + " (JPY_PARENT_PID) here to watch");
            return;
        }
        parent.get().onExit().thenRun(kernel::requestShutdown);
    }

    private static void haltWhenStuck() {
        Thread watchdog = new Thread(
                () -> {
                    try {
                        Thread.sleep(EXIT_SECONDS * 1000);
                    } catch (InterruptedException e) {
                        // Somebody interrupts all threads: all the more reason to end.
                        KernelLog.LOGGER.fine("The end was hurried");
                    }
                    Runtime.getRuntime().halt(0);
                },
                "halt");
        watchdog.setDaemon(true);
        watchdog.start();
    }

    /**
     * {@code sun.misc.Signal}, by reflection since the compiler warns of its use: it is the only way to survive SIGINT,
     * which a terminal sends to the whole process group. Where it is missing the kernel works, but Ctrl-C in Jupyter's
     * terminal ends it.
     */
    private static void onInterruptSignal(Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    handler.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                        switch (method.getName()) {
                            case "handle" -> {
                                action.run();
                                return null;
                            }
                            case "equals" -> {
                                return self == arguments[0];
                            }
                            case "hashCode" -> {
                                return System.identityHashCode(self);
                            }
                            default -> {
                                return "interrupt of the cell";
                            }
                        }
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("INT"), proxy);
        } catch (ClassNotFoundException
                | NoSuchMethodException
                | InstantiationException
                | IllegalAccessException
                | InvocationTargetException missing) {
            KernelLog.LOGGER.log(Level.INFO, "SIGINT cannot be handled on this JVM: it will end the kernel", missing);
        }
    }
}
