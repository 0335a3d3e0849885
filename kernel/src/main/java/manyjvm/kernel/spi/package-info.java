/**
 * What joins the kernel from outside. Begin with {@link manyjvm.kernel.spi.KernelExtension}, which adds each {@link
 * manyjvm.kernel.spi.Magic} with the {@link manyjvm.kernel.spi.KernelServices} that it is given.
 * {@link manyjvm.kernel.spi.ParsedJava}, {@link manyjvm.kernel.spi.JavaLexeme} and {@link manyjvm.kernel.spi.Spelling} read what
 * users write as the kernel does.
 */
@NullMarked
package manyjvm.kernel.spi;

import org.jspecify.annotations.NullMarked;
