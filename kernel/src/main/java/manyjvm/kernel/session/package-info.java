/**
 * The language side of the kernel, as the protocol sees it: {@link manyjvm.kernel.session.Session} and what it is given,
 * {@link manyjvm.kernel.session.SessionHost}. How cells become JShell snippets, run in a class loader of their own, and fail in
 * the words of the cell is in the packages below; {@link manyjvm.kernel.session.evaluation.JavaSession} puts them together.
 */
@NullMarked
package manyjvm.kernel.session;

import org.jspecify.annotations.NullMarked;
