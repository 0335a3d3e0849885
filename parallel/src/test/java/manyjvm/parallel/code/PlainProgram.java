package manyjvm.parallel.code;

import java.io.Serializable;
import java.util.Comparator;
import java.util.function.Function;
import java.util.function.Supplier;
import manyjvm.parallel.Fn;
import manyjvm.parallel.Task;

/** What a program with a main method may submit; compiled by javac, on the class path of both sides. */
public final class PlainProgram {
    private static int calls;

    private PlainProgram() {}

    public record Scale(int by) implements Function<Integer, Integer>, Serializable {
        @Override
        public Integer apply(Integer x) {
            return x * by;
        }
    }

    public static Fn<Integer, Integer> adder(int by) {
        return x -> twice(x) + by;
    }

    public static Task<Integer> counter() {
        return () -> ++calls;
    }

    public static Fn<String, Integer> reference() {
        return Integer::parseInt;
    }

    public static Comparator<String> byLength() {
        return Comparator.comparing((Function<String, Integer> & Serializable) String::length);
    }

    public static Supplier<Integer> notSerializable() {
        return () -> 1;
    }

    private static int twice(int x) {
        return 2 * x;
    }
}
