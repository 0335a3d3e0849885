/**
 * The way of one cell from its text to its value, and the session that all ways share. Start at {@link
 * manyjvm.kernel.session.evaluation.JavaSession}, then {@link manyjvm.kernel.session.evaluation.CellEvaluation}.
 */
package manyjvm.kernel.session.evaluation;
