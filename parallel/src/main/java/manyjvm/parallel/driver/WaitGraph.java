package manyjvm.parallel.driver;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import manyjvm.parallel.ThreadDump;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.shared.SharedKind;
import manyjvm.parallel.shared.Waits;
import manyjvm.parallel.wire.ThreadTable;
import manyjvm.parallel.wire.ThreadTable.Row;

/**
 * Who waits for whom, across JVMs: follows the waits of one JVM's threads to those who have what is waited for, as far as that
 * takes. Confined to one thread, which is the caller's: other JVMs are asked, and waited for.
 *
 * <p><b>Why a circle is one.</b> The tables of several JVMs are of several moments, and a circle that is pieced together from
 * them may never have been. So all who are in it are asked again. Whoever then is in the same wait as before, by its number,
 * has not run in between, and has let go of nothing: at the moment between the first asking and the second all waits of the
 * circle were there together. What waits for a lock of the JDK has no such number, but its owner is in the circle, too, and
 * some wait of the library is: that owner has not run, so who waited for it did all the time, and so on round the circle.
 */
final class WaitGraph {
    /** The JVMs that there are. */
    interface Jvms {
        /** The number of this JVM, which is asked for all its threads: a worker in it tells of one. */
        int own();

        /** Its threads; empty when it cannot be asked, or does not answer in time. */
        Optional<ThreadTable.Read> threads(int jvmId) throws InterruptedException;

        /** What messages call it. */
        String name(int jvmId) throws InterruptedException;

        /** The notebook's variable that holds a shared object; {@code of total} for the lock of the value {@code total}. */
        Optional<String> variable(Shared.Handle object);
    }

    private static final long WORDS_THREAD = 0xffff_ffffL;

    private record Node(int jvmId, long thread) {}

    /** What a wait is called, and who is to blame. */
    private record Told(String waitsFor, String heldBy, String holderProcess) {}

    private final Jvms jvms;
    private final ThreadTable.Read asked;
    private Map<Integer, Optional<ThreadTable.Read>> tables = new HashMap<>();

    WaitGraph(Jvms jvms, ThreadTable.Read asked) {
        this.jvms = jvms;
        this.asked = asked;
        if (asked.jvmId() != jvms.own()) {
            tables.put(asked.jvmId(), Optional.of(asked));
        }
    }

    ThreadDump dump(String name, long pid) throws InterruptedException {
        if (asked.rows().stream().allMatch(row -> row.waiting().isEmpty())) {
            List<ThreadDump.Entry> entries =
                    asked.rows().stream().map(Row::entry).toList();
            return new ThreadDump(name, pid, entries, List.of(), asked.leftOut());
        }
        List<ThreadDump.Entry> entries = new ArrayList<>();
        List<ThreadDump.Step> steps = new ArrayList<>();
        Set<Node> inCircles = new HashSet<>();
        for (List<Node> circle : circles()) {
            if (isThere(circle)) {
                for (Node node : circle) {
                    inCircles.add(node);
                    steps.add(step(node));
                }
            }
        }
        for (Row row : asked.rows()) {
            boolean inCircle = inCircles.contains(new Node(asked.jvmId(), row.thread()));
            entries.add(entry(row, inCircle));
        }
        return new ThreadDump(name, pid, entries, steps, asked.leftOut());
    }

    // ------------------------------------------------------------ circles

    /** Those with a wait of the library in them; the JVM itself finds the others. */
    private List<List<Node>> circles() throws InterruptedException {
        List<List<Node>> circles = new ArrayList<>();
        Set<Node> done = new HashSet<>();
        for (Row row : asked.rows()) {
            follow(new Node(asked.jvmId(), row.thread()), new LinkedHashSet<>(), done, circles);
        }
        return circles;
    }

    private void follow(Node node, LinkedHashSet<Node> path, Set<Node> done, List<List<Node>> circles)
            throws InterruptedException {
        if (path.contains(node)) {
            List<Node> whole = new ArrayList<>(path);
            List<Node> circle = List.copyOf(whole.subList(whole.indexOf(node), whole.size()));
            for (Node each : circle) {
                if (row(each).flatMap(Row::waiting).isPresent()) {
                    circles.add(circle);
                    return;
                }
            }
            return;
        }
        if (!done.add(node)) {
            return;
        }
        path.add(node);
        for (Node next : waitedFor(node)) {
            follow(next, path, done, circles);
        }
        path.remove(node);
    }

    /** Those who have to go on before this one does. */
    private List<Node> waitedFor(Node node) throws InterruptedException {
        Optional<Row> row = row(node);
        if (row.isEmpty()) {
            return List.of();
        }
        Optional<ThreadTable.Wait> wait = row.get().waiting();
        if (wait.isEmpty()) {
            long owner = row.get().owner();
            return owner == 0 ? List.of() : List.of(new Node(node.jvmId(), owner));
        }
        List<Node> nodes = new ArrayList<>();
        if (!wait.get().bounded()) {
            for (Waits.Holder holder : wait.get().holders()) {
                node(holder).ifPresent(nodes::add);
            }
        }
        return nodes;
    }

