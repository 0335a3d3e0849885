/**
 * What ran where and when in a pool: values to look at, and their pictures. {@link manyjvm.parallel.insight.Recording} is what
 * the driver remembers, {@link manyjvm.parallel.insight.Insights} what can be told from it in figures, and {@link
 * manyjvm.parallel.insight.Timeline} the picture. Stands on {@code drawing} alone, and does no input and output but a
 * {@code save}.
 *
 * <p>All times are nanoseconds on the clock of the driver's JVM ({@link java.lang.System#nanoTime}), durations too, so that
 * the recordings of several pools have one time axis.
 */
@NullMarked
package manyjvm.parallel.insight;

import org.jspecify.annotations.NullMarked;
