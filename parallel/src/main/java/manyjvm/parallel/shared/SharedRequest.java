package manyjvm.parallel.shared;

import manyjvm.parallel.spi.Shared;

/**
 * A request to the home of a shared object.
 *
 * @param operation the kind's own operation code
 * @param number an argument of the operation: a capacity, nanoseconds of a timeout, a count
 * @param body an encoded value, or an empty array
 */
public record SharedRequest(Shared.Handle target, int operation, long number, byte[] body) {}
