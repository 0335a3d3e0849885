package manyjvm.parallel.spi;

/** How a worker calls the function of a submission. */
public enum CallKind {
    /** {@code Fn.call(item)} or {@code Function.apply(item)}. */
    FUNCTION,
    /** {@code Fn2.call} to {@code Fn4.call} with the parts of an {@code Args2} to {@code Args4}. */
    SPREAD,
    /** {@code Callable.call()}; the item is ignored. */
    CALLABLE,
    /** {@code Action.go()} or {@code Runnable.run()}; the item is ignored and the result is null. */
    RUNNABLE,
    /** {@code Consumer.accept(item)}; the result is null. */
    CONSUMER
}
