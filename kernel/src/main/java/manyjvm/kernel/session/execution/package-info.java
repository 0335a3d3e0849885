/**
 * Loads, weaves, runs and stops the code of cells. Start at {@link manyjvm.kernel.session.execution.Engine}, then
 * {@link manyjvm.kernel.session.execution.CellRun}.
 */
@NullMarked
package manyjvm.kernel.session.execution;

import org.jspecify.annotations.NullMarked;
