package manyjvm.kernel.session.source;

/**
 * A part of a cell that JShell takes in one go.
 *
 * @param source its text; where only a semicolon at its end is missing, with that
 * @param offset where it begins in the cell's Java
 * @param broken whether it is not complete, or no Java: nothing of the cell follows it
 */
public record Piece(String source, int offset, boolean broken) {}
