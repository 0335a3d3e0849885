package manyjvm.parallel;

import java.io.Serializable;

/** 4 arguments for {@code starmap}, made by {@code args(..)} or {@code zip(..)}. */
public record Args4<A, B, C, D>(A first, B second, C third, D fourth) implements Serializable {}
