package manyjvm.kernel.session.sampleapi;

import java.util.List;
import java.util.stream.IntStream;

public final class Functions {
    private Functions() {}

    public static List<Integer> range(int end) {
        return IntStream.range(0, end).boxed().toList();
    }
}
