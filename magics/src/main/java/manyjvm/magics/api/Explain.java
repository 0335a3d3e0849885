package manyjvm.magics.api;

import manyjvm.parallel.Action;
import manyjvm.parallel.Fn;
import manyjvm.parallel.Fn2;
import manyjvm.parallel.Fn3;
import manyjvm.parallel.Fn4;
import manyjvm.parallel.ItemAction;
import manyjvm.parallel.Task;
import manyjvm.parallel.spi.ParallelRuntime;
import org.jspecify.annotations.Nullable;

/** {@code %pool explain}: each method takes what the user wrote and a function that is looked at and never called. */
public final class Explain {
    private Explain() {}

    /** A call of a notebook's method, or a lambda without parameters. */
    public static Explained call(String written, Task<?> call) {
        return of(written, call);
    }

    /** As {@link #call(String, Task)}, without a result. */
    public static Explained call(String written, Action call) {
        return of(written, call);
    }

    /** A lambda or a method reference. */
    public static <A> Explained function(String written, Fn<A, ?> function) {
        return of(written, function);
    }

    /** As {@link #function(String, Fn)}, of two parameters. */
    public static <A, B> Explained function(String written, Fn2<A, B, ?> function) {
        return of(written, function);
    }

    /** As {@link #function(String, Fn)}, of three parameters. */
    public static <A, B, C> Explained function(String written, Fn3<A, B, C, ?> function) {
        return of(written, function);
    }

    /** As {@link #function(String, Fn)}, of four parameters. */
    public static <A, B, C, D> Explained function(String written, Fn4<A, B, C, D, ?> function) {
        return of(written, function);
    }

    /** As {@link #function(String, Fn)}, without a result. */
    public static <A> Explained action(String written, ItemAction<A> action) {
        return of(written, action);
    }

    /**
     * A variable, or another expression.
     *
     * @param held its value: explained itself when it is a lambda, which is submitted as it is
     * @param reader reads the value, as a function that uses the variable would
     */
    public static Explained value(String written, @Nullable Object held, Task<?> reader) {
        return of(written, held != null && held.getClass().isHidden() ? held : reader);
    }

    private static Explained of(String written, Object function) {
        return new Explained(written, ParallelRuntime.current().explain(function));
    }
}
