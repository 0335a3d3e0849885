package manyjvm.parallel.spi;

/**
 * What a backend's workers can do.
 *
 * @param ownJvm whether each runs in a JVM of its own, so that what it is given has to travel; else it runs in the driver's
 * @param sharedMemory whether files in the driver's private folder are seen by workers
 * @param signals whether a worker can be terminated and killed
 */
public record Capabilities(boolean ownJvm, boolean sharedMemory, boolean signals) {}
