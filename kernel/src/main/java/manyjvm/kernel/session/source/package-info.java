/**
 * The text of cells before anybody knows what its names mean: magics, pieces, sealed families, places in it. Start at
 * {@link manyjvm.kernel.session.source.MagicScanner}, then {@link manyjvm.kernel.session.source.Syntax}.
 */
@NullMarked
package manyjvm.kernel.session.source;

import org.jspecify.annotations.NullMarked;
