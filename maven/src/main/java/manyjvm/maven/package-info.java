/**
 * Finds libraries by Maven Resolver. Start at {@link manyjvm.maven.SessionResolver}. In an installation this package and what it
 * needs have a folder and a class loader of their own: the kernel loads them with the first {@code %maven}, and sees the interface
 * {@link manyjvm.kernel.spi.LibraryResolver} alone.
 */
@NullMarked
package manyjvm.maven;

import org.jspecify.annotations.NullMarked;
