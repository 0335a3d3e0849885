/**
 * Which class a simple name means where a session offers several. Start at {@link
 * manyjvm.kernel.session.names.NameChoices}.
 */
@NullMarked
package manyjvm.kernel.session.names;

import org.jspecify.annotations.NullMarked;
