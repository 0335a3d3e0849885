/**
 * Answers about code that does not run: completion, inspection, whether a cell is complete.
 */
package manyjvm.kernel.session.assistance;
