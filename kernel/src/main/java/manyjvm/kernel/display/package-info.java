/**
 * How values look in a notebook. Start reading at {@link manyjvm.kernel.display.Rendering}.
 */
@NullMarked
package manyjvm.kernel.display;

import org.jspecify.annotations.NullMarked;
