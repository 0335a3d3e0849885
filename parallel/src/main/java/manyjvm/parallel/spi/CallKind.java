package manyjvm.parallel.spi;

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

/** How a worker calls the function of a submission. */
public enum CallKind {
    /** {@code Fn.call(item)} or {@code Function.apply(item)}. */
    FUNCTION {
        @Override
        @SuppressWarnings("unchecked") // the submitting side has typed the function and its items together
        public Object call(Object function, Object item) throws Exception {
            return function instanceof Fn<?, ?> own
                    ? ((Fn<Object, Object>) own).call(item)
                    : ((Function<Object, Object>) function).apply(item);
        }
    },
    /** {@code Fn2.call} to {@code Fn4.call} with the parts of an {@code Args2} to {@code Args4}. */
    STARMAP {
        @Override
        @SuppressWarnings("unchecked") // as above
        public Object call(Object function, Object item) throws Exception {
            if (function instanceof Fn2<?, ?, ?> two) {
                Args2<?, ?> args = (Args2<?, ?>) item;
                return ((Fn2<Object, Object, Object>) two).call(args.first(), args.second());
            }
            if (function instanceof Fn3<?, ?, ?, ?> three) {
                Args3<?, ?, ?> args = (Args3<?, ?, ?>) item;
                return ((Fn3<Object, Object, Object, Object>) three).call(args.first(), args.second(), args.third());
            }
            Args4<?, ?, ?, ?> args = (Args4<?, ?, ?, ?>) item;
            return ((Fn4<Object, Object, Object, Object, Object>) function)
                    .call(args.first(), args.second(), args.third(), args.fourth());
        }
    },
    /** {@code Callable.call()}; the item is ignored. */
    CALLABLE {
        @Override
        public Object call(Object function, Object item) throws Exception {
            return ((Callable<?>) function).call();
        }
    },
    /** {@code Action.go()} or {@code Runnable.run()}; the item is ignored and the result is null. */
    RUNNABLE {
        @Override
        public Object call(Object function, Object item) throws Exception {
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
        public Object call(Object function, Object item) throws Exception {
            if (function instanceof ItemAction<?> own) {
                ((ItemAction<Object>) own).go(item);
            } else {
                ((Consumer<Object>) function).accept(item);
            }
            return null;
        }
    };

    /** Calls it. */
    public abstract Object call(Object function, Object item) throws Exception;
}
