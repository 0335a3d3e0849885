package manyjvm.parallel.combine;

import java.io.Serializable;
import java.lang.invoke.CallSite;
import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Comparator;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;
import java.util.function.DoublePredicate;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;
import java.util.function.LongUnaryOperator;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Twins of the combining methods of {@code java.util.function}, for lambdas that travel.
 *
 * <p>{@code f.andThen(g)} makes its result inside the JDK, as a lambda that is not serializable and that nothing outside
 * can take apart. Calls to such methods from session classes are redirected here when the classes are loaded; the twin
 * gives a serializable lambda that does the same. A class that overrides the method keeps its own way. The JDK's comparators
 * need no twins: theirs are serializable. Called by woven code only; not meant to be typed.
 *
 * <p>An instance method's twin has its name, and the receiver as the first parameter; {@link #bind} relies on that.
 */
@SuppressWarnings("overloads") // woven code names the descriptor, so nothing is ambiguous
public final class Combinators {
    private Combinators() {}

    /**
     * Links a call whose receiver is declared as some subtype of a functional interface: to the twin when the method turns
     * out to be the JDK's, else to the method itself.
     *
     * @param original the method that the source calls
     */
    public static CallSite bind(MethodHandles.Lookup caller, String name, MethodType type, MethodHandle original) {
        MethodHandle target = original;
        try {
            // A handle on a class names that class even where an interface declares the method: hence the second look.
            Class<?> declaring = caller.revealDirect(original)
                    .getDeclaringClass()
                    .getMethod(name, type.dropParameterTypes(0, 1).parameterArray())
                    .getDeclaringClass();
            if (declaring.getPackage() == Function.class.getPackage()) {
                target = MethodHandles.lookup()
                        .findStatic(Combinators.class, name, type.changeParameterType(0, declaring));
            }
        } catch (NoSuchMethodException | IllegalAccessException noTwin) {
            // Not public, or of the same shape as a combining method without being one: the original is right.
            target = original;
        }
        return new ConstantCallSite(target.asType(type));
    }

    /** Whether the object's own class, or an interface between, replaces the JDK's default method. */
    private static boolean overrides(Object self, Class<?> declaring, String name, Class<?>... parameters) {
        try {
            return self.getClass().getMethod(name, parameters).getDeclaringClass() != declaring;
        } catch (NoSuchMethodException impossible) {
            throw new IllegalStateException(
                    self.getClass() + " implements " + declaring + " without its method " + name
                            + "; this is a fault of manyjvm, please report it",
                    impossible);
        }
    }

    public static <A, B, C> Function<A, C> andThen(Function<A, B> self, Function<? super B, ? extends C> after) {
        if (overrides(self, Function.class, "andThen", Function.class)) {
            return self.andThen(after);
        }
        Objects.requireNonNull(after);
        return (Function<A, C> & Serializable) x -> after.apply(self.apply(x));
    }

    public static <A, B, C> Function<C, B> compose(Function<A, B> self, Function<? super C, ? extends A> before) {
        if (overrides(self, Function.class, "compose", Function.class)) {
            return self.compose(before);
        }
        Objects.requireNonNull(before);
        return (Function<C, B> & Serializable) x -> self.apply(before.apply(x));
    }

    public static <A, B, C, D> BiFunction<A, B, D> andThen(
            BiFunction<A, B, C> self, Function<? super C, ? extends D> after) {
        if (overrides(self, BiFunction.class, "andThen", Function.class)) {
            return self.andThen(after);
        }
        Objects.requireNonNull(after);
        return (BiFunction<A, B, D> & Serializable) (x, y) -> after.apply(self.apply(x, y));
    }

    public static <A> Consumer<A> andThen(Consumer<A> self, Consumer<? super A> after) {
        if (overrides(self, Consumer.class, "andThen", Consumer.class)) {
            return self.andThen(after);
        }
        Objects.requireNonNull(after);
        return (Consumer<A> & Serializable) x -> {
            self.accept(x);
            after.accept(x);
        };
    }

    public static <A, B> BiConsumer<A, B> andThen(BiConsumer<A, B> self, BiConsumer<? super A, ? super B> after) {
        if (overrides(self, BiConsumer.class, "andThen", BiConsumer.class)) {
            return self.andThen(after);
        }
        Objects.requireNonNull(after);
        return (BiConsumer<A, B> & Serializable) (x, y) -> {
            self.accept(x, y);
            after.accept(x, y);
        };
    }

    public static IntConsumer andThen(IntConsumer self, IntConsumer after) {
        if (overrides(self, IntConsumer.class, "andThen", IntConsumer.class)) {
            return self.andThen(after);
        }
        Objects.requireNonNull(after);
        return (IntConsumer & Serializable) x -> {
            self.accept(x);
            after.accept(x);
        };
    }

