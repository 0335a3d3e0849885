package manyjvm.parallel;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** 3 arguments for {@code starmap}, made by {@code args(..)} or {@code zip(..)}. */
public record Args3<A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object>(
        A first, B second, C third) implements Serializable {}
