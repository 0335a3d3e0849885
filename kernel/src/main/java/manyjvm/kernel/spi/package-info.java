/**
 * What joins the kernel from outside. Begin with {@link manyjvm.kernel.spi.KernelExtension}, which adds each {@link
 * manyjvm.kernel.spi.Magic} with the {@link manyjvm.kernel.spi.KernelServices} that it is given.
 */
@NullMarked
package manyjvm.kernel.spi;

import org.jspecify.annotations.NullMarked;