    /** Whether it still is what it was; asks all again that are in it. */
    private boolean isThere(List<Node> circle) throws InterruptedException {
        Map<Integer, Optional<ThreadTable.Read>> before = tables;
        List<Optional<Long>> numbers = numbers(circle);
        tables = new HashMap<>();
        try {
            for (int i = 0; i < circle.size(); i++) {
                if (!waitedFor(circle.get(i)).contains(circle.get((i + 1) % circle.size()))) {
                    return false;
                }
            }
            return numbers.equals(numbers(circle));
        } finally {
            tables = before;
        }
    }

    private List<Optional<Long>> numbers(List<Node> circle) throws InterruptedException {
        List<Optional<Long>> numbers = new ArrayList<>();
        for (Node node : circle) {
            numbers.add(row(node).flatMap(Row::waiting).map(ThreadTable.Wait::number));
        }
        return numbers;
    }

    private Optional<ThreadTable.Read> table(int jvmId) throws InterruptedException {
        Optional<ThreadTable.Read> table = tables.get(jvmId);
        if (table == null) {
            table = jvms.threads(jvmId);
            tables.put(jvmId, table);
        }
        return table;
    }

    private Optional<Row> row(Node node) throws InterruptedException {
        return table(node.jvmId()).flatMap(table -> table.rows().stream()
                .filter(row -> row.thread() == node.thread())
                .findFirst());
    }

    /** Empty for a thread that is not known. */
    private Optional<Node> node(Waits.Holder holder) throws InterruptedException {
        return table(holder.jvmId())
                .flatMap(table -> threadOf(holder, table).map(thread -> new Node(holder.jvmId(), thread)));
    }

    private static Optional<Long> threadOf(Waits.Holder holder, ThreadTable.Read table) {
        if (holder.thread() == 0) {
            return Optional.of(table.task()).filter(task -> task != 0);
        }
        return table.names().keySet().stream()
                .filter(thread -> (thread & WORDS_THREAD) == (holder.thread() & WORDS_THREAD))
                .findFirst();
    }

    // ------------------------------------------------------------ words

    private ThreadDump.Entry entry(Row row, boolean inCircle) throws InterruptedException {
        ThreadDump.Entry entry = row.entry();
        Told told = told(new Node(asked.jvmId(), row.thread()), row);
        return new ThreadDump.Entry(
                entry.name(),
                entry.state(),
                entry.deadlocked() || inCircle,
                told.waitsFor(),
                told.heldBy(),
                told.holderProcess(),
                entry.frames());
    }

    private ThreadDump.Step step(Node node) throws InterruptedException {
        Row row = row(node)
                .orElseThrow(() -> new IllegalStateException(
                        "a thread of a circle has no row" + "; this is a fault of manyjvm, please report it"));
        Told told = told(node, row);
        String process = jvms.name(node.jvmId());
        String holderProcess =
                told.heldBy().isEmpty() ? "" : told.holderProcess().isEmpty() ? process : told.holderProcess();
        boolean plainLock = row.waiting()
                .flatMap(ThreadTable.Wait::object)
                .filter(SharedKind.LOCK::is)
                .isPresent();
        return new ThreadDump.Step(
                process, row.entry().name(), told.waitsFor(), told.heldBy(), holderProcess, plainLock);
    }

    private Told told(Node waiter, Row row) throws InterruptedException {
        if (row.waiting().isEmpty()) {
            ThreadDump.Entry entry = row.entry();
            return new Told(entry.waitsFor(), entry.heldBy(), "");
        }
        ThreadTable.Wait wait = row.waiting().get();
        String what = wait.words() + wait.object().map(this::called).orElse("");
        if (wait.object().isEmpty() || wait.holders().isEmpty()) {
            return new Told(what, "", ""); // no lock, or one that has come free
        }
        Waits.Holder holder = wait.holders().get(0);
        String process = jvms.name(holder.jvmId());
        Optional<ThreadTable.Read> table = table(holder.jvmId());
        if (table.isEmpty()) {
            return new Told(what + ", which a thread of " + process + " holds", "", "");
        }
        Optional<Long> thread = threadOf(holder, table.get());
        if (thread.isEmpty()) {
            return new Told(what + ", which a thread of " + process + " holds that has ended" + orIsVirtual(), "", "");
        }
        Node node = new Node(holder.jvmId(), thread.get());
        if (node.equals(waiter)) {
            return new Told(what + ", which it holds itself", "", "");
        }
        if (isIdle(node, table.get())) {
            return new Told(what + ", which a task of " + process + " holds that has ended", "", "");
        }
        String name = table.get().names().getOrDefault(thread.get(), "a thread");
        return new Told(what, name, holder.jvmId() == waiter.jvmId() ? "" : process);
    }

    /** A worker's thread between two tasks. */
    private boolean isIdle(Node node, ThreadTable.Read table) throws InterruptedException {
        return node.thread() == table.task()
                && row(node).filter(row -> row.entry().frames().isEmpty()).isPresent();
    }

    /** The JVM's table of threads has no virtual ones. */
    private static String orIsVirtual() {
        return Runtime.version().feature() < 21 ? "" : " or is virtual";
    }

    private String called(Shared.Handle object) {
        String name =
                jvms.variable(object).map(variable -> " (" + variable + ")").orElse("");
        String end = SharedKind.CONNECTION.is(object) ? " (" + object.detail() + ")" : "";
        return object.name() + end + name;
    }
}
