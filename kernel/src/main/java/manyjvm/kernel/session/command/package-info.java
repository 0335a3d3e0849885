/**
 * The magics of the session itself, as {@code %classpath}. Start at {@link
 * manyjvm.kernel.session.command.SessionCommand}.
 */
package manyjvm.kernel.session.command;
