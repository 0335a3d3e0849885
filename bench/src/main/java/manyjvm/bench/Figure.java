package manyjvm.bench;

import java.util.Optional;

/**
 * One number that a workload gives.
 *
 * @param id what both sides print before it
 * @param unit {@code ms}, {@code us}, {@code k/s} ...
 * @param lessIsBetter whether it is a time, or a size, and no rate
 * @param goal what it is to reach; empty where it is only shown
 */
record Figure(String id, String title, String unit, boolean lessIsBetter, Optional<Goal> goal) {
    /**
     * @param value to be reached on the machine on which {@code peer} was measured
     * @param peer the best peer's figure there, by which the goal is scaled to another machine; 0 where there is none
     */
    record Goal(double value, double peer) {
        /** What is to be reached here. */
        double here(Optional<Double> bestPeer) {
            return peer == 0 || bestPeer.isEmpty() ? value : value * bestPeer.get() / peer;
        }
    }

    static Figure time(String id, String title, String unit) {
        return new Figure(id, title, unit, true, Optional.empty());
    }

    static Figure rate(String id, String title, String unit) {
        return new Figure(id, title, unit, false, Optional.empty());
    }

    Figure goal(double value, double peer) {
        return new Figure(id, title, unit, lessIsBetter, Optional.of(new Goal(value, peer)));
    }

    boolean isBetter(double one, double other) {
        return lessIsBetter ? one < other : one > other;
    }
}
