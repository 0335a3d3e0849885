package manyjvm.parallel;

import java.io.Serializable;

/** 2 arguments for {@code starmap}, made by {@code args(..)} or {@code zip(..)}. */
public record Args2<A, B>(A first, B second) implements Serializable {}
