package manyjvm.parallel;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** 2 arguments for {@code starmap}, made by {@code args(..)} or {@code zip(..)}. */
public record Args2<A extends @Nullable Object, B extends @Nullable Object>(A first, B second)
        implements Serializable {}
