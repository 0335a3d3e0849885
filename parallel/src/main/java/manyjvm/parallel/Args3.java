package manyjvm.parallel;

import java.io.Serializable;

/** 3 arguments for {@code starmap}, made by {@code args(..)} or {@code zip(..)}. */
public record Args3<A, B, C>(A first, B second, C third) implements Serializable {}
