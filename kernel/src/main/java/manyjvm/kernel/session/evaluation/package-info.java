/**
 * The way of one cell from its text to its value, and the session that all ways share. Start at {@link
 * manyjvm.kernel.session.evaluation.JavaSession}, then {@link manyjvm.kernel.session.evaluation.CellEvaluation}.
 */
@NullMarked
package manyjvm.kernel.session.evaluation;

import org.jspecify.annotations.NullMarked;