    public static IntUnaryOperator andThen(IntUnaryOperator self, IntUnaryOperator after) {
        if (overrides(self, IntUnaryOperator.class, "andThen", IntUnaryOperator.class)) {
            return self.andThen(after);
        }
        Objects.requireNonNull(after);
        return (IntUnaryOperator & Serializable) x -> after.applyAsInt(self.applyAsInt(x));
    }

    public static IntUnaryOperator compose(IntUnaryOperator self, IntUnaryOperator before) {
        if (overrides(self, IntUnaryOperator.class, "compose", IntUnaryOperator.class)) {
            return self.compose(before);
        }
        Objects.requireNonNull(before);
        return (IntUnaryOperator & Serializable) x -> self.applyAsInt(before.applyAsInt(x));
    }

    public static LongConsumer andThen(LongConsumer self, LongConsumer after) {
        if (overrides(self, LongConsumer.class, "andThen", LongConsumer.class)) {
            return self.andThen(after);
        }
        Objects.requireNonNull(after);
        return (LongConsumer & Serializable) x -> {
            self.accept(x);
            after.accept(x);
        };
    }

    public static LongUnaryOperator andThen(LongUnaryOperator self, LongUnaryOperator after) {
        if (overrides(self, LongUnaryOperator.class, "andThen", LongUnaryOperator.class)) {
            return self.andThen(after);
        }
        Objects.requireNonNull(after);
        return (LongUnaryOperator & Serializable) x -> after.applyAsLong(self.applyAsLong(x));
    }

    public static LongUnaryOperator compose(LongUnaryOperator self, LongUnaryOperator before) {
        if (overrides(self, LongUnaryOperator.class, "compose", LongUnaryOperator.class)) {
            return self.compose(before);
        }
        Objects.requireNonNull(before);
        return (LongUnaryOperator & Serializable) x -> self.applyAsLong(before.applyAsLong(x));
    }

    public static DoubleConsumer andThen(DoubleConsumer self, DoubleConsumer after) {
        if (overrides(self, DoubleConsumer.class, "andThen", DoubleConsumer.class)) {
            return self.andThen(after);
        }
        Objects.requireNonNull(after);
        return (DoubleConsumer & Serializable) x -> {
            self.accept(x);
            after.accept(x);
        };
    }

    public static DoubleUnaryOperator andThen(DoubleUnaryOperator self, DoubleUnaryOperator after) {
        if (overrides(self, DoubleUnaryOperator.class, "andThen", DoubleUnaryOperator.class)) {
            return self.andThen(after);
        }
        Objects.requireNonNull(after);
        return (DoubleUnaryOperator & Serializable) x -> after.applyAsDouble(self.applyAsDouble(x));
    }

    public static DoubleUnaryOperator compose(DoubleUnaryOperator self, DoubleUnaryOperator before) {
        if (overrides(self, DoubleUnaryOperator.class, "compose", DoubleUnaryOperator.class)) {
            return self.compose(before);
        }
        Objects.requireNonNull(before);
        return (DoubleUnaryOperator & Serializable) x -> self.applyAsDouble(before.applyAsDouble(x));
    }

    public static <A> Predicate<A> and(Predicate<A> self, Predicate<? super A> other) {
        if (overrides(self, Predicate.class, "and", Predicate.class)) {
            return self.and(other);
        }
        Objects.requireNonNull(other);
        return (Predicate<A> & Serializable) x -> self.test(x) && other.test(x);
    }

    public static <A> Predicate<A> or(Predicate<A> self, Predicate<? super A> other) {
        if (overrides(self, Predicate.class, "or", Predicate.class)) {
            return self.or(other);
        }
        Objects.requireNonNull(other);
        return (Predicate<A> & Serializable) x -> self.test(x) || other.test(x);
    }

    public static <A> Predicate<A> negate(Predicate<A> self) {
        if (overrides(self, Predicate.class, "negate")) {
            return self.negate();
        }
        return (Predicate<A> & Serializable) x -> !self.test(x);
    }

    public static <A, B> BiPredicate<A, B> and(BiPredicate<A, B> self, BiPredicate<? super A, ? super B> other) {
        if (overrides(self, BiPredicate.class, "and", BiPredicate.class)) {
            return self.and(other);
        }
        Objects.requireNonNull(other);
        return (BiPredicate<A, B> & Serializable) (x, y) -> self.test(x, y) && other.test(x, y);
    }

    public static <A, B> BiPredicate<A, B> or(BiPredicate<A, B> self, BiPredicate<? super A, ? super B> other) {
        if (overrides(self, BiPredicate.class, "or", BiPredicate.class)) {
            return self.or(other);
        }
        Objects.requireNonNull(other);
        return (BiPredicate<A, B> & Serializable) (x, y) -> self.test(x, y) || other.test(x, y);
    }

