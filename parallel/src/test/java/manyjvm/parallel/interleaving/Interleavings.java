package manyjvm.parallel.interleaving;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.objectweb.asm.Type;

/**
 * Runs a {@link Scenario} in every order of its threads' steps that has at most so many preemptions; see {@link Schedule} for what
 * counts as one, {@link SteppingLoader} for what is a step. What is found is a fault of the code, or of the scenario: the
 * same choices give the same order on any machine.
 */
public final class Interleavings {
    /** More preemptions than each test has of itself: one takes some thirty times as long. */
    private static final int MORE = Integer.getInteger("manyjvm.preemptions.more", 0);

    private final Class<? extends Scenario> scenario;
    private final Object[] arguments;
    private final Map<String, String> replaced = new HashMap<>();

    private Interleavings(Class<? extends Scenario> scenario, Object[] arguments) {
        this.scenario = scenario;
        this.arguments = arguments;
    }

    /** @param arguments of its only constructor; classes of the JDK, since it is loaded once more */
    public static Interleavings of(Class<? extends Scenario> scenario, Object... arguments) {
        return new Interleavings(scenario, arguments);
    }

    /** Calls of the method are to the scenario's static method of that name, which is given the receiver first. */
    public Interleavings replacing(Class<?> owner, String method) {
        for (Class<?> type = scenario; type != null; type = type.getSuperclass()) {
            if (Arrays.stream(type.getDeclaredMethods())
                    .anyMatch(one -> one.getName().equals(method))) {
                replaced.put(Type.getInternalName(owner) + "." + method, Type.getInternalName(type));
                return this;
            }
        }
        throw new IllegalArgumentException(scenario + " has no " + method);
    }

    /**
     * Runs them all.
     *
     * @param preemptions at most, when no more were asked for
     * @throws AssertionError for the first that fails, with its steps
     */
    public void explore(int preemptions) throws Exception {
        Class<?> stepping = Class.forName(scenario.getName(), true, new SteppingLoader(replaced));
        Constructor<?> constructor = stepping.getDeclaredConstructors()[0];
        constructor.setAccessible(true);
        List<Schedule.Runner> runners = new ArrayList<>();
        try {
            int count = 0;
            for (int[] choices = {}; choices != null; ) {
                Scenario instance = make(constructor);
                List<Callable<?>> threads = instance.threads();
                while (runners.size() < threads.size()) {
                    Schedule.Runner runner = new Schedule.Runner(runners.size() + 1);
                    runner.start();
                    runners.add(runner);
                }
                Schedule schedule = new Schedule(choices, preemptions + MORE);
                Throwable failure = schedule.run(threads, runners);
                count++;
                if (failure == null) {
                    failure = checked(instance);
                }
                if (failure != null) {
                    throw new AssertionError(
                            failure + "\nin order " + count + " of the steps of " + scenario.getSimpleName() + ":\n    "
                                    + schedule.trace(),
                            failure);
                }
                choices = following(schedule);
            }
            if (count == 1) {
                throw new AssertionError("nothing in " + scenario.getSimpleName() + " is a step");
            }
        } finally {
            runners.forEach(Schedule.Runner::stopRunning);
        }
    }

    private Scenario make(Constructor<?> constructor) throws Exception {
        try {
            return (Scenario) constructor.newInstance(arguments);
        } catch (InvocationTargetException thrown) {
            throw new IllegalStateException("the scenario cannot be made", thrown.getCause());
        }
    }

    private static Throwable checked(Scenario instance) {
        try {
            instance.check();
            return null;
        } catch (Throwable wrong) { // an assertion's error, or a fault
            return wrong;
        }
    }

    /** The next choices, depth first; null after the last. */
    private static int[] following(Schedule schedule) {
        int[] chosen = schedule.chosen();
        List<Integer> possible = schedule.possible();
        for (int place = chosen.length - 1; place >= 0; place--) {
            if (chosen[place] + 1 < possible.get(place)) {
                int[] next = Arrays.copyOf(chosen, place + 1);
                next[place]++;
                return next;
            }
        }
        return null;
    }
}
