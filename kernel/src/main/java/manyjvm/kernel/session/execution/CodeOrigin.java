package manyjvm.kernel.session.execution;

/**
 * Where a snippet was written.
 *
 * @param label the cell, as {@code In[3]}
 * @param firstLine the cell's line, counted from 1, in which the snippet begins
 * @param text the snippet
 */
public record CodeOrigin(String label, int firstLine, String text) {}
