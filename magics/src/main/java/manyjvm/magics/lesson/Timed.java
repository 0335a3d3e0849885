package manyjvm.magics.lesson;

import manyjvm.parallel.Fn;

/**
 * A function that gives how its call went instead of what it gave.
 *
 * @param virtual whether it is called by virtual threads
 */
public record Timed<A>(Fn<A, ?> function, boolean virtual) implements Fn<Numbered<A>, Span> {
    @Override
    public Span call(Numbered<A> item) throws Exception {
        Turns.Call call = Turns.begin(virtual);
        boolean ended = false;
        try {
            function.call(item.item());
            ended = true;
        } finally {
            if (!ended) {
                call.end(item.number()); // or it would be looked at for ever
            }
        }
        return call.end(item.number());
    }
}
