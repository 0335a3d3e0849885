package manyjvm.parallel.code.graph;

import java.io.Externalizable;
import java.io.Serializable;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.code.classes.RandomSources;
import manyjvm.parallel.code.classes.RecentClasses;
import org.jspecify.annotations.Nullable;

/**
 * How the objects of one class travel. A function of the class alone, kept in the class itself ({@link RecentClasses}): no
 * codec holds a class, so redefined and dropped classes can be collected. Immutable; shared by all threads.
 *
 * <ul>
 *   <li>A user's class needs no {@code Serializable} and no constructor: its fields travel, transient ones aside.
 *   <li>A user's {@code Serializable} class has its {@code writeObject}, {@code readObject}, {@code writeReplace}, {@code
 *       readResolve} and {@code Externalizable} methods honoured.
 *   <li>A class of the JDK travels as the JDK says: by those methods, or by its parts where {@link GraphContainer} knows it. One
 *       that is not {@code Serializable} has nothing to say, and is refused.
 * </ul>
 */
abstract class GraphPlan {
    static final String SAME_JARS = "give both the same version of its jar and the same JDK";

    private static final RecentClasses<GraphPlan> PLANS = new RecentClasses<>(4096, GraphPlan::make);

    final Class<?> type;

    GraphPlan(Class<?> type) {
        this.type = type;
    }

    static GraphPlan of(Class<?> type) {
        return PLANS.get(type);
    }

    /** The plan of a class whose objects have come with a shape. */
    static ShapedPlan shaped(Class<?> type) {
        GraphPlan plan = of(type);
        if (plan instanceof StandInPlans.WithOwn standIn) {
            plan = standIn.own();
        }
        if (plan instanceof ShapedPlan shaped) {
            return shaped;
        }
        throw new IncompatibleClassChangeError(type.getName() + " is not the same class in both JVMs: " + SAME_JARS);
    }

    /** Writes the tag and what follows it, and opens the parts in the writer. */
    abstract void write(GraphWriter writer, Object object) throws Throwable;

    /** The name of one part on the way from the root. */
    String step(Object owner, @Nullable Object[] parts, int index) {
        return "[" + index + "]";
    }

    /**
     * The class whose author put a part there, as the content of a field; null where the way leads through something that
     * holds whatever it is given, an array or a collection.
     *
     * @param ends where the parts of each class of the chain end; null when they are one class's
     */
    @Nullable
    Class<?> holder(int index, int @Nullable [] ends) {
        return null;
    }

