/** Pictures as SVG: what all that are drawn here have in common. {@link manyjvm.parallel.drawing.Drawing} writes them. */
@NullMarked
package manyjvm.parallel.drawing;

import org.jspecify.annotations.NullMarked;
