package manyjvm.kernel.session.execution;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import jdk.jshell.execution.DirectExecutionControl;
import jdk.jshell.execution.LoaderDelegate;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;
import jdk.jshell.spi.SPIResolutionException;
import manyjvm.kernel.session.text.ObjectNames;
import manyjvm.kernel.spi.KernelServices.ClassTransform;
import manyjvm.kernel.spi.Magic.MagicUsageException;
import org.jspecify.annotations.Nullable;

/**
 * Loads and runs what JShell has compiled, in this JVM. Owned by whoever holds the session's lock; the lock is given up while
 * user code runs, so that questions about code are answered meanwhile.
 *
 * <p><b>Variables survive.</b> When a method or type is redefined, JShell compiles all that depends on it into new wrapper
 * classes and never runs their initialisers: a variable among them would be null from then on. So each new wrapper of an old
 * variable takes over its value. A value whose own class was redefined does not fit any more; it is reported.
 *
 * <p><b>Values stay objects.</b> The stock execution control turns each value into text; an array of 8,000,000 numbers costs
 * it seconds and 40 MB of characters.
 */
public final class Engine implements LoaderDelegate, ExecutionControlProvider {
    private final ReentrantLock lock;
    private final SessionLoader loader;
    private final List<ClassTransform> transforms;
    private final OpenRuns open;
    private final Predicate<String> isWrapperOfOlderSnippet;
    private final Map<Integer, CodeOrigin> origins = new HashMap<>();
    private final Map<String, Field> variables = new ConcurrentHashMap<>();
    private Evaluation now = new Evaluation();

    /**
     * What {@link #begin} begins. While the code of one runs, without the lock, another shell's may begin, and even end: who takes the
     * lock again brings its own back.
     */
    private static final class Evaluation {
        /** The fields that held what has been declared anew since then. */
        final Map<String, Field> replaced = new HashMap<>();

        final List<String> resetVariables = new ArrayList<>();
        final List<String> lostVariables = new ArrayList<>();
        /** Those that got another field while cells of other shells ran. */
        final Set<String> movedVariables = new TreeSet<>();

        CodeOrigin origin = new CodeOrigin("startup", 1, "");

        @Nullable
        CellRun run;

        @Nullable
        Object value;

        @Nullable
        Throwable thrown;
    }

    /** @param isWrapperOfOlderSnippet whether the wrapper of this name holds a snippet that JShell knows already */
    public Engine(
            ReentrantLock lock,
            SessionLoader loader,
            List<ClassTransform> transforms,
            OpenRuns open,
            Predicate<String> isWrapperOfOlderSnippet) {
        this.lock = lock;
        this.loader = loader;
        this.transforms = transforms;
        this.open = open;
        this.isWrapperOfOlderSnippet = isWrapperOfOlderSnippet;
    }

    /** What is evaluated from now on was written there. */
    public void begin(CodeOrigin where, CellRun by) {
        now = new Evaluation();
        now.origin = where;
        now.run = by;
    }

    /** What is compiled from now on, still as a part of what {@link #begin} began, was written there. */
    public void from(CodeOrigin where) {
        now.origin = where;
    }

    /** The value of what was evaluated last; null for none. */
    public @Nullable Object value() {
        return now.value;
    }

    /** What user code threw, or null. */
    public @Nullable Throwable thrown() {
        return now.thrown;
    }

    /** The variables that lost their value since {@link #begin}. */
    public List<String> resetVariables() {
        return List.copyOf(now.resetVariables);
    }

    /** The variables that are gone since {@link #begin}. */
    public List<String> lostVariables() {
        return List.copyOf(now.lostVariables);
    }

    /** The variables that code of other shells, which runs, may still hold in the place where they were before {@link #begin}. */
    public Set<String> movedVariables() {
        return Set.copyOf(now.movedVariables);
    }

    /** The snippet in this wrapper was written where {@link #begin} said; for snippets that are not loaded yet. */
    public void writtenHere(String wrapperName) {
        ObjectNames.snippet(wrapperName).ifPresent(number -> origins.put(number, now.origin));
    }

    /** The field that holds the variable now, or null. */
    public @Nullable Field variable(String name) {
        return variables.get(name);
    }

    /** Lets go of all variables, and of what they hold. */
    public void forgetVariables() {
        for (Field variable : variables.values()) {
            try {
                // That of a new array of the type is the value that no one has set.
                variable.set(null, Array.get(Array.newInstance(variable.getType(), 1), 0));
            } catch (IllegalAccessException impossible) {
                throw new IllegalStateException(variable + " was made accessible", impossible);
            }
        }
        variables.clear();
    }