    /** Thrown by a plan while it writes: this object cannot travel. The writer adds where it is. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final String culprit;
        private final String advice;

        Refused(String culprit, String advice, @Nullable Throwable cause) {
            super(culprit, cause, false, false);
            this.culprit = culprit;
            this.advice = advice;
        }

        String culprit() {
            return culprit;
        }

        String advice() {
            return advice;
        }
    }

    // ---- which plan -------------------------------------------------------------------------------------------------

    private static GraphPlan make(Class<?> type) {
        if (Shared.class.isAssignableFrom(type)) {
            return new BuiltInPlans.SharedPlan(type);
        }
        if (type.isArray()) {
            return type.getComponentType().isPrimitive()
                    ? new BuiltInPlans.PrimitiveArrayPlan(type)
                    : new BuiltInPlans.ArrayPlan(type);
        }
        if (type == Class.class) {
            return new BuiltInPlans.ClassPlan(type);
        }
        if (Enum.class.isAssignableFrom(type)) {
            return new BuiltInPlans.EnumPlan(type);
        }
        GraphContainer container = GraphContainer.of(type);
        if (container != null) {
            return new BuiltInPlans.ContainerPlan(type, container);
        }
        if (RandomSources.isClosed(type)) {
            return new StandInPlans.RefusedPlan(
                    type,
                    notSerializable(type),
                    "make one for each item inside the function, random(seed, item): copies would give the same numbers");
        }
        Optional<GraphRefusals.Advice> advice = GraphRefusals.adviceOn(type);
        if (advice.isPresent()) {
            // Users know what they asked for, a Stream, not the class inside the JDK or the kernel that they were
            // given.
            boolean known = Modifier.isPublic(type.getModifiers()) || TypeNames.isOfThisLibrary(type);
            String name = known ? TypeNames.nameOf(type) : advice.get().type();
            StandInPlans.RefusedPlan refused = new StandInPlans.RefusedPlan(
                    type, TypeNames.article(name) + name, advice.get().text());
            boolean lock = advice.get().isOnLock() && Serializable.class.isAssignableFrom(type);
            return lock ? new StandInPlans.LockPlan(type, refused) : refused;
        }
        if (type.isHidden()) {
            if (TypeNames.isOfJdk(type) && Serializable.class.isAssignableFrom(type)) {
                // The JDK's own serializable lambdas, Comparator.comparing and the like, know how to be rebuilt.
                MethodHandle replace = SerialHooks.writeReplace(type);
                if (replace != null) {
                    return new StandInPlans.ReplacedPlan(type, replace);
                }
            }
            return new BuiltInPlans.LambdaPlan(type);
        }
        if (Proxy.isProxyClass(type)) {
            return new BuiltInPlans.ProxyPlan(type);
        }
        MethodHandle replace = Serializable.class.isAssignableFrom(type) ? SerialHooks.writeReplace(type) : null;
        if (replace != null) {
            return new StandInPlans.ReplacedPlan(type, replace);
        }
        try {
            return plain(type);
        } catch (Refused refused) {
            return new StandInPlans.RefusedPlan(type, refused.culprit(), refused.advice());
        }
    }

    /** The plan of what is left when {@code writeReplace} has been asked. */
    static GraphPlan plain(Class<?> type) {
        if (type.isRecord()) {
            return new RecordPlan(type);
        }
        if (TypeNames.isOfJdk(type) && ViewCopy.isView(type)) {
            ViewCopy copy = ViewCopy.of(type);
            return copy == null
                    ? new StandInPlans.RefusedPlan(
                            type, notSerializable(type), "send a list or a map of your own, copied from it")
                    : new StandInPlans.ViewPlan(type, copy);
        }
        if (TypeNames.isOfJdk(type) && !Serializable.class.isAssignableFrom(type)) {
            return new StandInPlans.RefusedPlan(type, notSerializable(type), "");
        }
        List<ShapedPlan.Level> levels = new ArrayList<>();
        Class<?> base = chain(type, levels);
        Constructor<?> constructor;
        try {
            constructor = SerialHooks.rawConstructor(type, base);
        } catch (NoSuchMethodException missing) {
            return new StandInPlans.RefusedPlan(
                    type,
                    TypeNames.article(type) + TypeNames.nameOf(type) + ", which cannot be rebuilt",
                    "it lacks " + missing.getMessage());
        }
        boolean hooks = Externalizable.class.isAssignableFrom(type)
                || (Serializable.class.isAssignableFrom(type) && SerialHooks.readResolve(type) != null);
        for (ShapedPlan.Level level : levels) {
            hooks |= level.hasHooks() || TypeNames.isOfJdk(level.type);
        }
        if (hooks) {
            return new HooksPlan(type, constructor, levels);
        }
        return new FieldsPlan(type, constructor, levels);
    }

    private static String notSerializable(Class<?> type) {
        return TypeNames.article(type) + TypeNames.nameOf(type) + ", which the JDK does not let travel";
    }

    /** Collects the classes whose fields travel, and gives the superclass above them, whose constructor runs. */
    private static Class<?> chain(Class<?> type, List<ShapedPlan.Level> levels) {
        Class<?> level = type;
        while (!TypeNames.isOfJdk(level) || Serializable.class.isAssignableFrom(level)) {
            levels.add(0, ShapedPlan.Level.of(level));
            level = level.getSuperclass();
        }
        if (!Serializable.class.isAssignableFrom(type)) {
            for (Class<?> lost = level; lost != null; lost = lost.getSuperclass()) {
                for (Field field : lost.getDeclaredFields()) {
                    if ((field.getModifiers() & (Modifier.STATIC | Modifier.TRANSIENT)) == 0) {
                        throw new Refused(
                                TypeNames.article(type) + TypeNames.nameOf(type) + ", part of which is a "
                                        + lost.getName(),
                                "the JDK does not let that travel",
                                null);
                    }
                }
            }
        }
        return level;
    }
}
