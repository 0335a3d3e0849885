/**
 * The magics of the session itself, as {@code %classpath}. Start at {@link
 * manyjvm.kernel.session.command.SessionCommand}.
 */
@NullMarked
package manyjvm.kernel.session.command;

import org.jspecify.annotations.NullMarked;