    /** The name of the variable that holds this very object; from any thread. Runs no code of cells. */
    public Optional<String> nameOf(Object held) {
        return variables.entrySet().stream()
                .filter(variable -> holds(variable.getValue(), held))
                .map(Map.Entry::getKey)
                .min(Comparator.comparing((String name) -> name.startsWith("$")).thenComparing(name -> name));
    }

    private boolean holds(Field variable, Object held) {
        try {
            // A wrapper has no static initializer that looking could run.
            return !variable.getType().isPrimitive() && variable.get(null) == held;
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(variable + " was made accessible", impossible);
        }
    }

    /**
     * Hands a variable's value on to its new declaration.
     *
     * @param declares whether the declaration came about
     */
    public void redeclare(String name, BooleanSupplier declares) {
        hand(variables.get(name), name, declares);
    }

    /**
     * The variable was declared anew since {@link #begin}, and its initialiser did not come to its end: what it held before is
     * its value still.
     *
     * @param declares brings its old declaration about, and says whether that went well
     */
    public void restore(String name, BooleanSupplier declares) {
        hand(now.replaced.get(name), name, declares);
    }

    private void hand(@Nullable Field before, String name, BooleanSupplier declares) {
        Object resultBefore = now.value;
        Throwable thrownBefore = now.thrown;
        try {
            if (!declares.getAsBoolean()) {
                now.lostVariables.add(name);
                return;
            }
            if (before == null) {
                return;
            }
            Object kept = before.get(null);
            if (kept == null) {
                return;
            }
            Field after = Objects.requireNonNull(variables.get(name), "it has just been declared");
            if (fits(kept, before.getType(), after.getType())) {
                after.set(null, kept);
            } else {
                now.resetVariables.add(name);
            }
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(impossible);
        } finally {
            now.value = resultBefore;
            now.thrown = thrownBefore;
        }
    }

    @Override
    public String name() {
        return "manyjvm";
    }

    @Override
    public ExecutionControl generate(ExecutionEnv environment, Map<String, String> parameters) {
        return new DirectExecutionControl(this) {
            @Override
            public String invoke(String className, String methodName)
                    throws RunException, EngineTerminationException, InternalException {
                try {
                    return run(findClass(className).getDeclaredMethod(methodName));
                } catch (ReflectiveOperationException failure) {
                    throw new InternalException(failure.toString());
                }
            }
        };
    }

    private String run(Method code) throws ExecutionControl.RunException, ExecutionControl.InternalException {
        code.setAccessible(true);
        Throwable failed;
        Evaluation own = now;
        CellRun by = Objects.requireNonNull(own.run, "begin comes before code");
        lock.unlock();
        try {
            own.value = by.inUserCode(() -> code.invoke(null));
            return "";
        } catch (InvocationTargetException failure) {
            failed = Objects.requireNonNull(failure.getCause(), "what the code threw");
        } catch (CellStopped | ExceptionInInitializerError failure) {
            failed = failure;
        } catch (Throwable failure) {
            throw new ExecutionControl.InternalException(failure.toString());
        } finally {
            lock.lock();
            now = own;
        }
        own.thrown = failed;
        if (failed instanceof SPIResolutionException unresolved) {
            throw new ExecutionControl.ResolutionException(unresolved.id(), new StackTraceElement[0]);
        }
        throw new ExecutionControl.UserException("", failed.getClass().getName(), new StackTraceElement[0]);
    }

    /** Does what takes long, or runs a method of the user's, as the cell's own code: a stop of the cell ends it. */
    public <T> T withoutLock(CellRun by, LongWork<T> work) throws MagicUsageException {
        Evaluation own = now;
        lock.unlock();
        try {
            return by.inUserCode(work::get);
        } catch (MagicUsageException | RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        } finally {
            lock.lock();
            now = own;
        }
    }

    /** Whether cells of other shells are running. */
    public boolean hasOthers(CellRun by) {
        return !open.besides(by).isEmpty();
    }

