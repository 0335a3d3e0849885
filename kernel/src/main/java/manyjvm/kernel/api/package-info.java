/**
 * What cells may call of the kernel. Start reading at {@link manyjvm.kernel.api.Notebook}, whose static methods every
 * session imports.
 */
@NullMarked
package manyjvm.kernel.api;

import org.jspecify.annotations.NullMarked;
