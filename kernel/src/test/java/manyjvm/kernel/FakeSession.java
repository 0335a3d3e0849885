package manyjvm.kernel;

import io.github.spencerpark.jupyter.kernel.display.DisplayDataRenderable;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import manyjvm.kernel.api.Notebook;
import manyjvm.kernel.session.Session;
import manyjvm.kernel.session.SessionHost;
import manyjvm.kernel.spi.SessionClasses;

/** A language of one command a line: what a cell can do to a kernel, each in one word. */
final class FakeSession implements Session {
    private final CountDownLatch released = new CountDownLatch(1);
    private final BufferedReader input =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8), 1);
    private final Set<FakeRun> runs = ConcurrentHashMap.newKeySet();
    private Thread late;

    FakeSession(SessionHost host) {}

    @Override
    public Run begin(int executionCount, Runnable join) {
        FakeRun run = new FakeRun(executionCount);
        runs.add(run);
        return run;
    }

    @Override
    public Subshell openSubshell() {
        return new Subshell() {
            @Override
            public Run begin(int executionCount, Runnable join) {
                return FakeSession.this.begin(executionCount, join);
            }

            @Override
            public void close() {}
        };
    }

    private final class FakeRun implements Run {
        private final int executionCount;
        private volatile Thread running;
        private volatile boolean interrupted;

        FakeRun(int executionCount) {
            this.executionCount = executionCount;
        }

        @Override
        public Outcome run(String code, Consumer<Object> values) {
            return stoppable(() -> {
                Optional<Object> last = Optional.empty();
                for (String line : code.lines().toList()) {
                    last.ifPresent(values);
                    last = Optional.ofNullable(command(line));
                }
                return last;
            });
        }

        @Override
        public Outcome evaluate(String expression) {
            return expression.startsWith("bad")
                    ? new Outcome.Failed("Bad", "a bad expression", List.of("trace"))
                    : new Outcome.Done(Optional.of("<" + expression + ">"));
        }

        @Override
        public Outcome show(Supplier<?> look) {
            return stoppable(() -> Optional.ofNullable(look.get()));
        }

        private Outcome stoppable(Callable<Optional<Object>> code) {
            running = Thread.currentThread();
            try {
                Optional<Object> value = interrupted ? Optional.empty() : code.call();
                return interrupted ? stopped() : new Outcome.Done(value);
            } catch (InterruptedException e) {
                return stopped();
            } catch (UncheckedIOException | IllegalStateException failure) {
                return interrupted
                        ? stopped()
                        : new Outcome.Failed(
                                failure.getClass().getSimpleName(), failure.getMessage(), List.of("trace"));
            } catch (Exception impossible) {
                throw new AssertionError(impossible);
            } finally {
                running = null;
            }
        }

        private Outcome stopped() {
            return new Outcome.Interrupted(List.of("interrupted in [" + executionCount + "]"));
        }

        @Override
        public void interrupt(Runnable others) {
            interrupted = true;
            others.run();
            Thread thread = running;
            if (thread != null) {
                thread.interrupt();
            }
        }

        @Override
        public void close() {
            runs.remove(this);
            Thread.interrupted();
        }
    }

    private Object command(String line) throws InterruptedException {
        String[] words = line.split(" ", 2);
        String rest = words.length > 1 ? words[1] : "";
        switch (words[0]) {
            case "value":
                return rest;
            case "array":
                return new int[][] {{1, 2}, {3}};
            case "unprintable":
                return new Object() {
                    @Override
                    public String toString() {
                        throw new IllegalStateException("no text for you");
                    }
                };
            case "rich":
                return (DisplayDataRenderable)
                        context -> context.getOutputContainer().putHTML("<b>" + rest + "</b>");
            case "print":
                System.out.println(rest);
                return null;
            case "part":
                System.out.print(rest);
                return null;
            case "err":
                System.err.println(rest);
                return null;
            case "bytes":
                for (byte one : rest.getBytes(StandardCharsets.UTF_8)) {
                    System.out.write(one);
                }
                return null;
            case "lines":
                IntStream.range(0, Integer.parseInt(rest)).forEach(i -> System.out.println("line " + i));
                return null;
            case "both":
                IntStream.range(0, Integer.parseInt(rest)).forEach(i -> {
                    System.out.println("out " + i);
                    System.err.println("err " + i);
                });
                return null;
            case "threads":
                printFromThreads(Integer.parseInt(rest));
                return null;
            case "common-pool":
                IntStream.range(0, 64).parallel().forEach(i -> System.out.println(rest));
                return null;
            case "late":
                late = new Thread(() -> {
                    awaitRelease();
                    System.out.println(rest);
                });
                late.start();
                return null;
            case "release":
                released.countDown();
                late.join();
                return null;
            case "redirect":
                PrintStream before = System.out;
                System.setOut(new PrintStream(PrintStream.nullOutputStream()));
                System.out.println("hidden");
                System.setOut(before);
                System.out.println("shown");
                return null;
            case "fail":
                throw new IllegalStateException(rest);
            case "escape":
                throw new StackOverflowError(rest);
            case "wait":
                new CountDownLatch(1).await();
                return null;
            case "read":
                return readLine();
            case "read-bytes":
                return readBytes(Integer.parseInt(rest));
            case "ask":
                return Notebook.input(rest);
            case "display":
                return Notebook.display(rest, "text/markdown");
            case "display-large":
                return Notebook.display("x".repeat(Integer.parseInt(rest)), "text/markdown");
            case "display-update":
                Notebook.Display display = Notebook.display(rest);
                display.update(rest + " again");
                return display;
            case "clear":
                Notebook.clearOutput(true);
                return null;
            case "interrupted-lines":
                return printInterrupted(Integer.parseInt(rest));
            case "displays":
                showFromThreads(Integer.parseInt(rest));
                return null;
            case "slow-text":
                return new SlowText();
            case "settle-text":
                FakeExtension.sayWhenSettled(rest);
                return null;
            case "settle-wait":
                FakeExtension.waitWhenSettled();
                return null;
            case "open-comm":
                return FakeExtension.openComm(rest);
            case "exit":
                Runtime.getRuntime().halt(Integer.parseInt(rest));
                return null;
            default:
                throw new IllegalStateException("no such command: " + words[0]);
        }
    }

    private String readLine() {
        try {
            return input.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String readBytes(int count) {
        try {
            List<Integer> bytes = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                bytes.add(System.in.read());
            }
            return bytes.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitRelease() {
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Prints under the interrupt flag; says whether the flag was there after each line. */
    private static boolean printInterrupted(int lines) {
        boolean kept = true;
        for (int i = 0; i < lines; i++) {
            Thread.currentThread().interrupt();
            System.out.println("line " + i);
            kept &= Thread.interrupted();
        }
        return kept;
    }

    private static void showFromThreads(int count) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            threads.add(new Thread(() -> IntStream.range(0, count).forEach(Notebook::display)));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** A value whose text takes for ever. */
    private static final class SlowText {
        @Override
        public String toString() {
            System.out.println("thinking");
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                throw new IllegalStateException("stopped thinking", e);
            }
            return "";
        }
    }

    private static void printFromThreads(int lines) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (char name : "abcd".toCharArray()) {
            threads.add(new Thread(() -> {
                for (int i = 0; i < lines; i++) {
                    System.out.print(name);
                    System.out.print(" ");
                    System.out.println(i);
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @Override
    public Completeness isComplete(String code) {
        if (code.startsWith("crash")) {
            throw new StackOverflowError("in isComplete");
        }
        return code.endsWith("{")
                ? new Completeness(Completeness.State.INCOMPLETE, "  ")
                : new Completeness(Completeness.State.COMPLETE, "");
    }

    /** Replaces the last character before the cursor; positions are UTF-16, as the contract says. */
    @Override
    public Completions complete(String code, int cursor) {
        return new Completions(List.of(code.substring(0, cursor)), cursor - 1, cursor);
    }

    @Override
    public Optional<Inspection> inspect(String code, int cursor, int detail) {
        return code.startsWith("known")
                ? Optional.of(new Inspection(Map.of("text/plain", "at " + cursor + " detail " + detail)))
                : Optional.empty();
    }

    @Override
    public void interrupt(Runnable others) {
        runs.forEach(run -> run.interrupt(others));
    }

    @Override
    public SessionClasses classes() {
        throw new UnsupportedOperationException("This language has no classes");
    }

    @Override
    public void close() {}
}
