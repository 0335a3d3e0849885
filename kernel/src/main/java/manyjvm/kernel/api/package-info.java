/**
 * What cells may call of the kernel. Start reading at {@link manyjvm.kernel.api.Notebook}, whose static methods every
 * session imports; {@link manyjvm.kernel.api.Timing} and {@link manyjvm.kernel.api.Command} are what magics are made of.
 */
@NullMarked
package manyjvm.kernel.api;

import org.jspecify.annotations.NullMarked;