    /**
     * Waits, without the lock, until no cell of another shell runs, though not for long.
     *
     * @return those that still run, by their labels; empty when the cell is alone, or was stopped
     */
    public List<String> awaitOthers(CellRun by) {
        long end = System.nanoTime() + OpenRuns.PATIENCE.toNanos();
        Evaluation own = now;
        List<String> others = open.besides(by);
        // Looked at with the lock: code of a cell that begins now is compiled after what this one declares.
        while (!others.isEmpty() && !by.stopRequested() && System.nanoTime() - end < 0) {
            lock.unlock();
            try {
                open.awaitChange(by, others, end);
            } finally {
                lock.lock();
                now = own;
            }
            others = open.besides(by);
        }
        return by.stopRequested() ? List.of() : others;
    }

    /** As {@link #withoutLock}, for what may come to a method of the user's outside of a snippet. */
    public <T> T asCell(CellRun by, Supplier<T> code) {
        try {
            return withoutLock(by, code::get);
        } catch (MagicUsageException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Work for {@link #withoutLock}. */
    public interface LongWork<T> {
        T get() throws MagicUsageException;
    }

    @Override
    @SuppressWarnings("ReturnValueIgnored") // of getDeclaredMethods
    public void load(ExecutionControl.ClassBytecodes[] batch) throws ExecutionControl.ClassInstallException {
        boolean[] loaded = new boolean[batch.length];
        try {
            Map<String, byte[]> wrappers = new HashMap<>();
            for (ExecutionControl.ClassBytecodes one : batch) {
                if (ObjectNames.snippet(one.name()).isPresent()) {
                    wrappers.put(one.name(), one.bytecodes());
                }
            }
            Map<String, CellLines> lines = new HashMap<>();
            for (Map.Entry<String, byte[]> wrapper : wrappers.entrySet()) {
                lines.put(wrapper.getKey(), CellLines.of(originOf(wrapper.getKey()), wrapper.getValue()));
            }
            for (ExecutionControl.ClassBytecodes one : batch) {
                CellLines ofCell = lines.get(ObjectNames.wrapperOf(one.name()));
                byte[] classFile = ofCell == null ? one.bytecodes() : ofCell.relabel(one.bytecodes());
                for (ClassTransform transform : transforms) {
                    classFile = transform.transform(one.name(), classFile);
                }
                loader.declare(one.name(), classFile);
            }
            for (int i = 0; i < batch.length; i++) {
                Class<?> type = loader.loadClass(batch[i].name());
                // Prepares the class, so that what is wrong with it shows here.
                type.getDeclaredMethods();
                loaded[i] = true;
                if (wrappers.containsKey(batch[i].name())) {
                    takeOver(type);
                }
            }
        } catch (ReflectiveOperationException | LinkageError failure) {
            throw new ExecutionControl.ClassInstallException(failure.toString(), loaded);
        }
    }

    private CodeOrigin originOf(String wrapperName) {
        Integer key = ObjectNames.snippet(wrapperName).orElseThrow(() -> new IllegalArgumentException(wrapperName));
        CodeOrigin known = origins.get(key);
        if (known != null && isWrapperOfOlderSnippet.test(wrapperName)) {
            return known;
        }
        origins.put(key, now.origin);
        return now.origin;
    }

    private void takeOver(Class<?> wrapper) throws IllegalAccessException {
        boolean declaredNow = !isWrapperOfOlderSnippet.test(wrapper.getName());
        for (Field field : wrapper.getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers()) || field.isSynthetic()) {
                continue;
            }
            field.setAccessible(true);
            Field before = variables.put(field.getName(), field);
            boolean isResult = field.getName().startsWith("$"); // which nobody assigns
            if (before != null && !isResult && now.run != null && hasOthers(now.run)) {
                now.movedVariables.add(field.getName());
            }
            if (before != null && declaredNow) {
                now.replaced.putIfAbsent(field.getName(), before);
            }
            if (before == null || declaredNow) {
                continue;
            }
            Object kept = before.get(null);
            if (kept == null || fits(kept, before.getType(), field.getType())) {
                field.set(null, kept);
            } else {
                now.resetVariables.add(field.getName());
            }
        }
    }

    private static boolean fits(Object value, Class<?> before, Class<?> after) {
        return after.isPrimitive() ? after == before : after.isInstance(value);
    }

    @Override
    public void classesRedefined(ExecutionControl.ClassBytecodes[] batch) {
        throw new IllegalStateException("JShell was told that classes cannot be redefined");
    }

    @Override
    public void addToClasspath(String path) {
        loader.add(Path.of(path));
    }

    @Override
    public Class<?> findClass(String name) throws ClassNotFoundException {
        return loader.loadClass(name);
    }
}
