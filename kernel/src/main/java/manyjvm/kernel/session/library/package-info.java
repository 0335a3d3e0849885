/**
 * The libraries of a session: who finds them is loaded here, and waited for. Start at {@link
 * manyjvm.kernel.session.library.Libraries}.
 */
@NullMarked
package manyjvm.kernel.session.library;

import org.jspecify.annotations.NullMarked;
