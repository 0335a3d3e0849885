package manyjvm.parallel.code.graph;

import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/** How what does not go as it is travels: another object in its place, or not at all. */
final class StandInPlans {
    private StandInPlans() {}

    /** A plan that has another one for what a class says itself of how its objects travel. */
    abstract static class WithOwn extends GraphPlan {
        /** Not made when this plan is, since a refusal of what is never sent must not count. */
        private volatile @Nullable GraphPlan own;

        WithOwn(Class<?> type) {
            super(type);
        }

        final GraphPlan own() {
            GraphPlan plan = own;
            if (plan == null) {
                plan = plain(type);
                own = plan;
            }
            return plan;
        }
    }

    static final class RefusedPlan extends GraphPlan {
        private final String culprit;
        private final String advice;

        RefusedPlan(Class<?> type, String culprit, String advice) {
            super(type);
            this.culprit = culprit;
            this.advice = advice;
        }

        @Override
        void write(GraphWriter writer, Object object) {
            throw refused();
        }

        Refused refused() {
            return new Refused(
                    culprit,
                    advice.isEmpty()
                            ? "send the values that it is made of, or make it inside the function; a field of your own"
                                    + " class can be marked transient"
                            : advice,
                    null);
        }
    }

    /**
     * A lock, or what else only serves the threads of one JVM, of a kind that Java serialization lets travel: refused, but as a
     * part of a library's serializable object, where it arrives as that says, a lock unlocked.
     */
    static final class LockPlan extends WithOwn {
        private final RefusedPlan refused;

        LockPlan(Class<?> type, RefusedPlan refused) {
            super(type);
            this.refused = refused;
        }

        @Override
        void write(GraphWriter writer, Object object) throws Throwable {
            if (writer.isSessionClass(type) || !writer.isInsideLibrary()) {
                refuse();
            }
            writer.addInnerLock(object);
            own().write(writer, object);
        }

        void refuse() {
            throw refused.refused();
        }
    }

    /** {@code writeReplace}. */
    static final class ReplacedPlan extends WithOwn {
        private final MethodHandle replace;

        ReplacedPlan(Class<?> type, MethodHandle replace) {
            super(type);
            this.replace = replace;
        }

        @Override
        void write(GraphWriter writer, Object object) throws Throwable {
            Object replacement = replace.invokeExact(object);
            if (replacement != null && replacement.getClass() == type) {
                // A class may replace some of its objects only, or by another of its own; that one goes as it is.
                writer.replace(object, replacement, own());
            } else {
                writer.replace(object, replacement, null);
            }
        }
    }

    static final class ViewPlan extends GraphPlan {
        private final ViewCopy copy;

        ViewPlan(Class<?> type, ViewCopy copy) {
            super(type);
            this.copy = copy;
        }

        @Override
        void write(GraphWriter writer, Object object) throws Throwable {
            writer.replace(object, copy.of(object), null);
        }
    }
}