    public static <A, B> BiPredicate<A, B> negate(BiPredicate<A, B> self) {
        if (overrides(self, BiPredicate.class, "negate")) {
            return self.negate();
        }
        return (BiPredicate<A, B> & Serializable) (x, y) -> !self.test(x, y);
    }

    public static IntPredicate and(IntPredicate self, IntPredicate other) {
        if (overrides(self, IntPredicate.class, "and", IntPredicate.class)) {
            return self.and(other);
        }
        Objects.requireNonNull(other);
        return (IntPredicate & Serializable) x -> self.test(x) && other.test(x);
    }

    public static IntPredicate or(IntPredicate self, IntPredicate other) {
        if (overrides(self, IntPredicate.class, "or", IntPredicate.class)) {
            return self.or(other);
        }
        Objects.requireNonNull(other);
        return (IntPredicate & Serializable) x -> self.test(x) || other.test(x);
    }

    public static IntPredicate negate(IntPredicate self) {
        if (overrides(self, IntPredicate.class, "negate")) {
            return self.negate();
        }
        return (IntPredicate & Serializable) x -> !self.test(x);
    }

    public static LongPredicate and(LongPredicate self, LongPredicate other) {
        if (overrides(self, LongPredicate.class, "and", LongPredicate.class)) {
            return self.and(other);
        }
        Objects.requireNonNull(other);
        return (LongPredicate & Serializable) x -> self.test(x) && other.test(x);
    }

    public static LongPredicate or(LongPredicate self, LongPredicate other) {
        if (overrides(self, LongPredicate.class, "or", LongPredicate.class)) {
            return self.or(other);
        }
        Objects.requireNonNull(other);
        return (LongPredicate & Serializable) x -> self.test(x) || other.test(x);
    }

    public static LongPredicate negate(LongPredicate self) {
        if (overrides(self, LongPredicate.class, "negate")) {
            return self.negate();
        }
        return (LongPredicate & Serializable) x -> !self.test(x);
    }

    public static DoublePredicate and(DoublePredicate self, DoublePredicate other) {
        if (overrides(self, DoublePredicate.class, "and", DoublePredicate.class)) {
            return self.and(other);
        }
        Objects.requireNonNull(other);
        return (DoublePredicate & Serializable) x -> self.test(x) && other.test(x);
    }

    public static DoublePredicate or(DoublePredicate self, DoublePredicate other) {
        if (overrides(self, DoublePredicate.class, "or", DoublePredicate.class)) {
            return self.or(other);
        }
        Objects.requireNonNull(other);
        return (DoublePredicate & Serializable) x -> self.test(x) || other.test(x);
    }

    public static DoublePredicate negate(DoublePredicate self) {
        if (overrides(self, DoublePredicate.class, "negate")) {
            return self.negate();
        }
        return (DoublePredicate & Serializable) x -> !self.test(x);
    }

    /** {@link Function#identity} */
    public static <A> Function<A, A> functionIdentity() {
        return (Function<A, A> & Serializable) x -> x;
    }

    /** {@link UnaryOperator#identity} */
    public static <A> UnaryOperator<A> unaryIdentity() {
        return (UnaryOperator<A> & Serializable) x -> x;
    }

    /** {@link IntUnaryOperator#identity} */
    public static IntUnaryOperator intIdentity() {
        return (IntUnaryOperator & Serializable) x -> x;
    }

    /** {@link LongUnaryOperator#identity} */
    public static LongUnaryOperator longIdentity() {
        return (LongUnaryOperator & Serializable) x -> x;
    }

    /** {@link DoubleUnaryOperator#identity} */
    public static DoubleUnaryOperator doubleIdentity() {
        return (DoubleUnaryOperator & Serializable) x -> x;
    }

    /** {@link Predicate#not} */
    public static <A> Predicate<A> predicateNot(Predicate<? super A> target) {
        Objects.requireNonNull(target);
        return (Predicate<A> & Serializable) x -> !target.test(x);
    }

    /** {@link Predicate#isEqual} */
    public static <A> Predicate<A> predicateIsEqual(Object target) {
        return (Predicate<A> & Serializable) x -> Objects.equals(target, x);
    }

    /** {@link BinaryOperator#minBy} */
    public static <A> BinaryOperator<A> minBy(Comparator<? super A> comparator) {
        Objects.requireNonNull(comparator);
        return (BinaryOperator<A> & Serializable) (x, y) -> comparator.compare(x, y) <= 0 ? x : y;
    }

    /** {@link BinaryOperator#maxBy} */
    public static <A> BinaryOperator<A> maxBy(Comparator<? super A> comparator) {
        Objects.requireNonNull(comparator);
        return (BinaryOperator<A> & Serializable) (x, y) -> comparator.compare(x, y) >= 0 ? x : y;
    }
}
