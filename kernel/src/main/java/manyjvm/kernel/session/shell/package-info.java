/**
 * JShell with the kernel's engine, class path, imports and memory of what it was given. Start at {@link
 * manyjvm.kernel.session.shell.Shell}.
 */
@NullMarked
package manyjvm.kernel.session.shell;

import org.jspecify.annotations.NullMarked;
