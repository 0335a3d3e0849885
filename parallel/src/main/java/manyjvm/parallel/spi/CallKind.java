package manyjvm.parallel.spi;

import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import manyjvm.parallel.Action;
import manyjvm.parallel.Args2;
import manyjvm.parallel.Args3;
import manyjvm.parallel.Args4;
import manyjvm.parallel.Fn;
import manyjvm.parallel.Fn2;
import manyjvm.parallel.Fn3;
import manyjvm.parallel.Fn4;
import manyjvm.parallel.ItemAction;
import org.jspecify.annotations.Nullable;

/** How a worker calls the function of a submission. */
public enum CallKind {
    /** {@code Fn.call(item)} or {@code Function.apply(item)}. */
    FUNCTION {
        @Override
        @SuppressWarnings("unchecked") // the submitting side has typed the function and its items together
        public @Nullable Object call(Object function, @Nullable Object item) throws Exception {
            return function instanceof Fn<?, ?> own
                    ? ((Fn<@Nullable Object, @Nullable Object>) own).call(item)
                    : ((Function<@Nullable Object, @Nullable Object>) function).apply(item);
        }
    },
    /** {@code Fn2.call} to {@code Fn4.call} with the parts of an {@code Args2} to {@code Args4}. */
    STARMAP {
        @Override
        @SuppressWarnings("unchecked") // as above
        public @Nullable Object call(Object function, @Nullable Object item) throws Exception {
            if (function instanceof Fn2<?, ?, ?> two) {
                Args2<?, ?> args = (Args2<?, ?>) args(item);
                return ((Fn2<Object, Object, Object>) two).call(args.first(), args.second());
            }
            if (function instanceof Fn3<?, ?, ?, ?> three) {
                Args3<?, ?, ?> args = (Args3<?, ?, ?>) args(item);
                return ((Fn3<Object, Object, Object, Object>) three).call(args.first(), args.second(), args.third());
            }
            Args4<?, ?, ?, ?> args = (Args4<?, ?, ?, ?>) args(item);
            return ((Fn4<Object, Object, Object, Object, Object>) function)
                    .call(args.first(), args.second(), args.third(), args.fourth());
        }

        private Object args(@Nullable Object item) {
            return Objects.requireNonNull(
                    item, "an item of starmap is null, where the arguments of a call were expected");
        }
    },
    /** {@code Callable.call()}; the item is ignored. */
    CALLABLE {
        @Override
        public @Nullable Object call(Object function, @Nullable Object item) throws Exception {
            return ((Callable<?>) function).call();
        }
    },
    /** {@code Action.go()} or {@code Runnable.run()}; the item is ignored and the result is null. */
    RUNNABLE {
        @Override
        public @Nullable Object call(Object function, @Nullable Object item) throws Exception {
            if (function instanceof Action own) {
                own.go();
            } else {
                ((Runnable) function).run();
            }
            return null;
        }
    },
    /** {@code ItemAction.go(item)} or {@code Consumer.accept(item)}; the result is null. */
    CONSUMER {
        @Override
        @SuppressWarnings("unchecked") // as above
        public @Nullable Object call(Object function, @Nullable Object item) throws Exception {
            if (function instanceof ItemAction<?> own) {
                ((ItemAction<@Nullable Object>) own).go(item);
            } else {
                ((Consumer<@Nullable Object>) function).accept(item);
            }
            return null;
        }
    };

    /** Calls it. */
    public abstract @Nullable Object call(Object function, @Nullable Object item) throws Exception;
}
