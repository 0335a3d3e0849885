package manyjvm.parallel.insight;

import java.util.OptionalLong;

/**
 * One worker, from its launch to its end.
 *
 * @param worker its number in the pool, from 1: one that takes another's place has the same
 * @param pid of its process; 0 for a thread, and before its process runs
 * @param launched when it was ordered
 * @param cameIn when it could be given work (before its initializer); empty before
 * @param ended when it was seen to be gone; empty while it is there
 * @param end why: {@code ended}, {@code exit code 3}, {@code signal 9 (SIGKILL)}; empty while it is there
 * @param died whether it was not told to end
 * @param replacement whether another one had this place before
 * @param vitals {@link Vitals#NONE} where it was not asked, or does not answer
 */
public record Life(
        int worker,
        long pid,
        long launched,
        OptionalLong cameIn,
        OptionalLong ended,
        String end,
        boolean died,
        boolean replacement,
        Vitals vitals) {
    /** The same, with an answer. */
    public Life with(Vitals answer) {
        return new Life(worker, pid, launched, cameIn, ended, end, died, replacement, answer);
    }
}
