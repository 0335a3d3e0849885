package manyjvm.parallel;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** 4 arguments for {@code starmap}, made by {@code args(..)} or {@code zip(..)}. */
public record Args4<
                A extends @Nullable Object,
                B extends @Nullable Object,
                C extends @Nullable Object,
                D extends @Nullable Object>(
        A first, B second, C third, D fourth) implements Serializable {}
