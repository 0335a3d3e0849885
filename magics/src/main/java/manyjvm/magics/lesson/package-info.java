/**
 * What the magics for teaching run in workers: loaded there, by way of {@code WorkerNotebook}, when a {@code %%race} or a
 * {@code %%compare} first needs it. Stands on {@code parallel}'s public types alone, since a worker has nothing else.
 */
@NullMarked
package manyjvm.magics.lesson;

import org.jspecify.annotations.NullMarked;
