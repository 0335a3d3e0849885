/**
 * Measures this project and its peers in one run on one machine. {@link manyjvm.bench.Bench} is the program; {@link
 * manyjvm.bench.Workloads} says what is measured, {@code bench/peers/pools.py} does the same work in Python.
 */
@NullMarked
package manyjvm.bench;

import org.jspecify.annotations.NullMarked;
