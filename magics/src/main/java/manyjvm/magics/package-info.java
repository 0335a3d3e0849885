/**
 * Joins the kernel and the library: {@code %pool}, {@code %process} and {@code %queue} are rewritten to Java over the API,
 * and workers' classes and text go to and from the notebook. Start reading at {@link manyjvm.magics.MagicsExtension}.
 */
@NullMarked
package manyjvm.magics;

import org.jspecify.annotations.NullMarked;
