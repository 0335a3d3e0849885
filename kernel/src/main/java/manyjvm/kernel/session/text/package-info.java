/**
 * What people read of a session: its classes, frames and values in the words of the cells. Knows the form of JShell's
 * names alone. Start at {@link manyjvm.kernel.session.text.ObjectNames}.
 */
@NullMarked
package manyjvm.kernel.session.text;

import org.jspecify.annotations.NullMarked;
